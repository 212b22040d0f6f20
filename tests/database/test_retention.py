from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.messages import Checked, ContentKind
from bot.plans.model import RocYear
from bot.plans.progress import ProgressStatus
from bot.store import (
    audit,
    codes,
    conversations,
    evidence,
    inbox,
    outbox,
    progress,
    questions,
    reminders,
    retention,
    unsent,
)
from bot.store.codes import Role
from bot.store.engine import Database
from bot.store.models import Base, InboxEvent, OutboxMessage, Question
from bot.store.progress import Content, Origin
from bot.store.reminders import Entry, LedgerState, ReminderKind
from bot.store.retention import Days
from tests.factories import group, person, raw, text_event


def fill(database: Database, now: datetime) -> None:
    """One settled row in every table that is purged, and live rows in both queues."""
    with database.begin() as db:
        inbox.store(db, [raw(text_event(group("done"), now))], now)
        (event,) = inbox.claim(db, 1, now=now, by="me")
        inbox.done(db, event, "answered", now)
        inbox.store(db, [raw(text_event(group("waits"), now))], now)
        hello = [{"type": "text", "text": "您好"}]
        outbox.enqueue(db, what="a", chat_id="C1", messages=hello, abouts=["x"], now=now)
        (message,) = outbox.claim(db, 1, now=now, by="me")
        outbox.sent(db, message, ids=["1"], request_id=None, now=now)
        outbox.enqueue(db, what="b", chat_id="C1", messages=hello, abouts=["x"], now=now)
        unsent.forget(db, "77", chat_key="C1", now=now)
        questions.record(db, "開放的", kind="unknown", now=now)
        questions.record(db, "答過的", kind="unknown", now=now)
        db.flush()
        db.query(Question).filter_by(text="答過的").update({"status": "answered"})
        codes.issue(db, role=Role.ADMIN, now=now)
        codes.redeem(db, "wrong", chat=group(), person=person(), now=now)
        conversations.put(db, group(), person(), now, {})
        audit.record(db, person(), "bind", "企劃室", now)
        said = Entry(
            deadline="115:s2:衛生局", unit="衛生局", chat_id="C1", kind=ReminderKind.DUE,
            day=now.date(), state=LedgerState.MISSED, at=now,
        )  # fmt: skip
        reminders.record(db, [said])
        root = progress.report(
            db, unit="企劃室", year=RocYear(115), item="x",
            content=Content(status=ProgressStatus.DONE, percent=100),
            origin=Origin(
                person=person(), chat=group(), message_id="78", event_id="E78", at=now
            ),
        )  # fmt: skip
        photo = Checked(kind=ContentKind.PICTURE, name="x", media_type="image/png", data=b"x")
        evidence.add(db, root, photo, message_id="79", person=person(), now=now)


def purge(database: Database, now: datetime, days: Days | None = None) -> dict[str, int]:
    with database.begin() as db:
        return retention.purge(db, now, days)


def test_what_is_fresh_stays(database: Database, now: datetime) -> None:
    fill(database, now)

    assert set(purge(database, now + timedelta(minutes=1)).values()) == {0}


def test_what_is_old_goes_and_what_still_waits_stays(database: Database, now: datetime) -> None:
    fill(database, now)

    gone = purge(database, now + timedelta(days=2000))

    assert {table: n for table, n in gone.items() if n != 1} == {"audit_log": 4}
    with database.begin() as db:
        assert [event.state for event in db.scalars(select(InboxEvent))] == ["waiting"]
        assert [message.what for message in db.scalars(select(OutboxMessage))] == ["b"]
        assert [question.text for question in db.scalars(select(Question))] == ["開放的"]


def test_each_kind_has_its_own_time(database: Database, now: datetime) -> None:
    fill(database, now)

    gone = purge(database, now + timedelta(days=8), Days(inbox=7, sent=9))

    assert (gone["inbox_events"], gone["sent_messages"]) == (1, 0)


def test_an_event_that_was_set_aside_keeps_its_words_for_a_week(
    database: Database, now: datetime
) -> None:
    with database.begin() as db:
        inbox.store(db, [raw(text_event(group(), now))], now)
    for attempt in range(inbox.MAX_ATTEMPTS):
        moment = now + timedelta(hours=attempt)
        with database.begin() as db:
            (event,) = inbox.claim(db, 1, now=moment, by="me")
            inbox.failed(db, event, moment)

    def words() -> list[bool]:
        with database.begin() as db:
            return [bool(payload) for payload in db.scalars(select(InboxEvent.payload))]

    purge(database, now + timedelta(days=6))
    assert words() == [True]
    purge(database, now + timedelta(days=8))
    assert words() == [False]


def test_less_than_a_day_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="sent must be at least one day"):
        Days(sent=0)


def test_every_table_is_purged_or_kept_on_purpose(database: Database, now: datetime) -> None:
    kept = {
        "chats",
        "people",
        "bindings",
        "adjustments",
        "day_overrides",
        "acknowledgements",
        "settings_overrides",
        "courtesy_tests",
        "chat_sizes",
        "calendar_links",
        "teachings",
        "marks",
        "progress_reports",
        "reviews",
        "evidence",
    }
    assert set(purge(database, now)) | kept == set(Base.metadata.tables)
    with database.begin() as db:
        for table in Base.metadata.sorted_tables:
            assert db.scalar(select(func.count()).select_from(table)) == 0
