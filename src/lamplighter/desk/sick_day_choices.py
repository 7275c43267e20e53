"""What may become of a visit whose clinician can't come: moved, kept by video, kept by a colleague, or a call.

Rules of this room: it reads and decides, and writes nothing. A colleague is found by the very rules of a search; why
something can't be had is a word of a list.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, get_args

from lamplighter.conversation.actions import FindSlots
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.slots import Slot
from lamplighter.desk import apart, letters, sick_day
from lamplighter.desk.ports import Person, Transaction, Visit
from lamplighter.desk.preferences import way_to
from lamplighter.desk.scheduling import is_free
from lamplighter.desk.scheduling.calendar import calendar_of
from lamplighter.desk.scheduling.who import Nobody, candidates, sees_on, speaks
from lamplighter.desk.sick_day import IN_TIME, TO_UNDO, Asks, Choice, Spell, ToTell
from lamplighter.desk.sick_day_told import told
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.model import Clinician, Modality, Practice

CHOICES: Final[tuple[Choice, ...]] = get_args(Choice)
ASKING: Final[tuple[Asks, ...]] = get_args(Asks)
TO_ANSWER: Final = timedelta(minutes=30)
"""How long at least somebody has to answer what they are asked."""

MOST_ASKED: Final = 2
ANSWERED: Final[dict[Asks, str]] = {"video": "by_video", "cover": "with_colleague"}


@dataclass(frozen=True, slots=True)
class Option:
    """`why`: a word for why it can't be had. `slot`: how the time would be kept. `stays`: it is kept as it is, and
    nobody is asked."""

    choice: Choice
    why: str | None = None
    slot: Slot | None = None
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Choosing:
    """One visit: how each who comes would be told, what may be chosen, and what is unless somebody chooses."""

    visit: Visit
    plans: tuple[ToTell, ...]
    options: tuple[Option, ...]
    usual: Choice

    def may(self, choice: Choice) -> bool:
        return any(each.choice == choice and each.why is None for each in self.options)

    @property
    def open(self) -> bool:
        """Whether there is anything to choose: not where nobody who comes is to be contacted."""
        return any(each.why is None for each in self.options)


class GoneError(Exception):
    """Something that was chosen can't be had any more. Look again."""


def choosing(
    tx: Transaction,
    practice: Practice,
    spell: Spell,
    now: datetime,
    law: LawData = SHIPPED,
    book: Phrasebook | None = None,
) -> tuple[Choosing, ...]:
    """For every visit of this time, by start, if it were said now. `book`: what the practice has signed; None: all."""
    touched = sick_day.touched(tx, spell, now)
    return tuple(_choosing(tx, practice, visit, now + TO_UNDO, law, book) for visit in touched)


def _choosing(
    tx: Transaction, practice: Practice, visit: Visit, then: datetime, law: LawData, book: Phrasebook | None
) -> Choosing:
    people = sick_day.people_of(tx, visit)
    plans = tuple(sick_day.how_to_tell(tx, practice, visit, each, then, law) for each in people)
    options = tuple(option(tx, practice, visit, plans, choice, then, book=book) for choice in CHOICES)
    found = Choosing(visit, plans, options, "move")
    if _is_kept_by_video(tx, visit, then) and found.may("video"):
        return replace(found, usual="video")
    return found if found.may("move") else replace(found, usual="call")


def _is_kept_by_video(tx: Transaction, visit: Visit, now: datetime) -> bool:
    """They have said yes to it, or it was to stay, when part of the day was called off before."""
    if visit.slot.modality is not Modality.TELEHEALTH:
        return False
    days = (each for each in sick_day.standing(tx, now) if each.spell.clinician == visit.slot.clinician)
    known = (each for day in days for each in told(tx, day.id))
    return any(each.visit == visit.id and (each.way == "stays" or each.asks == "video") for each in known)


def chosen(found: Iterable[Choosing], wanted: Mapping[str, str]) -> tuple[dict[str, Choice], dict[str, Slot]]:
    """By visit what was chosen, and the time of the colleague who is to be held for it. What names no visit of this
    time is nothing. Raises `GoneError`."""
    choices: dict[str, Choice] = {}
    colleagues: dict[str, Slot] = {}
    for each in found:
        choice = next((name for name in CHOICES if name == wanted.get(each.visit.id)), each.usual)
        if not each.open:
            continue
        picked = next(one for one in each.options if one.choice == choice)
        if picked.why is not None:
            raise GoneError
        choices[each.visit.id] = choice
        if choice == "cover" and picked.slot is not None:
            colleagues[each.visit.id] = picked.slot
    return choices, colleagues


# -- what may be had ---------------------------------------------------------------------------------------------------


def option(
    tx: Transaction,
    practice: Practice,
    visit: Visit,
    plans: Sequence[ToTell],
    choice: Choice,
    now: datetime,
    held: str | None = None,
    *,
    book: Phrasebook | None = None,
) -> Option:
    """`held`: under which name a colleague's time may be held for it already."""
    if all(each.way == "clinician" for each in plans):
        return Option(choice, "clinician")
    if choice == "call":
        return Option(choice)
    if choice == "video" and visit.slot.modality is Modality.TELEHEALTH:
        return Option(choice, slot=visit.slot, stays=True)
    if why := _not_written(plans):
        return Option(choice, why)
    if choice == "move":
        return Option(choice)
    if why := _not_asked(tx, practice, visit, plans, now):
        return Option(choice, why)
    people = [each.person for each in plans]
    found = (
        _by_video(practice, visit, people)
        if choice == "video"
        else _colleague(tx, practice, visit, people, now, held)
    )
    if isinstance(found, str):
        return Option(choice, found)
    if book is not None and not _is_signed(tx, practice, book, visit, people, choice, found):
        return Option(choice, "not_signed")
    return Option(choice, slot=found)


def _is_signed(
    tx: Transaction,
    practice: Practice,
    book: Phrasebook,
    visit: Visit,
    people: Sequence[Person],
    asks: Asks,
    slot: Slot,
) -> bool:
    """The question and what its answers are answered with, in the words of each: where one is told in plainer words
    that the visit is called off, a yes would be to nothing."""
    for person, way in ((each, way_to(tx, practice, each)) for each in people):
        if way is None:
            return False
        message = sick_day.message(practice, visit, person, way, visit.slot.start, asks)
        ending = letters.BODY if way.channel == "email" else ""
        locale, phrase = letters.signed_form(book, practice, message, ending)
        wanted = [
            phrase + ending,
            *(f"{way.channel}.called_off.{each}" for each in (ANSWERED[asks], "noted")),
        ]
        wanted += ["day.where"] if slot.modality is Modality.TELEHEALTH else []
        if phrase != message.phrase or not all(book.has(locale, each) for each in wanted):
            return False
    return True


def _not_written(plans: Sequence[ToTell]) -> str | None:
    if any(each.way in ("text", "email") for each in plans):
        return None
    return next((each.why for each in plans if each.why), "channel")


def _not_asked(
    tx: Transaction, practice: Practice, visit: Visit, plans: Sequence[ToTell], now: datetime
) -> str | None:
    """All who come are asked, each where only they answer, and have the time to."""
    if len(plans) > MOST_ASKED or len(plans) < len(visit.participants):
        return "group"
    if any(each.way not in ("text", "email") for each in plans):
        return "one_is_called"
    last = visit.slot.start - IN_TIME - TO_ANSWER
    if any((each.at or now) > last for each in plans):
        return "no_time_to_answer"
    ways = [way_to(tx, practice, each.person) for each in plans]
    return "one_address" if len({way.address for way in ways if way}) < len(plans) else None


def _by_video(practice: Practice, visit: Visit, people: Sequence[Person]) -> Slot | str:
    """Where they will be sitting is asked; whose home on file is elsewhere is not asked at all."""
    slot, day = visit.slot, practice.day_of_visit
    clinician = practice.clinician(slot.clinician)
    licensed = clinician.states or practice.states
    if slot.visit_kind not in day.video_instead:
        return "kind_by_video"
    if Modality.TELEHEALTH not in clinician.modalities or day.link_for(clinician.id, slot.visit_kind) is None:
        return "no_video"
    if licensed and any(each.state is not None and each.state not in licensed for each in people):
        return "out_of_state"
    return replace(slot, modality=Modality.TELEHEALTH, site=None)


def _colleague(
    tx: Transaction,
    practice: Practice,
    visit: Visit,
    people: Sequence[Person],
    now: datetime,
    held: str | None,
) -> Slot | str:
    """The first who may see all of them by every rule of a search, and is free then: as the visit is, where it is."""
    others = replace(
        practice, clinicians=tuple(c for c in practice.clinicians if c.id != visit.slot.clinician)
    )
    allowed: list[set[str]] = []
    for person in people:
        request = as_searched(tx, practice, visit, person)
        who = candidates(others, tx.schedule, request, now, person.state)
        if isinstance(who, Nobody):
            return f"cover_{who.why}"
        allowed.append({each.id for each in who if _sees(practice, request, each, visit)})
    may = [each for each in others.clinicians if all(each.id in ids for ids in allowed)]
    slots = (replace(visit.slot, clinician=each.id) for each in may)
    return next((each for each in slots if is_free(practice, tx.schedule, each, now, held)), "cover_busy")


def as_searched(tx: Transaction, practice: Practice, visit: Visit, person: Person) -> FindSlots:
    """What they would search for, had they such a visit to make."""
    slot = visit.slot
    spoken = person.language and any(speaks(each, person.language) for each in practice.clinicians)
    return FindSlots(
        wish="",
        visit_kind=slot.visit_kind,
        modality=slot.modality,
        language=person.language if spoken else None,
        born=person.date_of_birth,
        insurer=None if person.self_pay else person.insurer,
        new_patient=practice.visit_kind(slot.visit_kind).first,
        apart=apart.clinicians(tx, person),
    )


def _sees(practice: Practice, request: FindSlots, clinician: Clinician, visit: Visit) -> bool:
    """At that time and place, whoever is of that age and has that plan on that day."""
    slot, start = visit.slot, visit.slot.start
    day = start.astimezone(practice.timezone).date()
    if slot.site is not None and clinician.sites and slot.site not in clinician.sites:
        return False
    first = practice.visit_kind(slot.visit_kind).first
    return sees_on(practice, request, clinician, day) and any(
        begins <= start.timestamp() and slot.end.timestamp() <= ends
        for begins, ends in _hours(practice, clinician, slot, first)
    )


def _hours(practice: Practice, clinician: Clinician, slot: Slot, first: bool) -> Iterator[tuple[int, int]]:
    calendar, day = calendar_of(practice), slot.start.astimezone(practice.timezone).date()
    for shift in calendar.shifts(clinician, calendar.day(day)[0], first):
        yield shift.start, shift.end
