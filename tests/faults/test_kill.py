"""The power goes, kill -9: nothing is lost and nothing is said twice."""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import URL, select

from bot.clock import system_clock
from bot.line.client import LineClient
from bot.line.stand_in import Group, StandIn
from bot.store.bell import bell_of
from bot.store.engine import Database
from bot.store.models import OutboxMessage, Question, State
from bot.web import create_app
from bot.worker import Worker
from tests.conftest import SECRET, TOKEN
from tests.faults.worker_process import repeat

ROOT = Path(__file__).parents[2]
EVENTS = 500
GROUPS = 25


class RisingClock:
    """The machine's clock, but no two events get the same millisecond: their order is clear."""

    def __init__(self) -> None:
        self._last = system_clock()
        self._turn = threading.Lock()

    def __call__(self) -> datetime:
        """The present moment, or a little later."""
        with self._turn:
            self._last = max(system_clock(), self._last + timedelta(milliseconds=1))
            return self._last


@pytest.fixture
def real_line() -> Iterator[StandIn]:
    """A LINE that goes by the machine's clock, as the processes do."""
    stand_in = StandIn(secret=SECRET, token=TOKEN, clock=RisingClock(), quota=None)
    yield stand_in
    stand_in.stop()


class Processes:
    """Workers that are ready and wait for the word."""

    def __init__(self, number: int, url: URL, line_url: str) -> None:
        place = url.render_as_string(hide_password=False)
        command = [sys.executable, "-m", "tests.faults.worker_process", place, line_url]
        self._all = [
            subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, text=True,
            )
            for _ in range(number)
        ]  # fmt: skip
        self._waiting = iter(self._all)

    def begin(self) -> subprocess.Popen[str]:
        """Let the next one work."""
        process = next(self._waiting)
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "ready\n"
        process.stdin.write("begin\n")
        process.stdin.flush()
        return process

    def end(self) -> None:
        """End them all."""
        for process in self._all:
            process.kill()
            process.communicate()


@pytest.fixture
def processes(database_url: URL, real_line: StandIn) -> Iterator[Processes]:
    """Three workers for one after the other."""
    three = Processes(3, database_url, real_line.start())
    yield three
    three.end()


def groups_of(line: StandIn, number: int) -> list[Group]:
    people = [line.add_person("王小明"), line.add_person("陳美玲")]
    made = [line.add_group(f"群組{n}", people) for n in range(number)]
    for group in made:
        line.invite_bot(group.id)
    return made


def heard(line: StandIn, groups: list[Group]) -> list[str]:
    return list(itertools.chain.from_iterable(line.said_to(group.id) for group in groups))


def wait_until(line: StandIn, groups: list[Group], number: int) -> None:
    """Until the bot has said so many things, or nothing changes any more."""
    while (missing := number - len(heard(line, groups))) > 0:
        goal, seq = line.seq + missing, line.seq
        while seq < goal:
            before, seq = seq, line.wait_for_change(seq, 10)
            assert seq != before, f"it fell silent after {len(heard(line, groups))} messages"


def test_a_worker_that_is_killed_with_500_events_in_flight_loses_and_doubles_none(
    database: Database,
    real_line: StandIn,
    processes: Processes,
    serve: Callable[[Flask], str],
) -> None:
    app = create_app(
        database, [SECRET], wake=lambda: None, clock=system_clock, max_body_bytes=1_000_000
    )
    real_line.webhook_url = serve(app) + "/callback"
    groups = groups_of(real_line, GROUPS)
    person = real_line.members(groups[0].id)[0]
    said = [f"第{number}則" for number in range(EVENTS)]
    for number, text in enumerate(said):
        real_line.say(person.id, groups[number % GROUPS].id, text)

    first = processes.begin()
    wait_until(real_line, groups, 60)
    first.kill()
    second = processes.begin()
    wait_until(real_line, groups, 250)
    second.kill()
    third = processes.begin()
    wait_until(real_line, groups, EVENTS)
    real_line.wait_idle()
    assert third.stdin is not None
    third.communicate(timeout=10)

    assert Counter(heard(real_line, groups)) == Counter(said)
    for place, group in enumerate(groups):
        assert real_line.said_to(group.id) == said[place::GROUPS], "a chat's order is kept"
    with database.begin() as db:
        assert Counter(db.scalars(select(Question.text))) == Counter(said)
        assert set(db.scalars(select(OutboxMessage.state))) == {State.DONE}
    assert real_line.used == 0


def test_two_workers_on_one_postgresql_keep_each_chats_order(
    emptied_postgres: URL,
    open_database: Callable[..., Database],
    real_line: StandIn,
    serve: Callable[[Flask], str],
) -> None:
    """Each with a bell of its own, so that the second hears of events by NOTIFY."""
    line_url = real_line.start()
    databases = [open_database(emptied_postgres) for _ in range(2)]
    bells = [bell_of(database) for database in databases]
    app = create_app(
        databases[0], [SECRET], wake=bells[0].ring, clock=system_clock, max_body_bytes=1_000_000
    )
    real_line.webhook_url = serve(app) + "/callback"
    groups = groups_of(real_line, 8)
    person = real_line.members(groups[0].id)[0]
    handled_by: Counter[str] = Counter()
    in_hand: Counter[str] = Counter()
    most: Counter[str] = Counter()
    counting = threading.Lock()

    with LineClient(TOKEN, api_base=line_url, data_base=line_url, threads=16) as client:

        def worker(number: int) -> Worker:
            def handle(incoming, db, now):  # type: ignore[no-untyped-def]
                chat = incoming.chat.id
                with counting:
                    handled_by[str(number)] += 1
                    in_hand[chat] += 1
                    most[chat] = max(most[chat], in_hand[chat])
                reply = repeat(incoming, db, now)
                with counting:
                    in_hand[chat] -= 1
                return reply

            return Worker(
                databases[number], handle, client, clock=system_clock, bell=bells[number],
                threads=4, name=f"worker {number}", poll_seconds=3600,
            )  # fmt: skip

        workers = [worker(number) for number in range(2)]
        for one in workers:
            one.start()
        said = [f"第{number}則" for number in range(160)]
        for number, text in enumerate(said):
            real_line.say(person.id, groups[number % 8].id, text)
        wait_until(real_line, groups, len(said))
        assert [one.stop() for one in workers] == [True, True]
    for bell in bells:
        bell.close()

    for place, group in enumerate(groups):
        assert real_line.said_to(group.id) == said[place::8]
    assert set(most.values()) == {1}, "one event of a chat at a time"
    assert set(handled_by) == {"0", "1"}, "both took part"
