"""Pictures and files of reports in the database."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.messages import Checked, ContentKind
from bot.plans.model import RocYear
from bot.plans.progress import ProgressStatus
from bot.store import evidence, progress
from bot.store.engine import Database
from bot.store.models import EvidenceContent, EvidenceRow
from bot.store.progress import Content, Origin
from tests.factories import group, person

PHOTO = Checked(kind=ContentKind.PICTURE, name="照片.jpg", media_type="image/jpeg", data=b"photo")


def reported(db: Session, now: datetime, *messages: str, chat: str = "group") -> list[int]:
    """A report of each message; their numbers."""
    return [
        progress.report(
            db,
            unit="企劃室",
            year=RocYear(115),
            item="x",
            content=Content(status=ProgressStatus.DONE, percent=100),
            origin=Origin(
                person=person(), chat=group(chat), message_id=one, event_id=f"E{one}", at=now
            ),
        )
        for one in messages
    ]


def add(db: Session, root: int, message_id: str, now: datetime) -> int | None:
    return evidence.add(db, root, PHOTO, message_id=message_id, person=person(), now=now)


def test_what_is_kept_is_told_without_its_bytes(database: Database, now: datetime) -> None:
    with database.begin() as db:
        (root,) = reported(db, now, "1")
        number = add(db, root, "2", now)
        (found,) = evidence.of_reports(db, [root])

        assert found.id == number
        assert (found.root, found.name, found.size) == (root, "照片.jpg", 5)
        assert evidence.content(db, found.id) == b"photo"
        assert evidence.of_reports(db, []) == []


def test_a_message_adds_once_to_a_report_even_after_it_was_removed(
    database: Database, now: datetime
) -> None:
    with database.begin() as db:
        (root,) = reported(db, now, "1")
        number = add(db, root, "2", now)
        assert number is not None
        assert add(db, root, "2", now) is None
        assert evidence.remove(db, [number], by=person(), now=now) == 1
        assert evidence.remove(db, [number], by=person(), now=now) == 0
        assert add(db, root, "2", now) is None
        assert evidence.of_reports(db, [root]) == []
        assert evidence.content(db, number) is None


def test_what_is_moved_to_where_it_is_already_stays(database: Database, now: datetime) -> None:
    with database.begin() as db:
        first, second = reported(db, now, "1", "2")
        one, two = add(db, first, "3", now), add(db, second, "3", now)
        assert one is not None
        assert two is not None
        evidence.move(db, [one], second, by=person(), now=now)

        assert [found.root for found in evidence.some(db, [one, two])] == [first, second]


def test_a_message_that_is_taken_back_takes_the_evidence_of_its_reports(
    database: Database, now: datetime
) -> None:
    with database.begin() as db:
        first, second = reported(db, now, "1", "2")
        add(db, first, "3", now)
        add(db, second, "4", now)
        evidence.forget_message(db, "1", now)

        assert [one.root for one in evidence.of_reports(db, [first, second])] == [second]
        assert db.scalar(select(func.count()).select_from(EvidenceContent)) == 1
        assert db.scalar(select(func.count()).select_from(EvidenceRow)) == 2


def test_the_last_message_of_a_person_in_a_chat_is_what_photos_follow(
    database: Database, now: datetime
) -> None:
    with database.begin() as db:
        reported(db, now - timedelta(minutes=5), "1")
        (last,) = reported(db, now, "2")
        reported(db, now, "3", chat="other")

        def recent(unit: str, since: datetime) -> list[int]:
            return evidence.recent_reports(db, group(), person(), [unit], since)

        assert recent("企劃室", now - timedelta(minutes=10)) == [last]
        assert recent("企劃室", now + timedelta(minutes=1)) == []
        assert recent("衛生局", now - timedelta(minutes=10)) == []
