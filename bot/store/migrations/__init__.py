"""The schema's history, kept by Alembic; `planbot migrate` calls `migrate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic.config import Config

    from bot.store.engine import Database

HEAD = "0007"
"""The newest revision, here so that the web process need not import Alembic to know it."""


def migrate(database: Database) -> None:
    """Bring the schema up to date; several processes may try at once, one does it.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database does not answer or refuses a change.
    """
    from alembic import command  # 204 ms, and only this command needs it

    with database.engine.connect() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(database: Database) -> bool:
    """Whether the schema is the program's."""
    return database.current()


def newest() -> str | None:
    """The newest revision among the files of this folder."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    # A percent sign in the path would be read as an interpolation.
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
