"""Check data, settings, database and (if one is set) the LINE channel: a line for each.

✔ all right, △ works but look at it, ✘ does not work. Nothing is changed. Exit status 1 when
anything does not work.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
from typing import Any

from bot.cli import DONE, FAILED, new_command


def add(subparsers: Any) -> None:
    """Declare the command."""
    parser = new_command(subparsers, __name__, __doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON value")


def run(args: argparse.Namespace) -> int:
    """Print what was found."""
    from bot.checks import Verdict, check
    from schedules import rules

    findings = check(os.environ, rules.load)
    if args.json:
        print(json.dumps([dataclasses.asdict(one) for one in findings], ensure_ascii=False))
    else:
        print("\n".join(one.line for one in findings))
    return FAILED if any(one.verdict is Verdict.BAD for one in findings) else DONE
