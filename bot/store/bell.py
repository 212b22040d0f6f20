"""Wake-ups: whoever adds work rings, whoever waits for work hears it.

Inside one process that is a counter; between processes on PostgreSQL it is LISTEN/NOTIFY. A ring
may be lost when a connection breaks, so who waits looks for itself from time to time as well.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL

from bot.store.engine import Database

if TYPE_CHECKING:
    import psycopg

log = logging.getLogger(__name__)

_CHANNEL = "planbot"
_RECONNECT_SECONDS = 2.0
_LISTEN_SECONDS = 1.0
_PAUSE_SECONDS = 0.02  # after a NOTIFY; the rings of that time become the next one


class Bell:
    """Wakes the threads of this process."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._rings = 0

    @property
    def rings(self) -> int:
        """How often it rang; ask before looking for work, then `wait` for more."""
        with self._changed:
            return self._rings

    def ring(self) -> None:
        """Wake everybody who may have work now."""
        self.ring_here()

    def ring_here(self) -> None:
        """Wake this process only."""
        with self._changed:
            self._rings += 1
            self._changed.notify_all()

    def wait(self, heard: int, seconds: float) -> None:
        """Return when it rang since it had rung `heard` times, at the latest after `seconds`."""
        with self._changed:
            self._changed.wait_for(lambda: self._rings != heard, seconds)

    def listen(self) -> None:
        """Begin to hear other processes."""

    def close(self) -> None:
        """End the threads and connections."""


class PostgresBell(Bell):
    """Wakes the threads of every process on one PostgreSQL.

    NOTIFY has a thread and a connection of its own: inside the webhook's transaction it would
    make all commits wait for each other. Rings that come close together are one NOTIFY. The
    threads begin with the first `ring` or `listen`, so after any fork.
    """

    def __init__(self, url: URL) -> None:
        super().__init__()
        self._conninfo = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._to_tell = threading.Event()
        self._closing = threading.Event()
        self._starting = threading.Lock()
        self._threads: dict[str, threading.Thread] = {}

    def ring(self) -> None:
        """Wake everybody, here and elsewhere."""
        self.ring_here()
        self._to_tell.set()
        self._begin("notify")

    def listen(self) -> None:
        """Begin to hear other processes."""
        self._begin("listen")

    def close(self) -> None:
        """End the threads and connections."""
        self._closing.set()
        self._to_tell.set()
        for thread in self._threads.values():
            thread.join()

    def _begin(self, name: str) -> None:
        if name in self._threads:
            return
        with self._starting:
            if name not in self._threads and not self._closing.is_set():
                work = {"notify": self._notify, "listen": self._hear}[name]
                thread = threading.Thread(
                    target=self._keep, args=(work,), name=f"bell-{name}", daemon=True
                )
                self._threads[name] = thread
                thread.start()

    def _keep(self, work: Callable[[psycopg.Connection[Any]], None]) -> None:
        """Keep a connection open and work on it until closing."""
        import psycopg

        while not self._closing.is_set():
            try:
                with psycopg.connect(self._conninfo, autocommit=True, connect_timeout=3) as line:
                    work(line)
            except psycopg.Error as error:
                log.warning("bell_lost", extra={"error": type(error).__name__})
                self._closing.wait(_RECONNECT_SECONDS)

    def _notify(self, line: psycopg.Connection[Any]) -> None:
        while not self._closing.is_set():
            self._to_tell.wait()
            self._to_tell.clear()
            if not self._closing.is_set():
                line.execute(f"NOTIFY {_CHANNEL}")
                self._closing.wait(_PAUSE_SECONDS)

    def _hear(self, line: psycopg.Connection[Any]) -> None:
        line.execute(f"LISTEN {_CHANNEL}")
        self.ring_here()  # something may have come before we listened
        while not self._closing.is_set():
            for _ in line.notifies(timeout=_LISTEN_SECONDS, stop_after=1):
                self.ring_here()


def bell_of(database: Database) -> Bell:
    """The bell for a database."""
    return Bell() if database.is_sqlite else PostgresBell(database.url)
