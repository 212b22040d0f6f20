"""Chats and people: where the bot is, which units a chat speaks for, who is an administrator."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, false, select, update
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


def units_of(db: Session, chat: ChatRef) -> tuple[str, ...]:
    """The units that the chat is bound to, by name; a person's are those of their own chat."""
    bound = select(Binding.unit).where(Binding.chat_id == chat.id, Binding.active)
    return tuple(db.scalars(bound.order_by(Binding.unit)))


def chats_of(db: Session, unit: str) -> tuple[ChatRef, ...]:
    """The chats that are bound to the unit and that the bot is in."""
    bound = (
        select(Chat)
        .join(Binding, Binding.chat_id == Chat.id)
        .where(Binding.unit == unit, Binding.active, Chat.active)
    )
    return tuple(_ref(chat) for chat in db.scalars(bound.order_by(Chat.id)))


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
    if unit not in units_of(db, chat):
        return False
    _set_binding(db, chat.id, unit, active=False, by=by, now=now)
    audit.record(db, by, "unbind", f"{unit} · {audit.who(chat.id)}", now)
    return True


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


def _absent(db: Session, chat_id: str, now: datetime) -> None:
    rows.change(db, update(_CHATS).where(_CHATS.c.id == chat_id).values(active=False))
    outbox.cancel(db, "left_chat", now, chat_id=chat_id)


def _set_binding(
    db: Session, chat_id: str, unit: str, *, active: bool, by: str | None, now: datetime
) -> None:
    changed_by = audit.who(by)
    db.merge(
        Binding(chat_id=chat_id, unit=unit, active=active, changed_by=changed_by, changed_at=now)
    )
    db.flush()


def _ref(chat: Chat) -> ChatRef:
    return ChatRef(kind=ChatKind(chat.kind), id=chat.id)
