"""What every part of one transaction shares."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam, select

from lamplighter.records.sql.keyring import Keyring
from lamplighter.records.sql.ledger import SqlLedger
from lamplighter.records.sql.prepared import Prepared
from lamplighter.records.vault import Owner, Vault


@dataclass(frozen=True, slots=True)
class Scope:
    """One practice's transaction. Statements go through it, so that none is written without its practice."""

    connection: Connection
    practice: str
    vault: Vault
    keys: Keyring
    ledger: SqlLedger

    def mine(self, table: Table, **equal: object) -> ColumnElement[bool]:
        """The condition that picks this practice's rows with these values."""
        condition = table.c.practice == self.practice
        for name, value in equal.items():
            condition &= table.c[name] == value
        return condition

    def one(self, table: Table, **equal: object) -> Any:
        """The row with these values; None when there is none."""
        return _selected(table, tuple(equal)).first(self.connection, self._keys(equal))

    def all(self, table: Table, *order: str, **equal: object) -> list[Any]:
        """The rows with these values, in the order of these columns; a "-" before one turns it round."""
        return _in_order(table, tuple(equal), order).all(self.connection, self._keys(equal))

    def insert(self, table: Table, **values: object) -> None:
        self.insert_all(table, [values])

    def insert_all(self, table: Table, rows: list[dict[str, object]]) -> None:
        """Rows with the same columns all."""
        if rows:
            mine: list[dict[str, object]] = [{"practice": self.practice, **row} for row in rows]
            _inserted(table, tuple(mine[0])).run_each(self.connection, mine)

    def update(self, table: Table, equal: dict[str, object], **values: object) -> int:
        """Changes this practice's rows that have the values of `equal`. Says how many."""
        statement = _updated(table, tuple(equal), tuple(values))
        return statement.run(self.connection, {**self._keys(equal), **values})

    def delete(self, table: Table, **equal: object) -> int:
        return _deleted(table, tuple(equal)).run(self.connection, self._keys(equal))

    def _keys(self, equal: dict[str, object]) -> dict[str, object]:
        return {"of_practice": self.practice, **{f"of_{name}": value for name, value in equal.items()}}


# Building a statement costs more than running it, and there are only so many shapes: each is built once.


def _where(table: Table, names: tuple[str, ...]) -> ColumnElement[bool]:
    condition = table.c.practice == bindparam("of_practice", type_=table.c.practice.type)
    for name in names:
        condition &= table.c[name] == bindparam(f"of_{name}", type_=table.c[name].type)
    return condition


@cache
def _selected(table: Table, names: tuple[str, ...]) -> Prepared:
    return Prepared(select(table).where(_where(table, names)))


@cache
def _in_order(table: Table, names: tuple[str, ...], order: tuple[str, ...]) -> Prepared:
    columns = [table.c[name[1:]].desc() if name.startswith("-") else table.c[name] for name in order]
    return Prepared(select(table).where(_where(table, names)).order_by(*columns))


@cache
def _inserted(table: Table, names: tuple[str, ...]) -> Prepared:
    return Prepared(table.insert(), names)


@cache
def _updated(table: Table, names: tuple[str, ...], values: tuple[str, ...]) -> Prepared:
    changes = {name: bindparam(name, type_=table.c[name].type) for name in values}
    return Prepared(table.update().where(_where(table, names)).values(changes))


@cache
def _deleted(table: Table, names: tuple[str, ...]) -> Prepared:
    return Prepared(table.delete().where(_where(table, names)))


def owner_of(person: str | None, contact: str | None) -> tuple[Owner, str]:
    """Under whose key something is sealed: the person's, else the contact's, else the practice's own."""
    if person:
        return "person", person
    return ("contact", contact) if contact else ("practice", "")
