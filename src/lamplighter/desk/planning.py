"""A contact plan: whom to ring first for somebody, signed by a clinician. A list of steps of the ladder and nothing
else: there is no room in it for a word of why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import Fact, Transaction
from lamplighter.practice.model import Practice, Rung

LONGEST = 3


@dataclass(frozen=True, slots=True)
class Plan:
    rungs: tuple[str, ...]
    by: str
    at: datetime


def may_be_first(practice: Practice) -> tuple[Rung, ...]:
    """The people of the ladder: a line such as 988 is offered first and rung last."""
    sides = (practice.ladder.by_day, practice.ladder.after_hours)
    found = {rung.id: rung for side in sides for rungs in side.values() for rung in rungs}
    return tuple(rung for rung in found.values() if rung.kind not in ("line", "answering_service"))


def sign(tx: Transaction, person: str, rungs: Sequence[str], *, by: str, now: datetime) -> None:
    """In place of the one before; no rungs take it back."""
    for fact in tx.facts.standing("contact_plan", f"person/{person}"):
        tx.facts.lift(fact.id, by, now)
    if rungs:
        once = tuple(dict.fromkeys(rungs))[:LONGEST]
        details = tuple(("rung", rung) for rung in once)
        name = stable_id("contact_plan", person, now.isoformat(), *once)
        tx.facts.state(Fact(name, "contact_plan", f"person/{person}", now, by, details, person))


def of(tx: Transaction, person: str) -> Plan | None:
    found = tx.facts.standing("contact_plan", f"person/{person}")
    return Plan(tuple(rung for _, rung in found[0].details), found[0].by, found[0].at) if found else None


def first_for(tx: Transaction, person: str | None) -> tuple[str, ...]:
    """For the ladder: none for somebody who is not known or has no plan."""
    plan = of(tx, person) if person else None
    return plan.rungs if plan else ()


def names(practice: Practice, rungs: Sequence[str]) -> tuple[str, ...]:
    known = {rung.id: rung.name for rung in may_be_first(practice)}
    return tuple(known[rung] for rung in rungs if rung in known)
