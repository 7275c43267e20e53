"""Numbers that never come twice, on SQL. A transaction holds its practice's lock, so nobody reads between."""

from lamplighter.records.sql.scope import Scope
from lamplighter.records.sql.tables import counters


class SqlCounters:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def next(self, name: str) -> int:
        before = self._scope.one(counters, name=name)
        if before is None:
            self._scope.insert(counters, name=name, value=1)
            return 1
        value = int(before.value) + 1
        self._scope.update(counters, {"name": name}, value=value)
        return value
