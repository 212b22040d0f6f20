"""Bring the database schema up to date.

Several may try at once; one does it, the others wait. Back up before you upgrade.
"""

from __future__ import annotations

import argparse
import os
from typing import Any

from bot import settings
from bot.cli import DONE, new_command


def add(subparsers: Any) -> None:
    """Declare the command."""
    new_command(subparsers, __name__, __doc__)


def run(args: argparse.Namespace) -> int:
    """Migrate and say where the schema stands."""
    from contextlib import closing

    from bot.app import build
    from bot.store.migrations import HEAD

    with closing(build(settings.read(os.environ))) as app:
        app.migrate()
    print(f"the schema is at {HEAD}")
    return DONE
