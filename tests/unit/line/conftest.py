"""A LINE that runs, a webhook that listens, a clock whose hands can be set."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import urllib3
from line_helpers import SECRET, TOKEN, Api, Hands, Webhook

from bot.line.client import LineClient
from bot.line.stand_in import Group, Person, StandIn


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    kept = Webhook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.requests.append(({k.lower(): v for k, v in self.headers.items()}, body))
            status = kept.statuses.pop(0) if kept.statuses else 200
            kept.going_home.wait(kept.silent_for_seconds)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *words: Any) -> None:
            """Nothing on stderr."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """Whoever hung up has hung up."""

    server = Server(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_port}/callback"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield kept
    kept.going_home.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def line(clock: Hands, webhook: Webhook) -> Iterator[StandIn]:
    stand_in = StandIn(secret=SECRET, token=TOKEN, webhook_url=webhook.url, clock=clock)
    yield stand_in
    stand_in.stop()


@pytest.fixture
def base(line: StandIn) -> str:
    """The address of LINE's API."""
    return line.start()


@pytest.fixture
def wang(line: StandIn) -> Person:
    return line.add_person("王小明")


@pytest.fixture
def lee(line: StandIn) -> Person:
    return line.add_person("李大華")


@pytest.fixture
def group(line: StandIn, wang: Person, lee: Person) -> Group:
    """企劃室's group, with the bot in it."""
    made = line.add_group("企劃室", [wang, lee])
    line.invite_bot(made.id)
    return made


@pytest.fixture
def api(base: str) -> Iterator[Api]:
    pool = urllib3.PoolManager(retries=False, timeout=10)
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    yield Api(base, pool, headers)
    pool.clear()


@pytest.fixture
def client(base: str) -> Iterator[LineClient]:
    with LineClient(TOKEN, api_base=base, data_base=base) as made:
        yield made
