"""What comes in and what goes out, in planbot's own words: no LINE JSON, no database.

`Incoming` is one event of a chat. A handler answers with a `Reply`: one to five messages, each a
`Text`, a `Card` or `Cards`. `bot/line/shapes.py` turns them into LINE's JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ChatKind(StrEnum):
    """Where people talk; a room is LINE's older kind of group."""

    USER = "user"
    GROUP = "group"
    ROOM = "room"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRef:
    """A chat by LINE's id: the person's id one-to-one, else the group's or room's."""

    kind: ChatKind
    id: str

    @property
    def is_shared(self) -> bool:
        """Whether others read along."""
        return self.kind is not ChatKind.USER


class IncomingKind(StrEnum):
    """What happened; `OTHER` is an event that planbot keeps and ignores."""

    TEXT = "text"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    FILE = "file"
    LOCATION = "location"
    STICKER = "sticker"
    POSTBACK = "postback"
    EDITED = "edited"
    UNSENT = "unsent"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    JOIN = "join"
    LEAVE = "leave"
    MEMBER_JOINED = "member_joined"
    MEMBER_LEFT = "member_left"
    OTHER = "other"


class ContentKind(StrEnum):
    """What a picture or a file is kept as."""

    PICTURE = "picture"
    FILE = "file"


class Refusal(StrEnum):
    """Why a picture or a file that was sent cannot be evidence."""

    FILM = "film"
    SOUND = "sound"
    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    EMPTY = "empty"
    BROKEN = "broken"
    HEIC = "heic"
    OLD_OFFICE = "old_office"
    PROGRAM = "program"
    UNKNOWN = "unknown"
    FULL = "full"  # its report has as many as it may have
    GONE = "gone"  # taken back, or no longer at LINE
    UNREACHABLE = "unreachable"  # LINE did not hand it out, however often it was asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A picture or a file that was looked into: its bytes, what they really are, a safe name."""

    kind: ContentKind
    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What was fetched from LINE for an event before its transaction began.

    `content` is that of a picture or a file, or why there is none; `name` is how the chat shows
    the person, empty where nobody asked or LINE did not tell.
    """

    content: Checked | Refusal | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Album:
    """Pictures that were chosen together; `total` is 0 where LINE does not say how many.

    They arrive one by one, in any order. `index` counts from 1.
    """

    id: str
    index: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One event.

    `text` is what was typed with all mentions cut out; `typed` is all of it. `data` is a
    postback's data read as a query string (`a=clause&id=…`), `params` its picker's answer.
    `person` may be missing in groups. `mentions` are LINE's ids of the other people who are
    called by name; LINE leaves out those who never agreed to be told of. `at` is aware, the time
    of the event, not of delivery.
    """

    event_id: str
    kind: IncomingKind
    at: datetime
    chat: ChatRef | None = None
    person: str | None = None
    text: str = ""
    typed: str = ""
    mentions_bot: bool = False
    mentions: tuple[str, ...] = ()
    message_id: str | None = None
    quoted_message_id: str | None = None
    data: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    members: tuple[str, ...] = ()
    file_name: str = ""
    file_size: int = 0
    album: Album | None = None
    brought: Brought | None = None
    reply_token: str | None = None
    is_standby: bool = False
    is_redelivery: bool = False


class Does(StrEnum):
    """What a button does when it is tapped."""

    POSTBACK = "postback"  # value: data for the bot; the chat shows `says`, if any
    SAY = "say"  # value: a text that the person sends
    OPEN = "open"  # value: an https address
    COPY = "copy"  # value: a text for the clipboard (cards only)


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Something to tap; `label` at most 20 characters."""

    label: str
    does: Does
    value: str
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A plain message; `about` is what quoting it refers to, such as `clause:khh-doh-112:4.1`.

    `mentions` are LINE's ids of people who are called by name in front of the text: at most 20,
    all of them members of the group or room that it goes to, for LINE refuses it otherwise.
    """

    text: str
    quick: tuple[Button, ...] = ()
    about: str = ""
    mentions: tuple[str, ...] = ()

    @property
    def plain(self) -> str:
        """The message as text alone."""
        return self.text


class Tone(StrEnum):
    """What a card's colour says."""

    NORMAL = "normal"
    GOOD = "good"
    CARE = "care"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A bubble: a small line, a title, a body, rows of name and value, small print, buttons.

    `plain` says the same as text: for notifications, quotes, the command line.
    """

    title: str
    kicker: str = ""
    body: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    note: str = ""
    buttons: tuple[Button, ...] = ()
    tone: Tone = Tone.NORMAL
    quick: tuple[Button, ...] = ()
    about: str = ""
    alt: str = ""

    @property
    def plain(self) -> str:
        """The card as text alone."""
        rows = (f"{name}：{value}" for name, value in self.rows)
        parts = (self.kicker, self.title, self.body, *rows, self.note)
        return self.alt or "\n".join(part for part in parts if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """Cards side by side, at most twelve."""

    cards: tuple[Card, ...]
    alt: str
    quick: tuple[Button, ...] = ()
    about: str = ""

    @property
    def plain(self) -> str:
        """All cards as text, one below the other."""
        return "\n\n".join(card.plain for card in self.cards)


Message = Text | Card | Cards


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a handler says: up to five messages.

    `worth_a_push`: the words must arrive even when the free reply is no longer possible
    (a confirmation: yes; small talk: no).
    """

    messages: tuple[Message, ...] = field(default=())
    worth_a_push: bool = False

    @property
    def plain(self) -> str:
        """All messages as text."""
        return "\n\n".join(message.plain for message in self.messages)


def say(text: str, *, quick: tuple[Button, ...] = (), worth_a_push: bool = False) -> Reply:
    """A reply of one plain text."""
    return Reply(messages=(Text(text=text, quick=quick),), worth_a_push=worth_a_push)
