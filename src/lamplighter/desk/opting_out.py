"""Whoever says that they want no more of it gets no more of it: from that transaction on, by number, until they say
otherwise.

It is about the number and under the practice's own key, so that it outlives the deletion of whoever said it. What is
kept as evidence is where and when it was said, and those of the words that said it; nothing else of the sentence.
"""

from dataclasses import replace
from datetime import datetime

from lamplighter.desk import packet_done
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import Consent, Fact, Transaction
from lamplighter.desk.ports.facts import OF_NUMBERS

EVERYTHING = "everything"
PERSONS = "person"  # "by" whom, where they said so themselves


def opt_out(
    tx: Transaction,
    number: str,
    *,
    words: str,
    contact: str,
    now: datetime,
    of: str = EVERYTHING,
) -> None:
    """`of` is a purpose, or everything. Said again, it stands as it was said first."""
    if of not in what_of(tx, number):
        name = stable_id("opted_out", number, of, contact, now.isoformat())
        details = (("number", number), ("of", of), ("words", words), ("contact", contact))
        tx.facts.state(Fact(name, "opted_out", _about(number), now, PERSONS, details))
    _forget_start(tx, number, now)
    _consent(tx, number, of, given=False, words=words, contact=contact, now=now)
    _cancel_waiting(tx, number, of)


def opt_in(tx: Transaction, number: str, *, words: str, contact: str, now: datetime) -> bool:
    """Takes back all that was said before; False where nothing was. When they said so is kept: what a carrier tells
    later of a time before it is over."""
    _forget_start(tx, number, now)
    name = stable_id("opted_in", number, contact, now.isoformat())
    details = (("number", number), ("contact", contact))
    tx.facts.state(Fact(name, "opted_in", _about(number), now, PERSONS, details))
    found = tx.facts.standing("opted_out", _about(number))
    for fact in found:
        tx.facts.lift(fact.id, PERSONS, now)
        _consent(tx, number, fact.value("of"), given=True, words=words, contact=contact, now=now)
    return bool(found)


def wanted_since(tx: Transaction, number: str, moment: datetime) -> bool:
    """Whether whoever has this number wrote after that moment that they want our texts, and has not taken it back."""
    return any(fact.at >= moment for fact in tx.facts.standing("opted_in", _about(number)))


def _forget_start(tx: Transaction, number: str, now: datetime) -> None:
    for fact in tx.facts.standing("opted_in", _about(number)):
        tx.facts.lift(fact.id, PERSONS, now)


def _about(number: str) -> str:
    """An address by email is the same in capitals."""
    return OF_NUMBERS + number.lower()


def what_of(tx: Transaction, number: str) -> frozenset[str]:
    """What this number gets no more of: purposes, or everything."""
    return frozenset(fact.value("of") for fact in tx.facts.standing("opted_out", _about(number)))


def holds(tx: Transaction, number: str, purpose: str) -> bool:
    return not what_of(tx, number).isdisjoint({EVERYTHING, purpose})


def _consent(
    tx: Transaction, number: str, of: str, *, given: bool, words: str, contact: str, now: datetime
) -> None:
    """Of everybody on file under the number: what they agreed to is no longer, or is again."""
    for person in tx.people.by_phone(number):
        name = stable_id("by_text", person.id, of, str(given), contact, now.isoformat())
        tx.consents.record(Consent(name, person.id, of, "sms", given, now, f"said: {words}", contact))


def _cancel_waiting(tx: Transaction, number: str, of: str) -> None:
    """What waits for them; what wakes later finds it at the gate."""
    waits = (m for m in tx.outbox.recent(1000) if m.status == "queued" and m.to.lower() == number.lower())
    for message in waits if of == EVERYTHING else ():
        tx.outbox.advance(message.id, "cancelled", why="opted_out")


def unlink(tx: Transaction, number: str, now: datetime) -> tuple[str, ...]:
    """Takes the number off everybody's record: whoever has it says that it is not theirs. What a link to it agreed to
    for them holds no more. Says off whose."""
    people = tx.people.by_phone(number)
    for person in people:
        tx.people.update(replace(person, phone=None))
        packet_done.void_what_came_from(tx, person.id, number, now)
    _cancel_waiting(tx, number, EVERYTHING)
    return tuple(person.id for person in people)
