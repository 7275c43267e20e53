"""Brings a store to the schema that this version of the product knows, whatever it stood at."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from lamplighter.records.errors import NewerStore
from lamplighter.records.sql.database import Database


def migrate(database: Database) -> None:
    """Applies what is missing. Raises NewerStore when the store is ahead of this version."""
    with database.engine.begin() as connection:
        if database.name == "postgresql":
            connection.exec_driver_sql(
                "SELECT pg_advisory_xact_lock(hashtextextended('lamplighter schema', 0))"
            )
        config = _config(connection)
        script = ScriptDirectory.from_config(config)
        stands_at = MigrationContext.configure(connection).get_current_revision()
        if stands_at is not None and stands_at not in {step.revision for step in script.walk_revisions()}:
            raise NewerStore(stands_at)
        if stands_at != script.get_current_head():
            command.upgrade(config, "head")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", "lamplighter.records.sql:migrations")
    config.attributes["connection"] = connection
    return config
