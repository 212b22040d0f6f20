"""Serve only the webhook and the pages; `planbot worker` does the rest.

Any number of these on one PostgreSQL, WEB_CONCURRENCY processes each (2 when it is not set).
SQLite serves one process only. Needs LINE_CHANNEL_SECRET.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot import settings
from bot.cli import DONE, new_command
from bot.errors import SettingsError

if TYPE_CHECKING:
    from bot.app import App

_MOST = 64


def add(subparsers: Any) -> None:
    """Declare the command."""
    new_command(subparsers, __name__, __doc__)


def run(args: argparse.Namespace) -> int:
    """Check what can be checked before anything is begun, then serve."""
    given = settings.read(os.environ)
    if not given.channel_secrets:
        raise SettingsError(["LINE_CHANNEL_SECRET is not set"])

    from contextlib import closing

    from bot.app import build

    with closing(build(given)) as app:
        number = processes(os.environ, app)
        app.make_ready()

    from bot.cli.server import serve  # gunicorn reads WEB_CONCURRENCY, so it is checked before

    serve(lambda: build(given), port=given.port, processes=number)
    return DONE


def processes(environ: Mapping[str, str], app: App) -> int:
    """How many processes serve.

    Raises:
        SettingsError: the number is none, or is more than the database can bear.
    """
    given = environ.get("WEB_CONCURRENCY", "").strip()
    if not given:
        return 1 if app.database.is_sqlite else 2
    if not given.isdecimal() or not 1 <= int(given) <= _MOST:
        raise SettingsError([f"WEB_CONCURRENCY must be a whole number from 1 to {_MOST}"])
    if app.database.is_sqlite and int(given) > 1:
        raise SettingsError(
            ["WEB_CONCURRENCY must be 1 on SQLite; set DATABASE_URL to a PostgreSQL for more"]
        )
    return int(given)
