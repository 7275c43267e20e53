"""Somebody on file, in words for the desk. No word of why they come, and where they live stays behind glass."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_date

from lamplighter.console import wording
from lamplighter.console.insurance_shown import InsuranceShown, insurance_shown
from lamplighter.console.packet_pages import PapersShown, papers_shown
from lamplighter.console.reaching import ReachShown, reach_shown
from lamplighter.desk import calling_back, missed, planning, stopping
from lamplighter.desk.eligibility import Plans
from lamplighter.desk.ports import Person, Transaction
from lamplighter.desk.stopping import BY_CLINICIANS, OF_ITSELF, STOPS, Stop
from lamplighter.practice.model import Practice


@dataclass(frozen=True, slots=True)
class StopShown:
    stop: Stop
    name: str
    since: str
    by: str

    @property
    def clinical(self) -> bool:
        return self.stop in BY_CLINICIANS


@dataclass(frozen=True, slots=True)
class StopsShown:
    """What stands for somebody and what may be said of them."""

    person: str
    name: str
    standing: tuple[StopShown, ...]

    @property
    def may_stop(self) -> tuple[tuple[Stop, str, bool], ...]:
        """What has not been said of them yet, and whether it is for clinicians to say."""
        said = {*(each.stop for each in self.standing), *OF_ITSELF}
        return tuple((stop, name, stop in BY_CLINICIANS) for stop, name in STOPS.items() if stop not in said)


@dataclass(frozen=True, slots=True)
class LatelyShown:
    """A visit whose time has come. `said`: who marked it as missed, and when; None where nobody did."""

    id: str
    when: str
    said: str | None


@dataclass(frozen=True, slots=True)
class PersonShown:
    stops: StopsShown
    facts: tuple[tuple[str, str], ...]
    has_address: bool
    visits: tuple[str, ...]
    lately: tuple[LatelyShown, ...]
    plan: tuple[str, ...]
    plan_ids: tuple[str, ...]
    plan_by: str
    reach: ReachShown
    papers: PapersShown | None
    insurance: InsuranceShown | None
    tried: tuple[str, ...]


def stops_of(tx: Transaction, practice: Practice, person: Person) -> StopsShown:
    standing = tuple(
        StopShown(each.stop, STOPS[each.stop], wording.when(each.at, practice.timezone), each.by)
        for each in stopping.of(tx, person.id)
    )
    return StopsShown(person.id, _name(person), standing)


def person_shown(
    tx: Transaction, practice: Practice, plans: Plans, person: Person, now: datetime
) -> PersonShown:
    plan = planning.of(tx, person.id)
    visits = [visit for visit in tx.schedule.visits_of(person.id, now) if visit.status != "missed"]
    return PersonShown(
        stops_of(tx, practice, person),
        tuple(_facts(practice, person)),
        person.address is not None,
        tuple(wording.when(visit.slot.start, practice.timezone) for visit in visits[:5]),
        tuple(_lately(tx, practice, person, now)),
        planning.names(practice, plan.rungs) if plan else (),
        plan.rungs if plan else (),
        f"{plan.by}, {wording.when(plan.at, practice.timezone)}" if plan else "",
        reach_shown(tx, practice, person),
        papers_shown(tx, practice, person, now),
        insurance_shown(tx, practice, plans, person, now) if practice.eligibility.payers else None,
        tuple(wording.attempt(each, practice.timezone) for each in calling_back.attempts_for(tx, person.id)),
    )


def _lately(tx: Transaction, practice: Practice, person: Person, now: datetime) -> Iterator[LatelyShown]:
    """The newest first: what may still be said to have been missed, and what was."""
    visits = tx.schedule.visits_of(person.id, now - missed.LATELY)
    for visit in reversed([each for each in visits if each.slot.start <= now]):
        fact = missed.marked(tx, visit)
        said = f"{fact.by}, {wording.when(fact.at, practice.timezone)}" if fact else None
        if fact is not None or missed.may_mark(visit, now):
            yield LatelyShown(visit.id, wording.when(visit.slot.start, practice.timezone), said)


def born(person: Person) -> str:
    return format_date(person.date_of_birth, "MMM d, y", locale="en") if person.date_of_birth else "not known"


def _name(person: Person) -> str:
    return f"{person.preferred_name or person.first_name} {person.last_name}"


def _facts(practice: Practice, person: Person) -> list[tuple[str, str]]:
    sees = next((each.spoken_name for each in practice.clinicians if each.id == person.clinician), None)
    found = [
        ("Born", born(person)),
        ("Pronouns", person.pronouns),
        ("Number", wording.phone(person.phone) if person.phone else "not on file"),
        ("Speaks", wording.language(person.language) if person.language else None),
        ("Sees", sees),
        ("Address", "on file, behind glass" if person.address else "not on file"),
    ]
    return [(label, text) for label, text in found if text]
