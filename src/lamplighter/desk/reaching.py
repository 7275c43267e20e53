"""By which way somebody wants to be reached, as they said it to the assistant: their wish like any other, once it is
known who they are and there is such a way to them; else the desk sees to it."""

from dataclasses import replace
from typing import Final

from lamplighter.conversation.keeping import KeepWay, WayKept
from lamplighter.conversation.reached import Way
from lamplighter.desk import answering, gate, opting_out, preferences, reminders
from lamplighter.desk.context import Errand, stable_id
from lamplighter.desk.ports import Person, Task
from lamplighter.practice.calendar import next_open

KIND: Final = "wants_way"
CHANNELS: Final[dict[Way, tuple[str, ...]]] = {
    "sms": ("sms",),
    "email": ("email", "voice"),
    "voice": ("voice",),
}
WORDS: Final = "another way"
"""Kept as the words that said so, where to be reached so is all that could be understood of it."""


def keep(errand: Errand, request: KeepWay) -> WayKept:
    """Never less than they asked for: where the way can't be theirs, what they wanted no more of stops all the same."""
    person = errand.tx.people.get(request.person) if request.person else None
    if person is None or not _leads_to(errand, person, request):
        stopped = _leave_to_desk(errand, request)
        return WayKept(request.way, False, request.goes_on, stopped)
    before = preferences.of(errand.tx, person.id)
    wish = replace(before, channels=CHANNELS[request.way])
    reminders.go_by(errand.tx, errand.practice, person, wish, by=opting_out.PERSONS, now=errand.now)
    if errand.tx.tasks.get(_task(errand)) is not None:
        errand.tx.tasks.close(_task(errand), opting_out.PERSONS)
    return WayKept(request.way, True, request.goes_on)


def _leads_to(errand: Errand, person: Person, request: KeepWay) -> bool:
    """Whether they can be reached so, and nothing that was said before stands against it."""
    if request.way == "number" or preferences.of(errand.tx, person.id).do_not_contact:
        return False
    mail = preferences.email_of(errand.practice, person)
    address = mail.address if request.way == "email" and mail else None
    address = person.phone if request.way != "email" else address
    if address is None or (request.way == "sms" and not request.texts):
        return False
    return request.way == "voice" or not opting_out.holds(errand.tx, address, gate.OWN_DOING)


def _leave_to_desk(errand: Errand, request: KeepWay) -> bool:
    """Whether their number gets no more texts."""
    number = answering.number_of(errand.tx, errand.state)
    stops = request.stops and number is not None
    if stops and number is not None:
        opting_out.opt_out(errand.tx, number, words=WORDS, contact=errand.contact, now=errand.now)
    about = (("email" if "@" in number else "phone", number),) if number else ()
    details = (*about, ("contact_channel", request.way))
    due = next_open(errand.practice, errand.now)
    errand.tx.tasks.add(
        Task(_task(errand), "wants_way", "desk", due, errand.contact, request.person, details)
    )
    return stops


def _task(errand: Errand) -> str:
    return stable_id(KIND, errand.contact)
