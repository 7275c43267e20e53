"""What stands beside the contacts: what is to be done, who comes when, and what was sent.

Free words of a task for a clinician are for clinical roles. A line names whom it is about, so that its reading is
noted.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from babel.dates import format_date

from lamplighter.console import task_words, wording
from lamplighter.console.ladder_pages import notes
from lamplighter.console.pause_words import PauseLine, pause_lines
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.phrasebook.book import PhraseError
from lamplighter.desk import letters, stopping, texting
from lamplighter.desk.breaking_glass import not_looked_at
from lamplighter.desk.ports import Message, Task, Transaction, Visit
from lamplighter.practice.calendar import at_local, local_date
from lamplighter.practice.model import Practice

DAYS = 7
MESSAGES, LOOKED_AT = 12, 100
SECRET = ("code", "link")
SEALED = "Kept for clinical roles"
OF_PAYERS = frozenset({"reason", "wants"})
"""What a payer wrote about somebody's care."""

LOOKED_OVER = ("review", "audit", "marked_wrong", "rehearsal")
FOR_CLINICAL_ROLES = ("person_now", "clinician")
ABOUT_PLANS = ("plan_check", "plan_card", "plan_number", "plan_holder", "plan_died", "plan_chart")


@dataclass(frozen=True, slots=True)
class TaskLine:
    id: str
    rank: int
    route: str
    kind: str
    who: str
    phone: str | None
    due: str
    late: bool
    details: tuple[str, ...]
    contact: str | None
    about: str
    sealed: bool  # the details are for clinical roles
    billing: bool
    plan: str | None = None  # whose plan it is about
    authorization: str | None = None  # which one it is about
    to_look_over: bool = False  # the contact
    stopped: tuple[str, ...] = ()  # what nothing automatic goes to them for, for whoever is about to call


@dataclass(frozen=True, slots=True)
class VisitLine:
    at: str
    who: str
    clinician: str
    kind: str
    how: str
    status: str
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Day:
    name: str
    visits: tuple[VisitLine, ...]


@dataclass(frozen=True, slots=True)
class MessageLine:
    at: str
    to: str
    text: str
    status: str
    about: str


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody has opened where a person lives, or (`person`) the page of one whom their role does not see."""

    id: str
    who: str
    at: str
    contact: str = ""
    person: str = ""
    why: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Rail:
    tasks: tuple[TaskLine, ...]
    days: tuple[Day, ...]
    messages: tuple[MessageLine, ...]
    ladder: tuple[str, ...] = ()
    looks: tuple["Look", ...] = ()  # for owners
    paused: tuple[PauseLine, ...] = ()

    @property
    def about(self) -> Iterator[str]:
        """Whom its lines are about, as the ledger names them."""
        yield from (task.about for task in self.tasks)
        yield from (about for day in self.days for visit in day.visits for about in visit.about)
        yield from (message.about for message in self.messages)

    def without_words(self, *, bills: bool = False) -> "Rail":
        """As those see it who have no clinical role; whoever `bills` reads the tasks for billing."""
        return replace(
            self, tasks=tuple(task if bills and task.billing else sealed(task) for task in self.tasks)
        )

    def for_billing(self) -> "Rail":
        """What a biller needs: their own tasks, and who comes when. No word that went to or fro."""
        return replace(self, tasks=tuple(task for task in self.tasks if task.billing), messages=())


def sealed(task: TaskLine) -> TaskLine:
    """As those see it who have no clinical role."""
    return replace(task, details=(SEALED,)) if task.sealed and task.details else task


def rail(tx: Transaction, practice: Practice, phrasebook: Phrasebook, now: datetime) -> Rail:
    """`now` is aware."""
    return Rail(
        task_lines(tx, practice, tx.tasks.list_open(), now),
        tuple(_days(tx, practice, now)),
        tuple(message_line(practice, phrasebook, message) for message in _of_ourselves(tx)),
        notes(tx, practice, now),
        tuple(_looks(tx, practice)),
        pause_lines(tx, practice, now),
    )


def task_lines(
    tx: Transaction, practice: Practice, tasks: Iterable[Task], now: datetime
) -> tuple[TaskLine, ...]:
    return tuple(_stops(tx, tuple(_task(tx, practice, task, now) for task in tasks)))


def _looks(tx: Transaction, practice: Practice) -> Iterator[Look]:
    """Those that no owner has seen yet, the newest first."""
    found = tx.facts.standing("glass_opened")
    names = {each.id: each.name for each in tx.staff.all()} if found else {}
    zone = practice.timezone
    for each in not_looked_at(tx) if found else ():
        at, until = wording.when(each.at, zone), wording.time_of(each.until, zone)
        yield Look(each.id, names.get(each.by, each.by), at, person=each.person, why=each.why, until=until)
    for fact in found:
        if fact.about.startswith("contact/"):
            at = wording.when(fact.at, zone)
            yield Look(fact.id, names.get(fact.by, fact.by), at, fact.about.removeprefix("contact/"))


OF_WHAT = {
    "called_off": "their visit can't take place",
    "clinician_gone": "their clinician works here no longer",
    "not_reached": "their visit was moved or called off",
}


def _task(tx: Transaction, practice: Practice, task: Task, now: datetime) -> TaskLine:
    given = dict(task.details)
    name = " ".join(given[part] for part in ("first_name", "last_name") if given.get(part))
    person = tx.people.get(task.person) if task.person else None
    if not name and person is not None:
        name = f"{person.preferred_name or person.first_name} {person.last_name}"
    never = task.kind in OF_WHAT and "do_not_call_back" in given
    number = None if never else given.get("phone") or (person.phone if person else None)
    ranks = list(wording.TASK_ROUTES)
    return TaskLine(
        task.id,
        ranks.index(task.route),
        wording.TASK_ROUTES[task.route],
        f"{wording.CLINICIAN_DECIDES} ({OF_WHAT[task.kind]})"
        if never
        else wording.task_kind(task.kind, given),
        name or given.get("caller_name") or "Name not known",
        wording.phone(number) if number else None,
        wording.when(task.due, practice.timezone),
        task.due < now,
        tuple(task_words.details(practice, given)),
        task.contact,
        _about(task.person, task.contact, f"task/{task.id}"),
        task.route in FOR_CLINICAL_ROLES or task.kind == "clinical" or not OF_PAYERS.isdisjoint(given),
        task.route == "biller",
        plan=task.person if _is_of_a_plan(task) else None,
        to_look_over=task.kind in LOOKED_OVER,
        authorization=given.get("authorization") if task.kind == "authorization" else None,
    )


def _is_of_a_plan(task: Task) -> bool:
    """An authorization that is none yet, too: nobody knows whether it is needed."""
    asks = task.kind == "authorization" and "authorization" not in dict(task.details)
    return asks or task.kind in ABOUT_PLANS


def _stops(tx: Transaction, tasks: Iterable[TaskLine]) -> Iterator[TaskLine]:
    any_stands = bool(tx.facts.standing("stopped"))
    for task in tasks:
        kind, _, person = task.about.partition("/")
        found = stopping.standing_for(tx, person) if any_stands and kind == "person" else ()
        names = dict.fromkeys(stopping.STOPS[each.stop] for each in found)
        yield replace(task, stopped=tuple(names)) if names else task


def _about(person: str | None, contact: str | None, itself: str) -> str:
    if person:
        return f"person/{person}"
    return f"contact/{contact}" if contact else itself


def _days(tx: Transaction, practice: Practice, now: datetime) -> Iterator[Day]:
    """Today and the next days; a day without visits is left out, but for today."""
    today = local_date(practice, now)
    start = at_local(practice, today, datetime.min.time())
    visits = tx.schedule.visits_between(start, start + timedelta(days=DAYS))
    standing = sorted((v for v in visits if v.status != "cancelled"), key=lambda visit: visit.slot.start)
    by_day = {
        day: tuple(_visit(tx, practice, visit) for visit in each)
        for day, each in groupby(standing, key=lambda visit: local_date(practice, visit.slot.start))
    }
    for day in sorted({today, *by_day}):
        name = "Today" if day == today else format_date(day, "EEEE, MMM d", locale="en")
        yield Day(name, by_day.get(day, ()))


def _visit(tx: Transaction, practice: Practice, visit: Visit) -> VisitLine:
    people = [tx.people.get(person) for person in visit.participants]
    names = [f"{p.preferred_name or p.first_name} {p.last_name}" for p in people if p is not None]
    kind = practice.visit_kind(visit.slot.visit_kind)
    return VisitLine(
        wording.time_of(visit.slot.start, practice.timezone),
        " and ".join(names) or "Name not known",
        practice.clinician(visit.slot.clinician).spoken_name,
        kind.names.get("en", kind.id.replace("_", " ")),
        wording.MODALITIES[visit.slot.modality],
        {"booked": "", "held_for_office": "held"}.get(visit.status, visit.status),
        tuple(f"person/{person}" for person in visit.participants),
    )


def _of_ourselves(tx: Transaction) -> list[Message]:
    """Without what answers in a thread, which stands in the contact."""
    return [each for each in tx.outbox.recent(LOOKED_AT) if not texting.is_answer(each)][:MESSAGES]


def message_line(practice: Practice, phrasebook: Phrasebook, message: Message) -> MessageLine:
    """Codes and links are shown to nobody."""
    args = {name: "••••••" if name in SECRET else text for name, text in message.args}
    try:
        if message.channel == "email":
            text = letters.gist(phrasebook, practice, message)
        else:
            text = phrasebook.render(message.locale, message.phrase, args)
    except PhraseError:
        text = "(a sentence that is no longer in the phrasebook)"
    return MessageLine(
        wording.when(message.at, practice.timezone),
        wording.phone(message.to),
        text,
        wording.message_status(message.status, message.why),
        _about(message.person, message.contact, f"message/{message.id}"),
    )
