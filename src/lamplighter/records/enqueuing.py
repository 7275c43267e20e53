"""What the job engine inserts for a job, at the price of what it inserts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.sql.dml import UpdateBase

from lamplighter.records.sql.prepared import Prepared


class Inserts:
    """DBOS compiles the statements of an enqueue once on PostgreSQL, and on SQLite anew each time. This does as much
    for SQLite; where a later DBOS asks for it no more, an enqueue is only slower."""

    def __init__(self) -> None:
        self._prepared: dict[tuple[str, ...], Prepared] = {}

    def __call__(
        self,
        connection: Connection,
        name: str,
        values: dict[str, object],
        build: Callable[[], UpdateBase],
        *,
        insert_columns: bool = True,
    ) -> "_Found":
        shape = (name, *values)
        if shape not in self._prepared:
            schemas = connection.get_execution_options().get("schema_translate_map")
            self._prepared[shape] = Prepared(build(), tuple(values) if insert_columns else None, schemas)
        return _Found(self._prepared[shape].cursor(connection, values))


class _Found:
    """As much of a result as DBOS looks at: the row that is there, by column."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def fetchone(self) -> "_FoundRow | None":
        row = self._cursor.fetchone()
        if row is None:
            return None
        return _FoundRow(dict(zip((column[0] for column in self._cursor.description), row, strict=True)))


@dataclass(frozen=True, slots=True)
class _FoundRow:
    _mapping: dict[str, Any]
