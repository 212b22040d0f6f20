"""The pass that speaks first, on both engines: once whatever happens, and within the quota."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import URL, select

from bot.app import in_line
from bot.clock import TAIPEI
from bot.errors import LineQuotaExhausted, LineUnreachable
from bot.messages import ChatKind, ChatRef
from bot.plans import corpus, dates
from bot.settings import packaged_data
from bot.store import acknowledgements, chats, outbox, reminders
from bot.store.acknowledgements import Ack
from bot.store.engine import Database
from bot.store.models import OutboxMessage, State
from bot.store.reminders import LedgerState
from schedules import rules, send
from schedules.send import Facts, Reminding
from tests.factories import group, own_chat, person

UNIT = "三民區第一衛生所"
PLAN = f"115:s2:{UNIT}"
BOUND = datetime(2026, 1, 1, tzinfo=UTC)
LEAD_DAY = datetime(2026, 3, 11, 10, tzinfo=TAIPEI)
DUE_DAY = datetime(2026, 3, 31, 10, tzinfo=TAIPEI)
GROUP = group("unit")
OFFICER = own_chat("officer")


@dataclass
class Meter:
    """A LINE that tells what things cost."""

    people: int = 20
    limit: int | None = None
    used: int = 0
    asked: int = 0

    def members_count(self, chat: ChatRef) -> int:
        """How many people are in the chat."""
        self.asked += 1
        return self.people

    def quota(self) -> Meter:
        """The month's messages."""
        return self


class SilentMeter:
    """A LINE that does not answer."""

    def members_count(self, chat: ChatRef) -> int:
        """Nothing."""
        raise LineUnreachable("timeout")

    def quota(self) -> Meter:
        """Nothing."""
        raise LineUnreachable("timeout")


@pytest.fixture(scope="session")
def facts() -> Facts:
    """The packaged data."""
    known = corpus.load(packaged_data())
    return Facts(dates=dates.load(packaged_data(), known), rules=rules.load(packaged_data()))


@pytest.fixture
def bound(database: Database) -> Database:
    """A group and an officer speak for a unit."""
    with database.begin() as db:
        chats.bind(db, GROUP, UNIT, by=None, now=BOUND)
        chats.bind(db, OFFICER, UNIT, by=None, now=BOUND)
    return database


def reminding(database: Database, facts: Facts, meter: object = None) -> Reminding:
    return Reminding(database, facts, render=in_line, meter=meter)  # type: ignore[arg-type]


def waiting(database: Database) -> dict[str, int | None]:
    with database.begin() as db:
        rows = db.execute(
            select(OutboxMessage.what, OutboxMessage.price).where(
                OutboxMessage.state == State.WAITING
            )
        )
        return {row.what: row.price for row in rows}


def ledger(database: Database, kind: str) -> dict[str, str]:
    with database.begin() as db:
        said = reminders.said(db, limit=1000)
    return {
        one.chat_id: one.state.value for one in said if one.kind == kind and ":s2:" in one.deadline
    }


def test_what_is_due_stands_in_outbox_and_ledger_with_its_price(
    bound: Database, facts: Facts
) -> None:
    meter = Meter(people=7)
    assert reminding(bound, facts, meter).tick(LEAD_DAY) == (2, 0)

    day = LEAD_DAY.date()
    assert waiting(bound) == {
        reminders.message_of(GROUP.id, day): 7,
        reminders.message_of(OFFICER.id, day): 1,
    }
    assert ledger(bound, "lead") == {GROUP.id: "said", OFFICER.id: "said"}
    assert reminding(bound, facts, meter).tick(LEAD_DAY + timedelta(hours=1)) == (0, 0)
    assert meter.asked == 1


def test_any_number_of_processes_say_it_once(
    database_url: URL, open_database: Callable[..., Database], facts: Facts
) -> None:
    first = open_database(database_url)
    with first.begin() as db:
        for number in range(5):
            chats.bind(db, group(f"g{number}"), UNIT, by=None, now=BOUND)
    together = threading.Barrier(4)
    told: list[int] = []

    def process() -> None:
        mine = reminding(open_database(database_url), facts)
        together.wait()
        told.append(mine.tick(LEAD_DAY)[0])

    threads = [threading.Thread(target=process) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(waiting(first)) == 5
    assert len(ledger(first, "lead")) == 5
    assert told


def test_what_is_done_meanwhile_is_not_said(bound: Database, facts: Facts) -> None:
    with bound.begin() as db:
        acknowledgements.record(
            db, deadline=PLAN, unit=UNIT, what=Ack.DONE, by=person(), chat=GROUP, now=BOUND
        )

    reminding(bound, facts).tick(LEAD_DAY)

    assert set(ledger(bound, "lead").values()) == {"settled"}


def test_a_pass_rests_after_it_found_nothing(bound: Database, facts: Facts) -> None:
    mine = reminding(bound, facts)
    mine.beat(datetime(2026, 3, 11, 3, tzinfo=TAIPEI))
    mine.beat(LEAD_DAY)

    assert waiting(bound) == {}


def test_when_it_is_short_the_officer_is_told_and_the_group_waits_for_a_free_reply(
    bound: Database, facts: Facts
) -> None:
    with bound.begin() as db:
        chats.make_admin(db, person("admin"), now=BOUND)
    meter = Meter(limit=200, used=190)

    assert reminding(bound, facts, meter).tick(DUE_DAY) == (1, 1)
    assert ledger(bound, "due") == {GROUP.id: "held", OFFICER.id: "said"}
    month = f"quota:2026-03:held:{person('admin')}"
    assert month in waiting(bound)

    with bound.begin() as db:
        assert send.ride(db, facts, OFFICER, DUE_DAY) is None
        messages = send.ride(db, facts, GROUP, DUE_DAY)
        assert messages is not None
        assert "到期" in messages[0].plain
    assert ledger(bound, "due") == {GROUP.id: "said", OFFICER.id: "said"}
    with bound.begin() as db:
        assert send.ride(db, facts, GROUP, DUE_DAY) is None


def test_administrators_are_warned_before_the_limit(bound: Database, facts: Facts) -> None:
    with bound.begin() as db:
        chats.make_admin(db, person("admin"), now=BOUND)

    reminding(bound, facts, Meter(people=20, limit=100, used=20)).tick(LEAD_DAY)

    warned = [what for what in waiting(bound) if what.startswith("quota:")]
    assert warned == [f"quota:2026-03:forecast:{person('admin')}"]


def test_what_line_refuses_for_the_month_is_decided_anew_in_the_next(
    bound: Database, facts: Facts
) -> None:
    meter = Meter(people=20, limit=None)
    late = datetime(2026, 3, 30, 10, tzinfo=TAIPEI)
    reminding(bound, facts, meter).tick(late)
    with bound.begin() as db:
        for message in outbox.claim(db, 5, now=late, by="test"):
            outbox.refused(db, message, LineQuotaExhausted("month"), now=late, jitter=0.5)

    empty = Meter(people=20, limit=200, used=200)
    assert reminding(bound, facts, empty).tick(DUE_DAY) == (0, 2)
    assert ledger(bound, "due") == {GROUP.id: "held", OFFICER.id: "held"}
    april = datetime(2026, 4, 1, 10, tzinfo=TAIPEI)
    assert reminding(bound, facts, Meter(people=20, limit=200)).tick(april) == (2, 0)
    assert ledger(bound, "due") == {GROUP.id: "missed", OFFICER.id: "missed"}
    assert ledger(bound, "overdue") == {GROUP.id: "said", OFFICER.id: "said"}


def test_what_could_not_be_sent_by_the_evening_is_not_sent_at_night(
    bound: Database, facts: Facts
) -> None:
    mine = reminding(bound, facts)
    mine.tick(LEAD_DAY)

    mine.tick(LEAD_DAY.replace(hour=18))

    assert waiting(bound) == {}
    assert ledger(bound, "lead") == {GROUP.id: "held", OFFICER.id: "held"}
    assert mine.tick(LEAD_DAY + timedelta(days=1)) == (2, 0)
    assert ledger(bound, "lead") == {GROUP.id: "said", OFFICER.id: "said"}


def test_without_an_answer_from_line_it_is_said_all_the_same(bound: Database, facts: Facts) -> None:
    assert reminding(bound, facts, SilentMeter()).tick(LEAD_DAY) == (2, 0)
    assert waiting(bound)[reminders.message_of(GROUP.id, LEAD_DAY.date())] == 20


def test_a_preview_changes_nothing(bound: Database, facts: Facts) -> None:
    mine = reminding(bound, facts)

    found, price = mine.preview(date(2026, 3, 1), date(2026, 3, 31))
    now, _ = mine.due(LEAD_DAY)

    assert {one.listener.id for one in found} == {GROUP.id, OFFICER.id}
    assert price(GROUP) == 20
    assert price(ChatRef(kind=ChatKind.USER, id="U")) == 1
    assert all(one.state is LedgerState.SAID for one in now)
    assert waiting(bound) == {}
