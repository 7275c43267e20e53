"""Automation stops for people: somebody here says so, by one act, and whatever wakes from then on finds it.

What is stated is a state of affairs, in four words, with who and when; never why. An open crisis holds what we would
send of ourselves, while reminders go on until a clinician holds them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import Fact, Message, Transaction, Visit

Stop = Literal["deceased", "in_hospital", "clinician_hold", "discharged", "held_to_look"]
Duty = Literal["reply", "reminder", "outreach"]
STOPS: Mapping[Stop, str] = {
    "in_hospital": "In hospital",
    "discharged": "Discharged",
    "deceased": "Deceased",
    "clinician_hold": "Clinician's hold",
    "held_to_look": "Held until somebody here has looked",
}
BY_CLINICIANS: tuple[Stop, ...] = ("clinician_hold",)
OF_ITSELF: tuple[Stop, ...] = ("held_to_look",)
"""What nobody here states: it stands until somebody has looked, and takes it off or says what is so."""


@dataclass(frozen=True, slots=True)
class Stopped:
    stop: Stop
    at: datetime
    by: str


def stop(tx: Transaction, person: str, what: Stop, *, by: str, now: datetime) -> None:
    """From this transaction on. What is stated already stays as it was stated."""
    if all(each.stop != what for each in of(tx, person)):
        name = stable_id("stopped", person, what, now.isoformat())
        tx.facts.state(Fact(name, "stopped", f"person/{person}", now, by, (("stop", what),), person))


def lift(tx: Transaction, person: str, what: Stop, *, by: str, now: datetime) -> bool:
    """False where it was not stated."""
    found = [fact for fact in tx.facts.standing("stopped", f"person/{person}") if fact.value("stop") == what]
    for fact in found:
        tx.facts.lift(fact.id, by, now)
    return bool(found)


def of(tx: Transaction, person: str) -> tuple[Stopped, ...]:
    """What stands, the newest first."""
    facts = tx.facts.standing("stopped", f"person/{person}")
    return tuple(Stopped(fact.value("stop"), fact.at, fact.by) for fact in facts)  # type: ignore[arg-type]


def holds(
    tx: Transaction,
    duty: Duty,
    *,
    person: str | None,
    address: str | None = None,
    visit: str | None = None,
) -> bool:
    """Whether this may not go to them now: asked by everything automatic when it wakes.

    What is stated of one record counts for another that may be the same person's, and of one who comes to a visit for
    all who do. A reply to what they asked for themselves, in a contact, goes out unless nobody can have asked."""
    if duty == "reply":
        return "deceased" in {each.stop for each in standing_for(tx, person)}
    if by_a_person_first(tx, tx.schedule.visit(visit) if visit else None, person):
        return True
    people = meant(tx, person, *_of_visit(tx, visit))
    stopped = any(of(tx, each) for each in people)
    return stopped or (duty == "outreach" and _crisis_is_open(tx, people, address))


def by_a_person_first(tx: Transaction, visit: Visit | None, person: str | None = None) -> bool:
    """Its clinician works here no longer, and nobody has spoken yet to `person`, or to somebody who comes to it."""
    gone = tx.facts.standing("clinician_gone", f"clinician/{visit.slot.clinician}") if visit else ()
    if visit is None or not gone or (gone[0].starts is not None and visit.slot.start < gone[0].starts):
        return False
    them = (person,) if person in visit.participants else visit.participants
    tasks = [tx.tasks.get(to_speak_to(gone[0].id, each)) for each in them if each]
    return any(task is None or task.status == "open" for task in tasks)


def to_speak_to(gone: str, person: str) -> str:
    """What the task is called by which somebody speaks to them of it."""
    return stable_id("clinician_gone", gone, person)


def standing_for(tx: Transaction, person: str | None) -> tuple[Stopped, ...]:
    """What stands for them by any record that may be theirs; the newest first."""
    found = [each for one in meant(tx, person) for each in of(tx, one)]
    return tuple(sorted(found, key=lambda each: each.at, reverse=True))


def meant(tx: Transaction, *people: str | None) -> frozenset[str]:
    """These and whoever may be one of them: whom they name, who names them, and who names the same one."""
    found = {name for name in people if name}
    for person in filter(None, [tx.people.get(name) for name in people if name]):
        first = tx.people.get(person.perhaps) if person.perhaps else None
        for each in filter(None, (person, first)):
            found.add(each.id)
            if each.date_of_birth is not None:
                alike = tx.people.find(each.first_name, each.last_name, each.date_of_birth)
                found |= {
                    other.id for other in alike if other.perhaps in (person.id, person.perhaps or person.id)
                }
    return frozenset(found)


def _of_visit(tx: Transaction, visit: str | None) -> tuple[str, ...]:
    found = tx.schedule.visit(visit) if visit else None
    return found.participants if found else ()


def duty_of(message: Message) -> Duty:
    if message.phrase.startswith(("sms.reminder", "email.reminder")):
        return "reminder"
    return "reply" if message.contact is not None else "outreach"


def _crisis_is_open(tx: Transaction, people: Collection[str], address: str | None) -> bool:
    return any(
        task.person in people
        or (
            address is not None
            and not {("phone", address), ("email", address.lower())}.isdisjoint(task.details)
        )
        for task in tx.tasks.list_open()
        if (task.kind, task.route) == ("handoff", "person_now")
    )
