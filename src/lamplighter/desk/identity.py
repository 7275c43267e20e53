"""Who is it: full name and date of birth as said, and possession of the number on file. Rule 18.

The words and the time are the same whether or not somebody was found: the conversation says the same phrases, and for
nobody a code is "sent" that no one gets.
"""

import hmac
from datetime import timedelta

from lamplighter.conversation.actions import (
    CheckCode,
    CodeChecked,
    CodeSent,
    FindPerson,
    PersonFound,
    SendCode,
)
from lamplighter.conversation.facts import find_insurer
from lamplighter.desk.context import Errand, stable_id
from lamplighter.desk.notices import enqueue
from lamplighter.desk.ports import Message, Person

CODE_LIVES = timedelta(minutes=10)


def find_person(errand: Errand, request: FindPerson) -> PersonFound:
    """The one person of that name and birth date; two of them are as good as none, and a person sorts it out."""
    found = errand.tx.people.find(request.first_name, request.last_name, request.born)
    if len(found) != 1:
        return PersonFound(None)
    person = found[0]
    return PersonFound(
        person=person.id,
        owns_address=errand.state.address is not None and errand.state.address == person.phone,
        clinician=person.clinician,
        visit_kind=_usual_kind(errand, person),
        proxies=tuple((proxy.name, proxy.phone) for proxy in person.proxies),
        by_person_only=person.by_person_only,
        payer_class=_payer_class(errand, person),
        phone=person.phone,
    )


def _usual_kind(errand: Errand, person: Person) -> str | None:
    """The follow-up kind of the clinician they see."""
    clinician = next((c for c in errand.practice.clinicians if c.id == person.clinician), None)
    if clinician is None:
        return None
    later = (k for k in errand.practice.visit_kinds if not k.first and k.participants == 1)
    return next((k.id for k in later if k.id in clinician.visit_kinds), None)


def _payer_class(errand: Errand, person: Person) -> str | None:
    insurer = find_insurer(errand.practice, person.insurer)
    return insurer.payer_class if insurer else None


def send_code(errand: Errand, request: SendCode) -> CodeSent:
    """Sends a one-time code to the number on file; to a proxy's number when that is who writes."""
    person = errand.tx.people.get(request.person) if request.person else None
    if person is not None and person.phone is not None:
        enqueue(
            errand.tx,
            Message(
                id=_message_id(errand, person.id),
                channel="sms",
                to=person.phone,
                phrase="sms.code",
                args=(("code", errand.new_code()), ("sender", errand.practice.sender_name)),
                locale=errand.state.locale,
                at=errand.now,
                person=person.id,
                contact=errand.contact,
            ),
        )
    return CodeSent()


def check_code(errand: Errand, request: CheckCode) -> CodeChecked:
    """Whether the code read back is the one sent in this contact within the last ten minutes."""
    sent = errand.tx.outbox.get(_message_id(errand, request.person)) if request.person else None
    expected = dict(sent.args)["code"] if sent is not None else "none"
    right = hmac.compare_digest(expected.encode(), request.code.encode())
    fresh = sent is not None and errand.now - sent.at <= CODE_LIVES
    return CodeChecked(right and fresh)


def _message_id(errand: Errand, person: str | None) -> str:
    return stable_id("code", errand.contact, person or "nobody")
