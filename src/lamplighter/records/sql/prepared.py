"""Statements that are run again and again, without what SQLAlchemy does anew at each of them.

A statement is compiled once a dialect; what it is given and what it finds go through the column types as ever. It runs
on the driver's cursor of the connection, so within its transaction.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.sql.selectable import CompoundSelect, Select
from sqlalchemy.types import TypeEngine

Process = Callable[[Any], Any]
Given = Mapping[str, object]
Query = Select[Any] | CompoundSelect[Any] | UpdateBase


class Prepared:
    """`given` names the columns that an insert fills; `schemas` are put for those that the statement names. Rows have
    the columns by name."""

    def __init__(
        self,
        statement: Query,
        given: Sequence[str] | None = None,
        schemas: Mapping[str, str] | None = None,
    ) -> None:
        self._statement = statement
        self._how: dict[str, Any] = {"column_keys": list(given) if given is not None else None}
        if schemas:
            self._how |= {"schema_translate_map": schemas, "render_schema_translate": True}
        self._compiled: dict[str, _Compiled] = {}

    def all(self, connection: Connection, given: Given) -> list[Any]:
        return self._for(connection.dialect).rows(self.cursor(connection, given).fetchall())

    def cursor(self, connection: Connection, given: Given) -> Any:
        """The driver's own cursor, with what was found as the driver gives it."""
        compiled = self._for(connection.dialect)
        return _run(connection, compiled, compiled.values(given))

    def first(self, connection: Connection, given: Given) -> Any:
        found = self.all(connection, given)
        return found[0] if found else None

    def run(self, connection: Connection, given: Given) -> int:
        """Says how many rows it met."""
        met: int = self.cursor(connection, given).rowcount
        return met

    def run_each(self, connection: Connection, given: Sequence[Given]) -> None:
        if len(given) == 1:
            self.run(connection, given[0])
        elif given:
            compiled = self._for(connection.dialect)
            _run(connection, compiled, [compiled.values(each) for each in given], many=True)

    def _for(self, dialect: Dialect) -> "_Compiled":
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _Compiled(self._statement, self._how, dialect)
        return compiled


class _Compiled:
    def __init__(self, statement: Query, how: Mapping[str, Any], dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect, **how)
        self.sql = str(compiled)
        self._positional: bool = compiled.positional
        names: list[str] = compiled.positiontup if compiled.positional else list(compiled.binds)
        binds: list[BindParameter[Any]] = [compiled.binds[name] for name in names]
        self._binds = [(name, _bind(bind.type, dialect)) for name, bind in zip(names, binds, strict=True)]
        self._fixed = {
            name: compiled.binds[name].value for name in names if not compiled.binds[name].required
        }
        columns = list(statement.exported_columns)
        self._row: Any = namedtuple("Row", [column.key for column in columns])  # type: ignore[misc]
        processed = ((place, _result(column.type, dialect)) for place, column in enumerate(columns))
        self._results = [(place, process) for place, process in processed if process is not None]

    def values(self, given: Given) -> Any:
        if self._fixed:
            given = {**self._fixed, **given}
        if self._positional:
            return [given[name] if process is None else process(given[name]) for name, process in self._binds]
        return {
            name: given[name] if process is None else process(given[name]) for name, process in self._binds
        }

    def rows(self, found: Sequence[Sequence[Any]]) -> list[Any]:
        if not self._results:
            return [self._row(*values) for values in found]
        rows = []
        for stored in found:
            values = list(stored)
            for place, process in self._results:
                values[place] = process(values[place])
            rows.append(self._row(*values))
        return rows


def _bind(of: TypeEngine[Any], dialect: Dialect) -> Process | None:
    return of.dialect_impl(dialect).bind_processor(dialect)


def _result(of: TypeEngine[Any], dialect: Dialect) -> Process | None:
    return of.dialect_impl(dialect).result_processor(dialect, None)


def _run(connection: Connection, compiled: _Compiled, values: Any, *, many: bool = False) -> Any:
    """The cursor after the statement. What goes wrong, and who listens, is met as SQLAlchemy does."""
    cursor = connection.connection.cursor()
    for listens in connection.dispatch.before_cursor_execute:
        listens(connection, cursor, compiled.sql, values, None, many)
    try:
        (cursor.executemany if many else cursor.execute)(compiled.sql, values)
    except connection.dialect.loaded_dbapi.Error as problem:
        raise _met(connection, compiled.sql, problem, cursor) from problem
    return cursor


def _met(connection: Connection, sql: str, problem: Any, cursor: Any) -> BaseException | Any:
    dialect = connection.dialect
    if gone := dialect.is_disconnect(problem, connection.connection.dbapi_connection, cursor):
        connection.invalidate(problem)
    return DBAPIError.instance(
        sql, None, problem, dialect.loaded_dbapi.Error, hide_parameters=True, connection_invalidated=gone,
        dialect=dialect,
    )  # fmt: skip
