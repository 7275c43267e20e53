"""What people have stated and what stands until it is lifted, in memory."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

from lamplighter.desk.ports import Fact, FactKind
from lamplighter.desk.ports.facts import OF_NAMES, OF_NUMBERS, name_in
from lamplighter.records.memory.ledger import MemoryLedger
from lamplighter.records.memory.state import State
from lamplighter.records.names import comparable


class MemoryFacts:
    def __init__(self, state: State, ledger: MemoryLedger) -> None:
        self._state, self._facts, self._ledger = state, state.facts, ledger

    def state(self, fact: Fact) -> None:
        if fact.id not in self._facts:
            self._state.refuse_the_forgotten(fact.person)
            bounds = {
                name: at.astimezone(UTC)
                for name in ("at", "starts", "ends")
                if (at := getattr(fact, name)) is not None
            }
            about = _about(fact.about)
            self._facts.put(fact.id, replace(fact, about=about, **bounds))
            self._ledger.wrote(f"{fact.kind}_stated", about, repr(fact.details).encode(), fact.by)

    def lift(self, fact_id: str, by: str, at: datetime) -> bool:
        fact = self._facts.get(fact_id)
        if fact is None or fact.lifted is not None:
            return False
        self._facts.put(fact_id, replace(fact, lifted=at.astimezone(UTC), lifted_by=by))
        self._ledger.wrote(f"{fact.kind}_lifted", fact.about, who=by)
        return True

    def get(self, fact_id: str) -> Fact | None:
        return self._facts.get(fact_id)

    def standing(self, kind: FactKind, about: str | None = None) -> tuple[Fact, ...]:
        wanted = None if about is None else _about(about)
        found = [
            fact
            for fact in self._facts.values()
            if fact.kind == kind and fact.lifted is None and wanted in (None, fact.about)
        ]
        return tuple(sorted(found, key=lambda fact: fact.at)[::-1])


def _about(about: str) -> str:
    if about.startswith(OF_NAMES):
        first, last, born = name_in(about)
        plain = "/".join((comparable(first), comparable(last), born))
        return OF_NAMES + hashlib.sha256(plain.encode()).hexdigest()
    if not about.startswith(OF_NUMBERS):
        return about
    return OF_NUMBERS + hashlib.sha256(about.encode()).hexdigest()
