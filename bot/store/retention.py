"""How long things are kept; `planbot purge` applies it, and so does the nightly tick."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.orm import Session

from bot.store import evidence, queues, rows
from bot.store.models import (
    AuditEntry,
    Base,
    BindingCode,
    CodeAttempt,
    Conversation,
    InboxEvent,
    OutboxMessage,
    Question,
    ReminderRow,
    SentMessage,
    State,
    UnsentMessage,
)

_INBOX = rows.table_of(InboxEvent)
_OUTBOX = rows.table_of(OutboxMessage)


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Days that each kind of row is kept after it was settled or said.

    `aside` is for the payload of an event that could not be handled: long enough to look into
    it, no longer. `inbox` must outlast LINE's redelivery, whose end LINE does not tell.
    """

    inbox: int = 30
    aside: int = 7
    outbox: int = 90
    sent: int = 400  # a reminder of last January may be quoted this January
    unsent: int = 400
    questions: int = 400
    codes: int = 30
    audit: int = 1095
    evidence: int = 1095  # pictures and files; that there were some, and the reports, stay
    reminders: int = 800  # the account of what was said to whom, this cycle's and the last's

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            ValueError: a number of days below one.
        """
        for field in fields(self):
            if getattr(self, field.name) < 1:
                raise ValueError(f"{field.name} must be at least one day")


def purge(db: Session, now: datetime, days: Days | None = None) -> dict[str, int]:
    """Delete what is old enough.

    Returns:
        Per table how many rows went.
    """
    days = days or Days()

    def before(number: int) -> datetime:
        return now - timedelta(days=number)

    _forget_aside(db, before(days.aside))
    settled = queues.in_state(_OUTBOX, State.DONE, State.DROPPED, State.FAILED)
    handled = queues.in_state(_INBOX, State.DONE, State.ASIDE)
    closed = Question.status != "open"
    return {
        "inbox_events": _delete(
            db, InboxEvent, handled, InboxEvent.settled_at < before(days.inbox)
        ),
        "outbox_messages": _delete(
            db, OutboxMessage, settled, OutboxMessage.settled_at < before(days.outbox)
        ),
        "sent_messages": _delete(db, SentMessage, SentMessage.at < before(days.sent)),
        "unsent_messages": _delete(db, UnsentMessage, UnsentMessage.at < before(days.unsent)),
        "questions": _delete(db, Question, closed, Question.at < before(days.questions)),
        "binding_codes": _delete(db, BindingCode, BindingCode.expires_at < before(days.codes)),
        "code_attempts": _delete(db, CodeAttempt, CodeAttempt.at < before(1)),
        "conversations": _delete(db, Conversation, Conversation.expires_at <= now),
        "evidence_contents": evidence.forget_before(db, before(days.evidence), now),
        "reminders": _delete(db, ReminderRow, ReminderRow.at < before(days.reminders)),
        "audit_log": _delete(db, AuditEntry, AuditEntry.at < before(days.audit)),
    }


def _forget_aside(db: Session, before: datetime) -> None:
    old = (queues.in_state(_INBOX, State.ASIDE), _INBOX.c.settled_at < before)
    rows.change(db, update(_INBOX).where(*old).values(payload=""))


def _delete(db: Session, model: type[Base], *conditions: ColumnElement[bool]) -> int:
    return rows.change(db, delete(rows.table_of(model)).where(*conditions))
