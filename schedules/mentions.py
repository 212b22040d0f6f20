"""Whom a group's reminder calls by name when something is due or late.

LINE refuses a message that mentions somebody who is not in the group, so a unit's officer is
mentioned only after LINE has said that they are a member.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.errors import LineError, LineRejected
from bot.messages import ChatKind, ChatRef
from schedules.due import Listener, Reminder
from schedules.quota import URGENT

log = logging.getLogger(__name__)

MOST = 20
"""People that LINE lets one message mention (LINE.md, section 2)."""

AskMember = Callable[[str, ChatRef], object]
"""Asks LINE about a person of a chat; raises `LineError` where it does not confirm them."""

_LIVES = timedelta(days=1)


class Members:
    """Who is in which group, as LINE has said within a day.

    Args:
        ask: None where no channel is configured; then nobody is known to be anywhere.
    """

    def __init__(self, ask: AskMember | None) -> None:
        self._ask = ask
        self._known: dict[tuple[str, str], tuple[bool, datetime]] = {}

    def confirmed(
        self, wanted: Iterable[tuple[ChatRef, str]], now: datetime
    ) -> frozenset[tuple[str, str]]:
        """Of groups and persons those of which LINE says that the person is in the group.

        A refusal is an answer and kept; after any other error nobody else is asked this time.
        """
        if self._ask is None:
            return frozenset()
        self._known = {key: one for key, one in self._known.items() if now - one[1] < _LIVES}
        found = set()
        for chat, person in wanted:
            key = (chat.id, person)
            try:
                if key not in self._known:
                    self._known[key] = (self._is_member(self._ask, person, chat), now)
            except LineError as error:
                log.warning("member_unknown", extra={"error": type(error).__name__})
                break
            if self._known[key][0]:
                found.add(key)
        return frozenset(found)

    def _is_member(self, ask: AskMember, person: str, chat: ChatRef) -> bool:
        try:
            ask(person, chat)
        except LineRejected:
            return False
        return True


def wanted(
    reminders: Iterable[Reminder], listeners: Mapping[str, Sequence[Listener]]
) -> list[tuple[ChatRef, str]]:
    """By group the officers of the units for which something is due or late, each once.

    Args:
        reminders: what is to be said, in any chats.
        listeners: by unit who hears of it; those one-to-one are its officers.
    """
    found: dict[tuple[ChatRef, str], None] = {}
    for one in reminders:
        chat = one.listener.chat
        if chat is None or not chat.is_shared or one.listener.above or one.kind not in URGENT:
            continue
        for heard_by in listeners.get(one.deadline.unit, ()):
            if heard_by.chat and heard_by.chat.kind is ChatKind.USER and not heard_by.above:
                found[chat, heard_by.chat.id] = None
    return list(found)


def people(
    reminders: Iterable[Reminder],
    listeners: Mapping[str, Sequence[Listener]],
    confirmed: frozenset[tuple[str, str]],
) -> tuple[str, ...]:
    """LINE's ids of those whom one chat's message mentions, at most `MOST`."""
    named = (
        person for chat, person in wanted(reminders, listeners) if (chat.id, person) in confirmed
    )
    return tuple(named)[:MOST]
