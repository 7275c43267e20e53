"""Whom a text did not reach is written to by email where they may be; whom neither reaches, a person reaches.

It climbs once: what stands behind an email is a person.
"""

from datetime import datetime

from lamplighter.desk import gate, preferences
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import Message, Transaction
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.model import Practice


def instead(
    tx: Transaction, practice: Practice, message: Message, now: datetime, law: LawData = SHIPPED
) -> Message | None:
    """The email in place of a reminder by text that failed; None where there is no address, where they have refused
    email, and where it would come too late. Always the same one for the same text."""
    person = tx.people.get(message.person) if message.person else None
    way = preferences.email_of(practice, person) if person is not None else None
    if message.channel != "sms" or gate.purpose_of(message) != "reminders" or way is None:
        return None
    mail = Message(
        id=stable_id("climbed", message.id),
        channel="email",
        to=way.address,
        phrase="email" + message.phrase.removeprefix("sms"),
        args=message.args,
        locale=message.locale,
        at=now,
        person=message.person,
        visit=message.visit,
    )
    ruling = gate.rule(tx, practice, mail, now, law)
    return mail if ruling.why is None or ruling.again is not None else None
