"""What a handler may use: the plans, this transaction, and the moment of the event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy.orm import Session

from bot import clock
from bot.messages import ChatRef, Incoming, Reply
from bot.store import chats, conversations, inbox, sent

if TYPE_CHECKING:
    from bot.plans.corpus import Corpus
    from bot.plans.courtesy import CourtesySheet
    from bot.plans.dates import Dates
    from bot.search.answer import Answerer
    from bot.settings import Settings

_ASKED = "asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A reminder to come; `kind` is the ledger's word for it, `at` is aware."""

    at: datetime
    unit: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The reminders of a period in order, and the messages of the quota that they will cost."""

    planned: tuple[Planned, ...]
    price: int


class Speaking(Protocol):
    """What administrators may ask of the part that speaks first."""

    def preview(self, db: Session, first: date, last: date, unit: str | None) -> Outlook:
        """The reminders of a period, both days inclusive, of one unit or of all."""
        ...

    def price(self, db: Session, chat: ChatRef) -> int:
        """What a push to the chat costs."""
        ...

    def push(
        self, db: Session, what: str, chat: ChatRef, reply: Reply, *, price: int, now: datetime
    ) -> bool:
        """Say something unasked; `what` is unique for all time, False when it was said before."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The surroundings of one event.

    `db` is the event's transaction: a handler writes through it and never commits. `now` is
    aware; every decision of the handler uses it.
    """

    db: Session
    answerer: Answerer
    dates: Dates
    sheet: CourtesySheet
    speaking: Speaking
    settings: Settings
    now: datetime

    @property
    def corpus(self) -> Corpus:
        """The plans and units."""
        return self.answerer.corpus

    @property
    def today(self) -> date:
        """The date in Taipei."""
        return clock.today(self.now)

    def units_of(self, chat: ChatRef) -> tuple[str, ...]:
        """The names of the units that the chat speaks for today."""
        return chats.units_of(self.db, chat, today=self.today)

    def lasting_units_of(self, chat: ChatRef) -> tuple[str, ...]:
        """Those of them for which it speaks without an end, not as a substitute's chat."""
        bound = chats.bindings_of(self.db, chat, today=self.today)
        return tuple(one.unit for one in bound if not one.is_substitute)

    def unit_of(self, chat: ChatRef) -> str | None:
        """The unit whose plans speak first in the chat, None where none is bound."""
        return next(iter(self.units_of(chat)), None)

    def is_admin(self, person: str | None) -> bool:
        """Whether the person is an administrator."""
        return chats.is_admin(self.db, person)

    def about(self, message: Incoming) -> str | None:
        """What the quoted message of ours was about, such as `clause:khh-doh-112:4.1`.

        More words after it, separated by blanks, say closer what it showed.
        """
        about = sent.about(self.db, message.quoted_message_id)
        return about.partition(" ")[0] if about else None

    def quotes_us(self, message: Incoming) -> bool:
        """Whether a message quotes one of ours."""
        return sent.is_ours(self.db, message.quoted_message_id)

    def was_answered(self, message: Incoming) -> bool:
        """Whether an earlier version of the message was answered."""
        return inbox.was_answered(self.db, message.message_id)

    def recall(self, message: Incoming, *, topic: str = "") -> dict[str, Any] | None:
        """What was remembered of the talk with this person in this chat, unless it expired.

        Args:
            topic: of a talk of its own beside the usual one, such as a form.
        """
        if message.chat is None:
            return None
        return conversations.get(self.db, message.chat, message.person, self.now, topic=topic)

    def remember(
        self,
        message: Incoming,
        state: Mapping[str, Any],
        *,
        lifetime: timedelta = conversations.LIFETIME,
        topic: str = "",
    ) -> None:
        """Keep something for the person's next message in this chat.

        Args:
            state: JSON; with anybody's words in it, the message's id too.
            topic: as of `recall`.
        """
        assert message.chat is not None
        who = message.chat, message.person
        conversations.put(self.db, *who, self.now, state, lifetime=lifetime, topic=topic)

    def forget(self, message: Incoming, *, topic: str = "") -> None:
        """Forget what was remembered of the talk with this person in this chat."""
        assert message.chat is not None
        conversations.clear(self.db, message.chat, message.person, topic=topic)

    def ask(self, message: Incoming, what: str, *, lifetime: timedelta) -> None:
        """The bot asks the person something: their next message here is for the bot.

        Args:
            what: a constant word for the question; `asked` gives it back.
        """
        self.remember(message, {_ASKED: what}, lifetime=lifetime)

    def asked(self, message: Incoming) -> str | None:
        """What the bot has just asked this person in this chat, None when nothing."""
        state = self.recall(message)
        return None if state is None else state.get(_ASKED)
