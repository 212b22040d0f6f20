"""What curators taught, and the questions that wait for them."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.store import questions, teachings
from bot.store.engine import Database
from bot.store.models import AuditEntry, Mark, Question, TeachingRow
from bot.store.teachings import TeachingKind
from tests.factories import person

CLAUSE = "khh-doh-112:4.1.3.3.2"


def ask(database: Database, text: str, now: datetime, message_id: str | None = None) -> int:
    with database.begin() as db:
        return questions.record(
            db, text, kind="unknown", now=now, folded=text.strip("？"), message_id=message_id
        )


def test_the_same_words_are_one_question_with_a_count(database: Database, now: datetime) -> None:
    for text in ("餐廳", "停車", "停車？", "停車"):
        ask(database, text, now)

    with database.begin() as db:
        found = questions.open_ones(db, limit=8)
        assert [(one.text, one.count) for one in found] == [("停車", 3), ("餐廳", 1)]
        assert questions.how_many_open(db) == 2


def test_of_those_asked_as_often_the_oldest_comes_first(database: Database, now: datetime) -> None:
    for text in ("甲", "乙", "丙"):
        ask(database, text, now)

    with database.begin() as db:
        assert [one.text for one in questions.open_ones(db, limit=2)] == ["甲", "乙"]
        assert [one.text for one in questions.open_ones(db, limit=2, offset=2)] == ["丙"]


def test_a_message_that_is_taken_back_takes_only_its_own_asking(
    database: Database, now: datetime
) -> None:
    ask(database, "停車", now, "1")
    kept = ask(database, "停車", now, "2")

    with database.begin() as db:
        questions.forget_message(db, "1")
        found = questions.get_open(db, kept)
    assert found is not None
    assert found.count == 1


def test_a_question_is_settled_once_with_all_of_its_words(
    database: Database, now: datetime
) -> None:
    first, _ = ask(database, "停車", now), ask(database, "停車？", now)

    with database.begin() as db:
        assert questions.settle(db, first, questions.ANSWERED)
        assert not questions.settle(db, first, questions.ANSWERED)
        assert questions.how_many_open(db) == 0
        assert questions.get_open(db, first) is None
        assert questions.reopen(db, first)
        assert not questions.reopen(db, first)
        assert questions.open_ones(db, limit=8)[0].count == 2


def test_a_teaching_counts_until_it_is_taken_back(database: Database, now: datetime) -> None:
    number = ask(database, "停車", now)
    with database.begin() as db:
        assert teachings.version(db) == 0
        questions.settle(db, number, questions.ANSWERED)
        made = teachings.add(
            db,
            question="停車",
            kind=TeachingKind.LINK,
            clauses=(CLAUSE,),
            by=person(),
            now=now,
            question_id=number,
        )
        (taught,) = teachings.in_force(db)
        assert (taught.id, taught.question, taught.clauses) == (made, "停車", (CLAUSE,))
        assert teachings.version(db) == 1

    with database.begin() as db:
        assert teachings.undo(db, made, by=person(), now=now)
        assert not teachings.undo(db, made, by=person(), now=now)
        assert teachings.in_force(db) == ()
        assert teachings.version(db) == 2
        assert questions.get_open(db, number) is not None


def test_every_change_is_in_the_audit_log_without_anybodys_words(
    database: Database, now: datetime
) -> None:
    with database.begin() as db:
        made = teachings.add(db, question="停車", kind=TeachingKind.OUTSIDE, by=person(), now=now)
        teachings.undo(db, made, by=person(), now=now)

    with database.begin() as db:
        entries = db.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [entry.what for entry in entries] == ["teach_outside", "unteach"]
        assert not any("停車" in entry.about or person() in entry.who for entry in entries)


def test_a_teaching_outlives_its_question(database: Database, now: datetime) -> None:
    number = ask(database, "停車", now, "1")
    with database.begin() as db:
        made = teachings.add(
            db, question="停車", kind=TeachingKind.OUTSIDE, by=None, now=now, question_id=number
        )
        questions.forget_message(db, "1")

    with database.begin() as db:
        assert db.scalars(select(Question)).all() == []
        assert len(teachings.in_force(db)) == 1
        assert teachings.undo(db, made, by=None, now=now)


@pytest.mark.parametrize(("kind", "faq"), [("faq", ""), ("link", "words"), ("other", "")])
def test_an_entry_and_nothing_else_has_words(
    database: Database, now: datetime, kind: str, faq: str
) -> None:
    row = TeachingRow(question="?", kind=kind, clauses=[], faq=faq, by="x", at=now)
    with database.begin() as db:
        db.add(row)
        with pytest.raises(IntegrityError):
            db.flush()
        db.rollback()


def test_an_answer_has_one_mark_and_the_last_counts(database: Database, now: datetime) -> None:
    for said in ("wrong", "wrong", "helped"):
        with database.begin() as db:
            questions.mark(db, key="answer", clause=CLAUSE, mark=said, unit=None, now=now)

    with database.begin() as db:
        assert db.scalars(select(Mark.mark)).all() == ["helped"]
