"""Print every reminder of a period in advance, with the LINE messages that they will cost.

Both days are inclusive. It is what will be said if nobody reports anything more as done: an upper
bound. Without --json the last line has the number of messages; a chat is told once a day, and a
push costs one message for every person of the chat.
"""

from __future__ import annotations

import argparse
import os
from contextlib import closing
from typing import Any

from bot import settings
from bot.cli import DONE, new_command
from bot.errors import UsageError

_MOST_DAYS = 800


def add(subparsers: Any) -> None:
    """Declare the command."""
    parser = new_command(subparsers, __name__, __doc__)
    parser.add_argument("--from", required=True, dest="first", metavar="DATE", help="the first day")
    parser.add_argument("--to", required=True, dest="last", metavar="DATE", help="the last day")
    parser.add_argument("--unit", metavar="NAME", help="only this unit's, by name or alias")
    parser.add_argument("--json", action="store_true", help="print one JSON value")


def run(args: argparse.Namespace) -> int:
    """Work the reminders out and print them."""
    from bot.app import build
    from bot.cli.remind import as_text, choose, day, named, ready

    first, last = day(args.first), day(args.last)
    if last < first:
        raise UsageError(f"the period would end on {last}, before it starts on {first}")
    if (last - first).days > _MOST_DAYS:
        raise UsageError(f"a period of more than {_MOST_DAYS} days is too long")
    with closing(build(settings.read(os.environ))) as app:
        ready(app)
        unit = named(app, args.unit)
        found, price = app.reminding.preview(first, last, everybody=True)
        print(as_text(app, choose(found, unit), price, None, as_json=args.json))
    return DONE
