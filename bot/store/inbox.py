"""The inbox: webhook events from their storing to «done», in order for each chat.

The order is (rank, time of the event, id) among the live rows of a chat. An `unsend` has the rank
before all others, so that it overtakes the message it takes back while that still waits.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Connection, String, bindparam, select, union_all, update
from sqlalchemy.orm import Session

from bot.store import queues, rows
from bot.store.models import InboxEvent, State

LEASE = timedelta(seconds=60)
"""How long a handler may take before its event is given to another."""

WAITS = tuple(timedelta(seconds=seconds) for seconds in (1, 4, 15, 60))
"""How long a failed event waits before each further attempt; after the last it is set aside."""

MAX_ATTEMPTS = len(WAITS) + 1

MESSAGE, EDITED, UNSEND = "message", "messageEdited", "unsend"

ANSWERED = "answered"
"""The outcome of an event that got a reply."""

_WORD = re.compile(r"[!-~]{1,32}")  # what any database can hold; LINE's own are shorter

_FIRST, _ORDINARY = 0, 1


class RawEvent(Protocol):
    """An event as `bot.line.webhook.split` gives it."""

    @property
    def id(self) -> str: ...
    @property
    def chat_key(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def payload(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedEvent:
    """An event in hand; `attempts` is the claim's mark and counts it."""

    id: str
    chat_key: str
    at: datetime
    kind: str
    message_id: str | None
    payload: str
    stored_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """An event about a message."""

    id: str
    kind: str
    at: datetime
    state: str
    payload: str


_INBOX = rows.table_of(InboxEvent)
_MESSAGE_ID = bindparam("message_id", type_=String)

_CLAIM = queues.claim_statement(
    _INBOX,
    chat="chat_key",
    order=("rank", "at", "id"),
    returning=[field.name for field in fields(ClaimedEvent)],
)
_DONE = queues.settle_statement(_INBOX, "settled_at", "outcome", state=State.DONE, payload="")
_ASIDE = queues.settle_statement(_INBOX, "settled_at", state=State.ASIDE, outcome="failed")
_AGAIN = queues.settle_statement(_INBOX, "free_at", state=State.WAITING)

# Two halves, since each has its own index.
_RELATED = [_INBOX.c[field.name] for field in fields(Related)]
_ABOUT_MESSAGE = union_all(
    select(*_RELATED).where(
        _INBOX.c.chat_key == bindparam("chat_key", type_=String),
        _INBOX.c.message_id == _MESSAGE_ID,
        queues.is_live(_INBOX),
        queues.in_state(_INBOX, State.WAITING),
    ),
    select(*_RELATED).where(
        _INBOX.c.message_id == _MESSAGE_ID,
        queues.in_state(_INBOX, State.DONE, State.ASIDE),
    ),
)


def store(db: Session | Connection, events: Iterable[RawEvent], now: datetime) -> int:
    """Keep events that are not known yet.

    Args:
        db: a transaction; for one event also a connection that commits each statement by itself.
        events: of one webhook request, in any order, of any chats.

    Returns:
        How many were new; LINE delivers some events twice.
    """
    new = {event.id: _row(event, now) for event in events}
    return rows.add_new(db, InboxEvent, list(new.values()), key="id") if new else 0


def claim(
    db: Session, k: int, *, now: datetime, by: str, lease: timedelta = LEASE
) -> list[ClaimedEvent]:
    """Take the next event of up to `k` chats.

    Raises:
        sqlalchemy.exc.IntegrityError: another process was at the same chat; ask again.
    """
    taken = queues.claim(db, _CLAIM, k, now=now, lease=lease, by=by)
    claimed = [ClaimedEvent(**row) for row in taken]
    return sorted(claimed, key=lambda event: (event.at, event.id))


def done(db: Session, event: ClaimedEvent, outcome: str, now: datetime) -> None:
    """The event is handled; its payload is forgotten.

    Raises:
        LeaseLost: the lease ended and the event was given to another.
    """
    queues.settle(db, _DONE, event.id, event.attempts, settled_at=now, outcome=outcome)


def failed(db: Session, event: ClaimedEvent, now: datetime) -> State:
    """An attempt failed: the event waits, longer each time, then is set aside.

    Returns:
        `WAITING` or `ASIDE`.

    Raises:
        LeaseLost: the lease ended and the event was given to another.
    """
    if event.attempts >= MAX_ATTEMPTS:
        queues.settle(db, _ASIDE, event.id, event.attempts, settled_at=now)
        return State.ASIDE
    wait = WAITS[event.attempts - 1]
    queues.settle(db, _AGAIN, event.id, event.attempts, free_at=now + wait)
    return State.WAITING


def about_message(db: Session, message_id: str, *, chat_key: str) -> list[Related]:
    """Every event about a message that is not in hand: waiting in its chat, handled, set aside."""
    asked = {"message_id": message_id, "chat_key": chat_key}
    return [Related(**row._mapping) for row in db.execute(_ABOUT_MESSAGE, asked)]


def was_answered(db: Session, message_id: str | None) -> bool:
    """Whether an event about the message was answered."""
    answered = select(_INBOX.c.id).where(
        _INBOX.c.message_id == message_id,
        queues.in_state(_INBOX, State.DONE, State.ASIDE),
        _INBOX.c.outcome == ANSWERED,
    )
    return db.scalar(answered.limit(1)) is not None


def settle_waiting(db: Session, ids: Sequence[str], outcome: str, now: datetime) -> None:
    """Waiting events that need no handling any more: done, payload forgotten."""
    if ids:
        waiting = (_INBOX.c.id.in_(ids), queues.in_state(_INBOX, State.WAITING, State.ASIDE))
        handled = {"settled_at": now, "outcome": outcome}
        settled = update(_INBOX).where(*waiting).values(state=State.DONE, payload="", **handled)
        rows.change(db, settled)


def release_all(db: Session, now: datetime) -> None:
    """End every lease; see `queues.release_all`."""
    queues.release_all(db, _INBOX, now=now)


def counts(db: Session) -> dict[str, int]:
    """How many events are live and how many are set aside."""
    states = (State.CLAIMED, State.WAITING, State.ASIDE)
    return queues.count(db, _INBOX, states)


def _row(event: RawEvent, now: datetime) -> dict[str, Any]:
    kind, message_id = _what(event.payload)
    return {
        "id": event.id,
        "chat_key": event.chat_key,
        "at": event.at,
        "kind": kind,
        "message_id": message_id,
        "rank": _FIRST if kind == UNSEND else _ORDINARY,
        "stored_at": now,
        "free_at": now,
        "payload": event.payload,
    }


def _what(payload: str) -> tuple[str, str | None]:
    """An event's type, and the id of the message that it is about.

    LINE adds types and fields without notice, so nothing is taken for granted.
    """
    event = json.loads(payload)
    kind = event.get("type")
    unsend = kind == UNSEND
    about = event.get("unsend" if unsend else "message")
    identifier = about.get("messageId" if unsend else "id") if isinstance(about, dict) else None
    return _usable(kind) or "", _usable(identifier)


def _usable(word: object) -> str | None:
    return word if isinstance(word, str) and _WORD.fullmatch(word) else None
