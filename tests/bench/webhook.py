"""How fast is POST /callback, beside a minimal route that does the same and a bare one?

Three apps under the same gunicorn on the same database settings, in turns within one run:
`ours` is planbot's; `minimal` is a Flask route that checks the signature and commits one row;
`bare` checks nothing and stores nothing, the limit of server and client. Clients are processes
with keep-alive connections, every request a signed event of its own.

Target: ours reaches 80 % of minimal's requests a second and at most twice its p99.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import hashlib
import hmac
import itertools
import json
import multiprocessing
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path

from flask import Flask, abort, request
from sqlalchemy import Column, Integer, MetaData, Table, Text, insert

from bot import log
from bot.clock import system_clock
from bot.store.bell import bell_of
from bot.store.engine import Database
from bot.store.migrations import migrate
from bot.web import create_app
from tests import postgres

ROOT = Path(__file__).parents[2]
SECRET = "a secret for measuring"
APPS = ("ours", "minimal", "bare")
WORKERS = {"sqlite": 1, "postgresql": 2}
ENOUGH_REQUESTS = 0.8
SLOW_ENOUGH = 2.0

_rows = Table(
    "bench_rows",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("body", Text, nullable=False),
)


# the apps, as gunicorn loads them


def ours() -> Flask:
    """Planbot's web process."""
    log.configure()
    database = Database(os.environ["BENCH_DATABASE_URL"])
    bell = bell_of(database)
    return create_app(
        database, [SECRET], wake=bell.ring, clock=system_clock, max_body_bytes=2 * 1024 * 1024
    )


def minimal() -> Flask:
    """Signature, one row, commit, 200."""
    engine = Database(os.environ["BENCH_DATABASE_URL"]).engine
    app = Flask("minimal")
    statement = insert(_rows)

    @app.post("/callback")
    def take() -> str:
        body = request.get_data()
        if not hmac.compare_digest(signature(body), request.headers["x-line-signature"]):
            abort(400)
        with engine.begin() as connection:
            connection.execute(statement, {"body": body.decode()})
        return ""

    return app


def bare() -> Flask:
    """200."""
    app = Flask("bare")

    @app.post("/callback")
    def take() -> str:
        request.get_data()
        return ""

    return app


def signature(body: bytes) -> str:
    """LINE's signature of a body."""
    return base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode()


# the measuring


def main(options: list[str]) -> bool:
    """Measure and print; whether the target is met."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench webhook", description=__doc__)
    parser.add_argument("--engine", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each app in each round")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--workers", type=int, help="gunicorn's processes; as `planbot web` has it")
    parser.add_argument("--threads", type=int, default=8, help="of each process")
    given = parser.parse_args(options)
    engines = ("sqlite", "postgresql") if given.engine == "both" else (given.engine,)
    return all([measure(engine, given) for engine in engines])  # noqa: C419 - run every one


def measure(engine: str, given: argparse.Namespace) -> bool:
    """One engine: print its table; whether the target is met."""
    given = argparse.Namespace(**{**vars(given), "workers": given.workers or WORKERS[engine]})
    taken: dict[str, list[float]] = {app: [] for app in APPS}
    rates: dict[str, list[float]] = {app: [] for app in APPS}
    with database_of(engine) as url, contextlib.ExitStack() as servers:
        ports = {app: servers.enter_context(serving(app, url, given)) for app in APPS}
        for app in APPS:
            load(ports[app], given.connections, 0.5)
        for _ in range(given.rounds):
            for app in APPS:
                times, seconds = load(ports[app], given.connections, given.seconds)
                rates[app].append(len(times) / seconds)
                taken[app] += times
    return report(engine, given, rates, taken)


def report(
    engine: str,
    given: argparse.Namespace,
    rates: dict[str, list[float]],
    taken: dict[str, list[float]],
) -> bool:
    """Print the table; whether the target is met."""
    print(
        f"\n{engine}: gunicorn gthread {given.workers}×{given.threads}, "
        f"{given.connections} connections, {given.rounds} rounds of {given.seconds:g} s"
    )
    print(f"{'':8} {'requests/s':>10} {'lowest':>8} {'highest':>8} {'p50 ms':>8} {'p99 ms':>8}")
    for app in APPS:
        rate = statistics.median(rates[app])
        print(
            f"{app:8} {rate:10.0f} {min(rates[app]):8.0f} {max(rates[app]):8.0f} "
            f"{quantile(taken[app], 0.5):8.1f} {quantile(taken[app], 0.99):8.1f}"
        )
    # Round by round, so that a machine that is busy elsewhere disturbs both alike.
    requests = statistics.median(
        a / b for a, b in zip(rates["ours"], rates["minimal"], strict=True)
    )
    slow = quantile(taken["ours"], 0.99) / quantile(taken["minimal"], 0.99)
    met = requests >= ENOUGH_REQUESTS and slow <= SLOW_ENOUGH
    print(
        f"ours : minimal = {requests:.0%} of the requests (≥ {ENOUGH_REQUESTS:.0%}), "
        f"{slow:.2f} × the p99 (≤ {SLOW_ENOUGH:g}): {'met' if met else 'MISSED'}"
    )
    return met


def quantile(times: list[float], share: float) -> float:
    """In milliseconds."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


@contextlib.contextmanager
def database_of(engine: str) -> Iterator[str]:
    """A new database that writes through to the disk."""
    with contextlib.ExitStack() as stack:
        if engine == "sqlite":
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-"))
            url = f"sqlite:///{folder}/bench.sqlite3"
        else:
            server = stack.enter_context(postgres.server(durable=True))
            place = stack.enter_context(postgres.database(server, "planbot_bench"))
            url = place.render_as_string(hide_password=False)
        database = Database(url)
        migrate(database)
        _rows.create(database.engine)
        database.dispose()
        yield url


@contextlib.contextmanager
def serving(app: str, url: str, given: argparse.Namespace) -> Iterator[int]:
    """An app under gunicorn; its port."""
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", f"tests.bench.webhook:{app}()",
        "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread",
        "--workers", str(given.workers), "--threads", str(given.threads),
        "--keep-alive", "60", "--reuse-port", "--no-control-socket", "--log-level", "error",
    ]  # fmt: skip
    environment = {**os.environ, "BENCH_DATABASE_URL": url}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_until_up(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_up(port: int) -> None:
    """Until the server answers at all."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
        except urllib.error.HTTPError as answer:
            answer.close()
            return
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nothing answers on port {port}")


# the clients


def load(port: int, connections: int, seconds: float) -> tuple[list[float], float]:
    """Ask as fast as the answers come; each request's seconds, and how long it all took."""
    processes = 2
    ready = multiprocessing.Barrier(processes + 1)
    results: multiprocessing.SimpleQueue[list[float]] = multiprocessing.SimpleQueue()
    clients = [
        multiprocessing.Process(
            target=client, args=(port, connections // processes, seconds, ready, results)
        )
        for _ in range(processes)
    ]
    for one in clients:
        one.start()
    ready.wait()
    began = time.monotonic()
    times = [taken for _ in clients for taken in results.get()]
    took = time.monotonic() - began
    for one in clients:
        one.join()
    return times, took


def client(port: int, connections: int, seconds: float, ready, results) -> None:  # type: ignore[no-untyped-def]
    """One process with several connections."""
    made = [requests_to_send(int(seconds * 1000)) for _ in range(connections)]
    times: list[float] = []
    ready.wait()
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=ask, args=(port, requests, until, times)) for requests in made
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results.put(times)


def ask(port: int, requests: list[bytes], until: float, times: list[float]) -> None:
    """One keep-alive connection."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for one in itertools.cycle(requests):  # only the bare route is ever asked twice
            began = time.perf_counter()
            line.sendall(one)
            answer = line.recv(65536)
            while b"\r\n\r\n" not in answer:
                answer += line.recv(65536)
            times.append(time.perf_counter() - began)
            assert answer.startswith(b"HTTP/1.1 200"), answer[:100]
            if time.monotonic() >= until:
                return


def requests_to_send(number: int) -> list[bytes]:
    """Whole HTTP requests, each with an event of its own."""
    return [request_of(webhook_body()) for _ in range(number)]


def webhook_body() -> bytes:
    """One text message in one of 200 groups, some 600 bytes as LINE posts it.

    LINE's event ids are ULIDs: time first, then chance.
    """
    chance = uuid.uuid4()
    event = {
        "type": "message",
        "mode": "active",
        "timestamp": int(time.monotonic() * 1000),
        "source": {
            "type": "group",
            "groupId": f"C{chance.int % 200:032x}",
            "userId": "U" + "1" * 32,
        },
        "webhookEventId": f"01{time.monotonic_ns():018d}{chance.hex[:6]}".upper(),
        "deliveryContext": {"isRedelivery": False},
        "replyToken": chance.hex,
        "message": {
            "id": str(chance.int)[:18],
            "type": "text",
            "quoteToken": "q" * 60,
            "text": "小幫手 長期照顧服務線上申辦要在什麼時候以前完成？",
        },
    }
    return json.dumps(
        {"destination": "U" + "0" * 32, "events": [event]}, ensure_ascii=False
    ).encode()


def request_of(body: bytes) -> bytes:
    """A body as an HTTP request."""
    head = (
        "POST /callback HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nx-line-signature: {signature(body)}\r\n\r\n"
    )
    return head.encode() + body
