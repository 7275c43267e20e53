"""The card for whoever accepts a hand-over: whom they will speak to, where the call to the emergency services goes, and
what to say first. Nothing on it says what is thought to be the matter.

What is on file of where they are, and what is dialled there, is under glass: the ledger says who looked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lamplighter.conversation.details import Detail
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.state import State
from lamplighter.desk.ports import Transaction
from lamplighter.law.crisis_lines import lines_for
from lamplighter.practice.model import Practice

SENTENCES = ("card.1", "card.2", "card.3")
ROUTES: Mapping[str, str] = {"medical": "medical", "home": "safety at home", "licensed": "clinician"}


@dataclass(frozen=True, slots=True)
class Card:
    """`route` in words; `sentences` are the practice's own. `number` None: withheld, or a web visitor."""

    route: str
    name: str | None
    number: str | None
    language: str
    treating: str | None
    call_back: bool
    sentences: tuple[str, ...]
    emergency: str


@dataclass(frozen=True, slots=True)
class UnderGlass:
    """Where they live, as far as it is on file, and what is dialled from there. For whoever has the hand-over."""

    state: str | None
    phone: str | None
    emergency: str


def card(tx: Transaction, practice: Practice, phrasebook: Phrasebook, state: State) -> Card | None:
    """None where nothing was handed over."""
    handoff = state.handoff
    if handoff is None:
        return None
    person = tx.people.get(state.person) if state.person else None
    said = " ".join(filter(None, (state.value(Detail.FIRST_NAME), state.value(Detail.LAST_NAME))))
    known = f"{person.preferred_name or person.first_name} {person.last_name}" if person else None
    treating = next((c.spoken_name for c in practice.clinicians if person and c.id == person.clinician), None)
    locale = practice.languages_signed[0]
    return Card(
        _route(handoff.route, handoff.about),
        known or said or None,
        state.address,
        state.locale,
        treating,
        not state.quiet,
        tuple(phrasebook.render(locale, name, {}) for name in SENTENCES if phrasebook.has(locale, name)),
        lines_for(state.address, practice.phone).emergency,
    )


def _route(route: str, about: tuple[str, ...]) -> str:
    if route != "crisis":
        return {"clinical": "clinician", "human": "desk"}[route]
    return next((words for name, words in ROUTES.items() if name in about), "a person now")


def break_glass(tx: Transaction, practice: Practice, state: State, *, by: str, now: datetime) -> UnderGlass:
    """What is on file of where they are. Every look stands in the ledger, whatever it found."""
    tx.ledger.note(at=now, who=by, what="glass_broken", about=f"contact/{state.contact}", why="hand-over")
    person = tx.people.get(state.person) if state.person else None
    number = state.address or (person.phone if person else None)
    return UnderGlass(person.state if person else None, number, lines_for(number, practice.phone).emergency)
