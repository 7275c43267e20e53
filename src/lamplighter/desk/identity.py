"""Who is it: full name and date of birth as said, and possession of the number or the mailbox on file. Rule 18.

The words and the time are the same whether or not somebody was found: the conversation says the same phrases, and for
nobody a code is "sent" that no one gets.
"""

import hmac
import unicodedata
from collections.abc import Sequence
from datetime import timedelta

from lamplighter.conversation.actions import FindMade, FindPerson, PersonFound, Refused
from lamplighter.conversation.codes import CheckCode, CodeChecked, CodeSent, SendCode
from lamplighter.conversation.events import Committed
from lamplighter.conversation.facts import UNKNOWN_PAYER, payer_class_named
from lamplighter.desk import gate, preferences
from lamplighter.desk.allowance import Allowance, take
from lamplighter.desk.context import Errand, stable_id
from lamplighter.desk.notices import enqueue
from lamplighter.desk.ports import Message, Person
from lamplighter.desk.preferences import Way
from lamplighter.practice.model import Practice

CODE_LIVES = timedelta(minutes=10)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AN_HOUR, A_DAY = (
    3,
    5,
)  # codes for one name and birth date, asked for by one number, or by one channel without numbers
FOR_ONE = 10  # codes a day for one name and birth date, whoever asks
BY_ONE = 10  # codes a day asked for by one number, whoever they are for
A_CONTACT = 3  # codes in one contact, whoever they are for


def find_person(errand: Errand, request: FindPerson) -> PersonFound:
    """The person of that name and birth date. Of several who may be one and the same, the one from whose number this
    contact comes, else the one who was here first; where that leaves more than one, a person sorts it out."""
    alike = errand.tx.people.find(request.first_name, request.last_name, request.born)
    return found(errand, one_of(errand, alike))


def one_of(errand: Errand, alike: Sequence[Person]) -> Person | None:
    address = errand.state.address
    here = [each for each in alike if address is not None and each.phone == address]
    first = [each for each in alike if each.perhaps is None]
    return next((some[0] for some in (here, first) if len(some) == 1), None)


def find_made(errand: Errand, request: FindMade) -> PersonFound:
    """Whom this contact booked for: whoever did so may change it without showing more."""
    made = errand.state.made
    mine = made is not None and made.person == request.person
    return found(errand, errand.tx.people.get(request.person) if mine else None)


def found(errand: Errand, person: Person | None) -> PersonFound:
    if person is None:
        return PersonFound(None)
    return PersonFound(
        person=person.id,
        owns_address=errand.state.address is not None and errand.state.address == person.phone,
        clinician=person.clinician,
        visit_kind=_usual_kind(errand, person),
        proxies=tuple((proxy.name, proxy.phone) for proxy in person.proxies if proxy.visits),
        by_person_only=person.by_person_only,
        payer_class=payer_class(errand.practice, person),
        phone=person.phone,
    )


def _usual_kind(errand: Errand, person: Person) -> str | None:
    """The follow-up kind of the clinician they see."""
    clinician = next((c for c in errand.practice.clinicians if c.id == person.clinician), None)
    if clinician is None:
        return None
    later = (k for k in errand.practice.visit_kinds if not k.first and k.participants == 1)
    return next((k.id for k in later if k.id in clinician.visit_kinds), None)


def payer_class(practice: Practice, person: Person) -> str | None:
    """None for whoever named no insurer, or pays alone and has none that the practice knows."""
    found = payer_class_named(practice, person.insurer)
    return None if person.self_pay and found == UNKNOWN_PAYER else found


def send_code(errand: Errand, request: SendCode) -> CodeSent | Refused:
    """Sends a one-time code to the number or address on file, or refuses when there have been enough: found or not
    found alike."""
    person = errand.tx.people.get(request.person) if request.person else None
    if not _may_send(errand, person):
        return Refused("too_many")
    if person is not None and (message := _code_for(errand, person, request)) is not None:
        enqueue(errand.tx, message)
    return CodeSent()


def _code_for(errand: Errand, person: Person, request: SendCode) -> Message | None:
    """One code, by the way that is theirs; where that takes none of ours, by the other."""
    code = errand.new_code()
    ways = preferences.ways_of(errand.tx, errand.practice, person)
    told = {"text": ("sms",), "email": ("email",), "either": ("sms", "email")}[request.by]
    messages = [_with_code(errand, person, way, code) for way in ways if way.channel in told]
    taken = [message for message in messages if gate.never(errand.tx, message) is None]
    return next(iter(taken or messages), None)


def _with_code(errand: Errand, person: Person, way: Way, code: str) -> Message:
    shared = {"code": code, "sender": errand.practice.sender_name}
    mail = {"practice_phone": errand.practice.phone} if way.channel == "email" else {}
    return Message(
        id=_message_id(errand, person.id),
        channel=way.channel,
        to=way.address,
        phrase=f"{way.channel}.code",
        args=tuple(sorted((shared | mail).items())),
        locale=errand.state.locale,
        at=errand.now,
        person=person.id,
        contact=errand.contact,
    )


def _may_send(errand: Errand, person: Person | None) -> bool:
    """Counts by contact, and by the name and birth date that were said, found or not: whoever asks from one number or
    one channel leaves the others theirs. The number on file has a count of its own, which nobody else can use up."""
    if _sent_here(errand) >= A_CONTACT:
        return False
    who = "|".join(folded(each or "") for each in errand.state.who())
    address = errand.state.address
    if person is not None and person.phone is not None and person.phone == address:
        return take(errand, _few(f"{who}|own"))
    others = [Allowance(f"codes|{who}|anybody", FOR_ONE, DAY)]
    if address is not None:
        others.append(Allowance(f"codes|by|{address}", BY_ONE, DAY))
    return take(errand, [*_few(f"{who}|by|{address or errand.state.channel}"), *others])


def _few(what: str) -> list[Allowance]:
    return [Allowance(f"codes|{what}|hour", AN_HOUR, HOUR), Allowance(f"codes|{what}|day", A_DAY, DAY)]


def _sent_here(errand: Errand) -> int:
    """How many codes this contact was told of, whoever they were for."""
    bodies = (event.body for event in errand.tx.log.read(errand.contact))
    return sum(isinstance(body, Committed) and isinstance(body.answer, CodeSent) for body in bodies)


def folded(said: str) -> str:
    """As people are found: without case, accents, spaces, hyphens and apostrophes."""
    plain = unicodedata.normalize("NFKD", said.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def check_code(errand: Errand, request: CheckCode) -> CodeChecked:
    """Whether the code read back is the one sent in this contact within the last ten minutes."""
    sent = errand.tx.outbox.get(_message_id(errand, request.person)) if request.person else None
    expected = dict(sent.args)["code"] if sent is not None else "none"
    right = hmac.compare_digest(expected.encode(), request.code.encode())
    fresh = sent is not None and errand.now - sent.at <= CODE_LIVES
    return CodeChecked(right and fresh)


def _message_id(errand: Errand, person: str | None) -> str:
    return stable_id("code", errand.contact, person or "nobody")
