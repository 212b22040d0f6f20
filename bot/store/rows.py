"""Small statements that several tables need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.store.models import Base


def table_of(model: type[Base]) -> Table:
    """The table behind a model: statements on it cost half of those on the model."""
    table = model.__table__
    assert isinstance(table, Table)
    return table


def add_new(
    db: Session | Connection, model: type[Base], rows: Sequence[dict[str, Any]], *, key: str
) -> int:
    """Insert the rows whose `key` is not there yet.

    Args:
        db: a transaction; for one row also a connection that commits each statement by itself.

    Returns:
        How many were new.
    """
    dialect = db.get_bind().dialect.name if isinstance(db, Session) else db.dialect.name
    return change(db, _insert(model, dialect, key), rows[0] if len(rows) == 1 else list(rows))


def change(
    db: Session | Connection,
    statement: Executable,
    parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
) -> int:
    """Run a statement that changes rows, once or for each of several sets of parameters.

    Returns:
        How many rows it changed.
    """
    result = db.execute(statement, parameters, execution_options={"preserve_rowcount": True})
    assert isinstance(result, CursorResult)
    return result.rowcount


@cache
def _insert(model: type[Base], dialect: str, key: str) -> sqlite.Insert | postgresql.Insert:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return insert(table_of(model)).on_conflict_do_nothing(index_elements=[key])
