from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, CheckConstraint, inspect, make_url, text

from bot.store.engine import Database
from bot.store.migrations import HEAD, is_current, migrate, newest
from bot.store.models import Base
from tests import postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(
    request: pytest.FixtureRequest, tmp_path: Path, open_database: Callable[..., Database]
) -> Iterator[Database]:
    """A database without any table."""
    if request.param == "sqlite":
        yield open_database(make_url(f"sqlite:///{tmp_path}/new/folder/planbot.sqlite3"))
        return
    server: URL = request.getfixturevalue("postgres_server")
    with postgres.database(server, "planbot_bare") as url:
        database = open_database(url)
        yield database
        database.dispose()


def test_the_program_knows_its_newest_revision() -> None:
    assert newest() == HEAD


def test_migrations_end_where_the_models_are(bare: Database) -> None:
    migrate(bare)

    with bare.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_partial_indexes_are_made_with_their_conditions(bare: Database) -> None:
    """Alembic does not compare them, and the queues rest on them."""
    migrate(bare)

    indexes = {i["name"]: i for i in inspect(bare.engine).get_indexes("inbox_events")}
    option = f"{bare.engine.dialect.name}_where"
    assert "settled_at IS NULL" in str(indexes["ix_inbox_events_order"]["dialect_options"][option])
    assert indexes["uq_inbox_events_one_in_hand"]["unique"]
    assert "claimed" in str(indexes["uq_inbox_events_one_in_hand"]["dialect_options"][option])


def test_the_rules_of_the_models_are_made_under_their_names(bare: Database) -> None:
    """Alembic does not compare these either."""
    migrate(bare)

    for table in Base.metadata.sorted_tables:
        meant = {c.name for c in table.constraints if isinstance(c, CheckConstraint)}
        made = {c["name"] for c in inspect(bare.engine).get_check_constraints(table.name)}
        assert made == meant


def test_a_second_migration_changes_nothing(bare: Database) -> None:
    migrate(bare)
    migrate(bare)
    assert is_current(bare)


def test_a_database_without_schema_is_not_current(bare: Database) -> None:
    assert not is_current(bare)
    assert bare.fault() == "the schema is missing: run planbot migrate"


def test_a_schema_of_another_version_is_not_current(bare: Database) -> None:
    migrate(bare)
    with bare.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    assert bare.fault() == f"the schema is at 9999, the program needs {HEAD}: run planbot migrate"


def test_a_database_that_is_away_says_so(
    tmp_path: Path, open_database: Callable[..., Database]
) -> None:
    away = open_database(make_url(f"postgresql+psycopg://nobody@/none?host={tmp_path}"))
    assert away.fault() == "the database does not answer (OperationalError)"
