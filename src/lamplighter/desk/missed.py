"""A visit that did not take place, as somebody here says: their clinician is told, and by the practice's rule they are
asked once, kindly, whether they want a new time.

Never two for one visit, and never two in a row without a visit that was kept between them. Whoever a person has to see
to, who wants none, or has a visit ahead, gets none.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk import gate, reminders, stopping
from lamplighter.desk.context import stable_id
from lamplighter.desk.links import LinkMaker
from lamplighter.desk.notices import enqueue
from lamplighter.desk.ports import AGENT, Clock, Fact, Job, Message, Person, Records, Task, Transaction, Visit
from lamplighter.desk.preferences import Way, way_to
from lamplighter.desk.reminder_words import has_words, worded
from lamplighter.practice.calendar import next_open
from lamplighter.practice.model import Practice, PracticeId

JOB: Final = "ask_after_missed"
PHRASE: Final = "missed"
LATELY: Final = timedelta(days=14)
"""How long after its time a visit may be said to have been missed, or not to have been."""

_TOOK_PLACE = ("booked", "confirmed", "done")


def may_mark(visit: Visit, now: datetime) -> bool:
    return visit.status in ("booked", "confirmed") and now - LATELY <= visit.slot.start <= now


def mark(tx: Transaction, practice: Practice, visit_id: str, *, by: str, now: datetime) -> Visit | None:
    """None where it can't have been missed, or is marked already."""
    visit = tx.schedule.visit(visit_id)
    if visit is None or not may_mark(visit, now):
        return None
    details = (("was", visit.status), ("visit", visit.id))
    name = stable_id("visit_missed", visit.id, now.isoformat())
    tx.facts.state(Fact(name, "visit_missed", _about(visit), now, by, details, visit.participants[0]))
    missed = tx.schedule.set_status(visit.id, "missed")
    reminders.drop(tx, practice, missed)
    due, person = next_open(practice, now), visit.participants[0]
    tx.tasks.add(Task(f"missed_visit:{name}", "missed_visit", "clinician", due, person=person))
    if practice.reminders.after_missed == "one_message":
        later = now + timedelta(hours=practice.reminders.after_missed_hours)
        tx.jobs.enqueue(Job(f"{JOB}:{name}", JOB, later, (("visit", visit.id), ("marked", name))))
    return missed


def undo(tx: Transaction, practice: Practice, visit_id: str, *, by: str, now: datetime) -> bool:
    """It took place after all: what waits is not sent. False where it was not marked."""
    visit = tx.schedule.visit(visit_id)
    marks = tx.facts.standing("visit_missed", f"visit/{visit_id}")
    if visit is None or visit.status != "missed" or not marks:
        return False
    tx.schedule.set_status(visit_id, marks[0].value("was"))
    for fact in marks:
        tx.facts.lift(fact.id, by, now)
        tx.jobs.cancel(f"{JOB}:{fact.id}")
        task = tx.tasks.get(f"missed_visit:{fact.id}")
        if task is not None and task.status == "open":
            tx.tasks.close(task.id, by)
    return True


def marked(tx: Transaction, visit: Visit) -> Fact | None:
    """Who said so, and when."""
    facts = tx.facts.standing("visit_missed", _about(visit)) if visit.status == "missed" else ()
    return facts[0] if facts else None


def _about(visit: Visit) -> str:
    return f"visit/{visit.id}"


class AskingAfter:
    """The job: asks, once, where all of that still holds when it wakes."""

    def __init__(
        self,
        records: Records,
        practices: Mapping[PracticeId, Practice],
        clock: Clock,
        phrasebooks: Mapping[PracticeId, Phrasebook] = MappingProxyType({}),
        links: LinkMaker | None = None,
    ) -> None:
        self._records, self._practices, self._clock = records, practices, clock
        self._phrasebooks, self._links = phrasebooks, links

    def run(self, practice_id: PracticeId, job: Job) -> None:
        practice, args, now = self._practices[practice_id], dict(job.args), self._clock.now()
        with self._records.transaction(practice_id) as tx:
            visit, fact = tx.schedule.visit(args["visit"]), tx.facts.get(args["marked"])
            if visit is None or visit.status != "missed" or fact is None or fact.lifted is not None:
                return
            person = tx.people.get(visit.participants[0])
            book = self._phrasebooks.get(practice_id)
            if person is None or not may_ask(tx, practice, visit, person, now):
                return
            way = way_to(tx, practice, person)
            assert way is not None
            message = _message(practice, visit, person, way, now)
            if book is not None and not has_words(book, message.locale, message.phrase):
                return
            details = (("visit", visit.id), ("start", visit.slot.start.isoformat()))
            asked = Fact(message.id, "missed_asked", f"person/{person.id}", now, AGENT, details, person.id)
            tx.facts.state(asked)
            enqueue(tx, worded(tx, practice, book, self._links, visit, message))


def may_ask(tx: Transaction, practice: Practice, visit: Visit, person: Person, now: datetime) -> bool:
    way = way_to(tx, practice, person)
    if practice.reminders.after_missed != "one_message" or way is None:
        return False
    if person.by_person_only or gate.has_ahead(tx, person.id, now):
        return False
    if stopping.holds(tx, "outreach", person=person.id, address=way.address, visit=visit.id):
        return False
    return not _in_a_row(tx, person, visit, now)


def _in_a_row(tx: Transaction, person: Person, visit: Visit, now: datetime) -> bool:
    """They were asked after this visit, or after another since which they kept none; whichever record is theirs."""
    people = stopping.meant(tx, person.id)
    asked = [fact for one in people for fact in tx.facts.standing("missed_asked", f"person/{one}")]
    if any(fact.value("visit") == visit.id for fact in asked):
        return True
    last = max((datetime.fromisoformat(fact.value("start")) for fact in asked), default=None)
    return last is not None and not any(_kept_since(tx, one, last, now) for one in people)


def _kept_since(tx: Transaction, person: str, since: datetime, now: datetime) -> bool:
    visits = tx.schedule.visits_of(person, since)
    return any(each.status in _TOOK_PLACE and each.slot.end <= now for each in visits)


def _message(practice: Practice, visit: Visit, person: Person, way: Way, now: datetime) -> Message:
    signed = practice.languages_signed
    args = {"sender": practice.sender_name, "practice_phone": practice.phone}
    return Message(
        id=stable_id("missed", visit.id, person.id),
        channel=way.channel,
        to=way.address,
        phrase=f"{way.channel}.{PHRASE}",
        args=tuple(sorted(args.items())),
        locale=person.language if person.language in signed else signed[0],
        at=now,
        person=person.id,
        visit=visit.id,
    )
