"""Questions that the plans did not answer, or not well, for the curators: never with who asked.

A row for each asking, so that one that is taken back goes alone; the curators see the same words
once, with how often they were asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from bot.store import rows
from bot.store.models import Mark, Question

OPEN, ANSWERED, DISMISSED = "open", "answered", "dismissed"
CORRECTION = "correction"
"""The kind of a row that is no question, but what the asker of one said instead."""

_QUESTIONS = rows.table_of(Question)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An open question: its words as last typed, and `count` askings.

    `clause` is the one that was shown to who disliked the answer, empty where none was.
    `corrections` is what they said instead, oldest first.
    """

    id: int
    text: str
    kind: str
    unit: str | None
    clause: str
    count: int
    corrections: tuple[str, ...] = ()


def record(
    db: Session,
    text: str,
    *,
    kind: str,
    now: datetime,
    unit: str | None = None,
    message_id: str | None = None,
    folded: str | None = None,
    clause: str = "",
) -> int:
    """Put a question on the curators' list.

    Args:
        kind: why it is there, such as `unknown`.
        unit: the unit whose chat it came from.
        message_id: so that the question goes when its message is taken back.
        folded: the form in which it equals other questions; the text where it has none.
        clause: the one that was shown.

    Returns:
        The row's id.
    """
    row = Question(
        text=text,
        folded=text if folded is None else folded,
        kind=kind,
        unit=unit,
        clause=clause,
        message_id=message_id,
        at=now,
    )
    db.add(row)
    db.flush()
    return row.id


def correct(db: Session, question_id: int, words: str, *, message_id: str, now: datetime) -> None:
    """Keep what an asker said instead, with all questions of the same words."""
    asked = db.get(Question, question_id)
    if asked is None:
        return
    correction = Question(
        text=words,
        folded=asked.folded,
        kind=CORRECTION,
        unit=asked.unit,
        message_id=message_id,
        status=asked.status,
        at=now,
    )
    db.add(correction)
    db.flush()


def forget_message(db: Session, message_id: str) -> None:
    """The message was taken back, and so is the question."""
    db.execute(delete(Question).where(Question.message_id == message_id))


def open_ones(db: Session, *, limit: int, offset: int = 0) -> tuple[Asked, ...]:
    """The open questions, the most asked first, of those the oldest first."""
    number, first, last = func.count(), func.min(Question.id), func.max(Question.id)
    groups = (
        select(number, last)
        .where(*_is_open())
        .group_by(Question.folded)
        .order_by(number.desc(), first)
        .limit(limit)
        .offset(offset)
    )
    return tuple(_asked(db.get_one(Question, row), count) for count, row in db.execute(groups))


def how_many_open(db: Session) -> int:
    """How many different questions are open."""
    different = select(func.count(Question.folded.distinct())).where(*_is_open())
    return db.scalar(different) or 0


def get_open(db: Session, question_id: int) -> Asked | None:
    """An open question; None when it is settled or gone."""
    row = db.get(Question, question_id, populate_existing=True)
    if row is None or row.status != OPEN:
        return None
    same = (Question.folded == row.folded, *_is_open())
    corrections = db.scalars(
        select(Question.text)
        .where(Question.folded == row.folded, Question.kind == CORRECTION)
        .order_by(Question.id)
    )
    number = db.scalar(select(func.count()).where(*same)) or 1
    return _asked(row, number, tuple(corrections))


def settle(db: Session, question_id: int, status: str) -> bool:
    """Close a question with all of the same words.

    Args:
        status: `ANSWERED` or `DISMISSED`.

    Returns:
        False when it was not open any more.
    """
    return _move(db, question_id, (OPEN,), status)


def reopen(db: Session, question_id: int) -> bool:
    """Put a settled question, with all of the same words, back on the list.

    Returns:
        False when it is open, or gone.
    """
    return _move(db, question_id, (ANSWERED, DISMISSED), OPEN)


def mark(
    db: Session,
    *,
    key: str,
    clause: str,
    mark: str,
    unit: str | None,
    now: datetime,
    question_id: int | None = None,
) -> None:
    """Keep what somebody thought of an answer: one mark for an answer, the last counts.

    Args:
        key: stands for the answer, never for a person.
        mark: `helped`, `wrong` or `wrong_clause`.
    """
    kept = db.scalar(select(Mark).where(Mark.key == key))
    if kept is None:
        rows.add_new(
            db, Mark, [{"key": key, "clause": clause, "mark": mark, "unit": unit, "at": now}],
            key="key",
        )  # fmt: skip
        kept = db.scalars(select(Mark).where(Mark.key == key)).one()
    kept.clause, kept.mark, kept.question_id = clause, mark, question_id
    db.flush()


def _move(db: Session, question_id: int, before: tuple[str, ...], status: str) -> bool:
    one = _QUESTIONS.alias()
    words = select(one.c.folded).where(one.c.id == question_id).scalar_subquery()
    same = (_QUESTIONS.c.folded == words, _QUESTIONS.c.status.in_(before))
    changed = rows.change(db, update(_QUESTIONS).where(*same).values(status=status))
    db.expire_all()
    return changed > 0


def _is_open() -> tuple[ColumnElement[bool], ...]:
    return Question.status == OPEN, Question.kind != CORRECTION


def _asked(row: Question, count: int, corrections: tuple[str, ...] = ()) -> Asked:
    return Asked(
        id=row.id,
        text=row.text,
        kind=row.kind,
        unit=row.unit,
        clause=row.clause or "",
        count=count,
        corrections=corrections,
    )
