"""Answer a question as the bot would in the chat.

With `-` and --json it reads JSON lines {"q": …, "unit": … or null} and answers each on a line.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

from bot import settings
from bot.cli import DONE, new_command
from bot.errors import UsageError


def add(subparsers: Any) -> None:
    """Declare the command."""
    parser = new_command(subparsers, __name__, __doc__)
    parser.add_argument("question", metavar="QUESTION", help="the question, or - for JSON lines")
    parser.add_argument("--unit", metavar="NAME", help="the unit that asks")
    parser.add_argument("--json", action="store_true", help="print one JSON value")


def run(args: argparse.Namespace) -> int:
    """Answer and print."""
    if args.question == "-" and not args.json:
        raise UsageError("ask - reads and prints JSON lines: add --json")
    ask = _asker()
    if args.question == "-":
        for question, unit in _lines():
            print(json.dumps(ask(question, unit), ensure_ascii=False), flush=True)
        return DONE
    found = ask(args.question, args.unit)
    print(json.dumps(found, ensure_ascii=False) if args.json else found["text"])
    return DONE


def _asker() -> Callable[[str, str | None], dict[str, Any]]:
    from bot import clock
    from bot.cli.enroll import unit_named
    from bot.search import answer
    from handlers import answers

    answerer = answer.load(settings.read(os.environ).data)
    today = clock.today(clock.system_clock())

    def ask(question: str, unit: str | None) -> dict[str, Any]:
        name = unit_named(unit, answerer.corpus.units) if unit else None
        found = answerer.answer(question, unit=name, today=today)
        return found.as_json(answers.as_reply(found, answerer.corpus).plain)

    return ask


def _lines() -> Iterator[tuple[str, str | None]]:
    """The questions on stdin with their askers.

    Raises:
        UsageError: a line is no such JSON; names the line.
    """
    for number, line in enumerate(sys.stdin, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            question, unit = row["q"], row.get("unit")
        except (ValueError, KeyError, TypeError, AttributeError) as exc:
            raise UsageError(f'stdin:{number}: no JSON line {{"q": …, "unit": …}}') from exc
        if not isinstance(question, str) or not (unit is None or isinstance(unit, str)):
            raise UsageError(f"stdin:{number}: q must be a text, unit a text or null")
        yield question, unit
