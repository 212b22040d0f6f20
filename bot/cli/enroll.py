"""Print a one-time binding code, good for 72 hours.

Whoever sends 「綁定 CODE」 becomes an administrator (in a one-to-one chat), or binds the chat
they send it in to the unit.
"""

from __future__ import annotations

import argparse
import json
import os
from contextlib import closing
from typing import TYPE_CHECKING, Any

from bot import settings
from bot.cli import DONE, new_command
from bot.errors import UsageError

if TYPE_CHECKING:
    from bot.plans.corpus import Units

_SUGGESTIONS = 3
_ALIKE = 40


def add(subparsers: Any) -> None:
    """Declare the command."""
    parser = new_command(subparsers, __name__, __doc__)
    role = parser.add_mutually_exclusive_group(required=True)
    role.add_argument("--admin", action="store_true", help="a code for an administrator")
    role.add_argument("--unit", metavar="NAME", help="a code for this unit's chats")
    parser.add_argument("--json", action="store_true", help="print one JSON value")


def run(args: argparse.Namespace) -> int:
    """Make a code and print it."""
    from bot import phrases
    from bot.app import build
    from bot.plans import corpus
    from bot.store import codes
    from bot.store.codes import Role

    given = settings.read(os.environ)
    unit = (
        None if args.admin else unit_named(args.unit, corpus.load_units(given.data / "units.yaml"))
    )
    role = Role.ADMIN if unit is None else Role.UNIT
    with closing(build(given)) as app:
        app.make_ready()
        with app.database.begin() as db:
            issued = codes.issue(db, role=role, unit=unit, now=app.clock())
    if args.json:
        made = {"code": issued.code, "role": role.value, "unit": unit,
                "expires_at": issued.expires_at.isoformat()}  # fmt: skip
        print(json.dumps(made, ensure_ascii=False))
    else:
        print(phrases.new_code(issued.code, unit=unit, expires_at=issued.expires_at))
    return DONE


def unit_named(name: str, units: Units) -> str:
    """The unit's own name for a name or an alias.

    Raises:
        UsageError: there is no such unit; names the nearest.
    """
    from rapidfuzz import process

    unit = units.get(name.strip())
    if unit is not None:
        return unit.name
    names = {word: one.name for one in units for word in (one.name, one.full_name, *one.aliases)}
    found = process.extract(name, list(names), limit=10, score_cutoff=_ALIKE)
    nearest = list(dict.fromkeys(names[word] for word, _, _ in found))[:_SUGGESTIONS]
    hint = f"; did you mean {', '.join(nearest)}?" if nearest else ""
    raise UsageError(f"there is no unit {name}{hint}")
