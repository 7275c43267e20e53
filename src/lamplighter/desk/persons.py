"""Whom a visit or a place on the wait list is for: somebody on file, or somebody new.

Whoever gives the name, the birth date and shows the number of somebody on file is that person. Whoever gives the name
and birth date alone is put on file apart, and staff see that the two may be one: nobody who calls is told of it, and
nobody gets at another's records by knowing when they were born.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from lamplighter.conversation.actions import Participant
from lamplighter.desk import eligibility
from lamplighter.desk.context import Errand, stable_id
from lamplighter.desk.messages import callback_due
from lamplighter.desk.ports import Person, Task

_FILLED = ("preferred_name", "email", "state", "insurer", "member_id", "subscriber", "contact_channel")


def of(
    errand: Errand, participant: Participant, name: str, *, first: bool = True, apart: bool = False
) -> tuple[Person, bool]:
    """The person, and whether they were put on file now. `name` is the id of a new one; `first`: the contact's own;
    `apart`: never one who is on file."""
    if participant.person is not None:
        known = errand.tx.people.get(participant.person)
        assert known is not None
        return known, False
    said = _said(errand, participant, name)
    again = errand.tx.people.get(name)
    if again is not None:
        return again, True
    alike = _alike(errand, said)
    joined = None if apart else _theirs(errand, alike)
    if joined is not None:
        return _joined(errand, joined, said, first), False
    oldest = next((each for each in alike if each.perhaps is None), None)
    fresh = replace(said, perhaps=oldest.id if oldest else None)
    errand.tx.people.add(fresh)
    if first:
        errand.tx.people.link_contact(errand.contact, fresh.id)
    if oldest is not None:
        _tell_staff(errand, fresh)
    return fresh, True


def on_file(errand: Errand, participant: Participant) -> Person | None:
    """Whoever is meant, where they are on file and that may be said."""
    if participant.person is not None:
        return errand.tx.people.get(participant.person)
    return _theirs(errand, _alike(errand, _said(errand, participant, "")))


def _theirs(errand: Errand, alike: Iterable[Person]) -> Person | None:
    return next((each for each in alike if _is_theirs(errand, each)), None)


def _said(errand: Errand, participant: Participant, name: str) -> Person:
    said = dict(participant.details)
    return Person(
        id=name,
        first_name=said.get("first_name", ""),
        last_name=said.get("last_name", ""),
        date_of_birth=date.fromisoformat(said["date_of_birth"]) if "date_of_birth" in said else None,
        phone=said.get("phone"),
        preferred_name=said.get("preferred_name"),
        email=said.get("email"),
        language=said.get("language", errand.state.locale),
        state=said.get("state"),
        insurer=said.get("insurance"),
        member_id=said.get("member_id"),
        subscriber=said.get("subscriber"),
        self_pay=said.get("self_pay") == "true",
        contact_channel=said.get("contact_channel"),
        leave_message=said.get("leave_message") == "true",
    )


def _alike(errand: Errand, said: Person) -> tuple[Person, ...]:
    if said.date_of_birth is None or not said.first_name or not said.last_name:
        return ()
    return errand.tx.people.find(said.first_name, said.last_name, said.date_of_birth)


def _is_theirs(errand: Errand, person: Person) -> bool:
    """They speak from the number on file, have been identified, or were put on file, in this very contact."""
    state = errand.state
    made = state.made.person if state.made else None
    shown = state.address is not None and state.address == person.phone
    return not person.by_person_only and (shown or person.id in (made, state.person))


def _joined(errand: Errand, person: Person, said: Person, first: bool) -> Person:
    """What was not on file is added; what was stays."""
    added = {name: getattr(said, name) for name in _FILLED if getattr(person, name) is None}
    whole = replace(person, **{name: value for name, value in added.items() if value is not None})
    if said.self_pay and not person.self_pay and person.insurer is None:
        whole = replace(whole, self_pay=True)
    if whole != person:
        errand.tx.people.update(whole)
        if (whole.insurer, whole.member_id) != (person.insurer, person.member_id):
            eligibility.plan_anew(errand.tx, errand.practice, whole.id, errand.now)
    if first:
        errand.tx.people.link_contact(errand.contact, person.id)
    return whole


def _tell_staff(errand: Errand, person: Person) -> None:
    names = (("first_name", person.first_name), ("last_name", person.last_name))
    errand.tx.tasks.add(
        Task(
            id=stable_id("same_person", person.id),
            kind="same_person",
            route="desk",
            due=callback_due(errand.practice, errand.now),
            contact=errand.contact,
            person=person.id,
            details=names,
        )
    )
