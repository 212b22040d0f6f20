"""The tables. A rule that must hold is a constraint; a queue has indexes over its live rows.

Datetimes are aware and in UTC on both engines; a naive one is refused. LINE's ids of people and
chats are kept where a function needs them; display names only of those who reported, once.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bot.clock import aware


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database; SQLite knows no zone, so it gets plain UTC.

        Raises:
            ValueError: the moment has no time zone.
        """
        if value is None:
            return None
        moment = aware(value).astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


BigId = Annotated[
    int,
    mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
]
LineId = Annotated[str, mapped_column(String(64))]
Name = Annotated[str, mapped_column(String(120))]
Word = Annotated[str, mapped_column(String(32))]


class Base(DeclarativeBase):
    """What all tables share: names of constraints by rule, aware datetimes, text without bound."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: UtcDateTime(),
        str: Text(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
    }


class State(StrEnum):
    """Where a row of a queue stands.

    The two live states sort by their names, a claimed row before the waiting ones of its chat:
    the order of the queues rests on that (`bot/store/queues.py`).
    """

    CLAIMED = "claimed"
    WAITING = "waiting"
    DONE = "done"
    ASIDE = "aside"  # inbox: kept failing
    HELD = "held"  # outbox: waits for the month's quota
    DROPPED = "dropped"  # outbox: never sent, and rightly so; `outcome` says why
    FAILED = "failed"  # outbox: could not be sent; `outcome` says why


_LIVE = "settled_at IS NULL"
_STATE_SAYS_SETTLED = "(state IN ('claimed', 'waiting')) = (settled_at IS NULL)"
_CLAIMED = "state = 'claimed'"
_HANDLED = "state IN ('done', 'aside') AND message_id IS NOT NULL"


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index over some of the rows; a query uses it when it says the same words."""
    condition = text(where)
    return Index(name, *columns, unique=unique, postgresql_where=condition, sqlite_where=condition)


class Way(StrEnum):
    """How a message goes out."""

    REPLY = "reply"
    PUSH = "push"


class InboxEvent(Base):
    """A webhook event, stored raw before LINE gets its 200.

    `id` is LINE's webhookEventId. The payload is emptied once the event is handled: the bot is
    sent every message of a group, addressed to it or not.
    """

    __tablename__ = "inbox_events"
    __table_args__ = (
        CheckConstraint("state IN ('claimed', 'waiting', 'done', 'aside')", name="state"),
        CheckConstraint(_STATE_SAYS_SETTLED, name="settled"),
        _partial("ix_inbox_events_order", "chat_key", "state", "rank", "at", "id", where=_LIVE),
        _partial("ix_inbox_events_oldest", "rank", "at", "id", where=_LIVE),
        _partial("uq_inbox_events_one_in_hand", "chat_key", where=_CLAIMED, unique=True),
        _partial("ix_inbox_events_aside", "at", where="state = 'aside'"),
        _partial("ix_inbox_events_message", "message_id", where=_HANDLED),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    chat_key: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    kind: Mapped[Word]
    message_id: Mapped[LineId | None]
    rank: Mapped[int] = mapped_column(server_default="1")
    stored_at: Mapped[datetime]
    payload: Mapped[str]
    state: Mapped[Word] = mapped_column(server_default=State.WAITING)
    attempts: Mapped[int] = mapped_column(server_default="0")
    free_at: Mapped[datetime]
    claimed_by: Mapped[Word | None]
    settled_at: Mapped[datetime | None]
    outcome: Mapped[Word | None]


class OutboxMessage(Base):
    """One call to LINE: one to five messages for a chat, from decision to answer.

    `messages` is the body's JSON, the same at every attempt, and is emptied once sent. `what`
    says what it is, so that it can be decided only once. `unsure`: an earlier attempt may have
    arrived.
    """

    __tablename__ = "outbox_messages"
    __table_args__ = (
        CheckConstraint(
            "state IN ('claimed', 'waiting', 'done', 'held', 'dropped', 'failed')", name="state"
        ),
        CheckConstraint(_STATE_SAYS_SETTLED, name="settled"),
        CheckConstraint("way IN ('reply', 'push')", name="way"),
        CheckConstraint("way = 'push' OR reply_token IS NOT NULL", name="reply_has_token"),
        _partial("ix_outbox_messages_order", "chat_id", "state", "rank", "id", where=_LIVE),
        _partial("ix_outbox_messages_oldest", "rank", "id", where=_LIVE),
        _partial("ix_outbox_messages_held", "free_at", where="state = 'held'"),
        _partial("uq_outbox_messages_one_in_hand", "chat_id", where=_CLAIMED, unique=True),
    )

    id: Mapped[BigId]
    what: Mapped[str] = mapped_column(String(200), unique=True)
    chat_id: Mapped[LineId]
    event_id: Mapped[LineId | None]
    way: Mapped[Word]
    rank: Mapped[int]
    reply_token: Mapped[str | None]
    token_dies_at: Mapped[datetime | None]
    worth_a_push: Mapped[bool] = mapped_column(server_default=false())
    messages: Mapped[str]
    abouts: Mapped[list[Any]]
    retry_key: Mapped[str] = mapped_column(String(36), unique=True)
    price: Mapped[int | None]
    created_at: Mapped[datetime]
    state: Mapped[Word] = mapped_column(server_default=State.WAITING)
    attempts: Mapped[int] = mapped_column(server_default="0")
    unsure: Mapped[bool] = mapped_column(server_default=false())
    first_tried_at: Mapped[datetime | None]
    free_at: Mapped[datetime]
    claimed_by: Mapped[Word | None]
    settled_at: Mapped[datetime | None]
    outcome: Mapped[Word | None]
    request_id: Mapped[str | None] = mapped_column(String(80))


class SentMessage(Base):
    """A message of ours in a chat, and what it was about, for those who quote it."""

    __tablename__ = "sent_messages"

    id: Mapped[LineId] = mapped_column(primary_key=True)
    chat_id: Mapped[LineId]
    about: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)


class Chat(Base):
    """A place where the bot is or was."""

    __tablename__ = "chats"
    __table_args__ = (CheckConstraint("kind IN ('user', 'group', 'room')", name="kind"),)

    id: Mapped[LineId] = mapped_column(primary_key=True)
    kind: Mapped[Word]
    active: Mapped[bool] = mapped_column(server_default=true())
    since: Mapped[datetime]


class Person(Base):
    """Somebody with rights of their own, or who reported: then by the name that LINE shows."""

    __tablename__ = "people"

    id: Mapped[LineId] = mapped_column(primary_key=True)
    admin: Mapped[bool] = mapped_column(server_default=false())
    since: Mapped[datetime]
    name: Mapped[Name | None]


class Binding(Base):
    """A chat speaks for a unit; a person's one-to-one chat has the person's id.

    A substitute's (職務代理人) has its first and last day and counts in between only; one that
    is not `active` was ended.
    """

    __tablename__ = "bindings"

    chat_id: Mapped[LineId] = mapped_column(ForeignKey("chats.id"), primary_key=True)
    unit: Mapped[Name] = mapped_column(primary_key=True, index=True)
    active: Mapped[bool] = mapped_column(server_default=true())
    starts: Mapped[date | None]
    ends: Mapped[date | None]
    changed_by: Mapped[Word]
    changed_at: Mapped[datetime]


class BindingCode(Base):
    """A one-time code; only its hash is kept.

    `giver` is the one-to-one chat of an officer who hands a unit over, or (with first and last
    day) names a substitute; it must still speak for the unit when the code is used.
    """

    __tablename__ = "binding_codes"
    __table_args__ = (
        CheckConstraint(
            "(role = 'admin' AND unit IS NULL) OR (role = 'unit' AND unit IS NOT NULL)", name="role"
        ),
    )

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[Word]
    unit: Mapped[Name | None]
    giver: Mapped[LineId | None]
    starts: Mapped[date | None]
    ends: Mapped[date | None]
    issued_at: Mapped[datetime]
    issued_by: Mapped[Word]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    used_by: Mapped[Word | None]


class CodeAttempt(Base):
    """A wrong code, to slow whoever guesses."""

    __tablename__ = "code_attempts"
    __table_args__ = (Index("ix_code_attempts_who_at", "who", "at"),)

    id: Mapped[BigId]
    who: Mapped[Word]
    at: Mapped[datetime]


class Conversation(Base):
    """What the bot is in the middle of, with one person in one chat."""

    __tablename__ = "conversations"

    chat_id: Mapped[LineId] = mapped_column(primary_key=True)
    person: Mapped[LineId] = mapped_column(primary_key=True)
    state: Mapped[dict[str, Any]]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class UnsentMessage(Base):
    """A tombstone: this message was taken back, and stays so."""

    __tablename__ = "unsent_messages"

    id: Mapped[LineId] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)


class Question(Base):
    """A question for the curators, without who asked it."""

    __tablename__ = "questions"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'answered', 'dismissed')", name="status"),
        Index("ix_questions_status_at", "status", "at"),
        Index("ix_questions_folded", "folded"),
    )

    id: Mapped[BigId]
    text: Mapped[str]
    folded: Mapped[str | None]
    clause: Mapped[str | None] = mapped_column(String(120))
    kind: Mapped[Word]
    unit: Mapped[Name | None]
    message_id: Mapped[LineId | None] = mapped_column(index=True)
    at: Mapped[datetime]
    status: Mapped[Word] = mapped_column(server_default="open")


class AuditEntry(Base):
    """Who did what to what; `who` is a fingerprint."""

    __tablename__ = "audit_log"

    id: Mapped[BigId]
    at: Mapped[datetime] = mapped_column(index=True)
    who: Mapped[Word]
    what: Mapped[Word]
    about: Mapped[str] = mapped_column(String(200))


class AdjustmentRow(Base):
    """A deadline was moved, for one unit or (no unit) for all; rows are only ever added.

    Without `ends` it takes an earlier one back; `by` is a fingerprint.
    """

    __tablename__ = "adjustments"
    __table_args__ = (
        CheckConstraint("starts IS NULL OR (ends IS NOT NULL AND starts <= ends)", name="in_order"),
        CheckConstraint("reason <> ''", name="has_reason"),
    )

    id: Mapped[BigId]
    entry: Mapped[Word]
    unit: Mapped[Name | None]
    year: Mapped[int] = mapped_column(index=True)
    starts: Mapped[date | None]
    ends: Mapped[date | None]
    reason: Mapped[str]
    by: Mapped[Word]
    at: Mapped[datetime]


class DayOverrideRow(Base):
    """A day was declared off or worked; rows are only ever added.

    Without `works` it takes an earlier one back; `by` is a fingerprint.
    """

    __tablename__ = "day_overrides"
    __table_args__ = (CheckConstraint("reason <> ''", name="has_reason"),)

    id: Mapped[BigId]
    day: Mapped[date]
    works: Mapped[bool | None]
    reason: Mapped[str]
    by: Mapped[Word]
    at: Mapped[datetime]


class ReminderRow(Base):
    """The ledger: what became of a reminder in a chat; unique by what it is.

    `day` is the working day that it belongs to, not the day when it was said. `message` is the
    `what` of the outbox's row that says it.
    """

    __tablename__ = "reminders"
    __table_args__ = (
        CheckConstraint("state IN ('said', 'missed', 'settled', 'held')", name="state"),
        CheckConstraint("(state = 'said') = (message IS NOT NULL)", name="said_in_a_message"),
        UniqueConstraint("deadline", "unit", "chat_id", "kind", "day"),
        Index("ix_reminders_day", "day"),
        Index("ix_reminders_message", "message"),
        _partial("ix_reminders_held", "chat_id", where="state = 'held'"),
    )

    id: Mapped[BigId]
    deadline: Mapped[str] = mapped_column(String(160))
    unit: Mapped[Name]
    chat_id: Mapped[LineId]
    kind: Mapped[Word]
    day: Mapped[date]
    state: Mapped[Word]
    message: Mapped[str | None] = mapped_column(String(200))
    at: Mapped[datetime]


class AcknowledgementRow(Base):
    """Somebody said what became of a deadline; rows are only ever added.

    `by` and `chat` are fingerprints.
    """

    __tablename__ = "acknowledgements"
    __table_args__ = (
        CheckConstraint("what IN ('done', 'seen', 'snoozed', 'open')", name="what"),
        CheckConstraint("(what = 'snoozed') = (until IS NOT NULL)", name="snoozed_until"),
        Index("ix_acknowledgements_unit_deadline", "unit", "deadline"),
    )

    id: Mapped[BigId]
    deadline: Mapped[str] = mapped_column(String(160))
    unit: Mapped[Name]
    what: Mapped[Word]
    until: Mapped[date | None]
    by: Mapped[Word]
    chat: Mapped[Word | None]
    at: Mapped[datetime]


class SettingsOverrideRow(Base):
    """A unit's own quiet hours and lead days, or those of all (no unit); rows are only added.

    Times are Taipei's. A column that is NULL leaves the rule as it is. `reviews`: an agency's
    supervisors look at the reports of its units (核閱).
    """

    __tablename__ = "settings_overrides"
    __table_args__ = (
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_hours"),
    )

    id: Mapped[BigId]
    unit: Mapped[Name | None]
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    lead_days: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    reviews: Mapped[bool | None]
    by: Mapped[Word]
    at: Mapped[datetime]


class CourtesyTestRow(Base):
    """A telephone-courtesy test of a unit, or a correction of one; the latest row counts.

    When the message is taken back its words and its score go, and the empty row stays.
    """

    __tablename__ = "courtesy_tests"
    __table_args__ = (
        CheckConstraint("which IN (1, 2)", name="which"),
        Index("ix_courtesy_tests_unit_year", "unit", "year"),
    )

    id: Mapped[BigId]
    unit: Mapped[Name]
    year: Mapped[int]
    which: Mapped[int]
    tested_on: Mapped[date | None]
    score: Mapped[float | None]
    faults: Mapped[str]
    improvement: Mapped[str]
    asks_improvement: Mapped[bool] = mapped_column(server_default=false())
    message_id: Mapped[LineId | None] = mapped_column(index=True)
    by: Mapped[Word]
    at: Mapped[datetime]


class ChatSizeRow(Base):
    """How many people a push to a chat reached when LINE was last asked: its price."""

    __tablename__ = "chat_sizes"

    chat_id: Mapped[LineId] = mapped_column(primary_key=True)
    people: Mapped[int]
    at: Mapped[datetime]


class CalendarLink(Base):
    """A secret link to a unit's calendar; only its hash is kept, `issued_to` is a fingerprint."""

    __tablename__ = "calendar_links"
    __table_args__ = (Index("ix_calendar_links_unit_issued_to", "unit", "issued_to"),)

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    unit: Mapped[Name]
    issued_at: Mapped[datetime]
    issued_to: Mapped[Word]
    revoked_at: Mapped[datetime | None]


class TeachingRow(Base):
    """What a curator taught about a question; `by` and `undone_by` are fingerprints."""

    __tablename__ = "teachings"
    __table_args__ = (
        CheckConstraint("kind IN ('link', 'faq', 'outside')", name="kind"),
        CheckConstraint("(kind = 'faq') = (faq <> '')", name="faq"),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone"),
    )

    id: Mapped[BigId]
    question: Mapped[str]
    clauses: Mapped[list[Any]]
    faq: Mapped[str]
    kind: Mapped[Word]
    by: Mapped[Word]
    at: Mapped[datetime]
    question_id: Mapped[int | None] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"),
        ForeignKey("questions.id", ondelete="SET NULL"),
    )
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[Word | None]


class Mark(Base):
    """What somebody thought of an answer; `key` stands for the answer, never for a person."""

    __tablename__ = "marks"
    __table_args__ = (CheckConstraint("mark IN ('helped', 'wrong', 'wrong_clause')", name="mark"),)

    id: Mapped[BigId]
    key: Mapped[LineId] = mapped_column(unique=True)
    clause: Mapped[str] = mapped_column(String(120))
    mark: Mapped[Word]
    unit: Mapped[Name | None]
    at: Mapped[datetime]
    question_id: Mapped[int | None] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"),
        ForeignKey("questions.id", ondelete="SET NULL"),
    )


class ProgressEntry(Base):
    """An entry of the record of progress; rows are only ever added.

    `item` is a clause's or a deadline's id, `root` the id of the report that an entry corrects
    or withdraws (none for a first report). A message that is taken back loses its words
    (`unsent`), never its row.
    """

    __tablename__ = "progress_reports"
    __table_args__ = (
        CheckConstraint("entry IN ('report', 'correction', 'withdrawal')", name="entry"),
        CheckConstraint("(entry = 'report') = (root IS NULL)", name="root"),
        CheckConstraint("status IN ('未開始', '進行中', '已完成', '落後')", name="status"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
        Index("ix_progress_reports_unit_year", "unit", "year", "id"),
        Index("ix_progress_reports_year", "year", "id"),
        UniqueConstraint("event_id", "part"),
    )

    id: Mapped[BigId]
    entry: Mapped[Word]
    root: Mapped[int | None] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), ForeignKey("progress_reports.id"), index=True
    )
    unit: Mapped[Name]
    year: Mapped[int]
    item: Mapped[str] = mapped_column(String(160))
    status: Mapped[Word]
    percent: Mapped[int]
    quantities: Mapped[list[Any]]
    note: Mapped[str]
    reason: Mapped[str]
    remedy: Mapped[str]
    done_on: Mapped[date | None]
    person: Mapped[LineId | None]
    chat_id: Mapped[LineId]
    message_id: Mapped[LineId | None] = mapped_column(index=True)
    event_id: Mapped[LineId]
    part: Mapped[int]
    unsent: Mapped[bool] = mapped_column(server_default=false())
    at: Mapped[datetime]


class ReviewRow(Base):
    """A supervisor accepted or returned a report, or took that back; rows are only ever added."""

    __tablename__ = "reviews"
    __table_args__ = (CheckConstraint("verdict IN ('核閱', '退回', '收回')", name="verdict"),)

    id: Mapped[BigId]
    root: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), ForeignKey("progress_reports.id"), index=True
    )
    verdict: Mapped[Word]
    remark: Mapped[str]
    by: Mapped[Word]
    at: Mapped[datetime]


class EvidenceRow(Base):
    """A picture or a file that shows what was reported; `root` is the report's first entry.

    The content is a row of its own, so that no list reads it; it goes when the message is taken
    back or the evidence is removed, and the fact stays. `caption` is empty until somebody writes
    one, with the message `caption_from`.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("kind IN ('picture', 'file')", name="kind"),
        UniqueConstraint("message_id", "root"),
    )

    id: Mapped[BigId]
    root: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), ForeignKey("progress_reports.id"), index=True
    )
    kind: Mapped[Word]
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    caption: Mapped[str]
    caption_from: Mapped[LineId | None] = mapped_column(index=True)
    person: Mapped[LineId | None]
    message_id: Mapped[LineId] = mapped_column(index=True)
    at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class EvidenceContent(Base):
    """The bytes of an evidence."""

    __tablename__ = "evidence_contents"

    evidence_id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"),
        ForeignKey("evidence.id", ondelete="CASCADE"),
        primary_key=True,
    )
    content: Mapped[bytes] = mapped_column(LargeBinary)
