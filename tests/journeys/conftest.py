"""A city with planbot in it: people and groups, LINE's stand-in over HTTP, a real database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.app import App, build
from bot.clock import today
from bot.line.stand_in import ChatMessage, Group, Person, StandIn
from bot.messages import ChatKind, ChatRef
from bot.search import answer
from bot.search.answer import Answerer
from bot.settings import Settings, packaged_data
from bot.store import chats, codes
from bot.store.codes import Role
from bot.store.engine import Database
from tests.conftest import ENGINES, TestClock, served


def actions_of(message: ChatMessage) -> list[dict[str, Any]]:
    """Everything that can be tapped under a message, in its order."""
    found: list[dict[str, Any]] = []
    _collect(message.content, found)
    return found


def _collect(part: Any, found: list[dict[str, Any]]) -> None:
    if isinstance(part, dict):
        if isinstance(part.get("action"), dict):
            found.append(part["action"])
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            _collect(one, found)


def _labelled(found: list[dict[str, Any]], label: str) -> dict[str, Any]:
    return next(one for one in found if one["label"] == label)


@dataclass(frozen=True)
class Place:
    """A chat, seen by somebody in it."""

    city: City
    chat: ChatRef
    person: Person

    def seen_by(self, person: Person) -> Place:
        """The same chat with another person speaking."""
        return Place(self.city, self.chat, person)

    def says(self, text: str, *, mention: bool = False, quote: str | None = None) -> list[str]:
        """The person writes; what the bot says to it."""
        with self.listening() as heard:
            self.city.line.say(self.person.id, self.chat.id, text, mention_bot=mention, quote=quote)
        return heard

    @contextmanager
    def listening(self) -> Iterator[list[str]]:
        """Collects what the bot says here to whatever happens inside."""
        before = len(self.city.line.said_to(self.chat.id))
        heard: list[str] = []
        yield heard
        self.city.settle()
        heard.extend(self.city.line.said_to(self.chat.id)[before:])

    def tap(self, which: int | str, *, card: ChatMessage | None = None) -> list[str]:
        """The person taps a button of the newest message, or of another; what the bot says.

        Args:
            which: its place among the buttons, or its label.
        """
        shown = card or self.last_message()
        found = actions_of(shown)
        action = found[which] if isinstance(which, int) else _labelled(found, which)
        with self.listening() as heard:
            self.city.line.tap(self.person.id, self.chat.id, shown.id, action)
        return heard

    def last_message(self) -> ChatMessage:
        """The newest message of the chat."""
        return self.city.line.history(self.chat.id)[-1]

    def units(self) -> tuple[str, ...]:
        """The units that the chat is bound to."""
        with self.city.app.database.begin() as db:
            return chats.units_of(db, self.chat, today=today(self.city.clock.now))

    def bind(self, unit: str) -> None:
        """The chat is bound without anybody talking about it."""
        with self.city.app.database.begin() as db:
            chats.bind(db, self.chat, unit, by=None, now=self.city.clock.now)


class City:
    """planbot between a database and LINE."""

    def __init__(self, app: App, line: StandIn, clock: TestClock) -> None:
        self.app = app
        self.line = line
        self.clock = clock
        self.worker = app.worker()

    def settle(self) -> None:
        """Until every event has arrived and was answered."""
        self.line.wait_idle()
        self.worker.run_until_idle()

    def group(self, name: str, *members: Person) -> Place:
        """A group with the bot in it, seen by its first member."""
        made: Group = self.line.add_group(name, members)
        self.line.invite_bot(made.id)
        self.settle()
        return Place(self, ChatRef(kind=ChatKind.GROUP, id=made.id), members[0])

    def alone_with(self, person: Person) -> Place:
        """A person's one-to-one chat."""
        return Place(self, ChatRef(kind=ChatKind.USER, id=person.id), person)

    def unit_code(self, unit: str) -> str:
        """A binding code for a unit's chats."""
        with self.app.database.begin() as db:
            return codes.issue(db, role=Role.UNIT, unit=unit, now=self.clock.now).code

    def admin_code(self) -> str:
        """A binding code for an administrator."""
        with self.app.database.begin() as db:
            return codes.issue(db, role=Role.ADMIN, now=self.clock.now).code

    def is_admin(self, person: Person) -> bool:
        """Whether the person is an administrator."""
        with self.app.database.begin() as db:
            return chats.is_admin(db, person.id)

    def make_admin(self, person: Person) -> None:
        """The person is an administrator."""
        with self.app.database.begin() as db:
            chats.make_admin(db, person.id, now=self.clock.now)


BOTH = frozenset({"test_binding", "test_processes"})
"""Journeys that `make test` plays on both engines; CI plays all of them on both."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the other journeys' second engine to CI; the store has tests of its own on both."""
    if "TEST_DATABASE_URL" in os.environ:
        return
    left = [one for one in items if _is_second_engine(one)]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [one for one in items if not _is_second_engine(one)]


def _is_second_engine(item: pytest.Item) -> bool:
    if item.path.parent != Path(__file__).parent or item.path.stem in BOTH:
        return False
    params = item.callspec.params if hasattr(item, "callspec") else {}
    return params.get("database_url") == ENGINES[1]


@pytest.fixture(scope="session")
def answerer() -> Answerer:
    """Finds answers by words alone: journeys do not look at which answer is the best."""
    return answer.load(packaged_data(), encoders=())


@pytest.fixture(scope="session")
def loaded(answerer: Answerer) -> dict[str, object]:
    """The parts of an `App` that come from the data folder alone, so that each is read once."""
    first = build(Settings(database_url="", data=packaged_data()), answerer=answerer)
    return {name: getattr(first, name) for name in ("dates", "sources", "sheet", "facts")}


@pytest.fixture
def city(
    database: Database, clock: TestClock, answerer: Answerer, loaded: dict[str, object]
) -> Iterator[City]:
    """planbot on an empty database, on each engine in turn, with the webhook in place."""
    line = StandIn(secret="secret", token="token", clock=clock)
    base = line.start()
    given = Settings(
        database_url=database.url.render_as_string(hide_password=False),
        data=packaged_data(),
        channel_secrets=("secret",),
        channel_access_token="token",
        public_base_url="https://planbot.example",
        line_api_base=base,
        line_api_data_base=base,
        worker_threads=2,
    )
    app = build(given, clock, answerer=answerer)
    vars(app).update(loaded, database=database)
    with served(app.web()) as address:
        line.webhook_url = f"{address}/callback"
        yield City(app, line, clock)
    line.stop()
    app.close()


@pytest.fixture
def ling(city: City) -> Person:
    """An officer."""
    return city.line.add_person("王美玲")


@pytest.fixture
def ming(city: City) -> Person:
    """Her colleague."""
    return city.line.add_person("李志明")


@pytest.fixture
def group(city: City, ling: Person, ming: Person) -> Place:
    """企劃室's group, bound, seen by the officer."""
    place = city.group("企劃室", ling, ming)
    place.bind("企劃室")
    return place


@pytest.fixture
def new_group(city: City, ling: Person, ming: Person) -> Place:
    """A group that is not bound to a unit."""
    return city.group("長照中心", ling, ming)


@pytest.fixture
def alone(city: City, ling: Person) -> Place:
    """The officer's one-to-one chat."""
    return city.alone_with(ling)
