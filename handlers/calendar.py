"""行事曆: a secret link to the unit's deadlines, one-to-one; and an end to all such links."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot import links, phrases
from bot.messages import Button, Card, Does, Incoming, IncomingKind, Reply, say
from bot.store import calendar_links
from handlers.addressing import plain
from handlers.context import Context
from handlers.timeline import tap

_WORDS = re.compile(r"行事曆|行事历|日曆|單位行事曆|我們的行事曆")
_END = re.compile(r"停用行事[曆历](?:\s+(?P<unit>\S+))?")
_DO = "revoke_calendar"


def is_meant(message: Incoming, ctx: Context) -> bool:
    """Whether somebody asks for the calendar, or taps to end its links."""
    if message.kind is IncomingKind.POSTBACK:
        return message.data.get("do") == _DO
    if message.kind not in (IncomingKind.TEXT, IncomingKind.EDITED):
        return False
    text = plain(message.text)
    return any(pattern.fullmatch(text) is not None for pattern in (_WORDS, _END))


def answer(message: Incoming, ctx: Context) -> Reply:
    """A link for each unit, or the end of all of them."""
    assert message.chat is not None
    if message.chat.is_shared:
        return say(phrases.CALENDAR_ALONE)
    if message.kind is IncomingKind.POSTBACK:
        return _revoke([message.data.get("unit", "")], message, ctx)
    units = ctx.units_of(message.chat)
    if match := _END.fullmatch(plain(message.text)):
        named = ctx.corpus.units.get(match["unit"])
        return _revoke([named.name] if named else units, message, ctx)
    if not units:
        return say(phrases.CALENDAR_UNBOUND)
    return Reply(messages=tuple(_card(unit, message, ctx) for unit in units[:4]))


def _card(unit: str, message: Incoming, ctx: Context) -> Card:
    token = calendar_links.issue(ctx.db, unit, to=message.person, now=ctx.now)
    address = links.calendar_address(ctx.settings.public_base_url, token)
    title, body, note = phrases.calendar_card(unit)
    return Card(
        title=title,
        body=f"{body}\n{address}",
        note=note,
        buttons=(
            Button(label=phrases.COPY_LINK, does=Does.COPY, value=address),
            tap(phrases.REVOKE_LINKS, do=_DO, unit=unit),
        ),
        alt=f"{title}\n{address}\n{note}",
    )


def _revoke(units: Sequence[str], message: Incoming, ctx: Context) -> Reply:
    """End one's own links; an administrator ends everybody's."""
    everybodys = ctx.is_admin(message.person)
    ended = [
        calendar_links.revoke(ctx.db, unit, by=message.person, now=ctx.now, everybodys=everybodys)
        for unit in units
    ]
    return say(phrases.CALENDAR_REVOKED if any(ended) else phrases.CALENDAR_NONE)
