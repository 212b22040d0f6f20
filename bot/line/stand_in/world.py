"""The people, the groups and what was said: what everybody's telephones show."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock

Json = dict[str, Any]

_STILL_REMEMBERED = timedelta(days=7)  # LINE.md section 3: wrote one-to-one in the last seven days
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with LINE on the telephone; their one-to-one chat with the bot has their id."""

    id: str
    name: str
    picture: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group chat, or a room when the id begins with R."""

    id: str
    name: str

    @property
    def is_room(self) -> bool:
        """Whether it is one of LINE's older chats of several people."""
        return self.id.startswith("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage:
    """One line of a chat.

    `sender` is a person's id, the bot's, or empty for a line of the system. `content` is LINE's
    message JSON. `way` says how the bot sent it. `seq` is global and rises when it changes.
    """

    id: str
    chat_id: str
    sender: str
    at: datetime
    content: Mapping[str, Any]
    quoted: str | None = None
    unsent: bool = False
    way: str = ""
    seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of the API as it was answered; `status` 0 means that the answer was cut off."""

    method: str
    path: str
    status: int
    body: Any
    retry_key: str | None
    request_id: str


@dataclass(slots=True)
class _Membership:
    group: Group
    members: list[str]
    bot_inside: bool = False


@dataclass(slots=True)
class World:
    """Everything that is remembered; every method may be called by any thread.

    `changed` is the one lock. `seq` rises with every visible change.
    """

    clock: Clock
    bot_user_id: str
    salt: str
    seq: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)
    _people: dict[str, Person] = field(default_factory=dict)
    _groups: dict[str, _Membership] = field(default_factory=dict)
    _friends: set[str] = field(default_factory=set)
    _blocked_by: set[str] = field(default_factory=set)
    _last_wrote: dict[str, datetime] = field(default_factory=dict)
    _chats: dict[str, list[ChatMessage]] = field(default_factory=dict)
    _where: dict[str, tuple[str, int]] = field(default_factory=dict)
    _contents: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    _quote_tokens: dict[str, tuple[str, str]] = field(default_factory=dict)
    _last_id: int = 0

    # people and groups

    def add_person(self, name: str) -> Person:
        """Somebody new; the same names in the same order get the same ids again."""
        with self.changed:
            person = Person(id=self._stable_id("U", name), name=name)
            self._people[person.id] = person
            self._moved()
            return person

    def add_group(self, name: str, members: Iterable[Person], *, room: bool) -> Group:
        """A chat of several people, without the bot."""
        with self.changed:
            group = Group(id=self._stable_id("R" if room else "C", name), name=name)
            ids = [self.person(member.id).id for member in members]
            self._groups[group.id] = _Membership(group, ids)
            self._moved()
            return group

    def people(self) -> list[Person]:
        """Everybody, in the order they came."""
        with self.changed:
            return list(self._people.values())

    def groups(self) -> list[Group]:
        """All groups and rooms, in the order they were made."""
        with self.changed:
            return [membership.group for membership in self._groups.values()]

    def person(self, person_id: str) -> Person:
        """The person.

        Raises:
            KeyError: nobody has this id.
        """
        with self.changed:
            return self._people[person_id]

    def group(self, group_id: str) -> Group:
        """The group.

        Raises:
            KeyError: no group has this id.
        """
        with self.changed:
            return self._groups[group_id].group

    def is_person(self, some_id: str) -> bool:
        """Whether the id is a person's."""
        with self.changed:
            return some_id in self._people

    def is_group(self, some_id: str) -> bool:
        """Whether the id is a group's or a room's."""
        with self.changed:
            return some_id in self._groups

    def members(self, group_id: str) -> list[Person]:
        """The people of a group; the bot is not counted."""
        with self.changed:
            return [self._people[member] for member in self._groups[group_id].members]

    def is_member(self, group_id: str, person_id: str) -> bool:
        """Whether the person is in the group."""
        with self.changed:
            return group_id in self._groups and person_id in self._groups[group_id].members

    def join(self, group_id: str, person_id: str) -> None:
        """Put a person into a group.

        Raises:
            ValueError: they are in it already.
        """
        with self.changed:
            members = self._groups[group_id].members
            if self.person(person_id).id in members:
                raise ValueError(f"{person_id} is in {group_id} already")
            members.append(person_id)
            self._moved()

    def part(self, group_id: str, person_id: str) -> None:
        """Take a person out of a group.

        Raises:
            ValueError: they are not in it.
        """
        with self.changed:
            self._groups[group_id].members.remove(person_id)
            self._moved()

    def bot_inside(self, group_id: str) -> bool:
        """Whether the bot is in the group."""
        with self.changed:
            return group_id in self._groups and self._groups[group_id].bot_inside

    def put_bot(self, group_id: str, *, inside: bool) -> None:
        """Put the bot into a group or take it out.

        Raises:
            ValueError: it is there, or away, already.
        """
        with self.changed:
            membership = self._groups[group_id]
            if membership.bot_inside is inside:
                raise ValueError(f"the bot is {'in' if inside else 'not in'} {group_id} already")
            membership.bot_inside = inside
            self._moved()

    def befriend(self, person_id: str) -> bool:
        """The person adds or unblocks the bot; answers whether it was blocked before."""
        with self.changed:
            was_blocked = self.person(person_id).id in self._blocked_by
            self._blocked_by.discard(person_id)
            self._friends.add(person_id)
            self._moved()
            return was_blocked

    def block(self, person_id: str) -> None:
        """The person blocks the bot."""
        with self.changed:
            self._blocked_by.add(self.person(person_id).id)
            self._moved()

    def is_friend(self, person_id: str) -> bool:
        """Whether the person has added the bot, blocked or not."""
        with self.changed:
            return person_id in self._friends

    def has_blocked(self, person_id: str) -> bool:
        """Whether the person has blocked the bot."""
        with self.changed:
            return person_id in self._blocked_by

    def can_be_pushed_to(self, chat_id: str) -> bool:
        """Whether LINE takes a push to this chat (LINE.md section 3)."""
        with self.changed:
            if chat_id in self._groups:
                return self._groups[chat_id].bot_inside
            wrote = self._last_wrote.get(chat_id)
            recently = wrote is not None and self.clock() - wrote <= _STILL_REMEMBERED
            return chat_id in self._friends or recently

    def price(self, chat_id: str) -> int:
        """How many messages a push to the chat costs: people who have not blocked the bot."""
        with self.changed:
            ids = self._groups[chat_id].members if chat_id in self._groups else [chat_id]
            return sum(member not in self._blocked_by for member in ids)

    # what was said

    def write(
        self,
        chat_id: str,
        sender: str,
        content: Mapping[str, Any],
        *,
        quoted: str | None = None,
        way: str = "",
        data: tuple[bytes, str] | None = None,
    ) -> ChatMessage:
        """Put a line into a chat.

        Args:
            sender: a person's id, the bot's, or empty for the system.
            data: of a picture or a file, its bytes and content type.

        Raises:
            KeyError: there is no such chat.
            ValueError: the person is not in it.
        """
        with self.changed:
            self._check_sender(chat_id, sender)
            message = ChatMessage(
                id=self._new_message_id(),
                chat_id=chat_id,
                sender=sender,
                at=self.clock(),
                content=dict(content),
                quoted=quoted,
                way=way,
                seq=self._moved(),
            )
            lines = self._chats.setdefault(chat_id, [])
            self._where[message.id] = (chat_id, len(lines))
            lines.append(message)
            if data is not None:
                self._contents[message.id] = data
            if sender == chat_id:
                self._last_wrote[sender] = message.at
            return message

    def change(self, message_id: str, **what: Any) -> ChatMessage:
        """Change a line; its `seq` rises."""
        with self.changed:
            chat_id, place = self._where[message_id]
            changed = replace(self._chats[chat_id][place], **what, seq=self._moved())
            self._chats[chat_id][place] = changed
            if changed.unsent:
                self._contents.pop(message_id, None)
            return changed

    def message(self, message_id: str) -> ChatMessage:
        """A line by its id.

        Raises:
            KeyError: there is none.
        """
        with self.changed:
            chat_id, place = self._where[message_id]
            return self._chats[chat_id][place]

    def history(self, chat_id: str) -> list[ChatMessage]:
        """A chat's lines, oldest first.

        Raises:
            KeyError: there is no such chat.
        """
        with self.changed:
            self._check_chat(chat_id)
            return list(self._chats.get(chat_id, ()))

    def content(self, message_id: str) -> tuple[bytes, str]:
        """Bytes and content type of a picture or a file.

        Raises:
            KeyError: there is none, or it was taken back.
        """
        with self.changed:
            return self._contents[message_id]

    def quote_token(self, message: ChatMessage) -> str:
        """A new token to quote the message with; it works in its own chat, for ever."""
        with self.changed:
            token = secrets.token_urlsafe(48)
            self._quote_tokens[token] = (message.chat_id, message.id)
            return token

    def quoted_by(self, token: str, chat_id: str) -> str | None:
        """The message that a token quotes in this chat; None where it does not."""
        with self.changed:
            where, message_id = self._quote_tokens.get(token, ("", ""))
            return message_id if where == chat_id else None

    def wait_for_change(self, seq: int, timeout: float) -> int:
        """Wait until something is newer than `seq`, at most `timeout` seconds; the newest seq."""
        with self.changed:
            self.changed.wait_for(lambda: self.seq > seq, timeout)
            return self.seq

    def _moved(self) -> int:
        self.seq += 1
        self.changed.notify_all()
        return self.seq

    def _stable_id(self, letter: str, name: str) -> str:
        count = len(self._people) + len(self._groups)
        digest = hashlib.sha256(f"{self.salt}:{letter}:{name}:{count}".encode()).hexdigest()
        return letter + digest[:32]

    def _new_message_id(self) -> str:
        # LINE's ids are long numbers; the time keeps them apart from an earlier run's.
        now = int(self.clock().timestamp() * 1000) * 100_000
        self._last_id = max(self._last_id + 1, now)
        return str(self._last_id)

    def _check_chat(self, chat_id: str) -> None:
        if chat_id not in self._groups:
            self.person(chat_id)

    def _check_sender(self, chat_id: str, sender: str) -> None:
        self._check_chat(chat_id)
        if sender in ("", self.bot_user_id, chat_id):
            return
        if chat_id not in self._groups or sender not in self._groups[chat_id].members:
            raise ValueError(f"{sender or 'nobody'} is not in the chat {chat_id}")


def utf16(text: str) -> int:
    """How many UTF-16 code units a text has: LINE's measure (LINE.md section 4)."""
    return len(text.encode("utf-16-le")) // 2


def new_event_id(at: datetime) -> str:
    """A ULID: 48 bits of time, 80 of chance, in Crockford's base 32."""
    number = (int(at.timestamp() * 1000) << 80) | secrets.randbits(80)
    return "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))


def mentions(text: str, bot_name: str, bot_id: str, members: Sequence[Person]) -> Json | None:
    """LINE's `mention` object for the names in a text, or None; longer names first."""
    names = {person.name: (person.id, False) for person in members}
    names[bot_name] = (bot_id, True)
    found: list[Json] = []
    taken = [False] * len(text)
    for name in sorted(names, key=len, reverse=True):
        user_id, is_bot = names[name]
        start = text.find(f"@{name}")
        while start >= 0:
            end = start + len(name) + 1
            if not any(taken[start:end]):
                taken[start:end] = [True] * (end - start)
                found.append(_mentionee(text, start, end, user_id, is_bot=is_bot))
            start = text.find(f"@{name}", end)
    if not found:
        return None
    return {"mentionees": sorted(found, key=lambda mentionee: mentionee["index"])[:20]}


def _mentionee(text: str, start: int, end: int, user_id: str, *, is_bot: bool) -> Json:
    return {
        "index": utf16(text[:start]),
        "length": utf16(text[start:end]),
        "type": "user",
        "userId": user_id,
        "isSelf": is_bot,
    }
