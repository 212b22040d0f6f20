"""Chats and people: where the bot is, which units a chat speaks for, who is an administrator."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, bindparam, false, or_, select, update
from sqlalchemy.orm import Session

from bot.messages import ChatKind, ChatRef
from bot.store import audit, outbox, rows
from bot.store.models import Binding, Chat, Person

_CHATS = rows.table_of(Chat)
_SPOKE = (
    update(_CHATS)
    .where(_CHATS.c.id == bindparam("chat"), _CHATS.c.active == false())
    .values(active=True)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A chat that speaks for a unit; a substitute's (職務代理人) has its first and last day."""

    chat: ChatRef
    unit: str
    starts: date | None = None
    ends: date | None = None

    @property
    def is_substitute(self) -> bool:
        """Whether it ends by itself."""
        return self.ends is not None


def joined(db: Session, chat: ChatRef, now: datetime) -> None:
    """The bot was invited into a group or a room."""
    _present(db, chat, now)


def followed(db: Session, chat: ChatRef, now: datetime) -> None:
    """A person added the bot as a friend, or unblocked it."""
    _present(db, chat, now)


def left(db: Session, chat: ChatRef, now: datetime) -> None:
    """The bot was put out of a group: nothing that waits for it is sent any more."""
    _absent(db, chat.id, now)


def unfollowed(db: Session, chat: ChatRef, now: datetime) -> None:
    """A person blocked the bot: nothing that waits for them is sent any more."""
    _absent(db, chat.id, now)


def spoke(db: Session, chat: ChatRef) -> None:
    """Somebody spoke in the chat, so the bot is in it, whatever was believed before."""
    rows.change(db, _SPOKE, {"chat": chat.id})


def lost(db: Session, chat_id: str, now: datetime) -> None:
    """LINE says that the bot is not in the chat."""
    _absent(db, chat_id, now)


def is_active(db: Session, chat_id: str) -> bool:
    """Whether the bot may push to the chat; one that it never heard of counts as active."""
    return db.scalar(select(Chat.active).where(Chat.id == chat_id)) is not False


def speaks(today: date) -> ColumnElement[bool]:
    """The condition on a binding that it counts on a day: a substitute's only on its days."""
    on_its_days = and_(Binding.starts <= today, Binding.ends >= today)
    return and_(Binding.active, or_(Binding.ends.is_(None), on_its_days))


def units_of(db: Session, chat: ChatRef, *, today: date) -> tuple[str, ...]:
    """The units that the chat speaks for on a day; a person's are their own chat's."""
    return tuple(one.unit for one in bindings_of(db, chat, today=today))


def bindings_of(db: Session, chat: ChatRef, *, today: date) -> tuple[Bound, ...]:
    """For which units the chat speaks on a day, and until when.

    Ordered by name, those without an end first: a substitute's own unit stays the first.
    """
    bound = select(Binding).where(Binding.chat_id == chat.id, speaks(today))
    ordered = bound.order_by(Binding.ends.is_not(None), Binding.unit)
    return tuple(_bound(one, chat) for one in db.scalars(ordered))


def bound_units(db: Session) -> list[str]:
    """The units that any chat with the bot in it is bound to for good, by name."""
    bound = select(Binding.unit).join(Chat, Binding.chat_id == Chat.id)
    here = bound.where(Binding.active, Binding.ends.is_(None), Chat.active)
    return list(db.scalars(here.distinct().order_by(Binding.unit)))


def chats_of(db: Session, unit: str, *, today: date) -> tuple[ChatRef, ...]:
    """The chats that speak for the unit on a day and that the bot is in."""
    bound = (
        select(Chat)
        .join(Binding, Binding.chat_id == Chat.id)
        .where(Binding.unit == unit, speaks(today), Chat.active)
    )
    return tuple(_ref(chat) for chat in db.scalars(bound.order_by(Chat.id)))


def may_report(db: Session, chat: ChatRef, unit: str, *, person: str | None, today: date) -> bool:
    """Whether words in a chat may enter, correct or withdraw a unit's reports.

    A chat that speaks for the unit on the day, whoever wrote the report; and an administrator
    one-to-one.
    """
    if unit in units_of(db, chat, today=today):
        return True
    return not chat.is_shared and is_admin(db, person)


def bind(db: Session, chat: ChatRef, unit: str, *, by: str | None, now: datetime) -> None:
    """The chat speaks for the unit from now on.

    Args:
        by: LINE's id of who did it; only a fingerprint is kept.
    """
    _present(db, chat, now)
    _set_binding(db, chat.id, unit, active=True, by=by, now=now)
    audit.record(db, by, "bind", f"{unit} · {audit.who(chat.id)}", now)


def unbind(db: Session, chat: ChatRef, unit: str, *, by: str | None, now: datetime) -> bool:
    """The chat no longer speaks for the unit.

    Returns:
        False when it did not.
    """
    if not _is_live(db, chat.id, unit):
        return False
    _set_binding(db, chat.id, unit, active=False, by=by, now=now)
    audit.record(db, by, "unbind", f"{unit} · {audit.who(chat.id)}", now)
    return True


def appoint(
    db: Session,
    person: ChatRef,
    unit: str,
    *,
    starts: date,
    ends: date,
    by: str | None,
    now: datetime,
) -> bool:
    """A person's one-to-one chat speaks for a unit from the first to the last day, both inclusive.

    New dates take the place of the person's earlier ones.

    Returns:
        False, and nothing changes, where the chat speaks for the unit without an end anyway.
    """
    known = db.get(Binding, (person.id, unit))
    if known is not None and known.active and known.ends is None:
        return False
    _known(db, person, now)
    _set_binding(db, person.id, unit, active=True, starts=starts, ends=ends, by=by, now=now)
    about = f"{unit} · {audit.who(person.id)} · {starts}/{ends}"
    audit.record(db, by, "appoint_substitute", about, now)
    return True


def substitutes(
    db: Session,
    *,
    today: date,
    units: Collection[str] | None = None,
    person: ChatRef | None = None,
) -> tuple[Bound, ...]:
    """The substitutes of units, or one person's, present and to come; the first to begin first."""
    bound = (
        select(Binding, Chat)
        .join(Chat, Chat.id == Binding.chat_id)
        .where(Binding.active, Binding.ends >= today)
        .order_by(Binding.starts, Binding.ends, Binding.chat_id, Binding.unit)
    )
    if units is not None:
        bound = bound.where(Binding.unit.in_(units))
    if person is not None:
        bound = bound.where(Binding.chat_id == person.id)
    return tuple(_bound(binding, _ref(chat)) for binding, chat in db.execute(bound))


def hand_over(
    db: Session,
    unit: str,
    *,
    to: ChatRef,
    giver: ChatRef | None,
    by: str | None,
    now: datetime,
) -> bool:
    """A person's one-to-one chat speaks for a unit from now on, and the predecessor's does not.

    Args:
        giver: the predecessor's one-to-one chat, None where LINE does not tell who it is.

    Returns:
        Whether the predecessor's chat spoke for the unit until now.
    """
    _known(db, to, now)
    _set_binding(db, to.id, unit, active=True, by=by, now=now)
    audit.record(db, by, "hand_over", f"{unit} · {audit.who(to.id)}", now)
    return giver is not None and unbind(db, giver, unit, by=by, now=now)


def is_admin(db: Session, person: str | None) -> bool:
    """Whether the person is an administrator; LINE does not always tell who speaks."""
    if person is None:
        return False
    return db.scalar(select(Person.admin).where(Person.id == person)) is True


def make_admin(db: Session, person: str, *, now: datetime) -> None:
    """The person is an administrator from now on."""
    db.merge(Person(id=person, admin=True, since=now))
    audit.record(db, person, "become_admin", audit.who(person), now)


def admins(db: Session) -> tuple[str, ...]:
    """LINE's ids of the administrators."""
    return tuple(db.scalars(select(Person.id).where(Person.admin).order_by(Person.id)))


def _present(db: Session, chat: ChatRef, now: datetime) -> None:
    known = db.get(Chat, chat.id)
    if known is None:
        db.add(Chat(id=chat.id, kind=chat.kind.value, active=True, since=now))
        db.flush()
    else:
        known.active = True


def _known(db: Session, chat: ChatRef, now: datetime) -> None:
    """The chat has a row; one in which nobody ever spoke counts as one without the bot."""
    if db.get(Chat, chat.id) is None:
        db.add(Chat(id=chat.id, kind=chat.kind.value, active=False, since=now))
        db.flush()


def _absent(db: Session, chat_id: str, now: datetime) -> None:
    rows.change(db, update(_CHATS).where(_CHATS.c.id == chat_id).values(active=False))
    outbox.cancel(db, "left_chat", now, chat_id=chat_id)


def _is_live(db: Session, chat_id: str, unit: str) -> bool:
    bound = select(Binding.active).where(Binding.chat_id == chat_id, Binding.unit == unit)
    return db.scalar(bound) is True


def _set_binding(
    db: Session,
    chat_id: str,
    unit: str,
    *,
    active: bool,
    by: str | None,
    now: datetime,
    starts: date | None = None,
    ends: date | None = None,
) -> None:
    db.merge(
        Binding(
            chat_id=chat_id,
            unit=unit,
            active=active,
            starts=starts,
            ends=ends,
            changed_by=audit.who(by),
            changed_at=now,
        )
    )
    db.flush()


def _bound(binding: Binding, chat: ChatRef) -> Bound:
    return Bound(chat=chat, unit=binding.unit, starts=binding.starts, ends=binding.ends)


def _ref(chat: Chat) -> ChatRef:
    return ChatRef(kind=ChatKind(chat.kind), id=chat.id)
