"""What an answer to an offer from the wait list does, in the transaction of the turn in which it is given.

Whoever is offered a time has it held for them, and turns of one practice are taken one after the other: so it is booked
once. Whoever answers late gets the time if nobody has it, else one clear refusal; neither costs their place.
"""

from datetime import datetime, timedelta
from typing import Final

from lamplighter.conversation import events as e
from lamplighter.conversation.actions import (
    Book,
    Done,
    Move,
    Participant,
    Refused,
)
from lamplighter.conversation.asked import LeaveOpening, TakeOpening
from lamplighter.conversation.state import State
from lamplighter.desk import booking
from lamplighter.desk import waitlist_openings as kept
from lamplighter.desk.context import Errand
from lamplighter.desk.ports import Person, Transaction
from lamplighter.desk.waitlist_openings import Offer, look

LATE: Final = timedelta(hours=24)
"""How long after an offer has gone a yes is still one to it."""

_MOVES = ("booked", "confirmed")


def answerable(tx: Transaction, number: str, now: datetime) -> Offer | None:
    """The offer that a text from this number may answer: the one that stands, else the last that has lapsed."""
    offers = kept.of_number(tx, number)
    stands = next((each for each in offers if each.end is None), None)
    if stands is not None:
        return stands
    latest = next((each for each in offers if now - each.until < LATE), None)
    return latest if latest is not None and latest.end == "expired" else None


def answerable_by_email(tx: Transaction, answers: str | None, address: str, now: datetime) -> Offer | None:
    """The offer that an email may answer: that of the very message of ours that it is in answer to."""
    message = tx.outbox.get(answers) if answers else None
    if message is None or message.person is None or message.to.lower() != address:
        return None
    offer = next((each for each in kept.of_person(tx, message.person) if each.message == message.id), None)
    stands = offer is not None and (
        offer.end is None or (offer.end == "expired" and now - offer.until < LATE)
    )
    return offer if stands else None


def invitation(tx: Transaction, state: State, answers: str | None, now: datetime) -> e.Invited | None:
    """What the contact has to know of it, once an offer. `answers`: of an email, the message of ours that it is in
    answer to."""
    offer, seen = _answered(tx, state, answers, now), state.invited
    if offer is None or (seen is not None and seen.offer == offer.id):
        return None
    return e.Invited(offer.id, offer.person, offer.slot)


def take(errand: Errand, request: TakeOpening) -> Done | Refused:
    """Books it, or moves their own later visit to it, whose time is then the next one's."""
    tx, now = errand.tx, errand.now
    offer = _of_this_number(errand, request.offer)
    person = tx.people.get(offer.person) if offer else None
    if (
        offer is None
        or person is None
        or offer.number not in (person.phone, person.email)
        or person.by_person_only
    ):
        return Refused("gone")
    if offer.end is None:
        tx.schedule.release(offer.opening)
    booked = _booked(errand, offer, person)
    if not isinstance(booked, Done):
        kept.end(tx, offer, "too_late", now)
        look(tx, offer.opening, now, offer.id)
        return Refused("gone")
    kept.end(tx, offer, "accepted", now)
    tx.waitlist.leave(offer.waiting)
    opening = kept.opening(tx, offer.opening)
    if opening is not None:
        kept.close(tx, opening, "filled", now)
    return booked


def _booked(errand: Errand, offer: Offer, person: Person) -> object:
    before = errand.tx.schedule.visit(offer.instead) if offer.instead else None
    if before is not None and before.status in _MOVES and before.slot.start > offer.slot.start:
        return booking.move(errand, Move(before.id, offer.slot))
    return booking.book(errand, Book(offer.slot, (Participant((), person.id),)))


def leave(errand: Errand, request: LeaveOpening) -> Done | Refused:
    """They stay on the list, where they were; the next one is asked."""
    offer = _of_this_number(errand, request.offer)
    if offer is not None and kept.end(errand.tx, offer, "declined", errand.now):
        look(errand.tx, offer.opening, errand.now, offer.id)
    return Done(ref=request.offer)


def _answered(tx: Transaction, state: State, answers: str | None, now: datetime) -> Offer | None:
    if state.address is None:
        return None
    if state.channel == "email":
        return answerable_by_email(tx, answers, state.address, now)
    return answerable(tx, state.address, now)


def _of_this_number(errand: Errand, name: str) -> Offer | None:
    found = _answered(errand.tx, errand.state, errand.state.in_answer_to, errand.now)
    return found if found is not None and found.id == name else None
