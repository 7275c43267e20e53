"""What is counted of each contact, on SQL: times, kinds and outcomes in clear, nothing of a person."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select

from lamplighter.desk.ports import Behind, Tally
from lamplighter.records.sql.log import SqlLog
from lamplighter.records.sql.scope import Scope
from lamplighter.records.sql.tables import contacts, tallies


class SqlTallies:
    def __init__(self, scope: Scope, log: SqlLog) -> None:
        self._scope, self._log = scope, log

    def keep(self, found: Sequence[Tally]) -> None:
        for each in found:
            self._scope.delete(tallies, contact=each.contact)
        self._scope.insert_all(tallies, [each._asdict() for each in found])

    def behind(self, version: int, limit: int) -> tuple[Behind, ...]:
        self._log.flush()
        same = (tallies.c.practice == contacts.c.practice) & (tallies.c.contact == contacts.c.id)
        counted = (tallies.c.seq >= contacts.c.last_seq) & (tallies.c.version >= version)
        rows = self._scope.connection.execute(
            select(contacts.c.id, contacts.c.last_seq, contacts.c.opened_at)
            .join(tallies, same & counted, isouter=True)
            .where(self._scope.mine(contacts), tallies.c.contact.is_(None))
            .order_by(contacts.c.opened_at, contacts.c.number)
            .limit(limit)
        )
        return tuple(Behind(*row) for row in rows)

    def between(self, start: datetime, end: datetime) -> tuple[Tally, ...]:
        since, before = start.astimezone(UTC), end.astimezone(UTC)
        of = tallies.c
        rows = self._scope.connection.execute(
            select(of.contact, of.seq, of.opened, of.version, of.counted)
            .where(self._scope.mine(tallies), of.opened >= since, of.opened < before)
            .order_by(of.opened, of.contact)
        )
        return tuple(Tally(*row) for row in rows)
