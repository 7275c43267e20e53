"""Whom a clinician must not see: staff say so of somebody on file, or of whoever has a name and a birth date.

Nobody who calls is told that there is such a thing: such a clinician has nothing free for them. Why it is so is asked
of nobody and kept nowhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from lamplighter.conversation.actions import FindSlots, Hold, Participant
from lamplighter.conversation.details import Detail
from lamplighter.conversation.facts import find_insurer
from lamplighter.conversation.slots import Slot
from lamplighter.conversation.state import State
from lamplighter.desk.context import Errand, stable_id
from lamplighter.desk.ports import Fact, Person, Transaction, Visit
from lamplighter.desk.ports.facts import of_name
from lamplighter.practice.calendar import local_date
from lamplighter.practice.model import ClinicianId, Practice
from lamplighter.practice.values import shorten

KIND: Final = "kept_apart"
LONGEST_NAME: Final = 80
EARLIEST: Final = date(1900, 1, 1)


class NotRecorded(Exception):
    """Nothing was recorded; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Apart:
    """`person`: where they are on file; else the name and the birth date by which they are known."""

    id: str
    clinician: ClinicianId
    at: datetime
    by: str
    person: str | None = None
    name: str = ""
    born: date | None = None


# -- what staff say ----------------------------------------------------------------------------------------------------


def keep(tx: Transaction, person: Person, clinician: ClinicianId, *, by: str, now: datetime) -> None:
    if clinician not in _stated(tx, (_about(person),)):
        name = stable_id(KIND, person.id, clinician, now.isoformat())
        tx.facts.state(Fact(name, KIND, _about(person), now, by, (("clinician", clinician),), person.id))


def keep_named(
    tx: Transaction,
    first_name: str,
    last_name: str,
    born: str,
    clinician: ClinicianId,
    *,
    by: str,
    now: datetime,
) -> None:
    """Of somebody who need not be on file. `born` is ISO 8601. Raises NotRecorded."""
    first, last = (" ".join(each.split())[:LONGEST_NAME] for each in (first_name, last_name))
    if not first or not last:
        raise NotRecorded("Write the first and the last name, as they would give them.")
    day = _day(born, now)
    about = of_name(first, last, day)
    if clinician in _stated(tx, (about,)):
        return
    said = (("clinician", clinician), ("first", first), ("last", last), ("born", day.isoformat()))
    tx.facts.state(Fact(stable_id(KIND, about, clinician, now.isoformat()), KIND, about, now, by, said))


def _day(written: str, now: datetime) -> date:
    try:
        day = date.fromisoformat(written.strip())
    except ValueError:
        raise NotRecorded(f'"{shorten(written)}" is no date. Write the birth date as 1981-02-03.') from None
    if not EARLIEST <= day <= now.date():
        raise NotRecorded("Write a birth date that lies in the past.")
    return day


def let_go(tx: Transaction, name: str, *, by: str, now: datetime) -> bool:
    """False where there is no such entry any more."""
    fact = tx.facts.get(name)
    return fact is not None and fact.kind == KIND and tx.facts.lift(name, by, now)


def entries(tx: Transaction, person: Person | None = None) -> tuple[Apart, ...]:
    """The newest first. One whose key is destroyed holds nothing any more."""
    found = tx.facts.standing(KIND, _about(person) if person else None)
    return tuple(_entry(fact) for fact in found if fact.details)


def _entry(fact: Fact) -> Apart:
    said = dict(fact.details)
    born = date.fromisoformat(said["born"]) if "born" in said else None
    name = " ".join(filter(None, (said.get("first"), said.get("last"))))
    return Apart(fact.id, said["clinician"], fact.at, fact.by, fact.person, name, born)


def visits_ahead(tx: Transaction, person: Person, now: datetime) -> tuple[Visit, ...]:
    """With somebody who must not see them, and nobody has called off."""
    never = clinicians(tx, person)
    theirs = tx.schedule.visits_of(person.id, now) if never else ()
    return tuple(each for each in theirs if each.slot.clinician in never and each.status != "cancelled")


# -- who it is ---------------------------------------------------------------------------------------------------------


def clinicians(tx: Transaction, person: Person) -> tuple[ClinicianId, ...]:
    """Who must not see somebody on file."""
    named = _named(tx, person.first_name, person.last_name, person.date_of_birth)
    return tuple(sorted(_stated(tx, (_about(person),)) | named))


def of_participants(errand: Errand, participants: tuple[Participant, ...]) -> frozenset[ClinicianId]:
    """Who must not see one of those who would come."""
    return frozenset(each for one in participants for each in _of(errand.tx, one))


def _of(tx: Transaction, who: Participant) -> frozenset[ClinicianId]:
    person = tx.people.get(who.person) if who.person else None
    if person is not None:
        return frozenset(clinicians(tx, person))
    said = dict(who.details)
    born = date.fromisoformat(said["date_of_birth"]) if "date_of_birth" in said else None
    return _named(tx, said.get("first_name", ""), said.get("last_name", ""), born)


def of_visit(tx: Transaction, visit: Visit) -> frozenset[ClinicianId]:
    people = (tx.people.get(each) for each in visit.participants)
    return frozenset(each for person in people if person for each in clinicians(tx, person))


def _named(tx: Transaction, first: str, last: str, born: date | None) -> frozenset[ClinicianId]:
    """Whoever gives the name and the birth date of somebody on file is taken for them here."""
    if not first or not last or born is None:
        return frozenset()
    alike = (_about(each) for each in tx.people.find(first, last, born))
    return _stated(tx, (of_name(first, last, born), *alike))


def _stated(tx: Transaction, abouts: tuple[str, ...]) -> frozenset[ClinicianId]:
    facts = (fact for about in abouts for fact in tx.facts.standing(KIND, about))
    return frozenset(fact.value("clinician") for fact in facts if fact.details)


def _about(person: Person) -> str:
    return f"person/{person.id}"


# -- in a contact ------------------------------------------------------------------------------------------------------


def searched(errand: Errand, request: FindSlots, never: Iterable[ClinicianId] = ()) -> FindSlots:
    """With what the desk knows of whom it is for and the conversation does not: who must not see them, and, of somebody
    on file, what they are insured by. `never`: others who must not see one of them."""
    tx, visit = errand.tx, _moved(errand, request.moving)
    known = of_visit(tx, visit) if visit else _in_contact(errand)
    insurer = request.insurer or _insurer(errand, request, visit)
    return replace(request, insurer=insurer, apart=tuple(sorted({*known, *never})))


def may_hold(errand: Errand, request: Hold) -> bool:
    visit = _moved(errand, request.moving)
    never = of_visit(errand.tx, visit) if visit else _in_contact(errand)
    return request.slot.clinician not in never


def _in_contact(errand: Errand) -> frozenset[ClinicianId]:
    """By the name and the birth date that were said, else by who they have shown to be."""
    state = errand.state
    first, last, born = (
        state.value(each) for each in (Detail.FIRST_NAME, Detail.LAST_NAME, Detail.DATE_OF_BIRTH)
    )
    if first and last and born:
        return _named(errand.tx, first, last, date.fromisoformat(born))
    person = errand.tx.people.get(state.person) if state.person else None
    return frozenset(clinicians(errand.tx, person)) if person else frozenset()


def _moved(errand: Errand, visit: str | None) -> Visit | None:
    return errand.tx.schedule.visit(visit) if visit else None


def _insurer(errand: Errand, request: FindSlots, visit: Visit | None) -> str | None:
    """Theirs on file. Where they see this clinician outside of their plan as it is, it keeps them from no other time of
    theirs."""
    person = _on_file(errand, visit)
    if person is None or errand.state.value(Detail.SELF_PAY) == "true":
        return None
    return plan_for(errand.practice, person, visit, request.clinician)


def plan_for(
    practice: Practice, person: Person, visit: Visit | None, clinician: ClinicianId | None
) -> str | None:
    if person.self_pay or person.insurer is None:
        return None
    return None if visit and _outside(practice, person.insurer, visit.slot, clinician) else person.insurer


def _outside(practice: Practice, plan: str, slot: Slot, clinician: ClinicianId | None) -> bool:
    insurer = find_insurer(practice, plan)
    day = local_date(practice, slot.start)
    theirs = clinician in (None, slot.clinician)
    return insurer is not None and theirs and not practice.clinician(slot.clinician).takes(insurer.id, day)


def _on_file(errand: Errand, visit: Visit | None) -> Person | None:
    state: State = errand.state
    who = visit.participants[0] if visit else None if state.for_somebody_else else state.person
    return errand.tx.people.get(who) if who else None
