"""Gunicorn as planbot uses it: threads, no control socket, log lines like all others.

Each process loads the application after the fork, so no connection, thread or model is shared
(DEPENDENCIES, section 4).
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger

from bot.app import App
from bot.errors import PlanbotError

GRACE_SECONDS = 30
THREADS = 8


def serve(
    make: Callable[[], App], *, port: int, processes: int, also: Callable[[App], None] | None = None
) -> None:
    """Serve HTTP until SIGTERM; what is in hand is finished first.

    Args:
        make: makes the application, once in each process.
        also: begins what else the process does, after the application is loaded.

    Raises:
        PlanbotError: it could not begin; each process has said why on stderr.
    """
    parent = os.getpid()
    folder = _folder_for_metrics() if processes > 1 else None
    try:
        _Server(make, port=port, processes=processes, also=also).run()
    except SystemExit as left:
        # A forked process leaves this way, too; its status is for gunicorn.
        if os.getpid() == parent and left.code not in (None, 0):
            raise PlanbotError("the server did not start, see above") from left
        raise
    finally:
        if folder is not None and os.getpid() == parent:
            shutil.rmtree(folder, ignore_errors=True)


def _folder_for_metrics() -> str:
    """Where several processes keep their numbers, so that any of them can show the sums.

    prometheus-client looks for it when it is imported: by each process, after the fork.
    """
    folder = tempfile.mkdtemp(prefix="planbot-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
    return folder


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    def __init__(
        self,
        make: Callable[[], App],
        *,
        port: int,
        processes: int,
        also: Callable[[App], None] | None,
    ) -> None:
        self._make = make
        self._options: dict[str, Any] = {"bind": f"0.0.0.0:{port}", "workers": processes}
        self._also = also
        self._app: App | None = None
        super().__init__()

    def load_config(self) -> None:
        """Set what differs from gunicorn's defaults."""
        options: dict[str, Any] = {
            **self._options,
            "worker_class": "gthread",
            "threads": THREADS,
            "graceful_timeout": GRACE_SECONDS,
            "control_socket_disable": True,
            "logger_class": _Log,
            "post_worker_init": self._begin,
            "worker_exit": self._end,
            "child_exit": self._gone,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The WSGI application."""
        self._app = self._make()
        return self._app.web()

    def _begin(self, worker: object) -> None:
        if self._also is None or self._app is None:
            return
        try:
            self._also(self._app)
        except PlanbotError as error:
            sys.stderr.write(f"planbot: {error}\n")
            sys.exit(Arbiter.WORKER_BOOT_ERROR)  # it would fail again, so all of it ends

    def _end(self, server: object, worker: object) -> None:
        if self._app is not None:
            self._app.close()

    def _gone(self, server: object, worker: Any) -> None:
        if self._options["workers"] > 1:
            from prometheus_client import multiprocess

            multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


class _Log(Logger):  # type: ignore[misc]  # gunicorn has no types
    def setup(self, cfg: Any) -> None:
        """Leave the writing to the root logger, which writes JSON to stderr."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Without the address of the request, which may be a secret link."""
        super().exception(str(msg).partition(" %")[0], **kwargs)
