"""A whole bot of web and worker with a handler that repeats what it hears."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.line.client import LineClient
from bot.line.stand_in import Group, Person, StandIn
from bot.messages import Incoming, IncomingKind, Reply, say
from bot.store import questions
from bot.store.bell import Bell
from bot.store.engine import Database
from bot.store.models import InboxEvent, OutboxMessage, Question
from bot.web import create_app
from bot.worker import Worker
from tests.conftest import SECRET, TestClock


class Echo:
    """A handler that writes down each text and repeats it; it can be told to fail."""

    def __init__(self) -> None:
        self.heard: list[Incoming] = []
        self.failures = 0
        self.worth_a_push = False

    def __call__(self, incoming: Incoming, db: Session, now: datetime) -> Reply | None:
        """The handler."""
        self.heard.append(incoming)
        if incoming.kind not in (IncomingKind.TEXT, IncomingKind.EDITED):
            return None
        questions.record(db, incoming.text, kind="echo", now=now, message_id=incoming.message_id)
        if self.failures:
            self.failures -= 1
            raise RuntimeError("the handler was told to fail")
        return say(f"回：{incoming.text}", worth_a_push=self.worth_a_push)


class Bot:
    """Web and worker on one database, with LINE outside."""

    def __init__(self, database: Database, line: StandIn, client: LineClient, clock: TestClock):
        self.database = database
        self.line = line
        self.clock = clock
        self.echo = Echo()
        self.bell = Bell()
        self.client = client
        self.worker = self.another_worker()

    def another_worker(
        self, *, database: Database | None = None, client: Any = None, **options: Any
    ) -> Worker:
        """One more worker."""
        given = {"clock": self.clock, "bell": self.bell, "threads": 4, **options}
        return Worker(database or self.database, self.echo, client or self.client, **given)

    def app(self) -> Flask:
        """The web process."""
        return create_app(
            self.database,
            [SECRET],
            wake=self.bell.ring,
            clock=self.clock,
            max_body_bytes=1_000_000,
        )

    def works(self) -> None:
        """Everything under way is delivered, handled and sent."""
        self.line.wait_idle()
        self.worker.run_until_idle()

    def said(self, chat_id: str) -> list[str]:
        """What the bot said in a chat."""
        return self.line.said_to(chat_id)

    def written_down(self) -> list[str]:
        """What the handler wrote into the database."""
        with self.database.begin() as db:
            return list(db.scalars(select(Question.text).order_by(Question.id)))

    def events(self) -> list[InboxEvent]:
        """The inbox, oldest first."""
        with self.database.begin() as db:
            return list(db.scalars(select(InboxEvent).order_by(InboxEvent.at, InboxEvent.id)))

    def outgoing(self) -> list[OutboxMessage]:
        """The outbox, oldest first."""
        with self.database.begin() as db:
            return list(db.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


@pytest.fixture
def bot(
    database: Database,
    line: StandIn,
    line_client: LineClient,
    clock: TestClock,
    serve: Callable[[Flask], str],
) -> Bot:
    """A bot on each engine in turn; LINE knows its webhook."""
    whole = Bot(database, line, line_client, clock)
    line.webhook_url = serve(whole.app()) + "/callback"
    return whole


@pytest.fixture
def officer(line: StandIn) -> Person:
    """Somebody in the group."""
    return line.add_person("王小明")


@pytest.fixture
def group(line: StandIn, officer: Person) -> Group:
    """企劃室's group, with the bot inside."""
    made = line.add_group("企劃室", [officer, line.add_person("陳美玲")])
    line.invite_bot(made.id)
    return made
