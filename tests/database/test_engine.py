from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import URL, select, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from bot.store.bell import bell_of
from bot.store.engine import Database
from bot.store.models import Binding, Chat


def test_a_transaction_is_kept_at_its_end_and_gone_after_an_exception(
    database: Database, now: datetime
) -> None:
    with database.begin() as db:
        db.add(Chat(id="C1", kind="group", since=now))
    with suppress(RuntimeError), database.begin() as db:
        db.add(Chat(id="C2", kind="group", since=now))
        db.flush()
        raise RuntimeError

    with database.begin() as db:
        assert db.scalars(select(Chat.id)).all() == ["C1"]


def test_times_come_back_aware_and_in_utc(database: Database) -> None:
    taipei = timezone(timedelta(hours=8))
    moment = datetime(2026, 3, 2, 10, 30, 0, 123456, tzinfo=taipei)
    with database.begin() as db:
        db.add(Chat(id="C1", kind="group", since=moment))

    with database.begin() as db:
        since = db.get_one(Chat, "C1").since
        assert since == moment
        assert since.tzinfo is UTC
        assert db.scalars(select(Chat.id).where(Chat.since <= moment)).all() == ["C1"]


def test_rules_are_kept_by_the_database(database: Database, now: datetime) -> None:
    broken = [
        Chat(id="C1", kind="planet", since=now),
        Binding(chat_id="nowhere", unit="企劃室", changed_by="x", changed_at=now),
    ]
    for row in broken:
        with database.begin() as db:
            db.add(row)
            with pytest.raises(IntegrityError):
                db.flush()
            db.rollback()


def test_what_was_written_never_appears_in_an_error(database: Database, now: datetime) -> None:
    with database.begin() as db:
        db.add(Chat(id="C1", kind="這是祕密", since=now))
        with pytest.raises(SQLAlchemyError) as caught:
            db.flush()
        db.rollback()

    if database.is_sqlite:  # PostgreSQL itself quotes the row; the log has only the error's type
        assert "祕密" not in str(caught.value)
    assert caught.value.hide_parameters  # type: ignore[attr-defined]


def test_sqlite_is_durable_and_minds_its_keys(sqlite_database: Database) -> None:
    with sqlite_database.engine.connect() as connection:
        pragmas = {
            name: connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_the_folder_of_a_sqlite_file_is_made(
    tmp_path: Path, open_database: Callable[..., Database]
) -> None:
    path = tmp_path / "a" / "b" / "planbot.sqlite3"
    with open_database(URL.create("sqlite", database=str(path))).begin() as db:
        assert db.scalar(text("SELECT 1")) == 1
    assert path.exists()


def test_writers_of_one_process_wait_for_each_other(database: Database, now: datetime) -> None:
    """More of them, for longer, than SQLite's own waiting would bear."""
    errors: list[Exception] = []

    def write(name: int) -> None:
        for number in range(15):
            try:
                with database.begin() as db:
                    db.add(Chat(id=f"C{name}-{number}", kind="group", since=now))
            except SQLAlchemyError as error:
                errors.append(error)

    threads = [threading.Thread(target=write, args=(name,)) for name in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    with database.begin() as db:
        assert len(db.scalars(select(Chat.id)).all()) == 180


def test_what_is_computed_before_the_first_statement_holds_no_lock(
    sqlite_url: URL, open_database: Callable[..., Database], now: datetime
) -> None:
    database = open_database(sqlite_url, busy_seconds=0.2)
    with database.begin() as thinking:
        with database.begin() as db:
            db.add(Chat(id="C1", kind="group", since=now))
        assert thinking.get(Chat, "C1") is not None


# bells


def test_a_bell_wakes_who_waits_and_forgets_no_ring(database: Database) -> None:
    bell = bell_of(database)
    heard = bell.rings
    bell.ring_here()

    bell.wait(heard, 10)  # it rang before we waited

    threading.Timer(0.05, bell.ring_here).start()
    heard = bell.rings
    bell.wait(heard, 10)
    assert bell.rings == heard + 1
    bell.close()


def test_on_postgresql_a_bell_is_heard_in_other_processes(
    emptied_postgres: URL, open_database: Callable[..., Database]
) -> None:
    here, there = (bell_of(open_database(emptied_postgres)) for _ in range(2))
    heard = there.rings
    there.listen()
    there.wait(heard, 10)  # it listens now: it rang once to say that something may have come
    heard = there.rings

    here.ring()
    there.wait(heard, 10)

    assert there.rings > heard
    here.close()
    there.close()


def test_a_bell_that_lost_its_connection_finds_it_again(
    emptied_postgres: URL,
    open_database: Callable[..., Database],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.store.bell._RECONNECT_SECONDS", 0.05)
    database = open_database(emptied_postgres)
    bell = bell_of(database)
    heard = bell.rings
    bell.listen()
    bell.wait(heard, 10)
    heard = bell.rings

    with database.begin() as db:
        db.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
            )
        )
    bell.wait(heard, 10)  # it rings when it listens again

    assert bell.rings > heard
    bell.close()
