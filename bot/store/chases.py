"""What administrators chased for: the pushes of 催辦, as the outbox keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store import rows
from bot.store.models import OutboxMessage, State

PREFIX = "chase:"

_OUTBOX = rows.table_of(OutboxMessage)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chase:
    """A push to a chat about deadlines (ids), when it was decided, and where it stands."""

    chat_id: str
    deadlines: Sequence[str]
    at: datetime
    state: State


def message_of(year: int, entry: str, chat_id: str, day: date) -> str:
    """The outbox's name: a chat is chased for one thing once a day."""
    return f"{PREFIX}{year}:{entry}:{chat_id}:{day}"


def chased(db: Session, *, limit: int = 100) -> tuple[Chase, ...]:
    """The latest ones, newest first."""
    wanted = _OUTBOX.c.what.startswith(PREFIX, autoescape=True)
    query = select(_OUTBOX).where(wanted).order_by(_OUTBOX.c.id.desc()).limit(limit)
    return tuple(
        Chase(
            chat_id=row.chat_id,
            deadlines=_ids(row.abouts),
            at=row.created_at,
            state=State(row.state),
        )
        for row in db.execute(query)
    )


def _ids(abouts: Sequence[str]) -> list[str]:
    found = (about.partition(":")[2].split(",") for about in abouts if about)
    return [one for ids in found for one in ids]
