"""Print the reminders that are due at a moment; send them only with --send.

What was said already, and what people reported as done, is left out. A unit without a chat is
shown when no chat is bound yet, or when --unit names it. With --send the channel's settings are
needed, and what is due goes out at once, in every chat.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import settings
from bot.cli import DONE, new_command
from bot.errors import SettingsError, UsageError

if TYPE_CHECKING:
    from bot.app import App
    from bot.plans.workdays import Workdays
    from schedules.due import Reminder
    from schedules.quota import Price


def add(subparsers: Any) -> None:
    """Declare the command."""
    parser = new_command(subparsers, __name__, __doc__)
    parser.add_argument("--now", required=True, metavar="ISO-8601", help="the moment")
    parser.add_argument("--unit", metavar="NAME", help="only this unit's, by name or alias")
    parser.add_argument("--send", action="store_true", help="say it in the chats")
    parser.add_argument("--json", action="store_true", help="print one JSON value")


def run(args: argparse.Namespace) -> int:
    """Work out what is due, say it where that is wanted, and print it."""
    from bot.app import build

    now = moment(args.now)
    given = settings.read(os.environ)
    if args.send:
        if args.unit is not None:
            raise UsageError("--send speaks in every chat: leave --unit out")
        if missing := settings.missing_channel(given):
            raise SettingsError(missing)
    with closing(build(given, clock=lambda: now)) as app:
        ready(app)
        unit = named(app, args.unit)
        found, price = app.reminding.due(now, everybody=True)
        shown = choose(found, unit)
        if args.send:
            app.reminding.tick(now)
            app.send_now()
            shown = [one for one in shown if one.listener.chat is not None]
            _, price = app.reminding.due(now)
        print(as_text(app, shown, price, now, as_json=args.json))
    return DONE


def moment(words: str) -> datetime:
    """An aware moment; without a zone it is Taipei's.

    Raises:
        UsageError: it is none.
    """
    from bot.clock import TAIPEI

    try:
        found = datetime.fromisoformat(words)
    except ValueError as exc:
        raise UsageError(f"{words!r} is no moment such as 2026-03-02T09:30") from exc
    return found if found.tzinfo is not None else found.replace(tzinfo=TAIPEI)


def day(words: str) -> date:
    """A date.

    Raises:
        UsageError: it is none.
    """
    try:
        return date.fromisoformat(words)
    except ValueError as exc:
        raise UsageError(f"{words!r} is no date such as 2026-03-02") from exc


def ready(app: App) -> None:
    """See that the schema is current; a SQLite file that is not there yet is made.

    Raises:
        NotCurrentError: it is not; names the remedy.
    """
    path = app.settings.database_url.removeprefix("sqlite:///")
    if path != app.settings.database_url and not Path(path).exists():
        app.migrate()
    app.make_ready()


def named(app: App, name: str | None) -> str | None:
    """The unit whose deadlines a named unit has.

    Raises:
        UsageError: there is no such unit; names the nearest.
    """
    from bot.cli.enroll import unit_named
    from bot.plans.deadlines import duty_bearer

    if name is None:
        return None
    units = app.facts.units
    return duty_bearer(units, units.all[unit_named(name, units)]).name


def choose(found: Sequence[Reminder], unit: str | None) -> list[Reminder]:
    """What is shown: a unit's, or those of all chats, or, before any is bound, those of all."""
    if unit is not None:
        return [one for one in found if one.deadline.unit == unit]
    bound = [one for one in found if one.listener.chat is not None]
    return bound or list(found)


def as_text(
    app: App, found: Sequence[Reminder], price: Price, now: datetime | None, *, as_json: bool
) -> str:
    """The reminders as JSON, or as lines with what they cost.

    Args:
        now: the moment they are said at; None for each at its own.
    """
    from bot import clock, phrases
    from schedules import compose, quota

    workdays: Workdays = app.reminding.workdays()
    lines = [
        compose.line(one, clock.today(one.at if now is None else now), workdays) for one in found
    ]
    if as_json:
        rows = [_as_json(one, words, price) for one, words in zip(found, lines, strict=True)]
        return json.dumps(rows, ensure_ascii=False)
    if not found:
        return phrases.NO_REMINDERS
    shown = [
        f"{clock.aware(one.at).astimezone(clock.TAIPEI):%Y-%m-%d %H:%M}  {one.deadline.unit}  {words}"
        for one, words in zip(found, lines, strict=True)
    ]
    cost = quota.forecast(found, price).total
    return "\n".join([*shown, phrases.reminders_preview(len(found), cost)])


def _as_json(reminder: Reminder, words: str, price: Price) -> dict[str, object]:
    chat = reminder.listener.chat
    return {
        "at": reminder.at.isoformat(),
        "kind": reminder.kind.value,
        "deadline": reminder.deadline.id,
        "unit": reminder.deadline.unit,
        "chat": chat.id if chat else None,
        "text": words,
        "recipients": price(chat) if chat else 0,
    }
