"""Danger that nobody heard, as somebody who looked a contact over says: an incident that is kept besides the work that
follows from it, and that stays when the contact is forgotten.

What is kept is which contact it was, what was heard and what should have been, in which language and on which channel,
and who says so. No word that was said and no person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lamplighter.conversation.events_of_review import Verdict
from lamplighter.conversation.state import State
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import Account, Fact, Transaction

KIND: Final = "missed_danger"
TAKE_IT_BACK: Final = frozenset({"owner", "clinician"})
_ABOUT: Final = "contact/"


@dataclass(frozen=True, slots=True)
class Missed:
    """`heard`: what the contact was taken for. `by`: who looked it over."""

    contact: str
    heard: str
    locale: str
    channel: str
    at: datetime
    by: str


def keep(tx: Transaction, state: State, heard: Verdict, *, by: str, now: datetime) -> None:
    """Once a contact, however much of it was missed."""
    about = _ABOUT + state.contact
    if tx.facts.standing(KIND, about):
        return
    details = (
        ("heard", heard), ("should", "crisis"), ("locale", state.locale), ("channel", state.channel),
    )  # fmt: skip
    tx.facts.state(Fact(stable_id(KIND, state.contact, str(state.seq)), KIND, about, now, by, details))


def marked_by_mistake(tx: Transaction, contact: str, account: Account, now: datetime) -> None:
    """It counts no more; that it did stands in the ledger. What the desk takes back alone goes on counting."""
    if TAKE_IT_BACK.isdisjoint(account.roles):
        return
    for fact in tx.facts.standing(KIND, _ABOUT + contact):
        tx.facts.lift(fact.id, account.name, now)


def told(tx: Transaction) -> Sequence[Missed]:
    """All that count, the latest first."""
    return tuple(
        Missed(
            fact.about.removeprefix(_ABOUT), fact.value("heard"), fact.value("locale"), fact.value("channel"),
            fact.at, fact.by,
        )
        for fact in tx.facts.standing(KIND)
    )  # fmt: skip
