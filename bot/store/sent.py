"""What the bot said, by LINE's message ids: a quoted message is an answer to it (DESIGN 9)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store.models import SentMessage


def about(db: Session, message_id: str | None) -> str | None:
    """What a message of ours was about, or None when it was about nothing or is not ours."""
    if message_id is None:
        return None
    return db.scalar(select(SentMessage.about).where(SentMessage.id == message_id)) or None


def is_ours(db: Session, message_id: str | None) -> bool:
    """Whether the bot sent this message."""
    if message_id is None:
        return False
    return db.scalar(select(SentMessage.id).where(SentMessage.id == message_id)) is not None
