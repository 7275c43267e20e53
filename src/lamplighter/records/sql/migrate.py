"""Brings a store to the schema that this version of the product knows, whatever it stood at."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from lamplighter.records.errors import NewerStore
from lamplighter.records.sql.database import Database, take_your_time

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0011"
"""The schema that this version knows: a store that stands here opens without loading Alembic."""


def migrate(database: Database) -> None:
    """Applies what is missing, called alone. Raises NewerStore when the store is ahead of this version."""
    with database.engine.begin() as connection:
        take_your_time(connection)
        stands_at = revision(connection)
        if stands_at != HEAD:
            _upgrade(connection, stands_at)


def revision(connection: Connection) -> str | None:
    """Where a store stands; None while it has no tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _upgrade(connection: Connection, stands_at: str | None) -> None:
    from alembic import command
    from alembic.script import ScriptDirectory

    config = configuration(connection)
    known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    if stands_at is not None and stands_at not in known:
        raise NewerStore(stands_at)
    command.upgrade(config, HEAD)


def configuration(connection: Connection) -> "Config":
    """What Alembic needs to find our migrations and run them on this connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "lamplighter.records.sql:migrations")
    config.attributes["connection"] = connection
    return config
