"""The ledger, answers, units' settings and courtesy results: kept, and only ever added to."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.clock import today
from bot.errors import LineQuotaExhausted, UsageError
from bot.log import fingerprint
from bot.plans.model import RocYear
from bot.store import acknowledgements, chats, courtesy, outbox, overrides, reminders
from bot.store.acknowledgements import Ack
from bot.store.courtesy import CourtesyResult
from bot.store.engine import Database
from bot.store.models import AcknowledgementRow
from bot.store.overrides import Override, Quiet
from bot.store.reminders import Entry, LedgerState, ReminderKind
from tests.factories import group, own_chat, person

UNIT = "三民區第二衛生所"
DEADLINE = f"115:s2:{UNIT}"
DAY = date(2026, 1, 29)


def entry(
    now: datetime, state: LedgerState = LedgerState.SAID, *, chat: str = "C1", day: date = DAY
) -> Entry:
    message = reminders.message_of(chat, day) if state is LedgerState.SAID else None
    return Entry(
        deadline=DEADLINE, unit=UNIT, chat_id=chat, kind=ReminderKind.LEAD, day=day,
        state=state, message=message, at=now,
    )  # fmt: skip


def test_a_reminder_stands_in_the_ledger_once(database: Database, now: datetime) -> None:
    with database.begin() as db:
        assert reminders.record(db, [entry(now)]) == 1
        assert reminders.record(db, [entry(now, LedgerState.MISSED)]) == 0

    with database.begin() as db:
        assert reminders.states(db, DAY) == {entry(now).key: LedgerState.SAID}
        assert reminders.states(db, DAY + timedelta(days=1)) == {}


def test_what_is_held_can_still_be_said(database: Database, now: datetime) -> None:
    with database.begin() as db:
        reminders.record(db, [entry(now, LedgerState.HELD)])
        assert reminders.is_held(db, "C1", DAY)
        assert not reminders.is_held(db, "C1", DAY + timedelta(days=1))
        reminders.record(db, [entry(now)])

    with database.begin() as db:
        assert reminders.states(db, DAY) == {entry(now).key: LedgerState.SAID}


def test_the_account_has_the_newest_first(database: Database, now: datetime) -> None:
    later = entry(now + timedelta(hours=1), chat="C2")
    with database.begin() as db:
        reminders.record(db, [entry(now), later])

    with database.begin() as db:
        assert reminders.said(db, unit=UNIT) == (later, entry(now))
        assert reminders.said(db, unit="衛生局") == ()
        assert reminders.said(db, since=DAY, until=DAY, limit=1) == (later,)
        assert reminders.said(db, chat=group()) == ()


def test_a_message_that_the_quota_holds_goes_back_to_be_decided_anew(
    database: Database, now: datetime
) -> None:
    what = reminders.message_of("C1", DAY)
    with database.begin() as db:
        outbox.enqueue(
            db, what=what, chat_id="C1", messages=[{"type": "text", "text": "提醒"}],
            abouts=[""], now=now, price=20,
        )  # fmt: skip
        reminders.record(db, [entry(now)])
        assert reminders.spent(db, now) == 20
        assert reminders.spoken_to(db, now.date(), DAY) == {"C1"}
        assert reminders.spoken_to(db, DAY, DAY) == frozenset()
        (message,) = outbox.claim(db, 1, now=now, by="test")
        outbox.refused(db, message, LineQuotaExhausted("month"), now=now, jitter=0.5)

    with database.begin() as db:
        assert reminders.take_back(db, now) == 1
        assert reminders.take_back(db, now) == 0
        assert reminders.states(db, DAY) == {entry(now).key: LedgerState.HELD}
        assert reminders.spent(db, now) == 0
        assert outbox.release_held(db, outbox.next_month(now)) == 0


def test_only_chats_that_the_bot_is_in_are_told(database: Database, now: datetime) -> None:
    with database.begin() as db:
        chats.bind(db, group("a"), UNIT, by=None, now=now)
        chats.bind(db, own_chat(), "衛生局", by=None, now=now)
        chats.bind(db, group("b"), UNIT, by=None, now=now)
        chats.left(db, group("b"), now)
        chats.make_admin(db, person("admin"), now=now)

    with database.begin() as db:
        (told,) = reminders.places(db, UNIT, today=today(now))
        assert (told.chat, told.unit, told.since) == (group("a"), UNIT, now)
        assert len(reminders.places(db, today=today(now))) == 2
        assert reminders.administrators(db) == (own_chat("admin"),)


def test_prices_are_remembered(database: Database, now: datetime) -> None:
    with database.begin() as db:
        reminders.keep_sizes(db, {"C1": 20, "C2": 3}, now)
        reminders.keep_sizes(db, {"C1": 21}, now)

    with database.begin() as db:
        assert reminders.sizes(db) == {"C1": (21, now), "C2": (3, now)}


def answer(database: Database, what: Ack, at: datetime, until: date | None = None) -> None:
    with database.begin() as db:
        acknowledgements.record(
            db, deadline=DEADLINE, unit=UNIT, what=what, by=person(), chat=group(), now=at,
            until=until,
        )  # fmt: skip


def test_the_latest_answer_counts_and_all_are_kept(database: Database, now: datetime) -> None:
    answer(database, Ack.SNOOZED, now, date(2026, 3, 9))
    answer(database, Ack.DONE, now + timedelta(minutes=5))

    with database.begin() as db:
        state = acknowledgements.state_of(db, UNIT, [DEADLINE, "115:s10:x"])
        assert state[DEADLINE].what is Ack.DONE
        assert state[DEADLINE].by == fingerprint(person())
        first, _ = acknowledgements.history(db, UNIT, DEADLINE)
        assert (first.what, first.until) == (Ack.SNOOZED, date(2026, 3, 9))
        assert len(acknowledgements.since(db, now)[DEADLINE]) == 2
        assert acknowledgements.state_of(db, "衛生局", [DEADLINE]) == {}


def test_a_snooze_needs_a_day(database: Database, now: datetime) -> None:
    with pytest.raises(ValueError, match="snooze"):
        answer(database, Ack.SNOOZED, now)
    with pytest.raises(IntegrityError, match="snoozed_until"), database.begin() as db:
        db.add(AcknowledgementRow(deadline=DEADLINE, unit=UNIT, what="snoozed", by="x", at=now))


def test_a_units_own_settings_go_before_those_of_all(database: Database, now: datetime) -> None:
    noon = Quiet(start=time(12), end=time(13, 30))
    with database.begin() as db:
        overrides.put(db, None, Override(quiet=noon, lead_days=(7,)), by=None, now=now)
        overrides.put(db, UNIT, Override(lead_days=()), by=None, now=now)

    with database.begin() as db:
        assert overrides.get(db, UNIT) == Override(quiet=noon, lead_days=())
        assert overrides.get(db, "衛生局") == Override(quiet=noon, lead_days=(7,))
        assert overrides.every(db)[UNIT] == Override(lead_days=())


def test_quiet_hours_may_span_midnight() -> None:
    night = Quiet(start=time(18), end=time(8))

    assert night.covers(time(23))
    assert night.covers(time(7, 59))
    assert not night.covers(time(8))


def test_settings_that_cannot_be_meant_are_refused() -> None:
    with pytest.raises(UsageError, match="quiet"):
        Quiet(start=time(8), end=time(8))
    with pytest.raises(UsageError, match="lead"):
        Override(lead_days=(0,))


def test_a_corrected_result_replaces_the_first_and_both_are_kept(
    database: Database, now: datetime
) -> None:
    year = RocYear(115)
    first = CourtesyResult(
        unit=UNIT, year=year, which=1, tested_on=date(2026, 4, 8), score=72.5, faults="未報姓氏",
        asks_improvement=True, by=person(), at=now,
    )  # fmt: skip
    with database.begin() as db:
        courtesy.record(db, first)
        assert courtesy.results(db, UNIT, year)[1].owes_improvement
        better = CourtesyResult(
            unit=UNIT, year=year, which=1, score=72.5, improvement="每週演練",
            asks_improvement=True, by=person(), at=now + timedelta(days=1),
        )  # fmt: skip
        courtesy.record(db, better)

    with database.begin() as db:
        now_reads = courtesy.results(db, UNIT, year)
        assert set(now_reads) == {1}
        assert not now_reads[1].owes_improvement
        assert len(courtesy.history(db, UNIT, year)) == 2
        assert len(courtesy.all_of(db, [year])[(UNIT, 115, 1)]) == 2
        assert courtesy.results(db, "衛生局", year) == {}
