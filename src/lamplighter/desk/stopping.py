"""Automation stops for people: somebody here says so, by one act, and whatever wakes from then on finds it.

What is stated is a state of affairs, in four words, with who and when; never why. An open crisis holds what we would
send of ourselves, while reminders go on until a clinician holds them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import Fact, Message, Transaction

Stop = Literal["deceased", "in_hospital", "clinician_hold", "discharged"]
Duty = Literal["reply", "reminder", "outreach"]
STOPS: Mapping[Stop, str] = {
    "in_hospital": "In hospital",
    "discharged": "Discharged",
    "deceased": "Deceased",
    "clinician_hold": "Clinician's hold",
}
BY_CLINICIANS: tuple[Stop, ...] = ("clinician_hold",)


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


def holds(tx: Transaction, duty: Duty, *, person: str | None, address: str | None = None) -> bool:
    """Whether this may not go to them now: asked by everything automatic when it wakes.

    A reply to what they asked for themselves, in a contact, goes out unless nobody can have asked."""
    stopped = {each.stop for each in of(tx, person)} if person else set()
    if "deceased" in stopped or duty == "reply":
        return "deceased" in stopped
    return bool(stopped) or (duty == "outreach" and _crisis_is_open(tx, person, address))


def duty_of(message: Message) -> Duty:
    if message.phrase == "sms.reminder":
        return "reminder"
    return "reply" if message.contact is not None else "outreach"


def _crisis_is_open(tx: Transaction, person: str | None, address: str | None) -> bool:
    return any(
        (person is not None and task.person == person)
        or (address is not None and ("phone", address) in task.details)
        for task in tx.tasks.list_open()
        if (task.kind, task.route) == ("handoff", "person_now")
    )
