"""The record of progress: rows that stay, and what is read from them, on both engines."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from bot.messages import ChatKind, ChatRef
from bot.plans.model import RocYear
from bot.plans.progress import Entry, ProgressReport, ProgressStatus, Quantity, Verdict, standing
from bot.store import progress
from bot.store.engine import Database
from bot.store.progress import Content, Origin

YEAR = RocYear(115)
OFFICE = "三民區第二衛生所"
GROUP = ChatRef(kind=ChatKind.GROUP, id="Coffice")
NOW = datetime(2026, 6, 1, 2, tzinfo=UTC)
DONE = Content(
    status=ProgressStatus.DONE,
    percent=100,
    quantities=(Quantity(value=Decimal("2.5"), unit="小時", what="訓練", is_total=True),),
    note="辦完了",
    done_on=date(2026, 5, 30),
)


def origin(event: str, *, person: str | None = "Uling", part: int = 0) -> Origin:
    return Origin(
        person=person, chat=GROUP, message_id=f"m-{event}", event_id=event, at=NOW, part=part
    )


def report(database: Database, event: str, **changes: object) -> int:
    given = {"unit": OFFICE, "year": YEAR, "item": "plan:4.1", "content": DONE}
    with database.begin() as db:
        return progress.report(db, **{**given, "origin": origin(event), **changes})  # type: ignore[arg-type]


def read(database: Database) -> list[ProgressReport]:
    with database.begin() as db:
        return progress.record_of(db, OFFICE, YEAR)


def test_a_report_comes_back_as_it_was_made(database: Database) -> None:
    number = report(database, "e1")

    (one,) = read(database)
    assert (one.id, one.root, one.entry) == (number, number, Entry.REPORT)
    assert one.quantities == DONE.quantities
    assert (one.note, one.done_on, one.person, one.message_id) == (
        "辦完了", date(2026, 5, 30), "Uling", "m-e1",
    )  # fmt: skip


def test_an_event_that_is_handled_twice_cannot_report_twice(database: Database) -> None:
    report(database, "e1")

    with pytest.raises(IntegrityError):
        report(database, "e1")


def test_corrections_and_withdrawals_are_rows_of_their_own(database: Database) -> None:
    number = report(database, "e1")
    with database.begin() as db:
        first = progress.standing_report(db, number)
        assert first is not None
        progress.correct(db, first, Content(status=ProgressStatus.BEHIND, percent=10), origin("e2"))
    with database.begin() as db:
        changed = progress.standing_report(db, number)
        assert changed is not None
        assert changed.status is ProgressStatus.BEHIND
        progress.withdraw(db, changed, origin("e3"))

    assert [one.entry for one in read(database)] == ["report", "correction", "withdrawal"]
    with database.begin() as db:
        assert progress.standing_report(db, number) is None
        assert len(progress.history(db, number)) == 3


def test_ones_last_report_is_ones_own_and_stands(database: Database) -> None:
    mine = report(database, "e1")
    report(database, "e2", origin=origin("e2", person="Uming"))
    withdrawn = report(database, "e3")
    with database.begin() as db:
        gone = progress.standing_report(db, withdrawn)
        assert gone is not None
        progress.withdraw(db, gone, origin("e4"))

    with database.begin() as db:
        last = progress.last_by(db, "Uling", GROUP, [OFFICE])
        assert last is not None
        assert last.root == mine
        assert progress.last_by(db, "Uling", GROUP, ["衛生局"]) is None


def test_where_line_does_not_tell_who_speaks_the_chats_last_counts(database: Database) -> None:
    number = report(database, "e1", origin=origin("e1", person=None))

    with database.begin() as db:
        last = progress.last_by(db, None, GROUP, [OFFICE])
    assert last is not None
    assert last.root == number


def test_a_message_that_is_taken_back_leaves_no_words(database: Database) -> None:
    report(database, "e1")
    with database.begin() as db:
        progress.forget_message(db, "m-e1")

    (one,) = read(database)
    assert (one.note, one.quantities, one.is_unsent) == ("", (), True)
    assert standing([one]) == ()


def test_a_word_that_is_taken_back_leaves_the_one_before(database: Database) -> None:
    number = report(database, "e1")
    said = (Verdict.RETURNED, Verdict.ACCEPTED, Verdict.TAKEN_BACK)
    with database.begin() as db:
        for verdict in said:
            progress.review(db, number, verdict, remark="", by="Uboss", now=NOW)
        kept = progress.reviews_of(db, number)

    (one,) = read(database)
    assert one.review is not None
    assert one.review.verdict is Verdict.RETURNED
    assert tuple(each.verdict for each in kept) == said


def test_a_unit_has_reported_while_one_of_its_reports_stands(database: Database) -> None:
    report(database, "e1")
    (one,) = read(database)
    with database.begin() as db:
        assert progress.units_with_standing_reports(db, YEAR) == {OFFICE}
        progress.withdraw(db, one, origin("e2"))
        assert progress.units_with_standing_reports(db, YEAR) == set()
        assert progress.units_with_reports(db, YEAR) == [OFFICE]


def test_a_report_shows_the_name_that_was_learnt_and_the_last_review(database: Database) -> None:
    number = report(database, "e1")
    with database.begin() as db:
        progress.learn_name(db, "Uling", "王美玲", NOW)
        progress.review(db, number, Verdict.RETURNED, remark="請補人數", by="Uboss", now=NOW)
        progress.review(db, number, Verdict.ACCEPTED, remark="", by="Uboss", now=NOW)

    (one,) = read(database)
    assert one.reporter == "王美玲"
    assert one.review is not None
    assert one.review.verdict is Verdict.ACCEPTED


def test_units_come_one_by_one(database: Database) -> None:
    report(database, "e1")
    report(database, "e2", unit="衛生局")

    with database.begin() as db:
        found = {unit: len(entries) for unit, entries in progress.records(db, YEAR)}
    assert found == {OFFICE: 1, "衛生局": 1}
