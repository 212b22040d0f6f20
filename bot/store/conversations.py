"""What the bot is in the middle of with somebody: a row per chat and person (DESIGN 8).

A restart loses nothing, two people in one group do not mix, and a form that was left alone ends
by itself. A state that holds what somebody wrote must name the message ids too (anywhere in it):
when such a message is taken back, the conversation is forgotten. A topic has a state of its own,
so that a question in the middle of a form does not end the form.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.messages import ChatRef
from bot.store.models import Conversation

LIFETIME = timedelta(minutes=30)

_NOBODY = ""  # LINE does not always tell who speaks in a group


def get(
    db: Session, chat: ChatRef, person: str | None, now: datetime, *, topic: str = ""
) -> dict[str, Any] | None:
    """The state that was put, or None when there is none or it has expired."""
    row = db.get(Conversation, (chat.id, _who(person, topic)), populate_existing=True)
    return dict(row.state) if row is not None and row.expires_at > now else None


def put(
    db: Session,
    chat: ChatRef,
    person: str | None,
    now: datetime,
    state: Mapping[str, Any],
    *,
    lifetime: timedelta = LIFETIME,
    topic: str = "",
) -> None:
    """Remember a state in place of the topic's one before.

    Args:
        state: whatever JSON can hold.
    """
    db.merge(
        Conversation(
            chat_id=chat.id,
            person=_who(person, topic),
            state=dict(state),
            expires_at=now + lifetime,
        )
    )
    db.flush()


def clear(db: Session, chat: ChatRef, person: str | None, *, topic: str = "") -> bool:
    """Forget the state.

    Returns:
        False when there was none.
    """
    row = db.get(Conversation, (chat.id, _who(person, topic)))
    if row is None:
        return False
    db.delete(row)
    db.flush()
    return True


def forget_message(db: Session, chat_id: str, message_id: str) -> None:
    """Forget the conversations of a chat that hold something of a message."""
    for row in db.scalars(select(Conversation).where(Conversation.chat_id == chat_id)):
        if message_id in json.dumps(row.state):
            db.delete(row)
    db.flush()


def _who(person: str | None, topic: str) -> str:
    """The row's key: a topic's state lies beside the person's."""
    return f"{topic}:{person or _NOBODY}" if topic else person or _NOBODY
