"""What keeps us from writing to somebody about money, and a biller's word that they may be asked all the same.

What a biller states is a state of affairs in one word of a list, with who and when; there is no room for a story.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lamplighter.desk import stopping
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import Fact, Message, Task, Transaction
from lamplighter.desk.ports.facts import FactKind

KINDS: Final[tuple[FactKind, ...]] = ("bill_hold", "bill_may_ask")
HOLDS: Final[Mapping[str, str]] = {
    "hardship": "They can't pay",
    "dispute": "They dispute it",
    "estate": "A death or an estate",
    "law": "A lawyer or a court",
    "bankruptcy": "Bankruptcy",
    "asked": "They asked not to be written to about money",
}
OVERRIDES: Final[Mapping[str, str]] = {
    "not_covered_agreed": "A service the plan does not cover, agreed to in writing before",
    "spend_down": "Their share under a spend-down",
    "not_medicaid": "They have no Medicaid (any more): the record is to be put right",
}
"""Why somebody whose payer's class forbids it may be asked for money (rule 35)."""

LATE: Final = "bill_late"
"""How the phrases about a missing payment go on behind their channel."""

BACK: Final = "money_back"
"""How the phrases about money that went back do."""

_GOES_ON: Final = frozenset({"plan_begun", "plan_late", "receipt", "estimate", "still_open"})
"""What a biller may have to do for somebody while we write to them."""

_OF_PEOPLE: Final = ("handoff", "clinical", "follow_up", "message", "callback", "not_reached")


@dataclass(frozen=True, slots=True)
class Stated:
    id: str
    why: str
    at: datetime
    by: str


def hold(tx: Transaction, person: str, why: str, *, by: str, now: datetime) -> None:
    """From this transaction on nothing of ours about money goes to them. `why`: of HOLDS."""
    if all(each.why != why for each in held(tx, person)):
        name = stable_id("bill_hold", person, why, now.isoformat())
        tx.facts.state(Fact(name, "bill_hold", f"person/{person}", now, by, (("why", why),), person))


def held(tx: Transaction, person: str) -> tuple[Stated, ...]:
    """By whichever record may be theirs; the newest first."""
    found = (
        fact for one in stopping.meant(tx, person) for fact in tx.facts.standing("bill_hold", f"person/{one}")
    )
    return tuple(map(_stated, sorted(found, key=lambda fact: fact.at, reverse=True)))


def may_ask(tx: Transaction, person: str) -> Stated | None:
    """A biller has said that they may be asked for money though they have Medicaid, and why."""
    found = tx.facts.standing("bill_may_ask", f"person/{person}")
    return _stated(found[0]) if found else None


def let_ask(tx: Transaction, person: str, why: str, *, by: str, now: datetime) -> None:
    """`why`: of OVERRIDES. In place of what was said before."""
    for fact in tx.facts.standing("bill_may_ask", f"person/{person}"):
        tx.facts.lift(fact.id, by, now)
    name = stable_id("bill_may_ask", person, why, now.isoformat())
    tx.facts.state(Fact(name, "bill_may_ask", f"person/{person}", now, by, (("why", why),), person))


def take_back(tx: Transaction, fact_id: str, *, by: str, now: datetime) -> bool:
    """A hold, or the word that they may be asked. False where it stands no more."""
    fact = tx.facts.get(fact_id)
    ours = fact is not None and fact.kind in KINDS
    return ours and tx.facts.lift(fact_id, by, now)


def _stated(fact: Fact) -> Stated:
    return Stated(fact.id, fact.value("why"), fact.at, fact.by)


# -- what is open ------------------------------------------------------------------------------------------------------


def is_with_a_person(tx: Transaction, person: str, address: str | None) -> bool:
    """Somebody here has something of theirs in hand that has to be settled first: a hand-over, a message, or a thing
    that the biller was asked about."""
    people = stopping.meant(tx, person)
    return any(_is_in_the_way(task, people, address) for task in tx.tasks.list_open())


def _is_in_the_way(task: Task, people: frozenset[str], address: str | None) -> bool:
    theirs = task.person in people
    at_theirs = address is not None and not {("phone", address), ("email", address.lower())}.isdisjoint(
        task.details
    )
    if not theirs and not at_theirs:
        return False
    if task.kind == "billing":
        return dict(task.details).get("about") not in _GOES_ON
    return task.kind in _OF_PEOPLE


def in_the_way(tx: Transaction, message: Message) -> bool:
    """Of a message about money that was to go: the plan that it is about is gone, or a person has to see to them
    first. That money is on its way back presses nobody: that waits for no task of theirs."""
    if message.person is None:
        return True
    if message.phrase.partition(".")[2].startswith(BACK):
        return bool(held(tx, message.person))
    if message.phrase.partition(".")[2].startswith(LATE):
        plans = tx.facts.standing("bill_plan", f"person/{message.person}")
        if all(late_name(plan.id) != message.id for plan in plans):
            return True
    return bool(held(tx, message.person)) or is_with_a_person(tx, message.person, message.to)


def late_name(plan: str) -> str:
    """Of the one message about a payment of this plan that is missing."""
    return stable_id(LATE, plan)
