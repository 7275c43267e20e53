"""Visits for several people: each hears of their own, by their own way, and nobody by another's."""

from lamplighter.desk import notices, preferences, quiet, reminders
from lamplighter.desk.context import Errand, stable_id
from lamplighter.desk.ports import Person, Task, Transaction, Visit
from lamplighter.desk.preferences import Way
from lamplighter.practice.calendar import next_open


def tell(errand: Errand, visit: Visit, phrase: str) -> bool:
    """Tells everybody who comes. Who speaks, or the patient for whom somebody speaks, is told as the contact goes; whom
    nothing written may reach is told by a person here. True: a text goes to who speaks, and may be promised."""
    people = [person for person in map(errand.tx.people.get, visit.participants) if person is not None]
    if not people:
        return False
    speaks = next((person for person in people if person.id == _who(errand)), people[0])
    texted = notices.send(errand, speaks, visit, phrase)
    told = {_way(errand, speaks)}
    for person in people:
        way = _way(errand, person)
        if person is speaks or (way is not None and way in told):
            continue
        told.add(way)
        _tell_other(errand, person, visit, phrase)
    return texted


def _who(errand: Errand) -> str | None:
    made = errand.state.made
    return errand.state.person or (made.person if made is not None else None)


def _way(errand: Errand, person: Person) -> Way | None:
    return preferences.way_to(errand.tx, errand.practice, person)


def _tell_other(errand: Errand, person: Person, visit: Visit, phrase: str) -> None:
    signed = errand.practice.languages_signed
    locale = person.language if person.language in signed else errand.state.locale
    way = _way(errand, person)
    refused = way is None or reminders.refused(errand.tx, person, way)
    if refused or notices.write(errand, person, visit, phrase, locale) is None:
        errand.tx.tasks.add(
            Task(
                id=stable_id("tell_of_visit", errand.contact, visit.id, person.id, str(errand.state.seq)),
                kind="tell_of_visit",
                route="desk",
                due=next_open(errand.practice, errand.now),
                contact=errand.contact,
                person=person.id,
            )
        )


def by_a_person(tx: Transaction, visit: Visit) -> bool:
    """Whether somebody who comes with others is to be dealt with by people only: then nobody moves it from here."""
    if len(visit.participants) < 2:
        return False
    people = (person for person in map(tx.people.get, visit.participants) if person is not None)
    return any(person.by_person_only or quiet.is_kept(tx, person=person.id) for person in people)
