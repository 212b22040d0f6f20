"""Serve a LINE channel: webhook, worker and scheduler in one process.

For one machine. LINE_CHANNEL_SECRET and LINE_CHANNEL_ACCESS_TOKEN name the channel, PORT the
port. The SQLite file under var/ is made and migrated here; any other database is migrated with
`planbot migrate`. SIGTERM finishes what is in hand.
"""

from __future__ import annotations

import argparse
import os
from typing import Any

from bot import settings
from bot.cli import DONE, new_command
from bot.errors import SettingsError


def add(subparsers: Any) -> None:
    """Declare the command."""
    new_command(subparsers, __name__, __doc__)


def run(args: argparse.Namespace) -> int:
    """Check what can be checked before anything is begun, then serve."""
    given = settings.read(os.environ)
    if missing := settings.missing_channel(given):
        raise SettingsError(missing)

    from contextlib import closing

    from bot.app import App, build
    from bot.cli.server import serve
    from bot.plans import corpus

    corpus.load(given.data)
    with closing(build(given)) as app:
        app.make_ready()
    serve(lambda: build(given), port=given.port, processes=1, also=App.start)
    return DONE
