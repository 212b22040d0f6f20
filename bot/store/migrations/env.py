"""Alembic calls this file; `migrate` hands it an open connection."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, text

from bot.store.models import Base

_LOCK = 0x706C616E626F74  # "planbot": one migration at a time


def run(connection: Connection) -> None:
    """Run the revisions in one transaction, alone."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        transactional_ddl=True,  # ours begins for itself, on SQLite too
        render_as_batch=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        context.run_migrations()


run(context.config.attributes["connection"])
