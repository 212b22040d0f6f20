"""The database: an address becomes transactions, on SQLite and on PostgreSQL alike.

SQLite in WAL mode with `synchronous=FULL`, since `/callback` promises durable before 200; every
transaction is `BEGIN IMMEDIATE` (DEPENDENCIES, section 3). PostgreSQL through psycopg 3.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.store.migrations import HEAD

_ONE_STATEMENT = "planbot_one_statement"
_IN_TURN = "planbot_in_turn"
_READS = "planbot_reads"
_CONNECT_SECONDS = 3
_DISPATCHERS = 2  # threads of a process that claim: one for each queue
_WALK_INDEXES = (
    "enable_sort=off",
    "enable_seqscan=off",
    "enable_bitmapscan=off",
    "enable_hashjoin=off",
    "enable_mergejoin=off",
    "enable_material=off",
)


class Database:
    """One database with its pool of connections; safe to share between threads, not forks.

    Args:
        url: a SQLAlchemy address; the folder of a SQLite file is made.
        pool_size: connections that are kept open.
        busy_seconds: how long a statement waits for a lock (SQLite) or a connection for its
            turn in the pool.
    """

    def __init__(self, url: str, *, pool_size: int = 10, busy_seconds: float = 5.0) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._turns = _Turns(busy_seconds)
        options = _pool(pool_size, busy_seconds)
        if self.is_sqlite:
            self.engine = self._sqlite(busy_seconds, options)
            self._one_statement: Engine = self.engine.execution_options(**{_ONE_STATEMENT: True})
        else:
            self.engine = self._postgresql(options)
            # Connections of its own: changing one's level and back costs as much as the statement.
            self._one_statement = self._postgresql(
                {**options, "isolation_level": "AUTOCOMMIT", "pool_reset_on_return": None}
            )
        self._in_turn = self.engine.execution_options(**{_IN_TURN: True})
        level = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._reading = self.engine.execution_options(**{_READS: True}, **level)
        self._on_queue: Engine = self._in_turn
        if not self.is_sqlite:
            self._on_queue = self._postgresql(_pool(_DISPATCHERS, busy_seconds), *_WALK_INDEXES)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back by any exception.

        It begins with the first statement, so what is computed before that holds no lock.
        """
        with self._transaction(self._in_turn) as session:
            yield session

    @contextmanager
    def begin_reading(self) -> Iterator[Session]:
        """One transaction that only reads, however long: it sees one moment, and nobody waits."""
        with self._transaction(self._reading) as session:
            yield session

    @contextmanager
    def begin_on_queue(self) -> Iterator[Session]:
        """One transaction for claiming from a queue.

        PostgreSQL's planner believes that a queue is empty, as it nearly always is, and chooses a
        plan that takes the square of a backlog's length when there is one. Here it has to walk
        the queue's indexes in their order.
        """
        with self._transaction(self._on_queue) as session:
            yield session

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Session]:
        try:
            with Session(engine, expire_on_commit=False) as session, session.begin():
                yield session
        finally:
            self._turns.end()

    @contextmanager
    def one_statement(self) -> Iterator[Connection]:
        """A connection for exactly one writing statement, which is its own transaction.

        Spares the BEGIN and the COMMIT, two round trips of three on PostgreSQL.
        """
        with self._one_statement.connect() as connection:
            if not self.is_sqlite:
                yield connection
                return
            self._turns.begin()
            try:
                yield connection
            finally:
                self._turns.end()

    def fault(self) -> str | None:
        """Why the database cannot be used, or None when it answers and its schema is current."""
        try:
            with self._one_statement.connect() as connection:  # a reader need not wait for writers
                if not inspect(connection).has_table("alembic_version"):
                    return "the schema is missing: run planbot migrate"
                version = connection.scalar(text("SELECT version_num FROM alembic_version"))
        except SQLAlchemyError as error:
            return f"the database does not answer ({type(error).__name__})"
        if version != HEAD:
            return f"the schema is at {version}, the program needs {HEAD}: run planbot migrate"
        return None

    def current(self) -> bool:
        """Whether the database answers and its schema is the program's."""
        return self.fault() is None

    def dispose(self) -> None:
        """Close every connection."""
        self._one_statement.dispose()
        self._on_queue.dispose()
        self.engine.dispose()

    def _postgresql(self, options: dict[str, Any], *planner: str) -> Engine:
        return create_engine(
            self.url,
            connect_args={
                "connect_timeout": _CONNECT_SECONDS,
                "application_name": "planbot",
                "options": " ".join(f"-c {setting}" for setting in ("timezone=UTC", *planner)),
            },
            **options,
        )

    def _sqlite(self, busy_seconds: float, options: dict[str, Any]) -> Engine:
        if self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        waits = {"timeout": busy_seconds, "check_same_thread": False}
        engine = create_engine(self.url, connect_args=waits, **options)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", self._begin)
        return engine

    def _begin(self, connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get(_ONE_STATEMENT):
            return
        if options.get(_IN_TURN):
            self._turns.begin()
        connection.exec_driver_sql("BEGIN" if options.get(_READS) else "BEGIN IMMEDIATE")


class _Turns:
    """SQLite's writers of one process, one after the other.

    SQLite has one writer at a time anyway, but those who wait for it look again at growing
    intervals, and some wait long. In a process they wait here, and are woken. Other processes
    still wait as SQLite does, and so does whoever waits here for too long.
    """

    def __init__(self, longest_wait_seconds: float) -> None:
        self._lock = threading.Lock()
        self._longest_wait_seconds = longest_wait_seconds
        self._of_thread = threading.local()

    def begin(self) -> None:
        """Wait for this thread's turn, unless it has it."""
        if not getattr(self._of_thread, "has_it", False):
            self._of_thread.has_it = self._lock.acquire(timeout=self._longest_wait_seconds)

    def end(self) -> None:
        """Give the turn back, if this thread has it."""
        if getattr(self._of_thread, "has_it", False):
            self._of_thread.has_it = False
            self._lock.release()


def _pool(size: int, busy_seconds: float) -> dict[str, Any]:
    return {
        "pool_size": size,
        "max_overflow": size,
        "pool_timeout": busy_seconds,
        "hide_parameters": True,  # they hold what people wrote, and errors are logged
    }


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late, see the module
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()
