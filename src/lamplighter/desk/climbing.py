"""Whom a text did not reach is written to by email where they may be; whom neither reaches, a person reaches.

It climbs once: what stands behind an email is a person.
"""

from datetime import datetime
from typing import Final

from lamplighter.desk import gate, preferences
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import Message, Transaction
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.model import Practice

CLIMB: Final = ("reminder", "missed", "confirmation", "held", "moved", "cancelled", "packet")
"""What is worth another way, by how its phrase goes on: what is about a visit of theirs. A day that is called off is
called about (`sick_day_work`), and a time from the wait list goes to the next one."""


def climbs(message: Message) -> bool:
    return message.visit is not None and message.phrase.partition(".")[2].startswith(CLIMB)


def instead(
    tx: Transaction, practice: Practice, message: Message, now: datetime, law: LawData = SHIPPED
) -> Message | None:
    """The email in place of a text that failed; None where there is no address, where they have refused email, where it
    would come too late or says what is so no longer. Always the same one for the same text."""
    person = tx.people.get(message.person) if message.person else None
    way = preferences.email_of(practice, person) if person is not None else None
    if message.channel != "sms" or way is None or not climbs(message) or not still_so(tx, message):
        return None
    if _of_papers(message) and (person is None or message.to != person.phone):
        return None
    own = gate.purpose_of(message) == gate.OWN_DOING
    mail = Message(
        id=mail_for(message.id),
        channel="email",
        to=way.address,
        phrase="email" + message.phrase.removeprefix("sms"),
        args=message.args,
        locale=message.locale,
        at=message.at if own else now,
        person=message.person,
        contact=message.contact if own else None,
        visit=message.visit,
    )
    ruling = gate.rule(tx, practice, mail, now, law)
    return mail if ruling.why is None or ruling.again is not None else None


def mail_for(message: str) -> str:
    """What the email is called that goes in place of this text."""
    return stable_id("climbed", message)


def _of_papers(message: Message) -> bool:
    """They went to whoever agrees for somebody; their own address is no other way to that."""
    return message.phrase.partition(".")[2].startswith("packet")


def still_so(tx: Transaction, message: Message) -> bool:
    """Whether the visit is as the message tells it; the gate asks that of a reminder and of a word after a missed
    one."""
    visit, told = tx.schedule.visit(message.visit or ""), dict(message.args).get("day")
    off = message.phrase.partition(".")[2].startswith("cancelled")
    if visit is None:
        return off
    if gate.purpose_of(message) != gate.OWN_DOING or told is None:
        return True
    return datetime.fromisoformat(told) == visit.slot.start and (visit.status == "cancelled") == off
