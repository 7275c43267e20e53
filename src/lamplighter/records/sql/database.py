"""What a store on SQL needs of its database: engines, and a connection that belongs to one practice."""

from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection, Engine


class Database(Protocol):
    name: str
    engine: Engine

    def begin(self, practice: str) -> AbstractContextManager[Connection]:
        """A transaction that waits for other writers of the practice and sees no other practice's rows."""
        ...

    def jobs_engine(self) -> Engine:
        """An engine of its own for the job engine's tables, which lie in the same database."""
        ...

    def alone(self) -> AbstractContextManager[None]:
        """Nobody else changes tables or rights while it lasts: workers may start in the same moment."""
        ...

    def migrated(self) -> None:
        """Called, alone, whenever tables may have been added, ours or the job engine's."""
        ...

    def close(self) -> None: ...


def take_your_time(connection: Connection) -> None:
    """Lifts the limits on waiting for this transaction: what nobody waits for may take long (a check, a migration)."""
    if connection.dialect.name == "postgresql":
        for limit in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
            connection.exec_driver_sql(f"SET LOCAL {limit} = 0")
