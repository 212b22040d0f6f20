"""提醒設定: administrators see and set quiet hours and lead days, for all units or one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import time

from bot import phrases
from bot.errors import UsageError
from bot.messages import Card, Incoming, IncomingKind, Reply, Tone, say
from bot.plans.deadlines import duty_bearer
from bot.plans.model import Unit
from bot.store import overrides
from bot.store.overrides import Override, Quiet
from handlers.admin import Refused, narrow, refuse, says_word, unit_named
from handlers.context import Context

WORD = "提醒設定"

_TEXTS = (IncomingKind.TEXT, IncomingKind.EDITED)
_HOUR = r"(\d{1,2})(?:[:點時](\d{2})?分?)?"
_QUIET = re.compile(rf"(?:安靜|勿擾)(?:時段|時間)?\s*:?\s*{_HOUR}\s*[至到~\-–]\s*{_HOUR}")
_LEADS = re.compile(
    r"提前\s*:?\s*(?P<days>不提醒|無|\d+(?:\s*天?[\s,、和]*\d+)*)\s*(?:個?(?:上班日|工作天|天))?"
)


def is_meant(message: Incoming, ctx: Context) -> bool:
    """Whether the word is said."""
    return message.kind in _TEXTS and says_word(message, (WORD,), ctx)


def answer(message: Incoming, ctx: Context) -> Reply:
    """Show the settings, or change what is named and leave the rest."""
    if not ctx.is_admin(message.person):
        return refuse("reminder_settings", message, ctx)
    text = narrow(message.text).removeprefix(WORD).strip(" :\n")
    try:
        return _settle(text, message, ctx)
    except Refused as refused:
        return say(str(refused))
    except (UsageError, ValueError):
        return say(phrases.HOW_TO_SET_REMINDERS)


def _settle(text: str, message: Incoming, ctx: Context) -> Reply:
    quiet, leads = _QUIET.search(text), _LEADS.search(text)
    rest = _LEADS.sub(" ", _QUIET.sub(" ", text)).strip(" ,，、")
    unit = _unit(rest, ctx)
    name = unit.name if unit else None
    if quiet is None and leads is None:
        return _show(name, overrides.get(ctx.db, name))
    known = overrides.every(ctx.db).get(name, overrides.NOTHING)
    if quiet is not None:
        hours = Quiet(start=_time(quiet[1], quiet[2]), end=_time(quiet[3], quiet[4]))
        known = replace(known, quiet=hours)
    if leads is not None:
        days = sorted({int(one) for one in re.findall(r"\d+", leads["days"])}, reverse=True)
        known = replace(known, lead_days=tuple(days))
    overrides.put(ctx.db, name, known, by=message.person, now=ctx.now)
    return _show(name, overrides.get(ctx.db, name), changed=True)


def _unit(rest: str, ctx: Context) -> Unit | None:
    """The unit that is named: a section's reminders are its agency's."""
    if not rest or rest in ("全部", "全部單位", "所有單位"):
        return None
    return duty_bearer(ctx.corpus.units, unit_named(rest, ctx))


def _time(hour: str, minute: str | None) -> time:
    """A time of the day; 24 o'clock is midnight.

    Raises:
        ValueError: there is no such time.
    """
    return time(int(hour) % 24 if int(hour) <= 24 else 99, int(minute or 0))


def _show(unit: str | None, override: Override, *, changed: bool = False) -> Reply:
    quiet = override.quiet
    hours = phrases.AS_THE_RULES if quiet is None else f"{quiet.start:%H:%M}–{quiet.end:%H:%M}"
    days = override.lead_days
    rows = (
        (phrases.QUIET_HOURS, hours),
        (phrases.LEAD_DAYS, phrases.AS_THE_RULES if days is None else phrases.lead_days(days)),
    )
    title = phrases.reminder_settings(unit, changed=changed)
    tone = Tone.GOOD if changed else Tone.NORMAL
    card = Card(title=title, rows=rows, note=phrases.HOW_TO_SET, tone=tone)
    return Reply(messages=(card,), worth_a_push=changed)
