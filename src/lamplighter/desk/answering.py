"""What follows, in the same transaction, from an answer to a text of ours: no more texts, texts again, a number that is
somebody else's; and which visit a text was about."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from lamplighter.conversation import events as e
from lamplighter.conversation.actions import FindReminded, PersonFound, Reminded
from lamplighter.conversation.answering import hearing
from lamplighter.conversation.answers import found_in, stop_in
from lamplighter.conversation.details import Detail
from lamplighter.conversation.mail_words import own_words, unquoted
from lamplighter.conversation.state import State
from lamplighter.desk import (
    bill_holds,
    bill_open,
    eligibility,
    gate,
    identity,
    opting_out,
    owed,
    packet_done,
    plan_outcomes,
    visit_views,
)
from lamplighter.desk.context import Errand, stable_id
from lamplighter.desk.ports import Message, Task, Transaction, Visit
from lamplighter.desk.reminder_words import LINKED
from lamplighter.practice.calendar import next_open
from lamplighter.practice.model import Practice

ANSWERABLE = timedelta(days=7)
"""How long a text of ours may be answered with a letter."""

A_VISIT = tuple(
    f"{channel}.{what}"
    for channel in ("sms", "email")
    for what in ("reminder", "confirmation", "moved", gate.CALLED_OFF)
)
LONGEST_WORD = 40
"""Characters of what a carrier takes for a word to it, as kept."""

MISSED = ("sms.missed", "email.missed")
OPEN = ("booked", "confirmed", "held_for_office")
NUMBER = ("sms.plan_number", "email.plan_number")
OF_BILLS = tuple(f"{channel}.bill_{what}" for channel in ("sms", "email") for what in ("late", "open"))
Answer = e.OptedOut | e.OptedIn | e.NotTheirs | e.NumberGiven | e.NoMoney | e.NotNow


def take(
    tx: Transaction, practice: Practice, state: State, body: Answer, heard: Iterable[e.Event], now: datetime
) -> None:
    """`heard`: the events of the turn. What says so of the words that were heard is kept as evidence, and no more."""
    number = number_of(tx, state)
    heard = tuple(heard)
    words = _evidence(heard, body.heard, state)
    match body:
        case e.OptedOut():
            said = _heard_at(heard, body.heard)
            all_of_it = said is not None and said.carrier == "stop"
            _opt_out(tx, practice, state, body, number, words, now, all_of_it=all_of_it)
        case e.OptedIn() if number is not None:
            opting_out.opt_in(tx, number, words=words, contact=state.contact, now=now)
        case e.NotTheirs() if number is not None and _unlinked(tx, state, number, words, now):
            _task(tx, practice, state, "not_theirs", number, now)
        case e.NoMoney():
            _no_money(tx, practice, state, number, words, now)
        case e.NotNow():
            bill_open.leave(tx, body.person, state.contact, now)
        case e.NumberGiven():
            _keep_number(tx, practice, body, now)
        case _:
            pass


def _no_money(
    tx: Transaction, practice: Practice, state: State, number: str | None, words: str, now: datetime
) -> None:
    """Of the number and of whoever it is: what is about money ends, all else goes on."""
    if number is not None:
        for purpose in gate.OF_MONEY:
            opting_out.opt_out(tx, number, words=words, contact=state.contact, now=now, of=purpose)
    people = {person.id for person in tx.people.by_phone(number)} if number is not None else set()
    for person in sorted(people | ({state.person} if state.person else set())):
        bill_holds.hold(tx, person, "asked", by=opting_out.PERSONS, now=now)
    if number is None and state.person is None:
        _task(tx, practice, state, "wants_no_texts", None, now)


def _keep_number(tx: Transaction, practice: Practice, given: e.NumberGiven, now: datetime) -> None:
    """The plan is asked under it at once. We had asked whoever has their number on file, and about this alone."""
    person = tx.people.get(given.person)
    if person is not None and person.member_id != given.number:
        tx.people.update(replace(person, member_id=given.number))
        eligibility.plan_anew(tx, practice, person.id, now)


def asked_number(tx: Transaction, state: State, answers: str | None, now: datetime) -> e.AskedNumber | None:
    """That a text of ours of these days to this number, whatever we have written since, or the very email that they
    answer, asked for the number on a card in place of the one that is still on file."""
    if state.address is None or (state.asked_number is not None and not state.number_given):
        return None
    by_email = state.channel == "email"
    ours = (_ours(tx, answers, state.address),) if by_email else texts_to(tx, state.address, now)
    found = (each for each in ours if each is not None and each.phrase.startswith(NUMBER))
    asked = next((each for each in found if now - each.at <= ANSWERABLE and _is_open(tx, each)), None)
    if asked is None or not asked.person:
        return None
    return e.AskedNumber(asked.person, linked=asked.phrase.endswith(LINKED))


def asked_of_bill(tx: Transaction, state: State, answers: str | None, now: datetime) -> e.AskedOfBill | None:
    """That the last text of ours to this number, or the very email that they answer, was about a bill."""
    if state.address is None or state.asked_of_bill_at is not None:
        return None
    by_email = state.channel == "email"
    last = _ours(tx, answers, state.address) if by_email else last_text(tx, state.address, now)
    if last is None or not last.phrase.startswith(OF_BILLS) or now - last.at > ANSWERABLE:
        return None
    return e.AskedOfBill(last.person) if last.person else None


def _is_open(tx: Transaction, message: Message) -> bool:
    person = tx.people.get(message.person) if message.person else None
    return person is not None and message.id == plan_outcomes.message_name(person, person.member_id)


def _unlinked(tx: Transaction, state: State, number: str, words: str, now: datetime) -> bool:
    """Off everybody's record; an address by email gets no more, and is off the record of whoever we wrote to there."""
    if state.channel != "email":
        return bool(opting_out.unlink(tx, number, now))
    opting_out.opt_out(tx, number, words=words, contact=state.contact, now=now)
    answered = _answered(tx, state)
    person = tx.people.get(answered.person) if answered is not None and answered.person else None
    if person is not None and person.email is not None and person.email.lower() == number:
        tx.people.update(replace(person, email=None))
        packet_done.void_what_came_from(tx, person.id, number, now)
        return True
    return False


def _answered(tx: Transaction, state: State) -> Message | None:
    """The message of ours that an email is in answer to, where it went to the address that answers: who has it in hand
    had it from us, and nobody else knows what it is called."""
    return _ours(tx, state.in_answer_to, state.address)


def _ours(tx: Transaction, answers: str | None, address: str | None) -> Message | None:
    message = tx.outbox.get(answers) if answers else None
    return message if message is not None and message.to.lower() == address else None


def _evidence(events: Iterable[e.Event], heard: int, state: State) -> str:
    channel = state.channel
    found_at = _heard_at(events, heard)
    if found_at is not None and found_at.carrier is not None:
        return found_at.text.strip()[:LONGEST_WORD]
    said = found_at.text if found_at is not None else ""
    found = found_in(own_words(said) if channel == "email" else said, channel)
    if channel == "email" and (found is None or found.meaning != "stop"):
        found = stop_in(unquoted(said), hearing(state, asked=True)) or found
    return found.words if found else ""


def _heard_at(events: Iterable[e.Event], seq: int) -> e.Heard | None:
    return next((each.body for each in events if each.seq == seq and isinstance(each.body, e.Heard)), None)


def number_of(tx: Transaction, state: State) -> str | None:
    """The number that is meant: what they write or call from, else the one that they have given or that is on file."""
    person = tx.people.get(state.person) if state.person else None
    return state.address or state.value(Detail.PHONE) or (person.phone if person else None)


def _opt_out(
    tx: Transaction,
    practice: Practice,
    state: State,
    body: e.OptedOut,
    number: str | None,
    words: str,
    now: datetime,
    *,
    all_of_it: bool,
) -> None:
    """`all_of_it`: the carrier lets nothing of ours through to them any more."""
    if number is None:
        return _task(tx, practice, state, "wants_no_texts", None, now)
    narrow = practice.reminders.stop_means == "what_it_answers" and not all_of_it
    last = last_text(tx, number, now) if narrow else None
    of = gate.purpose_of(last) if last is not None else opting_out.EVERYTHING
    opting_out.opt_out(tx, number, words=words, contact=state.contact, now=now, of=of)
    owed.say_anew(tx, state)
    if body.perhaps_a_visit:
        _task(tx, practice, state, "visit_or_texts", number, now)


def _task(
    tx: Transaction, practice: Practice, state: State, kind: str, number: str | None, now: datetime
) -> None:
    """One a contact and kind, for the desk, when it next is open."""
    details = (("email" if "@" in number else "phone", number),) if number else ()
    due = next_open(practice, now)
    name = stable_id(kind, state.contact)
    tx.tasks.add(Task(name, kind, "desk", due, state.contact, state.person, details))  # type: ignore[arg-type]


def last_text(tx: Transaction, number: str, now: datetime) -> Message | None:
    """The last that we wrote to this number of ourselves, or about a visit."""
    return next(iter(texts_to(tx, number, now)), None)


def texts_to(tx: Transaction, number: str, now: datetime) -> tuple[Message, ...]:
    """The newest first."""
    people = {person.id for person in tx.people.by_phone(number)}
    gone = tx.outbox.gone_out(people, now - ANSWERABLE)
    return tuple(message for message in gone if message.to == number)


def last_by_letter(tx: Transaction, number: str, now: datetime) -> Message | None:
    """The last to this number that a letter answers: about a visit that stands, was missed or is called off."""
    people = {person.id for person in tx.people.by_phone(number)}
    gone = tx.outbox.gone_out(people, now - ANSWERABLE)
    return next((each for each in gone if each.to == number and _takes_a_letter(each)), None)


def _takes_a_letter(message: Message) -> bool:
    return message.phrase.startswith((*A_VISIT, *MISSED)) or gate.tells_of_a_change(message)


def asked_after(tx: Transaction, state: State, answers: str | None, now: datetime) -> e.AskedAfter | None:
    """What a contact has to know, once, of a visit that the last text of ours to this number asked about, or the very
    email that they answer: `answers` is its id."""
    if state.address is None or state.asked_after is not None:
        return None
    by_email = state.channel == "email"
    last = _ours(tx, answers, state.address) if by_email else last_text(tx, state.address, now)
    if last is None or not last.phrase.startswith(MISSED) or last.visit is None or now - last.at > ANSWERABLE:
        return None
    visit = tx.schedule.visit(last.visit)
    return e.AskedAfter(last.visit) if visit is not None and visit.status == "missed" else None


def find_reminded(errand: Errand, request: FindReminded) -> Reminded:
    """Nothing of who it is where a person has to see to them, and nothing of a visit that is over."""
    nobody = Reminded(PersonFound(None))
    number = errand.state.address
    if number is None:
        return nobody
    if errand.state.channel == "email":
        return _by_email(errand)
    people = {person.id: person for person in errand.tx.people.by_phone(number)}
    for message in errand.tx.outbox.gone_out(people, errand.now - ANSWERABLE):
        visit = errand.tx.schedule.visit(message.visit) if message.visit else None
        if message.to != number or not _takes_a_letter(message) or visit is None:
            continue
        person = people[message.person or ""]
        if _may_have_another(message, visit) and not person.by_person_only:
            return Reminded(identity.found(errand, person), visit_views.seen(errand.tx, visit))
        if visit.status not in OPEN or visit.slot.start <= errand.now or person.by_person_only:
            return nobody
        return Reminded(identity.found(errand, person), visit_views.seen(errand.tx, visit))
    return nobody


def _may_have_another(message: Message, visit: Visit) -> bool:
    """Our text asked after a visit that is over, or called one off: R is for a new time."""
    missed = visit.status == "missed" and message.phrase.startswith(MISSED)
    by_us = gate.calls_off(message) or gate.tells_of_a_change(message)
    return missed or (visit.status == "cancelled" and by_us)


def _by_email(errand: Errand) -> Reminded:
    """The visit of the very message that they answer."""
    nobody = Reminded(PersonFound(None))
    message = _answered(errand.tx, errand.state)
    visit = errand.tx.schedule.visit(message.visit) if message is not None and message.visit else None
    if message is None or visit is None or errand.now - message.at > ANSWERABLE:
        return nobody
    person = errand.tx.people.get(message.person) if message.person else None
    if person is None or person.by_person_only:
        return nobody
    stands = visit.status in OPEN and visit.slot.start > errand.now
    if not stands and not _may_have_another(message, visit):
        return nobody
    return Reminded(identity.found(errand, person), visit_views.seen(errand.tx, visit))
