"""Handle events, send messages and tick; `planbot web` takes the webhook.

Any number of these on one PostgreSQL; on SQLite exactly one. Needs LINE_CHANNEL_ACCESS_TOKEN.
SIGTERM finishes what is in hand.
"""

from __future__ import annotations

import argparse
import os
from typing import Any

from bot import settings
from bot.cli import DONE, FAILED, new_command, until_told
from bot.errors import SettingsError


def add(subparsers: Any) -> None:
    """Declare the command."""
    new_command(subparsers, __name__, __doc__)


def run(args: argparse.Namespace) -> int:
    """Work until a signal comes."""
    given = settings.read(os.environ)
    if not given.channel_access_token:
        raise SettingsError(["LINE_CHANNEL_ACCESS_TOKEN is not set"])

    from bot.app import build

    wait_until_told = until_told()
    app = build(given)
    try:
        app.make_ready()
        app.start(f"worker-{os.getpid()}")
        wait_until_told()
    finally:
        finished = app.close()
    return DONE if finished else FAILED
