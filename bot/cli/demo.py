"""Try everything in the browser, with a local stand-in for LINE.

One process, no account, no network: a chat page with an administrator, an officer and a new
colleague, a group of 企劃室, one of 三民二所 and one that is not bound yet. Everything is
forgotten when it ends. The page is at PORT (8000), or the next free one.
"""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot import settings
from bot.cli import DONE, new_command, until_told
from bot.errors import UsageError

if TYPE_CHECKING:
    from flask import Flask

    from bot.app import App
    from bot.line.stand_in import StandIn
    from bot.settings import Settings

_HERE = "127.0.0.1"
_PORTS_TO_TRY = 20
_LAST_PORT = 65535


def add(subparsers: Any) -> None:
    """Declare the command."""
    parser = new_command(subparsers, __name__, __doc__)
    parser.add_argument("--port", type=int, metavar="N", help="instead of PORT; 0 for any")


def run(args: argparse.Namespace) -> int:
    """Run until Ctrl-C."""
    from bot import log, phrases
    from bot.app import build
    from bot.line.stand_in import StandIn

    log.configure(logging.WARNING)  # what there is to try should not scroll away
    given = settings.read(os.environ)
    wait_until_told = until_told()
    with ExitStack() as open_things:
        folder = open_things.enter_context(tempfile.TemporaryDirectory(prefix="planbot-demo-"))
        door = open_things.enter_context(listening(given.port if args.port is None else args.port))
        stand_in = StandIn(secret=secrets.token_hex(16), token=secrets.token_hex(32))
        open_things.callback(stand_in.stop)
        address = f"http://{_HERE}:{door.getsockname()[1]}"
        app = build(_of_the_demo(given, stand_in, folder, address))
        app.migrate()
        app.start()
        open_things.callback(app.close)
        world = World(app, stand_in)
        open_things.enter_context(_served(world.pages(), door))
        stand_in.webhook_url = f"{address}/callback"
        world.begin()
        print(phrases.demo_is_open(f"{address}/", world.code), flush=True)
        wait_until_told()
    return DONE


class World:
    """The people and groups of the demo, and the pages that show them."""

    def __init__(self, app: App, stand_in: StandIn) -> None:
        from bot import phrases

        self._app = app
        self._stand_in = stand_in
        self.admin, self.officer, self.stranger = (
            stand_in.add_person(name)
            for name in (phrases.DEMO_ADMIN, phrases.DEMO_OFFICER, phrases.DEMO_STRANGER)
        )
        self.planners = stand_in.add_group(phrases.DEMO_HEALTH, (self.admin, self.stranger))
        self.office = stand_in.add_group(phrases.DEMO_OFFICE, (self.officer, self.stranger))
        self.unbound = stand_in.add_group(phrases.DEMO_NEW, (self.admin, self.officer))
        self.code = self._settle()

    def pages(self) -> Flask:
        """The web application with the chat page."""
        from flask import redirect

        from bot import phrases
        from bot.web.demo import demo_blueprint

        hints = (*phrases.DEMO_TRIES, f"綁定 {self.code}")
        page = demo_blueprint(self._stand_in, clock=self._app.clock, hints=hints)
        flask = self._app.web([page])
        flask.add_url_rule("/", "front", lambda: redirect("/demo/"))
        return flask

    def begin(self) -> None:
        """The bot is invited into the groups and added by everybody."""
        for group in self._stand_in.groups:
            self._stand_in.invite_bot(group.id)
        for person in self._stand_in.people:
            self._stand_in.follow(person.id)

    def _settle(self) -> str:
        """Bind what is bound and give out a code for what is not."""
        from bot.messages import ChatKind, ChatRef
        from bot.store import chats, codes
        from bot.store.codes import Role

        now = self._app.clock()
        bound = (
            (ChatKind.GROUP, self.planners.id, "企劃室"),
            (ChatKind.GROUP, self.office.id, "三民區第二衛生所"),
            (ChatKind.USER, self.officer.id, "三民區第二衛生所"),
        )
        with self._app.database.begin() as db:
            chats.make_admin(db, self.admin.id, now=now)
            for kind, identifier, unit in bound:
                chat = ChatRef(kind=kind, id=identifier)
                chats.bind(db, chat, unit, by=self.admin.id, now=now)
            return codes.issue(db, role=Role.UNIT, unit="長期照顧中心", now=now).code


def _of_the_demo(given: Settings, stand_in: StandIn, folder: str, address: str) -> Settings:
    line = stand_in.start()
    return replace(
        given,
        database_url=f"sqlite:///{folder}/demo.sqlite3",
        public_base_url=address,
        channel_secrets=(stand_in.secret,),
        channel_access_token=stand_in.token,
        line_api_base=line,
        line_api_data_base=line,
    )


@contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """A listening socket at the port, or at the next that is free.

    Raises:
        UsageError: there is no such port, or none of them is free.
    """
    if not 0 <= port <= _LAST_PORT:
        raise UsageError(f"a port is a number from 0 to {_LAST_PORT}, not {port}")
    tries = range(port, min(port + _PORTS_TO_TRY, _LAST_PORT + 1) if port else 1)
    for number in tries:
        try:
            door = socket.create_server((_HERE, number), backlog=64)
        except OSError:
            continue
        with closing(door):
            yield door
        return
    raise UsageError(f"no port from {tries[0]} to {tries[-1]} is free; name one with --port")


@contextmanager
def _served(pages: Flask, door: socket.socket) -> Iterator[None]:
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log(self, type: str, message: str, *args: object) -> None:
            """Nothing: a line for each poll of the page would hide all others."""

    server = make_server(_HERE, 0, pages, threaded=True, request_handler=Quiet, fd=door.fileno())
    serving = threading.Thread(target=server.serve_forever, name="pages", daemon=True)
    serving.start()
    try:
        yield
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
