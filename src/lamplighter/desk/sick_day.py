"""A clinician can't come: whose visits that touches, how each would be told, and the two minutes to think better of it.

Rules of this room: it reads and states, and cancels, sends and books nothing; that is the job's (`sick_day_work`), once
the two minutes are over. What is kept is who, when and until when; never why.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Final, Literal

from lamplighter.conversation.slots import Slot
from lamplighter.desk import gate, preferences, quiet, stopping
from lamplighter.desk.context import stable_id
from lamplighter.desk.notices import visit_args
from lamplighter.desk.ports import Fact, Job, Message, Person, Transaction, Visit
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.model import ClinicianId, Practice

JOB: Final = "call_off_visits"
TO_UNDO: Final = timedelta(minutes=2)
"""How long nothing happens yet after it was said."""

IN_TIME: Final = timedelta(hours=1)
"""How long before their visit somebody has to have a text: they are on their way by then."""

READ_WITHIN: Final = timedelta(hours=24)
"""An email about a visit that is nearer may not be read in time."""

SHOWN: Final = timedelta(days=14)
STANDING: Final = ("booked", "confirmed", "held_for_office")
Way = Literal["text", "email", "call", "clinician", "stays"]
Choice = Literal["move", "video", "cover", "call"]
"""What becomes of a visit: called off, with new times for whoever answers; kept by video or by a colleague where they
say yes; called off, and a person calls."""

Asks = Literal["video", "cover"]


@dataclass(frozen=True, slots=True)
class Spell:
    clinician: ClinicianId
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Reach:
    """The way to somebody; `at`, `why` as below, `message` what goes where something does."""

    way: Way
    at: datetime | None = None
    why: str | None = None
    message: Message | None = None


@dataclass(frozen=True, slots=True)
class ToTell:
    """One person of one visit. `at`: when what is written goes; `why`: a word for why it is a call instead, or why
    nobody is to contact them unless a clinician decides so (the way is "clinician")."""

    visit: Visit
    person: Person
    way: Way
    at: datetime | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class CalledOff:
    """`begins`: when it is done, unless somebody takes it back before. `done`: it has been. `choices`: by visit, what
    was chosen; the others are moved."""

    id: str
    spell: Spell
    at: datetime
    by: str
    begins: datetime
    done: bool = False
    choices: tuple[tuple[str, Choice], ...] = ()

    def choice_of(self, visit: str) -> Choice:
        return dict(self.choices).get(visit, "move")


# -- whom it touches -------------------------------------------------------------------------------------------------


def touched(tx: Transaction, spell: Spell, now: datetime) -> tuple[Visit, ...]:
    """The visits that stand in that time and have not begun, by start."""
    start = max(spell.start, now)
    return tuple(
        visit
        for visit in tx.schedule.visits_between(spell.start, spell.end)
        if visit.slot.clinician == spell.clinician and visit.status in STANDING and visit.slot.start >= start
    )


def preview(
    tx: Transaction, practice: Practice, spell: Spell, now: datetime, law: LawData = SHIPPED
) -> tuple[ToTell, ...]:
    """Who would be told what way, if it were said now: as the gate decides at the end of the two minutes."""
    then = now + TO_UNDO
    return tuple(
        how_to_tell(tx, practice, visit, person, then, law)
        for visit in touched(tx, spell, now)
        for person in people_of(tx, visit)
    )


def people_of(tx: Transaction, visit: Visit) -> Iterator[Person]:
    return filter(None, map(tx.people.get, visit.participants))


def how_to_tell(
    tx: Transaction, practice: Practice, visit: Visit, person: Person, now: datetime, law: LawData = SHIPPED
) -> ToTell:
    """A text or an email where it may go and comes in time; else a person calls them, unless nobody is to."""
    start = visit.slot.start
    found = reach(
        tx, practice, visit.id, person, partial(message, practice, visit, person, now=now), start, now, law
    )
    return ToTell(visit, person, found.way, found.at, found.why)


def reach(
    tx: Transaction,
    practice: Practice,
    visit: str,
    person: Person,
    written: Callable[[preferences.Way], Message],
    start: datetime,
    now: datetime,
    law: LawData = SHIPPED,
) -> Reach:
    """How somebody hears in time of what becomes of a visit that begins, or would have begun, at `start`; `written` is
    what would go to where they are written to."""
    if nobody := never(tx, visit, person):
        return Reach("clinician", why=nobody)
    way = preferences.way_to(tx, practice, person)
    if person.by_person_only:
        return Reach("call", why="by_person_only")
    if way is None:
        return Reach("call", why="channel")
    if way.channel == "email" and start - now < READ_WITHIN:
        return Reach("call", why="email_too_slow")
    word = written(way)
    ruling = gate.rule(tx, practice, word, now, law)
    at = now if ruling.why is None else ruling.again
    if at is None or at > start - IN_TIME:
        return Reach("call", why=ruling.why or "too_late")
    return Reach("text" if way.channel == "sms" else "email", at, message=word)


def never(tx: Transaction, visit: str, person: Person) -> gate.Why | None:
    """Why they are not to be contacted by anybody, a call of the desk included."""
    alike = stopping.meant(tx, person.id)
    if any(quiet.is_kept(tx, person=each) or preferences.of(tx, each).do_not_contact for each in alike):
        return "do_not_contact"
    return "stopped" if stopping.holds(tx, "reminder", person=person.id, visit=visit) else None


def message(
    practice: Practice,
    visit: Visit,
    person: Person,
    way: preferences.Way,
    now: datetime,
    asks: Asks | None = None,
) -> Message:
    """The same one for the same visit, person and time, however often it is made. `asks`: it asks whether they keep the
    time so."""
    what = gate.ASKS_TO_KEEP[asks] if asks else gate.CALLED_OFF
    return Message(
        id=stable_id(what, visit.id, visit.slot.start.isoformat(), person.id),
        channel=way.channel,
        to=way.address,
        phrase=f"{way.channel}.{what}",
        args=tuple(sorted(visit_args(practice, visit, person).items())),
        locale=person.language or practice.languages_signed[0],
        at=now,
        person=person.id,
        visit=visit.id,
    )


# -- saying it, and taking it back -------------------------------------------------------------------------------------


def call_off(
    tx: Transaction,
    spell: Spell,
    *,
    by: str,
    now: datetime,
    choices: Mapping[str, Choice] = MappingProxyType({}),
    colleagues: Mapping[str, Slot] = MappingProxyType({}),
) -> CalledOff:
    """From two minutes on. Where all of this time was called off already, and not taken back, that stands; whoever was
    called off by what was said of a part of it isn't told twice, for their visit no longer stands. `colleagues`: by
    visit, the time of a colleague, which is held from now on."""
    if (before := already(tx, spell, now)) is not None:
        return before
    name = stable_id(
        "called_off", spell.clinician, spell.start.isoformat(), spell.end.isoformat(), now.isoformat()
    )
    begins, chosen = now + TO_UNDO, tuple(sorted(choices.items()))
    details = (("begins", begins.isoformat()), *(("choice", f"{each} {choice}") for each, choice in chosen))
    fact = Fact(
        name, "called_off", f"clinician/{spell.clinician}", now, by, details,
        starts=spell.start, ends=spell.end,
    )  # fmt: skip
    tx.facts.state(fact)
    for visit, slot in colleagues.items():
        tx.schedule.hold(slot, hold_name(name, visit), slot.start - IN_TIME, now)
    tx.jobs.enqueue(Job(f"{JOB}:{name}", JOB, begins, (("called_off", name),)))
    return CalledOff(name, spell, now, by, begins, choices=chosen)


def already(tx: Transaction, spell: Spell, now: datetime) -> CalledOff | None:
    """What was said of all of this time before, and stands."""
    return next(
        (
            before
            for before in standing(tx, now)
            if _covers(before.spell, spell)
            and not tx.facts.standing("called_off_lift", f"called_off/{before.id}")
        ),
        None,
    )


def undo(tx: Transaction, name: str, *, by: str, now: datetime) -> bool:
    """Nothing has happened and nothing will; what was held of a colleague's time is free. False where it is done, or
    was taken back already."""
    found = of(tx, name)
    if found is None or found.done or now >= found.begins:
        return False
    for visit, _ in found.choices:
        tx.schedule.release(hold_name(name, visit))
    tx.jobs.cancel(f"{JOB}:{name}")
    return tx.facts.lift(name, by, now)


def of(tx: Transaction, name: str) -> CalledOff | None:
    """None where it was taken back, or nobody said it."""
    fact = tx.facts.get(name)
    if fact is None or fact.kind != "called_off" or fact.lifted is not None:
        return None
    assert fact.starts is not None and fact.ends is not None
    spell = Spell(fact.about.removeprefix("clinician/"), fact.starts, fact.ends)
    begins, done = datetime.fromisoformat(fact.value("begins")), tx.facts.get(done_name(name)) is not None
    chosen = (value.rsplit(" ", 1) for key, value in fact.details if key == "choice")
    choices = tuple((visit, choice) for visit, choice in chosen)
    return CalledOff(name, spell, fact.at, fact.by, begins, done, choices)  # type: ignore[arg-type]


def standing(tx: Transaction, now: datetime) -> tuple[CalledOff, ...]:
    """What was said in the last two weeks and not taken back, the newest first."""
    facts = (each for each in tx.facts.standing("called_off") if now - each.at < SHOWN)
    return tuple(filter(None, (of(tx, each.id) for each in facts)))


def done_name(name: str) -> str:
    return stable_id("called_off_done", name)


def hold_name(called_off: str, visit: str) -> str:
    """Under which the time is held that somebody may keep: the clinician's own, or a colleague's."""
    return stable_id("called_off_hold", called_off, visit)


def _covers(one: Spell, other: Spell) -> bool:
    return one.clinician == other.clinician and one.start <= other.start and other.end <= one.end
