"""The wait list: who waits for what, longest first."""

from lamplighter.conversation.actions import Done, JoinWaitlist
from lamplighter.desk import consenting, persons
from lamplighter.desk.context import Errand
from lamplighter.desk.ports import Waiting


def join(errand: Errand, request: JoinWaitlist) -> Done:
    person, new = persons.of(errand, request.participant, errand.name_of(request, "person"))
    entry = errand.name_of(request)
    errand.tx.waitlist.join(
        Waiting(
            entry,
            person.id,
            request.wish,
            request.visit_kind,
            errand.now,
            request.clinician,
            request.modality,
        )
    )
    consenting.to_offers(errand, person)
    return Done(ref=entry, person=person.id, new_person=new)
