"""The commands that stay: a question goes in, its answer comes out, and SIGTERM ends them."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import urllib3
from sqlalchemy import URL

from bot.line.stand_in import Person, StandIn

PATIENCE_SECONDS = 120
"""On a busy machine; usually a few."""


class Process:
    """A planbot process with the ports of its own."""

    def __init__(self, running: subprocess.Popen[str], log: Path) -> None:
        self._running = running
        self._log = log

    def ends(self, number: int = signal.SIGTERM) -> int:
        """Tell it to stop; its exit status."""
        self._running.send_signal(number)
        return self._running.wait(PATIENCE_SECONDS)

    def first_line(self) -> str:
        """What it prints first."""
        assert self._running.stdout is not None
        return self._running.stdout.readline()

    def must_live(self) -> None:
        """Fail with its log when it has ended."""
        assert self._running.poll() is None, self._log.read_text()


@pytest.fixture
def planbot(tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """Starts a command: `planbot("serve", PORT="9000")`; it is killed in the end."""
    with contextlib.ExitStack() as open_things:

        def start(*arguments: str, **environ: str) -> Process:
            log = tmp_path / f"{arguments[0]}.log"
            running = open_things.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "bot", *arguments],
                    cwd=tmp_path,
                    env={**os.environ, **environ},
                    stdout=subprocess.PIPE,
                    stderr=open_things.enter_context(log.open("w")),
                    text=True,
                )
            )
            open_things.callback(running.kill)
            return Process(running, log)

        yield start


@pytest.fixture
def line() -> Iterator[StandIn]:
    """LINE, on the machine's own clock."""
    stand_in = StandIn(secret="secret", token="token")
    yield stand_in
    stand_in.stop()


@pytest.fixture
def person(line: StandIn) -> Person:
    """Somebody with a question."""
    return line.add_person("王美玲")


@pytest.fixture
def http() -> Iterator[urllib3.PoolManager]:
    """A browser."""
    with urllib3.PoolManager(retries=False, timeout=10) as pool:
        yield pool


def environment(line: StandIn, port: int, **more: str) -> dict[str, str]:
    """A channel's variables."""
    base = line.start()
    return {
        "LINE_CHANNEL_SECRET": line.secret,
        "LINE_CHANNEL_ACCESS_TOKEN": line.token,
        "LINE_API_BASE": base,
        "LINE_API_DATA_BASE": base,
        "PORT": str(port),
        **more,
    }


def free_port() -> int:
    """A port that nobody has at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port: int = door.getsockname()[1]
        return port


def wait_until_ready(http: urllib3.PoolManager, address: str, process: Process) -> None:
    """Until /readyz answers 200."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        process.must_live()
        with contextlib.suppress(urllib3.exceptions.HTTPError):
            if http.request("GET", f"{address}/readyz").status == 200:
                return
        assert time.monotonic() < deadline, "it did not become ready"
        time.sleep(0.05)


def answered(line: StandIn, person: Person, words: str) -> str:
    """What the bot says to a person's words."""
    before = len(line.said_to(person.id))
    line.say(person.id, person.id, words)
    deadline = time.monotonic() + PATIENCE_SECONDS
    seen = line.seq
    while len(line.said_to(person.id)) == before:
        assert time.monotonic() < deadline, "no answer"
        seen = line.wait_for_change(seen, 1.0)
    return line.said_to(person.id)[before]


def test_serve_answers_in_one_process_and_ends_cleanly(
    planbot: Callable[..., Process], line: StandIn, person: Person, http: urllib3.PoolManager
) -> None:
    port = free_port()
    process = planbot("serve", **environment(line, port))
    address = f"http://127.0.0.1:{port}"
    wait_until_ready(http, address, process)
    line.webhook_url = f"{address}/callback"

    assert answered(line, person, "說明").startswith("說明")
    assert process.ends() == 0


def test_web_and_worker_share_the_work_on_postgresql(
    planbot: Callable[..., Process],
    line: StandIn,
    person: Person,
    http: urllib3.PoolManager,
    postgres_url: URL,
) -> None:
    port = free_port()
    shared = postgres_url.render_as_string(hide_password=False)
    environ = environment(line, port, DATABASE_URL=shared)
    web, worker = planbot("web", **environ), planbot("worker", **environ)
    address = f"http://127.0.0.1:{port}"
    wait_until_ready(http, address, web)
    line.webhook_url = f"{address}/callback"

    assert answered(line, person, "說明").startswith("說明")
    assert (web.ends(), worker.ends()) == (0, 0)


def test_the_metrics_of_several_web_processes_are_their_sums(
    planbot: Callable[..., Process], line: StandIn, http: urllib3.PoolManager, postgres_url: URL
) -> None:
    port = free_port()
    shared = postgres_url.render_as_string(hide_password=False)
    web = planbot("web", **environment(line, port, DATABASE_URL=shared, WEB_CONCURRENCY="2"))
    address = f"http://127.0.0.1:{port}"
    wait_until_ready(http, address, web)
    refused = 'planbot_webhooks_total{outcome="bad_signature"}'

    for number in range(1, 21):  # each on a connection of its own, taken by either process
        with urllib3.PoolManager() as stranger:
            stranger.request("POST", f"{address}/callback", body=b"{}")
            shown = stranger.request("GET", f"{address}/metrics").data.decode()
        assert f"{refused} {number}.0" in shown.splitlines()
    assert "planbot_waiting" in shown
    assert web.ends() == 0


def test_demo_opens_its_page_without_any_account(
    planbot: Callable[..., Process], http: urllib3.PoolManager
) -> None:
    process = planbot("demo", "--port", "0")
    address = process.first_line().strip().partition("：")[2]

    page = http.request("GET", f"{address}demo/")
    state = http.request("GET", f"{address}demo/api/state").json()

    assert page.status == 200
    assert "試用" in page.data.decode()
    assert [chat["name"] for chat in state["chats"]][:2] == ["衛生局企劃室", "三民二所"]
    assert process.ends(signal.SIGINT) == 0
