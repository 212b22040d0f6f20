"""What curators taught: rows are added and taken back, never changed.

Every process asks for the version before an answer and reads the rows only when it changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.store import audit, questions, rows
from bot.store.models import TeachingRow

_TEACHINGS = rows.table_of(TeachingRow)


class TeachingKind(StrEnum):
    """What was taught about a question."""

    LINK = "link"  # these clauses answer it
    FAQ = "faq"  # an entry's words, with the clauses that it cites
    OUTSIDE = "outside"  # the plans do not say


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaching:
    """One question with what answers it."""

    id: int
    question: str
    kind: TeachingKind
    clauses: tuple[str, ...] = ()
    faq: str = ""


def add(
    db: Session,
    *,
    question: str,
    kind: TeachingKind,
    by: str | None,
    now: datetime,
    clauses: Sequence[str] = (),
    faq: str = "",
    question_id: int | None = None,
) -> int:
    """Teach; it counts from the next question on, once the transaction is committed.

    Args:
        by: LINE's id of an administrator; only a fingerprint is kept.
        question_id: the curators' question that it settles.

    Returns:
        The teaching's id.
    """
    row = TeachingRow(
        question=question,
        kind=kind,
        clauses=list(clauses),
        faq=faq,
        by=audit.who(by),
        at=now,
        question_id=question_id,
    )
    db.add(row)
    db.flush()
    audit.record(db, by, f"teach_{kind}", f"teaching {row.id} {' '.join(clauses)}".strip(), now)
    return row.id


def undo(db: Session, teaching_id: int, *, by: str | None, now: datetime) -> bool:
    """Take a teaching back; its question is open again.

    Returns:
        False when it was taken back before, or never was.
    """
    in_use = (_TEACHINGS.c.id == teaching_id, _TEACHINGS.c.undone_at.is_(None))
    taken = update(_TEACHINGS).where(*in_use).values(undone_at=now, undone_by=audit.who(by))
    if not rows.change(db, taken):
        return False
    row = db.get_one(TeachingRow, teaching_id, populate_existing=True)
    if row.question_id is not None:
        questions.reopen(db, row.question_id)
    audit.record(db, by, "unteach", f"teaching {teaching_id}", now)
    db.flush()
    return True


def version(db: Session) -> int:
    """Grows with every teaching and with every one that is taken back; 0 where there is none."""
    return db.scalar(select(func.count() + func.count(TeachingRow.undone_at))) or 0


def in_force(db: Session) -> tuple[Teaching, ...]:
    """All that counts now, in the order in which it was taught."""
    query = select(TeachingRow).where(TeachingRow.undone_at.is_(None)).order_by(TeachingRow.id)
    return tuple(
        Teaching(
            id=row.id,
            question=row.question,
            kind=TeachingKind(row.kind),
            clauses=tuple(row.clauses),
            faq=row.faq,
        )
        for row in db.scalars(query)
    )
