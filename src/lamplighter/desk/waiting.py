"""The wait list: who waits for what, longest first."""

from datetime import date

from lamplighter.conversation.actions import Done, JoinWaitlist
from lamplighter.desk.context import Errand
from lamplighter.desk.ports import Person, Waiting


def join(errand: Errand, request: JoinWaitlist) -> Done:
    person_id = request.participant.person or _new_person(errand, request).id
    entry = errand.name_of(request)
    errand.tx.waitlist.join(
        Waiting(
            entry,
            person_id,
            request.wish,
            request.visit_kind,
            errand.now,
            request.clinician,
            request.modality,
        )
    )
    return Done(ref=entry)


def _new_person(errand: Errand, request: JoinWaitlist) -> Person:
    said = dict(request.participant.details)
    person = Person(
        id=errand.name_of(request, "person"),
        first_name=said.get("first_name", ""),
        last_name=said.get("last_name", ""),
        date_of_birth=date.fromisoformat(said["date_of_birth"]) if "date_of_birth" in said else None,
        phone=said.get("phone"),
        language=errand.state.locale,
        contact_channel=said.get("contact_channel"),
    )
    errand.tx.people.add(person)
    errand.tx.people.link_contact(errand.contact, person.id)
    return person
