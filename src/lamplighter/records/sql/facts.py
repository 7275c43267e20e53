"""What people have stated and what stands until it is lifted, on SQL."""

import json
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, bindparam, select

from lamplighter.desk.ports import Fact, FactKind
from lamplighter.desk.ports.facts import OF_NAMES, OF_NUMBERS, name_in
from lamplighter.records.names import comparable
from lamplighter.records.sql.prepared import Prepared
from lamplighter.records.sql.scope import Scope, owner_of
from lamplighter.records.sql.tables import facts


@cache
def _standing(about: bool) -> Prepared:
    """The newest first, of a kind or also about somebody."""
    wanted = (facts.c.practice == bindparam("of_practice")) & (facts.c.kind == bindparam("of_kind"))
    if about:
        wanted &= facts.c.about == bindparam("of_about")
    standing = select(facts).where(wanted & facts.c.lifted.is_(None))
    return Prepared(standing.order_by(facts.c.at.desc(), facts.c.number.desc()))


class SqlFacts:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def state(self, fact: Fact) -> None:
        scope = self._scope
        if scope.one(facts, id=fact.id) is not None:
            return
        place = scope.vault.place("facts", "details", fact.id)
        sealed = scope.keys.seal(*owner_of(fact.person, None), place, json.dumps(fact.details).encode())
        about = self._about(fact.about)
        scope.insert(
            facts, id=fact.id, number=scope.ledger.number(), kind=fact.kind, about=about, at=fact.at,
            by=fact.by, details=sealed, person=fact.person, starts=fact.starts, ends=fact.ends,
            lifted=fact.lifted, lifted_by=fact.lifted_by,
        )  # fmt: skip
        scope.ledger.wrote(f"{fact.kind}_stated", about, sealed, fact.by)

    def lift(self, fact_id: str, by: str, at: datetime) -> bool:
        scope = self._scope
        row = scope.one(facts, id=fact_id)
        if row is None or row.lifted is not None:
            return False
        scope.update(facts, {"id": fact_id}, lifted=at, lifted_by=by)
        scope.ledger.wrote(f"{row.kind}_lifted", row.about, who=by)
        return True

    def get(self, fact_id: str) -> Fact | None:
        row = self._scope.one(facts, id=fact_id)
        return self._fact(row) if row else None

    def standing(self, kind: FactKind, about: str | None = None) -> tuple[Fact, ...]:
        given: dict[str, object] = {"of_practice": self._scope.practice, "of_kind": kind}
        if about is not None:
            given["of_about"] = self._about(about)
        rows = _standing("of_about" in given).all(self._scope.connection, given)
        return tuple(map(self._fact, rows))

    def _about(self, about: str) -> str:
        if about.startswith(OF_NAMES):
            first, last, born = name_in(about)
            return OF_NAMES + self._scope.vault.index("name", comparable(first), comparable(last), born).hex()
        if not about.startswith(OF_NUMBERS):
            return about
        return OF_NUMBERS + self._scope.vault.index("number", about.removeprefix(OF_NUMBERS)).hex()

    def _fact(self, row: Row[Any]) -> Fact:
        scope = self._scope
        place = scope.vault.place("facts", "details", row.id)
        raw = scope.keys.unseal(*owner_of(row.person, None), place, row.details)
        details = tuple((name, value) for name, value in json.loads(raw)) if raw is not None else ()
        return Fact(
            row.id, row.kind, row.about, row.at, row.by, details, row.person, row.starts, row.ends, row.lifted,
            row.lifted_by,
        )  # fmt: skip
