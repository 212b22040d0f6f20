"""The outbox: calls to LINE from decision to answer, in order for each chat.

A chat's replies go before its waiting pushes: a reply's token dies within a minute, a push may
wait for hours. `refused` is the policy of DESIGN 3 and of LINE.md, section 3, as a table.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select, update
from sqlalchemy.orm import Session

from bot.clock import TAIPEI
from bot.errors import (
    LineError,
    LineQuotaExhausted,
    LineRateLimited,
    LineTokenDead,
    LineUnauthorized,
    LineUnreachable,
)
from bot.store import queues, rows
from bot.store.models import OutboxMessage, SentMessage, State, Way

LEASE = timedelta(seconds=20)
"""How long a call may take: more than the client's timeouts, less than a reply token lives."""

TOKEN_LIFE = timedelta(minutes=1)
"""How long LINE takes a reply token after it delivered the event (LINE.md, rule 5)."""

KEY_LIFE = timedelta(hours=23)
"""How long a retry key is relied on; LINE remembers it for 24 hours, then sends again."""

STALE_AFTER = timedelta(days=3)
"""A message that was held for the month's quota longer than this is no longer worth sending."""

_LONGEST_WAIT = timedelta(hours=1)
_REPLY, _PUSH = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedMessage:
    """A call in hand; `attempts` is the claim's mark and counts it.

    `unsure`: an earlier attempt may have arrived, because its answer was lost or its process died.
    """

    id: int
    what: str
    chat_id: str
    way: Way
    reply_token: str | None
    token_dies_at: datetime | None
    worth_a_push: bool
    messages: list[dict[str, Any]]
    abouts: list[str]
    retry_key: str
    attempts: int
    unsure: bool
    first_tried_at: datetime
    created_at: datetime


_OUTBOX = rows.table_of(OutboxMessage)

_CLAIM = queues.claim_statement(
    _OUTBOX,
    chat="chat_id",
    order=("rank", "id"),
    returning=[field.name for field in fields(ClaimedMessage)],
    values={
        "first_tried_at": func.coalesce(_OUTBOX.c.first_tried_at, queues.NOW),
        # A row that is still claimed was in somebody's hands when they died.
        "unsure": or_(_OUTBOX.c.unsure, queues.in_state(_OUTBOX, State.CLAIMED)),
    },
)
# Settled for good: what it said and the token are forgotten.
_FORGET = {"messages": "", "reply_token": case((_OUTBOX.c.way == Way.REPLY, ""), else_=None)}
_SETTLED = queues.settle_statement(
    _OUTBOX, "state", "outcome", "settled_at", "request_id", **_FORGET
)
_AGAIN = queues.settle_statement(
    _OUTBOX, "free_at", "unsure", "first_tried_at", state=State.WAITING
)
_HELD = queues.settle_statement(_OUTBOX, "free_at", "settled_at", state=State.HELD, outcome="quota")
_PUSHED = queues.settle_statement(
    _OUTBOX,
    "free_at",
    state=State.WAITING,
    way=Way.PUSH,
    rank=_PUSH,
    reply_token=None,
    first_tried_at=None,
)


def enqueue(
    db: Session,
    *,
    what: str,
    chat_id: str,
    messages: Sequence[Mapping[str, Any]],
    abouts: Sequence[str],
    now: datetime,
    reply_token: str | None = None,
    token_dies_at: datetime | None = None,
    worth_a_push: bool = False,
    event_id: str | None = None,
    price: int | None = None,
) -> bool:
    """Decide that something is said; it is sent after the commit.

    Args:
        what: what it is, unique for all time (`reply:<event>`, `due:<deadline>:<day>:<chat>`).
        messages: one to five LINE message objects, already checked.
        abouts: for each of them what quoting it refers to, or "".
        reply_token: makes it a reply; without one it is a push.
        token_dies_at: until when the token may be tried again.
        worth_a_push: a reply that cannot be given any more becomes a push.
        event_id: the event that it answers.
        price: how many messages of the month's quota a push costs.

    Returns:
        False when the same thing was decided before; then nothing is added.
    """
    row = _row(
        what=what,
        chat_id=chat_id,
        messages=messages,
        abouts=abouts,
        now=now,
        reply_token=reply_token,
        token_dies_at=token_dies_at,
        worth_a_push=worth_a_push,
        event_id=event_id,
        price=price,
    )
    return rows.add_new(db, OutboxMessage, [row], key="what") == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """Something to be said unasked; the fields are those of `enqueue`."""

    what: str
    chat_id: str
    messages: Sequence[Mapping[str, Any]]
    abouts: Sequence[str]
    price: int | None = None


def enqueue_pushes(db: Session, pushes: Sequence[Push], now: datetime) -> frozenset[str]:
    """Decide on many pushes at once; they are sent after the commit.

    Returns:
        The `what` of those that were not decided before.
    """
    if not pushes:
        return frozenset()
    new = [
        _row(
            what=one.what,
            chat_id=one.chat_id,
            messages=one.messages,
            abouts=one.abouts,
            price=one.price,
            now=now,
        )
        for one in pushes
    ]
    rows.add_new(db, OutboxMessage, new, key="what")
    keys = {row["retry_key"]: row["what"] for row in new}
    mine = select(_OUTBOX.c.what, _OUTBOX.c.retry_key).where(_OUTBOX.c.created_at == now)
    return frozenset(what for what, key in db.execute(mine) if keys.get(key) == what)


def _row(
    *,
    what: str,
    chat_id: str,
    messages: Sequence[Mapping[str, Any]],
    abouts: Sequence[str],
    now: datetime,
    reply_token: str | None = None,
    token_dies_at: datetime | None = None,
    worth_a_push: bool = False,
    event_id: str | None = None,
    price: int | None = None,
) -> dict[str, Any]:
    assert len(messages) == len(abouts)
    return {
        "what": what,
        "chat_id": chat_id,
        "event_id": event_id,
        "way": Way.REPLY if reply_token else Way.PUSH,
        "rank": _REPLY if reply_token else _PUSH,
        "reply_token": reply_token,
        "token_dies_at": token_dies_at,
        "worth_a_push": worth_a_push,
        "messages": json.dumps(list(messages), ensure_ascii=False),
        "abouts": list(abouts),
        "retry_key": _new_key(),
        "price": price,
        "created_at": now,
        "free_at": now,
    }


def claim(
    db: Session, k: int, *, now: datetime, by: str, lease: timedelta = LEASE
) -> list[ClaimedMessage]:
    """Take the next call of up to `k` chats.

    Raises:
        sqlalchemy.exc.IntegrityError: another process was at the same chat; ask again.
    """
    taken = queues.claim(db, _CLAIM, k, now=now, lease=lease, by=by)
    claimed = [_claimed(row) for row in taken]
    return sorted(claimed, key=lambda message: (message.way is Way.PUSH, message.id))


def sent(
    db: Session,
    message: ClaimedMessage,
    *,
    ids: Sequence[str],
    request_id: str | None,
    now: datetime,
    outcome: str = "sent",
) -> None:
    """LINE took it: what each message was about is kept under LINE's id, the words are not.

    Args:
        ids: LINE's ids of the messages in order, as far as they are known.
        request_id: LINE's `x-line-request-id`.

    Raises:
        LeaseLost: the lease ended and the row was given to another.
    """
    _settle(db, message, State.DONE, outcome, now, request_id)
    known = [
        {"id": identifier, "chat_id": message.chat_id, "about": about, "at": now}
        for identifier, about in zip(ids, message.abouts, strict=False)
        if identifier
    ]
    if known:
        rows.add_new(db, SentMessage, known, key="id")


def refused(
    db: Session, message: ClaimedMessage, error: LineError, *, now: datetime, jitter: float
) -> str:
    """LINE did not take it, or it is unknown whether: decide what becomes of it.

    Args:
        jitter: from 0 to 1, spreads the waits of messages that failed together.

    Returns:
        What was decided, a constant for the log and the counters.

    Raises:
        LeaseLost: the lease ended and the row was given to another.
    """
    if isinstance(error, LineUnauthorized):
        return _again(db, message, "unauthorized", now, arrived_maybe=False)
    if message.way is Way.REPLY:
        return _refused_reply(db, message, error, now=now, jitter=jitter)
    return _refused_push(db, message, error, now=now, jitter=jitter)


def is_too_late(message: ClaimedMessage, now: datetime) -> bool:
    """Whether another attempt could send it twice, since LINE may have forgotten its key."""
    return message.way is Way.PUSH and message.unsure and now - message.first_tried_at >= KEY_LIFE


def drop(db: Session, message: ClaimedMessage, outcome: str, now: datetime) -> None:
    """It is not sent, and rightly so.

    Raises:
        LeaseLost: the lease ended and the row was given to another.
    """
    _settle(db, message, State.DROPPED, outcome, now)


def fail(
    db: Session, message: ClaimedMessage, outcome: str, now: datetime, *, request_id: str | None
) -> None:
    """It could not be sent and never will be.

    Raises:
        LeaseLost: the lease ended and the row was given to another.
    """
    _settle(db, message, State.FAILED, outcome, now, request_id)


def cancel(
    db: Session,
    outcome: str,
    now: datetime,
    *,
    chat_id: str | None = None,
    event_ids: Sequence[str] | None = None,
) -> None:
    """Drop what waits or is held for a chat that the bot left, or in answer to certain events."""
    chosen: list[ColumnElement[bool]] = []
    if chat_id is not None:
        chosen.append(_OUTBOX.c.chat_id == chat_id)
    if event_ids is not None:
        chosen.append(_OUTBOX.c.event_id.in_(event_ids))
    assert chosen, "name a chat or events"
    _drop_all(db, outcome, now, queues.in_state(_OUTBOX, State.WAITING, State.HELD), *chosen)


def release_held(db: Session, now: datetime) -> int:
    """Let held messages go again when the month has changed; the stale ones are dropped.

    They were refused for certain, so each gets a new key and a new day to be tried in.

    Returns:
        How many wait again.
    """
    ripe = (queues.in_state(_OUTBOX, State.HELD), _OUTBOX.c.free_at <= now)
    _drop_all(db, "stale", now, *ripe, _OUTBOX.c.created_at < now - STALE_AFTER)
    held = db.scalars(select(_OUTBOX.c.id).where(*ripe)).all()
    for identifier in held:
        values = {"state": State.WAITING, "settled_at": None, "first_tried_at": None}
        again = update(_OUTBOX).where(_OUTBOX.c.id == identifier)
        rows.change(db, again.values(retry_key=_new_key(), **values))
    return len(held)


def release_all(db: Session, now: datetime) -> None:
    """End every lease; see `queues.release_all`."""
    queues.release_all(db, _OUTBOX, now=now)


def counts(db: Session) -> dict[str, int]:
    """How many messages are live and how many are held."""
    states = (State.CLAIMED, State.WAITING, State.HELD)
    return queues.count(db, _OUTBOX, states)


def next_month(now: datetime) -> datetime:
    """The first moment of the next month in Taipei, when the quota should have returned."""
    local = now.astimezone(TAIPEI)
    later = local.replace(day=28) + timedelta(days=4)
    return later.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _refused_reply(
    db: Session, message: ClaimedMessage, error: LineError, *, now: datetime, jitter: float
) -> str:
    """A reply: free, works once, and is never pushed after an attempt that may have arrived.

    While its token lives it may be tried again without fear, since the token works only once.
    """
    again_at = now + _wait(message, jitter)
    alive = message.token_dies_at is not None and again_at < message.token_dies_at
    if isinstance(error, LineUnreachable):
        if alive:
            return _again(db, message, "unsure", again_at, arrived_maybe=True)
        fail(db, message, "unsure", now, request_id=error.request_id)
        return "gave_up"
    if isinstance(error, LineRateLimited) and alive:
        return _again(db, message, "rate_limited", again_at)
    if isinstance(error, LineTokenDead | LineRateLimited):
        return _token_is_dead(db, message, error, now)
    fail(db, message, "rejected", now, request_id=error.request_id)
    return "rejected"


def _token_is_dead(db: Session, message: ClaimedMessage, error: LineError, now: datetime) -> str:
    if message.unsure:
        sent(db, message, ids=(), request_id=error.request_id, now=now, outcome="had_arrived")
        return "had_arrived"
    if message.worth_a_push:
        return _becomes_a_push(db, message, now)
    drop(db, message, "expired", now)
    return "expired"


def _refused_push(
    db: Session, message: ClaimedMessage, error: LineError, *, now: datetime, jitter: float
) -> str:
    """A push: repeated with the same key and body for as long as LINE remembers the key."""
    if isinstance(error, LineUnreachable | LineRateLimited):
        maybe = isinstance(error, LineUnreachable)
        again_at = now + _wait(message, jitter)
        if again_at - message.first_tried_at >= KEY_LIFE:
            fail(db, message, "gave_up", now, request_id=error.request_id)
            return "gave_up"
        word = "unsure" if maybe else "rate_limited"
        return _again(db, message, word, again_at, arrived_maybe=maybe)
    if isinstance(error, LineQuotaExhausted) and not message.unsure:
        values = {"free_at": next_month(now), "settled_at": now}
        queues.settle(db, _HELD, message.id, message.attempts, **values)
        return "held"
    fail(db, message, "rejected", now, request_id=error.request_id)
    return "rejected"


def _becomes_a_push(db: Session, message: ClaimedMessage, now: datetime) -> str:
    """Nobody used the key yet; the push begins as if it had been decided now."""
    queues.settle(db, _PUSHED, message.id, message.attempts, free_at=now)
    return "becomes_a_push"


def _again(
    db: Session,
    message: ClaimedMessage,
    word: str,
    at: datetime,
    *,
    arrived_maybe: bool = False,
) -> str:
    unsure = message.unsure or arrived_maybe
    # Refused for certain: the key is as good as new, and its day has not begun.
    first_tried_at = message.first_tried_at if unsure else None
    values = {"free_at": at, "unsure": unsure, "first_tried_at": first_tried_at}
    queues.settle(db, _AGAIN, message.id, message.attempts, **values)
    return word


def _wait(message: ClaimedMessage, jitter: float) -> timedelta:
    """1, 2, 4 … seconds, at most an hour, half of it by chance."""
    seconds = min(2.0 ** min(message.attempts - 1, 16), _LONGEST_WAIT.total_seconds())
    return timedelta(seconds=seconds * (0.5 + jitter / 2))


def _settle(
    db: Session,
    message: ClaimedMessage,
    state: State,
    outcome: str,
    now: datetime,
    request_id: str | None = None,
) -> None:
    values = {
        "state": state,
        "outcome": outcome,
        "settled_at": now,
        "request_id": request_id,
    }
    queues.settle(db, _SETTLED, message.id, message.attempts, **values)


def _drop_all(db: Session, outcome: str, now: datetime, *conditions: ColumnElement[bool]) -> None:
    values = {"state": State.DROPPED, "outcome": outcome, "settled_at": now}
    rows.change(db, update(_OUTBOX).where(*conditions).values(**values, **_FORGET))


def _new_key() -> str:
    return str(uuid.uuid4())


def _claimed(row: dict[str, Any]) -> ClaimedMessage:
    row["way"] = Way(row["way"])
    row["messages"] = json.loads(row["messages"])
    return ClaimedMessage(**row)
