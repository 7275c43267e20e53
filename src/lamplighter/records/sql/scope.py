"""What every part of one transaction shares."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, select

from lamplighter.records.sql.keyring import Keyring
from lamplighter.records.sql.ledger import SqlLedger
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

    def one(self, table: Table, **equal: object) -> Row[Any] | None:
        return self.connection.execute(select(table).where(self.mine(table, **equal))).first()

    def insert(self, table: Table, **values: object) -> None:
        self.connection.execute(table.insert().values(practice=self.practice, **values))

    def insert_all(self, table: Table, rows: list[dict[str, object]]) -> None:
        if rows:
            self.connection.execute(table.insert(), [{"practice": self.practice, **row} for row in rows])

    def update(self, table: Table, where: ColumnElement[bool], **values: object) -> int:
        return self.connection.execute(table.update().where(where).values(**values)).rowcount

    def delete(self, table: Table, where: ColumnElement[bool]) -> int:
        return self.connection.execute(table.delete().where(where)).rowcount


def owner_of(person: str | None, contact: str | None) -> tuple[Owner, str]:
    """Under whose key something is sealed: the person's, else the contact's, else the practice's own."""
    if person:
        return "person", person
    return ("contact", contact) if contact else ("practice", "")
