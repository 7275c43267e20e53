"""What happens next after each way in which a plan answers, or does not: something always does."""

from datetime import datetime, timedelta
from typing import Final

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk import plan_card_kept, plan_kept, plan_waits, stopping
from lamplighter.desk.benefits import Benefits, Wanted, benefits
from lamplighter.desk.context import stable_id
from lamplighter.desk.messages import callback_due
from lamplighter.desk.notices import enqueue
from lamplighter.desk.owed import OURS
from lamplighter.desk.plan_card_links import CardLinks
from lamplighter.desk.plan_gates import Reason, payer_of
from lamplighter.desk.plan_kept import Question, Reading
from lamplighter.desk.ports import AGENT, Job, Message, Person, Task, Transaction, Visit
from lamplighter.desk.ports.clearinghouse import Why
from lamplighter.desk.ports.coverage import Network, OtherParty
from lamplighter.desk.preferences import message_to, way_to
from lamplighter.desk.reminder_words import has_words
from lamplighter.practice.calendar import at_local, local_date, next_open
from lamplighter.practice.model import CarveOut, Modality, Practice

AGAIN: Final = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
NUMBER_JOB: Final = "plan_number"
PHRASE: Final = "plan_number"
OF_BILLERS: Final = (Why.NOT_ENROLLED, Why.ASKED_WRONGLY, Why.UNREADABLE)


def follow(
    tx: Transaction,
    practice: Practice,
    person: Person,
    question: Question,
    reading: Reading,
    book: Phrasebook | None,
    cards: CardLinks,
    now: datetime,
) -> None:
    match reading.outcome:
        case "answered":
            _seen_to(tx, practice, person, question, now)
        case Why.DIED:
            _hold(tx, practice, person, question, now)
        case Why.NOT_FOUND if question.carved_from or _is_known_elsewhere(tx, practice, person, question):
            for_the_biller(tx, practice, question, now)
        case Why.NOT_FOUND:
            _ask_for_the_number(tx, practice, person, question, book, cards, now)
        case Why.NOT_ALLOWED:
            for_the_operator(tx, practice, now)
        case Why.NOT_ENROLLED | Why.ASKED_WRONGLY | Why.UNREADABLE:
            for_the_biller(tx, practice, question, now)


def _seen_to(tx: Transaction, practice: Practice, person: Person, question: Question, now: datetime) -> None:
    """The plan was found: nobody needs its number any more; nor to look, once all who were asked have answered."""
    if question.member_id != person.member_id:
        return
    plan_card_kept.found(tx, person.id, question.at, now)
    asked = _of_the_plan(tx, practice, person)
    looked_at = any(_needs_the_biller(tx, practice, each, reading) for each, reading in asked)
    for task in tx.tasks.list_open():
        over = task.kind == "plan_number" or (task.kind == "plan_check" and not looked_at)
        if over and task.person == person.id:
            tx.tasks.close(task.id, OURS)


def _of_the_plan(tx: Transaction, practice: Practice, person: Person) -> list[tuple[Question, Reading]]:
    """What came last of each payer and service that the plan on file is asked at."""
    payer = payer_of(practice, person)
    return [
        (question, reading)
        for question, reading in plan_kept.newest(tx, person)
        if question.carved_from or (payer is not None and question.payer.id == payer.id)
    ]


def _needs_the_biller(tx: Transaction, practice: Practice, question: Question, reading: Reading) -> bool:
    if reading.outcome != "answered":
        return reading.outcome != "withdrawn"
    party = carved_out_to(tx, practice, question, reading)
    return party is not None and carve_out(practice, party) is None


def _is_known_elsewhere(tx: Transaction, practice: Practice, person: Person, question: Question) -> bool:
    """The number was accepted just now, for another service or by another payer: it is right."""
    since = question.at - timedelta(hours=practice.eligibility.again_after_hours)
    return any(
        reading.outcome == "answered" and reading.at > since
        for each, reading in plan_kept.newest(tx, person)
        if (each.payer.id, each.service) != (question.payer.id, question.service)
    )


# -- tasks -------------------------------------------------------------------------------------------------------------


def for_the_biller(
    tx: Transaction, practice: Practice, question: Question, now: datetime, party: OtherParty | None = None
) -> None:
    """One for a person, whatever is wrong with how many questions; another only when that was seen to. Of a `party`
    that the practice's files don't name one a month: it is named at every touch."""
    if any(task.kind == "plan_check" and task.person == question.person for task in tx.tasks.list_open()):
        return
    name = stable_id("plan_check", question.id, now.isoformat())
    if party is not None:
        which = (question.person, question.member_id, party.id, party.name, question.month)
        name = stable_id("plan_check", *which)
    due = callback_due(practice, now)
    tx.tasks.add(Task(name, "plan_check", "biller", due, person=question.person))


def for_the_operator(tx: Transaction, practice: Practice, now: datetime) -> None:
    """One a day, about nobody: it is our key."""
    day = local_date(practice, now)
    name = stable_id("plan_key", practice.id, day.isoformat())
    tx.tasks.add(Task(name, "plan_key", "desk", next_open(practice, now)))


def _hold(tx: Transaction, practice: Practice, person: Person, question: Question, now: datetime) -> None:
    """A payer may be wrong. Nothing of ours goes to them until somebody has looked and said what is so. What a person
    has ruled out is not put back: they look again, and it is theirs to say."""
    if not _is_ruled_out(tx, person, question):
        stopping.stop(tx, person.id, "held_to_look", by=AGENT, now=now)
    if any(task.kind == "plan_died" and task.person == person.id for task in tx.tasks.list_open()):
        return
    name = stable_id("plan_died", question.id)
    tx.tasks.add(Task(name, "plan_died", "desk", next_open(practice, now), person=person.id))


def _is_ruled_out(tx: Transaction, person: Person, question: Question) -> bool:
    """The payer had said it of this member before; what that held, somebody has let go."""
    said = [
        each
        for one in stopping.meant(tx, person.id)
        for each in plan_kept.questions(tx, one)
        if each.id != question.id
        and (each.payer.id, each.member_id, each.who) == (question.payer.id, question.member_id, question.who)
        and any(reading.outcome == Why.DIED for reading in plan_kept.readings(tx, each))
    ]
    held = any(each.stop == "held_to_look" for each in stopping.standing_for(tx, person.id))
    return bool(said) and not held


def not_asked(tx: Transaction, practice: Practice, person: Person, reason: Reason, now: datetime) -> None:
    """Rule 37: whoever is on somebody else's plan is told first, by the desk where no conversation has."""
    if reason in ("holder_not_told", "holder_name"):
        name = stable_id("plan_holder", person.id, person.member_id or "")
        tx.tasks.add(Task(name, "plan_holder", "desk", callback_due(practice, now), person=person.id))


# -- the number on the card --------------------------------------------------------------------------------------------


def _ask_for_the_number(
    tx: Transaction,
    practice: Practice,
    person: Person,
    question: Question,
    book: Phrasebook | None,
    cards: CardLinks,
    now: datetime,
) -> None:
    """By one message, kindly, with a link for a picture of the card where one fits, and never twice for a number; by a
    person where none may go, or nothing comes of it by the morning before the visit. Whoever waits for the answer is
    asked there and then."""
    name = message_name(person, question.member_id)
    way = way_to(tx, practice, person)
    visit = tx.schedule.visit(question.visit) if question.visit else None
    if plan_waits.somebody_waits(tx, question):
        return look_for_the_number(tx, practice, question, visit, now)
    late = visit is not None and number_by(practice, visit) <= now
    asked = tx.outbox.get(name) is not None
    message = message_to(practice, person, way, PHRASE, name, now) if way is not None else None
    worded = message is not None and book is not None and has_words(book, message.locale, message.phrase)
    if late or person.by_person_only or not (asked or worded):
        return ask_by_person(tx, practice, person.id, question.member_id, now)
    if not asked and message is not None:
        _send(tx, practice, person, message, cards, now)
    return look_for_the_number(tx, practice, question, visit, now)


def _send(
    tx: Transaction, practice: Practice, person: Person, message: Message, cards: CardLinks, now: datetime
) -> None:
    sent = cards.in_place_of(tx, practice, message)
    enqueue(tx, sent)
    if sent != message:
        plan_card_kept.note_asked(tx, person, sent, by=AGENT, now=now)


def message_name(person: Person, member_id: str | None) -> str:
    """Of the one message that asks for the number in place of this one."""
    return stable_id("plan_number", person.id, member_id or "")


def look_for_the_number(
    tx: Transaction, practice: Practice, question: Question, visit: Visit | None, now: datetime
) -> None:
    """Whether it has come: on the morning before the visit, without one in a day."""
    due = number_by(practice, visit) if visit is not None else now + timedelta(days=1)
    args = (("person", question.person), ("question", question.id))
    name = stable_id(question.person, question.member_id, visit.id if visit is not None else "")
    key = f"{NUMBER_JOB}:{name}:{int(due.timestamp())}" if visit is not None else f"{NUMBER_JOB}:{name}"
    tx.jobs.enqueue(Job(key, NUMBER_JOB, due, args))


def ask_by_person(tx: Transaction, practice: Practice, person: str, member_id: str, now: datetime) -> None:
    """One task of a person, and none where a picture of the card waits to be looked at."""
    asked = any((task.person, task.kind) == (person, "plan_number") for task in tx.tasks.list_open())
    if asked or plan_card_kept.is_looked_at(tx, person):
        return
    name = stable_id("plan_number_task", person, member_id)
    tx.tasks.add(Task(name, "plan_number", "desk", next_open(practice, now), person=person))


def number_by(practice: Practice, visit: Visit) -> datetime:
    """Until when it may come: then a person asks."""
    return at_local(
        practice, local_date(practice, visit.slot.start) - timedelta(days=1), practice.reminders.earliest
    )


# -- what an answer means for a visit ----------------------------------------------------------------------------------


def figures(
    practice: Practice, visit: Visit | None, reading: Reading, insurer: str | None = None
) -> Benefits:
    return benefits(reading.rows, wanted(practice, visit, insurer))


def wanted(practice: Practice, visit: Visit | None, insurer: str | None) -> Wanted:
    taken = insurer is None or any(each.id == insurer and each.taken for each in practice.insurers)
    return Wanted(
        telehealth=visit is not None and visit.slot.modality is Modality.TELEHEALTH,
        network=Network.IN if taken else Network.OUT,
        day=local_date(practice, visit.slot.start) if visit is not None else None,
    )


def carved_out_to(
    tx: Transaction, practice: Practice, question: Question, reading: Reading
) -> OtherParty | None:
    """Who answers for this kind of care in place of the payer that was asked first."""
    visit = tx.schedule.visit(question.visit) if question.visit else None
    return None if question.carved_from else figures(practice, visit, reading).carve_out


def carve_out(practice: Practice, party: OtherParty) -> CarveOut | None:
    """Whom the practice's files name for an administrator that a plan names: by id, or by one of the names."""
    said = _plain(party.name)
    for each in practice.eligibility.carve_outs:
        if (party.id and party.id == each.id) or said in map(_plain, each.names):
            return each
    return None


def _plain(name: str) -> str:
    return " ".join("".join(char if char.isalnum() else " " for char in name.casefold()).split())
