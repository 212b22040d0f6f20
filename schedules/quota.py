"""What reminders cost, and who goes first when the month's messages will not do for all.

A push costs one message for every person of the chat (LINE.md, rule 6). What is due or late may
use everything that is left; the rest leaves a reserve for it. When it is short, a unit's officer
is told one-to-one before the group, and what is held rides on the next free reply (DESIGN 3).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bot.clock import TAIPEI
from bot.messages import ChatKind, ChatRef
from bot.store.reminders import ReminderKind
from schedules.due import Reminder

URGENT = frozenset({ReminderKind.DUE, ReminderKind.OVERDUE})

UNKNOWN_GROUP = 20
"""What a group is taken to cost while LINE has not said how many people are in it."""

Price = Callable[[ChatRef], int]


class Allowance(Protocol):
    """The month's messages as LINE tells them."""

    @property
    def limit(self) -> int | None:
        """How many there are, None without a limit."""
        ...

    @property
    def used(self) -> int:
        """About how many were used."""
        ...


class Meter(Protocol):
    """What LINE can be asked about costs; each raises `LineError` when it does not answer."""

    def members_count(self, chat: ChatRef) -> int:
        """How many people a push to the chat costs."""
        ...

    def quota(self) -> Allowance:
        """The month's messages."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage:
    """What one chat is to be told in one message, and its price in messages of the quota."""

    chat: ChatRef
    price: int
    reminders: tuple[Reminder, ...]

    @property
    def is_urgent(self) -> bool:
        """Whether something in it is due or late."""
        return any(one.kind in URGENT for one in self.reminders)

    @property
    def units(self) -> frozenset[str]:
        """The units that it speaks of."""
        return frozenset(one.deadline.unit for one in self.reminders)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Messages of the quota that reminders will cost: all, and those that are due or late."""

    total: int
    urgent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who is told now and who is not told for want of quota."""

    told: tuple[ChatMessage, ...]
    held: tuple[ChatMessage, ...]


def by_chat(reminders: Iterable[Reminder], price: Price) -> tuple[ChatMessage, ...]:
    """The messages of one day, a chat's reminders in one, ordered by chat."""
    chats: dict[str, tuple[ChatRef, list[Reminder]]] = {}
    for one in reminders:
        if one.listener.chat is not None:
            chats.setdefault(one.listener.id, (one.listener.chat, []))[1].append(one)
    return tuple(
        ChatMessage(chat=chat, price=price(chat), reminders=tuple(found))
        for _, (chat, found) in sorted(chats.items())
    )


def forecast(reminders: Iterable[Reminder], price: Price) -> Forecast:
    """What a preview's reminders cost: one push for each chat and day."""
    days: dict[tuple[str, date], tuple[ChatRef, bool]] = {}
    for one in reminders:
        if one.listener.chat is None:
            continue
        key = (one.listener.id, one.at.astimezone(TAIPEI).date())
        was_urgent = key in days and days[key][1]
        days[key] = (one.listener.chat, was_urgent or one.kind in URGENT)
    costs = [(price(chat), urgent) for chat, urgent in days.values()]
    return Forecast(
        total=sum(cost for cost, _ in costs), urgent=sum(cost for cost, urgent in costs if urgent)
    )


def decide(messages: Sequence[ChatMessage], left: int | None, reserve: int) -> Decision:
    """Who is told now.

    Args:
        left: messages of the month's quota that are left, None without a limit.
        reserve: how many of them are kept for what will be due or late this month.
    """
    if left is None or _fits(messages, left, reserve):
        return Decision(told=tuple(messages), held=())
    told: list[ChatMessage] = []
    for one in sorted(messages, key=_turn):
        if _is_told_to_an_officer(one, told):
            continue
        if one.price <= (left if one.is_urgent else left - reserve):
            told.append(one)
            left -= one.price
    kept = {one.chat.id for one in told}
    return Decision(
        told=tuple(one for one in messages if one.chat.id in kept),
        held=tuple(one for one in messages if one.chat.id not in kept),
    )


def _fits(messages: Collection[ChatMessage], left: int, reserve: int) -> bool:
    total = sum(one.price for one in messages)
    return total <= left - reserve or (total <= left and all(one.is_urgent for one in messages))


def _turn(message: ChatMessage) -> tuple[bool, bool, int, str]:
    """Urgent before the rest, one-to-one before groups, small groups before large ones."""
    in_group = message.chat.kind is not ChatKind.USER
    return (not message.is_urgent, in_group, message.price, message.chat.id)


def _is_told_to_an_officer(message: ChatMessage, told: Iterable[ChatMessage]) -> bool:
    """Whether somebody of each unit hears it one-to-one; then the group can wait."""
    if message.chat.kind is ChatKind.USER:
        return False
    heard = {
        unit
        for one in told
        if one.chat.kind is ChatKind.USER and not all(r.listener.above for r in one.reminders)
        for unit in one.units
    }
    return message.units <= heard
