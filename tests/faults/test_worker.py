"""The worker's own life: it begins, hears, finishes what is in hand, and ends."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from bot.line.stand_in import Group, Person
from bot.messages import Incoming, IncomingKind, Reply, say
from bot.store import inbox, outbox
from bot.store.models import State
from bot.worker import Worker
from tests.faults.conftest import Bot

HOURS = 3600.0


def wait_for_words(bot: Bot, chat_id: str, number: int) -> None:
    seq = bot.line.seq
    while len(bot.said(chat_id)) < number:
        before, seq = seq, bot.line.wait_for_change(seq, 10)
        assert seq != before, "it fell silent"


def test_a_ring_is_enough_no_poll_is_needed(bot: Bot, group: Group, officer: Person) -> None:
    bot.works()
    worker = bot.another_worker(poll_seconds=HOURS)
    worker.start()
    for number in range(5):
        bot.line.say(officer.id, group.id, str(number))
        wait_for_words(bot, group.id, number + 1)
        bot.clock.goes_on(milliseconds=1)

    assert worker.stop()
    assert bot.said(group.id) == [f"回：{number}" for number in range(5)]


def test_without_a_ring_a_slow_poll_finds_the_work(bot: Bot, group: Group, officer: Person) -> None:
    bot.works()
    bot.line.say(officer.id, group.id, "期限？")
    bot.line.wait_idle()
    worker = bot.another_worker(bell=None, poll_seconds=0.05)
    worker.start()
    wait_for_words(bot, group.id, 1)

    assert worker.stop()


class Slow:
    """A handler that begins, and ends when it is told to."""

    def __init__(self) -> None:
        self.began = threading.Event()
        self.may_end = threading.Event()

    def __call__(self, incoming: Incoming, db: Session, now: datetime) -> Reply | None:
        """The handler."""
        if incoming.kind is not IncomingKind.TEXT:
            return None
        self.began.set()
        assert self.may_end.wait(20)
        return say("好")


def slow_worker(bot: Bot, slow: Slow) -> Worker:
    return Worker(
        bot.database, slow, bot.client, clock=bot.clock, threads=2, bell=bot.bell, poll_seconds=0.1
    )


def test_stopping_finishes_what_is_in_hand_and_begins_nothing_new(
    bot: Bot, group: Group, officer: Person
) -> None:
    bot.works()
    slow = Slow()
    worker = slow_worker(bot, slow)
    worker.start()
    bot.line.say(officer.id, group.id, "一")
    assert slow.began.wait(10)
    threading.Timer(0.2, slow.may_end.set).start()

    assert worker.stop(timeout=15)

    bot.line.say(officer.id, group.id, "二")
    bot.line.wait_idle()
    states = [event.state for event in bot.events() if event.kind == "message"]
    assert sorted(states) == [State.DONE, State.WAITING]


def test_stopping_does_not_wait_for_ever(bot: Bot, group: Group, officer: Person) -> None:
    bot.works()
    slow = Slow()
    worker = slow_worker(bot, slow)
    worker.start()
    bot.line.say(officer.id, group.id, "一")
    assert slow.began.wait(10)

    assert not worker.stop(timeout=0.2)
    slow.may_end.set()
    assert worker.stop()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite: one at a time
def test_a_lease_that_ends_under_a_slow_handler_doubles_nothing(
    bot: Bot, group: Group, officer: Person
) -> None:
    """The slow one comes back after somebody else did its work: what it did is thrown away."""
    bot.works()
    slow = Slow()
    worker = slow_worker(bot, slow)
    worker.start()
    bot.line.say(officer.id, group.id, "一")
    assert slow.began.wait(10)
    bot.clock.goes_on(seconds=inbox.LEASE.total_seconds())
    bot.worker.run_until_idle()
    assert bot.said(group.id) == ["回：一"]

    slow.may_end.set()
    assert worker.stop()
    bot.works()
    assert bot.said(group.id) == ["回：一"]
    assert len(bot.outgoing()) == 1


def test_after_a_restart_on_sqlite_nobody_waits_for_the_dead_ones_leases(
    bot: Bot, group: Group, officer: Person
) -> None:
    bot.works()
    bot.line.say(officer.id, group.id, "期限？")
    bot.line.wait_idle()
    with bot.database.begin() as db:
        assert len(inbox.claim(db, 8, now=bot.clock(), by="the dead")) == 1
    worker = bot.another_worker(poll_seconds=0.05)
    worker.start()
    if not bot.database.is_sqlite:  # there, others may be alive
        bot.clock.goes_on(seconds=inbox.LEASE.total_seconds())
    wait_for_words(bot, group.id, 1)

    assert worker.stop()


def test_a_long_call_to_line_outlives_no_lease(bot: Bot) -> None:
    """Connecting and reading have time limits; together they are shorter than the lease."""
    assert outbox.LEASE.total_seconds() > 3 + 10
    assert outbox.LEASE < outbox.TOKEN_LIFE
