"""The card for whoever accepts a hand-over: whom they will speak to, who was rung, where the call to the emergency
services goes, and what to say first. Nothing on it says what is thought to be the matter.

What is on file of where they are, and what is dialled there, is under glass: whoever looks says why, and the ledger
keeps it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from lamplighter.conversation import events as e
from lamplighter.conversation.details import Detail
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.state import State, fold
from lamplighter.desk import calling_back, owed, planning
from lamplighter.desk.ports import Account, Fact, Person, Transaction
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.emergency import number_at
from lamplighter.practice.model import EmergencyNumber, Practice
from lamplighter.practice.rota import rung_as_of

SENTENCES = ("card.1", "card.2", "card.3")
ROUTES: Mapping[str, str] = {"medical": "medical", "home": "safety at home", "licensed": "clinician"}
REASONS: Mapping[str, str] = {
    "help": "to say where help is needed",
    "reach": "to reach them again",
    "sure": "to be sure who it is",
}
"""Why somebody looks under the glass; one of these stands in the ledger."""


@dataclass(frozen=True, slots=True)
class Rang:
    """Somebody who was rung, and what came of it so far."""

    name: str
    licensed: bool
    answer: str


@dataclass(frozen=True, slots=True)
class Card:
    """`route` in words; `sentences` are the practice's own. `number` None: `withheld`, or a web visitor. `emergency` is
    what they dial themselves, `there` the ten digits that are dialled for them from elsewhere: for whoever has it."""

    route: str
    name: str | None
    pronouns: str | None
    number: str | None
    withheld: bool
    language: str
    treating: str | None
    call_back: bool
    sentences: tuple[str, ...]
    emergency: str
    there: str | None
    rang: tuple[Rang, ...]
    ask_first: bool = False
    plan: tuple[str, ...] = ()  # whom to ring first, as a clinician has signed it
    plan_by: str | None = None
    no_texts: bool = False  # they wrote STOP, and a carrier may keep our texts from them
    tried: tuple[calling_back.Attempt, ...] = ()  # who called them back, the latest first


@dataclass(frozen=True, slots=True)
class UnderGlass:
    """Where they live, as far as it is on file, and what is dialled from there. For whoever has the hand-over."""

    state: str | None
    phone: str | None
    emergency: str
    address: str | None = None
    there: EmergencyNumber | None = None


def card(
    tx: Transaction,
    practice: Practice,
    phrasebook: Phrasebook,
    state: State,
    events: Sequence[e.Event] = (),
    reader: str | None = None,
    law: LawData = SHIPPED,
) -> Card | None:
    """None where nothing was handed over. `events` are the contact's: without them nobody was rung. `reader` is the
    name of whoever sees it; `law` is that by which the practice is answered."""
    handoff = state.handoff
    if handoff is None:
        return None
    person = tx.people.get(state.person) if state.person else None
    locale = practice.languages_signed[0]
    plan = planning.of(tx, person.id) if person else None
    there = number_at(practice, person.address) if person and has_it(state, reader) else None
    return Card(
        route=_route(handoff.route, handoff.about),
        name=known_as(tx, state),
        pronouns=person.pronouns if person else None,
        number=state.address or state.value(Detail.PHONE),
        withheld=state.address is None and state.channel == "voice",
        language=handoff.language or state.locale,
        treating=next(
            (c.spoken_name for c in practice.clinicians if person and c.id == person.clinician), None
        ),
        call_back=calling_back.may_call(tx, state),
        ask_first=state.quiet,
        sentences=tuple(
            phrasebook.render(locale, name, {}) for name in SENTENCES if phrasebook.has(locale, name)
        ),
        emergency=law.lines_for(state.address, practice.phone).emergency,
        there=there.phone if there else None,
        rang=_rang(practice, state, events, person),
        plan=planning.names(practice, plan.rungs) if plan else (),
        plan_by=plan.by if plan else None,
        no_texts=owed.texts_may_not_arrive(tx, state),
        tried=calling_back.attempts(events),
    )


def known_as(tx: Transaction, state: State) -> str | None:
    """As they stand on file, else as they have said; None where neither is known."""
    return _known(tx.people.get(state.person) if state.person else None) or _said(state)


def _known(person: Person | None) -> str | None:
    return f"{person.preferred_name or person.first_name} {person.last_name}" if person else None


def _said(state: State) -> str | None:
    return " ".join(filter(None, (state.value(Detail.FIRST_NAME), state.value(Detail.LAST_NAME)))) or None


def _route(route: str, about: tuple[str, ...]) -> str:
    if route != "crisis":
        return {"clinical": "clinician", "human": "desk"}[route]
    return next((words for name, words in ROUTES.items() if name in about), "a person now")


def _rang(
    practice: Practice, state: State, events: Sequence[e.Event], person: Person | None
) -> tuple[Rang, ...]:
    """In the order in which they were rung for the hand-over as it stands."""
    assert state.handoff is not None
    found: list[Rang] = []
    rungs: list[str] = []
    step = -1
    for event in events:
        if event.seq < state.handoff.seq:
            continue
        match event.body:
            case e.HandoffRung(rung, at, name):
                if at != step:
                    _answer(found, "no answer")
                who = rung_as_of(practice, rung, event.at, treating=person.clinician if person else None)
                licensed = who is not None and who.licensed
                found.append(Rang(name or (who.name if who else rung), licensed, "ringing"))
                rungs.append(rung)
                step = at
            case e.HandoffDeclined(rung, why=why):
                _answer(found, why.replace("_", " "), _ringing(found, rungs, rung))
            case e.HandoffAccepted(by, rung=answered):
                _answer(found, f"{by} accepted", _ringing(found, rungs, answered))
                _answer(found, f"{by} has it")
            case e.HandoffPromised():
                _answer(found, "no answer")
            case e.HandoffClosed():
                _answer(found, "rang until it was closed")
    return tuple(found)


def _ringing(found: Sequence[Rang], rungs: Sequence[str], rung: str | None) -> list[int]:
    """The places of those who ring: of this rung, else of the only one; none where nobody knows which it is."""
    ring = [at for at, each in enumerate(found) if each.answer == "ringing"]
    return [at for at in ring if rungs[at] == rung] or (ring if len(ring) == 1 else [])


def _answer(found: list[Rang], answer: str, places: Sequence[int] | None = None) -> None:
    """What came of those who were ringing, at these places of the list or at all."""
    for at, each in enumerate(found):
        if each.answer == "ringing" and (places is None or at in places):
            found[at] = replace(each, answer=answer)


# -- under glass -----------------------------------------------------------------------------------------------------


def may_look(state: State, account: Account) -> bool:
    """Owners and clinicians, whatever became of it; else whoever has accepted it, until it is closed."""
    if state.handoff is None:
        return False
    return has_it(state, account.name) or not {"owner", "clinician"}.isdisjoint(account.roles)


def has_it(state: State, name: str | None) -> bool:
    """Whether they have accepted the hand-over, which is open."""
    handoff = state.handoff
    return handoff is not None and handoff.status == "accepted" and handoff.by == name


def may_write_address(tx: Transaction, person: Person, account: Account) -> bool:
    """One that is there is written over by clinicians, and by whoever has a hand-over of this person and can see it."""
    if person.address is None or "clinician" in account.roles:
        return True
    contacts = {
        task.contact for task in tx.tasks.list_open() if task.contact and task.kind in ("handoff", "clinical")
    }
    states = (fold(tx.log.read(contact)) for contact in contacts)
    return any(state.person == person.id and has_it(state, account.name) for state in states)


def break_glass(
    tx: Transaction,
    practice: Practice,
    state: State,
    *,
    by: str,
    why: str,
    now: datetime,
    law: LawData = SHIPPED,
) -> UnderGlass:
    """What is on file of where they are. Every look stands in the ledger, whatever it found, and on the board until an
    owner has seen it; `why` is of REASONS."""
    about = f"contact/{state.contact}"
    tx.ledger.note(at=now, who=by, what="glass_broken", about=about, why=REASONS[why])
    tx.facts.state(Fact(uuid4().hex, "glass_opened", about, now, by))
    return under_glass(tx, practice, state, law)


def under_glass(tx: Transaction, practice: Practice, state: State, law: LawData = SHIPPED) -> UnderGlass:
    """For a page that shows again what its reader has opened."""
    person = tx.people.get(state.person) if state.person else None
    number = state.address or (person.phone if person else None)
    address = person.address if person else None
    return UnderGlass(
        person.state if person else None,
        number,
        law.lines_for(number, practice.phone).emergency,
        address,
        number_at(practice, address),
    )
