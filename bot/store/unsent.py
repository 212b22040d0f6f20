"""Messages that were taken back: unreadable and unusable, here too (LINE.md, rule 11).

Only a tombstone stays, since the message itself may still be on its way to us.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.store import conversations, courtesy, evidence, inbox, outbox, progress, questions, rows
from bot.store.models import UnsentMessage

OUTCOME = "unsent"


def is_unsent(db: Session, message_id: str) -> bool:
    """Whether the message was taken back."""
    return db.get(UnsentMessage, message_id) is not None


def forget(db: Session, message_id: str, *, chat_key: str, now: datetime) -> None:
    """Remove everything that came from a message and stop what was about to be said to it.

    Args:
        chat_key: the chat as the inbox names it.
    """
    rows.add_new(db, UnsentMessage, [{"id": message_id, "at": now}], key="id")
    events = [event.id for event in inbox.about_message(db, message_id, chat_key=chat_key)]
    outbox.cancel(db, OUTCOME, now, event_ids=events)
    inbox.settle_waiting(db, events, OUTCOME, now)
    questions.forget_message(db, message_id)
    conversations.forget_message(db, chat_key, message_id)
    courtesy.forget_message(db, message_id)
    evidence.forget_message(db, message_id, now)
    progress.forget_message(db, message_id)
