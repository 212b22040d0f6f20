"""Storing for many requests at once."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from bot.line.webhook import RawEvent
from bot.store import inbox
from bot.store.engine import Database
from bot.store.intake import Intake
from tests.factories import group, raw, split_events, text_event


def stored(database: Database) -> int:
    with database.begin() as db:
        return inbox.counts(db)["waiting"]


def test_the_events_of_a_request_are_stored_together(database: Database, now: datetime) -> None:
    events = split_events(*(text_event(group(str(number)), now) for number in range(50)))

    Intake(database).put(events, now)
    Intake(database).put([*events, raw(text_event(group("new"), now))], now)

    assert stored(database) == 51


def test_of_a_request_that_cannot_be_stored_nothing_is_stored(
    database: Database, now: datetime
) -> None:
    good = raw(text_event(group(), now))
    bad = replace(good, id="bad", at=None)  # type: ignore[arg-type]

    with pytest.raises(SQLAlchemyError):
        Intake(database).put([good, bad], now)

    assert stored(database) == 0


def test_many_requests_at_once_are_all_stored(database: Database, now: datetime) -> None:
    intake = Intake(database)
    start = threading.Barrier(8)

    def post(name: int) -> None:
        start.wait()
        for number in range(20):
            intake.put([raw(text_event(group(f"{name}-{number}"), now))], now)

    threads = [threading.Thread(target=post, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert stored(database) == 160


def wait_for(intake: Intake, number: int) -> None:
    """Until so many requests wait for the commit under way."""
    while len(intake._waiting) < number:
        threading.Event().wait(0.005)


def put_each(intake: Intake, events: list[RawEvent], now: datetime) -> list[Poster]:
    """Each in a thread of its own."""
    threads = [Poster(intake, event, now) for event in events]
    for thread in threads:
        thread.start()
    return threads


class Poster(threading.Thread):
    """A request of its own."""

    def __init__(self, intake: Intake, event: RawEvent, now: datetime) -> None:
        super().__init__()
        self._work = (intake, event, now)
        self.error: Exception | None = None

    def run(self) -> None:
        """Store the event."""
        intake, event, now = self._work
        try:
            intake.put([event], now)
        except (SQLAlchemyError, KeyError) as error:
            self.error = error


def test_requests_that_come_during_a_commit_share_the_next_one(
    sqlite_database: Database, now: datetime
) -> None:
    intake = Intake(sqlite_database)
    inserts: list[bool] = []

    @event.listens_for(sqlite_database.engine, "before_cursor_execute")
    def hear(_connection, _cursor, statement, _parameters, _context, many):  # type: ignore[no-untyped-def]
        if statement.startswith("INSERT"):
            inserts.append(many)

    with intake._turn:  # as long as this lasts, a commit is under way
        posters = put_each(intake, [raw(text_event(group(str(n)), now)) for n in range(6)], now)
        wait_for(intake, 6)
    for poster in posters:
        poster.join()
    event.remove(sqlite_database.engine, "before_cursor_execute", hear)

    assert stored(sqlite_database) == 6
    assert inserts == [True]  # one statement, for many rows


def test_one_requests_fault_is_not_the_others(sqlite_database: Database, now: datetime) -> None:
    intake = Intake(sqlite_database)
    good = [raw(text_event(group(str(n)), now)) for n in range(3)]
    bad = replace(good[0], id="bad", at=now.replace(tzinfo=None))

    with intake._turn:
        posters = put_each(intake, [bad, *good], now)
        wait_for(intake, 4)
    for poster in posters:
        poster.join()

    assert [bool(poster.error) for poster in posters] == [True, False, False, False]
    assert stored(sqlite_database) == 3


def test_whoever_breaks_off_leaves_the_others_unharmed(
    sqlite_database: Database, now: datetime
) -> None:
    """Nobody may be told «stored» because somebody else failed in an unforeseen way."""

    class Breaks:
        """Breaks where nothing is expected to."""

        def __init__(self, real: RawEvent) -> None:
            self.id, self.chat_key, self.at = real.id, real.chat_key, real.at

        @property
        def payload(self) -> str:
            raise KeyError("unforeseen")

    intake = Intake(sqlite_database)
    good = [raw(text_event(group(str(n)), now)) for n in range(3)]

    with intake._turn:
        posters = put_each(intake, [Breaks(good[0]), *good], now)  # type: ignore[list-item]
        wait_for(intake, 4)
    for poster in posters:
        poster.join()

    told = sum(poster.error is None for poster in posters)
    assert told == stored(sqlite_database) >= 2
