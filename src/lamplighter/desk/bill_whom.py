"""To whom a word about money goes: the patient alone, at a number that is nobody else's, and only where nothing stands
in the way."""

from datetime import date, datetime
from typing import Final

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk import bill_holds, gate, opting_out, stopping
from lamplighter.desk.context import stable_id
from lamplighter.desk.notices import enqueue
from lamplighter.desk.ports import AGENT, Fact, Person, Transaction
from lamplighter.desk.preferences import Way, message_to, way_to
from lamplighter.desk.reminder_words import has_words
from lamplighter.desk.scheduling.who import age_on
from lamplighter.practice.calendar import local_date
from lamplighter.practice.model import Practice

OF_AGE: Final = 18


def write(
    tx: Transaction,
    practice: Practice,
    person: Person,
    phrase: str,
    name: str,
    book: Phrasebook | None,
    now: datetime,
) -> bool:
    """Stores one message under this name, which no second call doubles. False where none may go, and a person has
    to."""
    way = way_for(tx, practice, person, now)
    if way is None:
        return False
    message = message_to(practice, person, way, phrase, name, now)
    if book is None or not has_words(book, message.locale, message.phrase):
        return False
    asks = gate.purpose_of(message) in gate.OF_MONEY
    if (asks and bill_holds.in_the_way(tx, message)) or gate.never(tx, message) is not None:
        return False
    if stopping.holds(tx, "outreach", person=person.id, address=way.address):
        return False
    enqueue(tx, message)
    return True


def way_for(tx: Transaction, practice: Practice, person: Person, now: datetime) -> Way | None:
    """None for a child, for whoever a person sees to, and where somebody else may read it: another on file has the
    number, or someone who acts for them and whom the practice tells no amount. By email only to an address that nobody
    else reads, as they have said themselves."""
    way = way_to(tx, practice, person)
    if way is None or person.by_person_only or _is_a_child(person, local_date(practice, now)):
        return None
    if way.channel == "email":
        return way if reads_alone(tx, person.id, way.address) else None
    ours = stopping.meant(tx, person.id)
    if any(each.id not in ours for each in tx.people.by_phone(way.address)):
        return None
    told = practice.billing.told_to if practice.billing else ()
    shared = any(proxy.phone == way.address for proxy in person.proxies)
    return None if shared and "proxy" not in told else way


def keep_alone(tx: Transaction, person: str, address: str, contact: str, now: datetime) -> None:
    """They say so of this address, in this contact; of another nothing is said by it."""
    name = stable_id("mail_alone", person, address, contact)
    tx.facts.state(Fact(name, "mail_alone", f"person/{person}", now, AGENT, (("address", address),), person))


def reads_alone(tx: Transaction, person: str, address: str) -> bool:
    """They said so, nobody else has said the same of it, and nobody else on file has the address."""
    if has_others(tx, person, address):
        return False
    ours = stopping.meant(tx, person)
    said = [each for each in tx.facts.standing("mail_alone") if ("address", address) in each.details]
    return bool(said) and all(each.person in ours for each in said)


def has_others(tx: Transaction, person: str, address: str) -> bool:
    """Whether somebody else on file is written to at it."""
    ours = stopping.meant(tx, person)
    return any(each.id not in ours for each in tx.people.by_email(address))


def wants_none(tx: Transaction, practice: Practice, person: Person) -> bool:
    """Whether where they are written to wants nothing about money, or nothing at all, whatever they told us."""
    way = way_to(tx, practice, person)
    return way is not None and any(opting_out.holds(tx, way.address, each) for each in gate.OF_MONEY)


def _is_a_child(person: Person, today: date) -> bool:
    born = person.date_of_birth
    if born is None:
        return True
    return age_on(born, today) < OF_AGE
