"""Questions that the plans did not answer, for the curators: never with who asked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.store.models import Question


def record(
    db: Session,
    text: str,
    *,
    kind: str,
    now: datetime,
    unit: str | None = None,
    message_id: str | None = None,
) -> None:
    """Put a question on the curators' list.

    Args:
        kind: why it is there, such as `unknown`.
        unit: the unit whose chat it came from.
        message_id: so that the question goes when its message is taken back.
    """
    db.add(Question(text=text, kind=kind, unit=unit, message_id=message_id, at=now))


def forget_message(db: Session, message_id: str) -> None:
    """The message was taken back, and so is the question."""
    db.execute(delete(Question).where(Question.message_id == message_id))
