"""The ledger of reminders: what was said, missed, settled or held; and whom there is to tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.clock import TAIPEI
from bot.messages import ChatKind, ChatRef
from bot.store import chats, queues, rows
from bot.store.models import (
    AcknowledgementRow,
    AdjustmentRow,
    Binding,
    Chat,
    ChatSizeRow,
    CourtesyTestRow,
    DayOverrideRow,
    OutboxMessage,
    Person,
    ReminderRow,
    SettingsOverrideRow,
    State,
    Way,
)

MESSAGE_PREFIX = "reminders:"
"""How the outbox's `what` of a day's message begins: `reminders:<chat>:<day>`."""


class ReminderKind(StrEnum):
    """Why something is said."""

    OPENING = "opening"
    LEAD = "lead"
    DUE = "due"
    OVERDUE = "overdue"
    COURTESY = "courtesy"
    FOLLOWUP = "followup"


class LedgerState(StrEnum):
    """What became of a reminder."""

    SAID = "said"
    MISSED = "missed"  # its time passed before it could be said
    SETTLED = "settled"  # done, acknowledged or put off before it was said
    HELD = "held"  # the month's quota is short; it is tried again while it is useful


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row of the ledger; `message` is the outbox's `what` where it was said. `at` is aware."""

    deadline: str
    unit: str
    chat_id: str
    kind: ReminderKind
    day: date
    state: LedgerState
    message: str | None = None
    at: datetime

    @property
    def key(self) -> Key:
        """What it is."""
        return (self.deadline, self.chat_id, self.kind, self.day)


Key = tuple[str, str, str, date]
"""Deadline (which names the unit), chat, kind, day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A chat that speaks for a unit since a moment."""

    chat: ChatRef
    unit: str
    since: datetime


_LEDGER = rows.table_of(ReminderRow)
_OUTBOX = rows.table_of(OutboxMessage)
_KEY = ("deadline", "unit", "chat_id", "kind", "day")
_NEVER_SENT = (State.DROPPED, State.FAILED, State.HELD)


def record(db: Session, entries: Sequence[Entry]) -> int:
    """Write down what became of reminders; only a held one can still become something else.

    Returns:
        How many were written; the others stood there already.
    """
    if not entries:
        return 0
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    new = insert(_LEDGER)
    statement = new.on_conflict_do_update(
        index_elements=list(_KEY),
        set_={name: new.excluded[name] for name in ("state", "message", "at")},
        where=_LEDGER.c.state == LedgerState.HELD,
    )
    return rows.change(db, statement, [_values(one) for one in entries])


def states(db: Session, since: date) -> dict[Key, LedgerState]:
    """What became of the reminders that belong to a day or a later one."""
    columns = (_LEDGER.c.deadline, _LEDGER.c.chat_id, _LEDGER.c.kind, _LEDGER.c.day)
    known = {state.value: state for state in LedgerState}
    found = db.execute(select(*columns, _LEDGER.c.state).where(_LEDGER.c.day >= since))
    return {(row[0], row[1], row[2], row[3]): known[row[4]] for row in found}


def said(
    db: Session,
    *,
    unit: str | None = None,
    chat: ChatRef | None = None,
    since: date | None = None,
    until: date | None = None,
    limit: int = 200,
) -> tuple[Entry, ...]:
    """The account of what was said or not, the newest first.

    Args:
        unit: only of this unit's deadlines.
        chat: only in this chat.
        since, until: only reminders that belong to these days, both inclusive.
        limit: at most so many.
    """
    query = select(ReminderRow).order_by(ReminderRow.at.desc(), ReminderRow.id.desc())
    if unit is not None:
        query = query.where(ReminderRow.unit == unit)
    if chat is not None:
        query = query.where(ReminderRow.chat_id == chat.id)
    if since is not None:
        query = query.where(ReminderRow.day >= since)
    if until is not None:
        query = query.where(ReminderRow.day <= until)
    return tuple(_entry(row) for row in db.scalars(query.limit(limit)))


def spoken_to(db: Session, day: date, since: date) -> frozenset[str]:
    """The chats that were told something on a day (in Taipei) already.

    Args:
        since: only reminders that belong to this day or a later one are looked at.
    """
    midnight = _morning(day)
    query = select(_LEDGER.c.chat_id).where(
        _LEDGER.c.day >= since,
        _LEDGER.c.message.is_not(None),
        _LEDGER.c.at >= midnight,
        _LEDGER.c.at < midnight + timedelta(days=1),
    )
    return frozenset(db.scalars(query))


def message_of(chat_id: str, day: date) -> str:
    """The outbox's name for the one message of a chat and day."""
    return f"{MESSAGE_PREFIX}{chat_id}:{day}"


def take_back(db: Session, now: datetime, *, waiting: bool = False) -> int:
    """Messages that LINE refused for the month's quota go back: what they said is decided anew.

    Args:
        waiting: the time for speaking is over, so what still waits to be sent goes back as well.
            One that may have arrived is given up and counts as said.

    Returns:
        How many messages went back.
    """
    states = (State.HELD, State.WAITING) if waiting else (State.HELD,)
    query = select(_OUTBOX.c.what, _OUTBOX.c.unsure).where(
        queues.in_state(_OUTBOX, *states),
        _OUTBOX.c.way == Way.PUSH,
        _OUTBOX.c.what.startswith(MESSAGE_PREFIX, autoescape=True),
    )
    found = db.execute(query).all()
    if not found:
        return 0
    gone = {"state": State.DROPPED, "outcome": "taken_back", "settled_at": now, "messages": ""}
    back = 0
    for what, unsure in found:
        still_there = (_OUTBOX.c.what == what, queues.in_state(_OUTBOX, *states))
        if rows.change(db, update(_OUTBOX).where(*still_there).values(**gone)) and not unsure:
            again = {"state": LedgerState.HELD, "message": None, "at": now}
            rows.change(db, update(_LEDGER).where(_LEDGER.c.message == what).values(**again))
            back += 1
    return back


def places(db: Session, unit: str | None = None, *, today: date) -> tuple[Place, ...]:
    """The chats that the bot is in and that speak for units on a day, ordered by chat and unit.

    A substitute's speaks for its unit since the morning of its first day.
    """
    query = (
        select(Chat.id, Chat.kind, Binding.unit, Binding.changed_at, Binding.starts)
        .join(Binding, Binding.chat_id == Chat.id)
        .where(chats.speaks(today), Chat.active)
        .order_by(Chat.id, Binding.unit)
    )
    if unit is not None:
        query = query.where(Binding.unit == unit)
    return tuple(
        Place(
            chat=ChatRef(kind=ChatKind(kind), id=identifier),
            unit=name,
            since=max(moment, _morning(starts)) if starts else moment,
        )
        for identifier, kind, name, moment, starts in db.execute(query)
    )


def administrators(db: Session) -> tuple[ChatRef, ...]:
    """The one-to-one chats of the administrators."""
    query = select(Person.id).where(Person.admin).order_by(Person.id)
    return tuple(ChatRef(kind=ChatKind.USER, id=one) for one in db.scalars(query))


def sizes(db: Session) -> dict[str, tuple[int, datetime]]:
    """By chat how many people a push reached, and when LINE said so."""
    return {row.chat_id: (row.people, row.at) for row in db.scalars(select(ChatSizeRow))}


def keep_sizes(db: Session, people: Mapping[str, int], now: datetime) -> None:
    """Remember how many people are in chats."""
    for chat_id in sorted(people):
        db.merge(ChatSizeRow(chat_id=chat_id, people=people[chat_id], at=now))


def spent(db: Session, since: datetime) -> int:
    """Messages of the quota that our own pushes since a moment cost, sent or about to be."""
    query = select(func.coalesce(func.sum(_OUTBOX.c.price), 0)).where(
        _OUTBOX.c.way == Way.PUSH,
        _OUTBOX.c.created_at >= since,
        _OUTBOX.c.state.not_in(_NEVER_SENT),
    )
    return int(db.scalar(query) or 0)


def version(db: Session) -> tuple[object, ...]:
    """Changes whenever something changes that decides what is said: then look again.

    Who commits at the same moment may still be missed, as anybody who commits a moment later.
    """
    only_added = (
        ReminderRow, AcknowledgementRow, CourtesyTestRow, AdjustmentRow, DayOverrideRow,
        SettingsOverrideRow,
    )  # fmt: skip
    newest = [select(func.max(model.id)).scalar_subquery() for model in only_added]
    held = _LEDGER.c.state == literal_column(f"'{LedgerState.HELD}'")
    counts = [
        select(func.count()).select_from(_LEDGER).where(held).scalar_subquery(),
        select(func.count()).where(Chat.active).scalar_subquery(),
        select(func.count()).where(Binding.active).scalar_subquery(),
        select(func.max(Binding.changed_at)).scalar_subquery(),
        select(func.count()).where(Person.admin).scalar_subquery(),
    ]
    return tuple(db.execute(select(*newest, *counts)).one())


def is_held(db: Session, chat_id: str, since: date) -> bool:
    """Whether something is held for a chat that belongs to a day or a later one."""
    held = _LEDGER.c.state == literal_column(f"'{LedgerState.HELD}'")  # the words of the index
    query = select(_LEDGER.c.id).where(held, _LEDGER.c.chat_id == chat_id, _LEDGER.c.day >= since)
    return db.scalar(query.limit(1)) is not None


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(), TAIPEI)


def _values(entry: Entry) -> dict[str, Any]:
    return {
        "deadline": entry.deadline,
        "unit": entry.unit,
        "chat_id": entry.chat_id,
        "kind": entry.kind.value,
        "day": entry.day,
        "state": entry.state.value,
        "message": entry.message,
        "at": entry.at,
    }


def _entry(row: ReminderRow) -> Entry:
    return Entry(
        deadline=row.deadline,
        unit=row.unit,
        chat_id=row.chat_id,
        kind=ReminderKind(row.kind),
        day=row.day,
        state=LedgerState(row.state),
        message=row.message,
        at=row.at,
    )
