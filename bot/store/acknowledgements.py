"""What people answered to a deadline: done, seen, later, open after all.

Rows are only ever added; the latest for a unit and a deadline counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.log import fingerprint
from bot.messages import ChatRef
from bot.store import audit
from bot.store.models import AcknowledgementRow


class Ack(StrEnum):
    """What was answered."""

    DONE = "done"
    SEEN = "seen"
    SNOOZED = "snoozed"
    OPEN = "open"  # takes back whatever was answered before


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """The answer for a deadline: who (a fingerprint), when (aware), and until when it is quiet.

    `chat` is the chat's fingerprint, None where it came from elsewhere.
    """

    deadline: str
    unit: str
    what: Ack
    by: str
    at: datetime
    until: date | None = None
    chat: str | None = None


def record(
    db: Session,
    *,
    deadline: str,
    unit: str,
    what: Ack,
    by: str | None,
    chat: ChatRef | None,
    now: datetime,
    until: date | None = None,
) -> None:
    """Keep an answer; it counts from now on.

    Args:
        deadline: the deadline's id, such as `115:s2:三民區第二衛生所`.
        unit: the deadline's unit (for a section's chat that is its agency).
        by: LINE's id of who answered, `audit.COMMAND_LINE`, or None where LINE does not tell;
            only a fingerprint is kept.
        until: with `Ack.SNOOZED` the day on which to remind again.

    Raises:
        ValueError: a snooze without a day, or a day without a snooze.
    """
    if (what is Ack.SNOOZED) != (until is not None):
        raise ValueError("a snooze, and only a snooze, has a day")
    db.add(
        AcknowledgementRow(
            deadline=deadline,
            unit=unit,
            what=what,
            until=until,
            by=audit.who(by),
            chat=fingerprint(chat.id) if chat else None,
            at=now,
        )
    )
    db.flush()


def state_of(db: Session, unit: str, deadlines: Collection[str]) -> dict[str, Acknowledgement]:
    """By deadline the latest answer of the unit; a deadline without one is not in it."""
    mine = AcknowledgementRow.unit == unit
    return _latest(db, _in_order().where(mine, AcknowledgementRow.deadline.in_(deadlines)))


def history(db: Session, unit: str, deadline: str) -> tuple[Acknowledgement, ...]:
    """Everything that was answered for a deadline, the oldest first."""
    of_it = (AcknowledgementRow.unit == unit, AcknowledgementRow.deadline == deadline)
    return tuple(_read(db, _in_order().where(*of_it)))


def since(db: Session, moment: datetime) -> dict[str, tuple[Acknowledgement, ...]]:
    """By deadline all answers that were given since a moment, the oldest first."""
    found: dict[str, tuple[Acknowledgement, ...]] = {}
    for one in _read(db, _in_order().where(AcknowledgementRow.at >= moment)):
        found[one.deadline] = (*found.get(one.deadline, ()), one)
    return found


def _in_order() -> Select[Any]:
    return select(AcknowledgementRow).order_by(AcknowledgementRow.at, AcknowledgementRow.id)


def _latest(db: Session, query: Select[Any]) -> dict[str, Acknowledgement]:
    return {one.deadline: one for one in _read(db, query)}


def _read(db: Session, query: Select[Any]) -> Iterable[Acknowledgement]:
    row: AcknowledgementRow
    for row in db.scalars(query):
        yield Acknowledgement(
            deadline=row.deadline,
            unit=row.unit,
            what=Ack(row.what),
            by=row.by,
            at=row.at,
            until=row.until,
            chat=row.chat,
        )
