"""One visit in words, and what a change of it would be: who hears of it, and the very words that they get."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from babel.dates import format_date

from lamplighter.console import wording
from lamplighter.console.rail import MessageLine, message_line
from lamplighter.console.schedule_shown import GONE_BY, STATES, kind_named, who_named
from lamplighter.console.sick_day_words import BY_CALL
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.phrasebook.book import PhraseError
from lamplighter.conversation.slots import Slot
from lamplighter.desk import letters, missed, rearranging_kept, sick_day, stopping
from lamplighter.desk.ports import Message, Person, Transaction, Visit
from lamplighter.desk.rearranging import STANDING, NotDone
from lamplighter.desk.rearranging_kept import Change, Reason
from lamplighter.desk.rearranging_told import Telling
from lamplighter.practice.model import Practice

REASONS: Final[Mapping[Reason, str]] = {
    "they_asked": "They asked for it",
    "clinician": "The clinician asked for it",
    "practice": "The practice needs it",
    "mistake": "It was entered wrongly",
}
NOT_DONE: Final[Mapping[str, str]] = {
    "over": "This visit can't be changed any more: it has begun, or it is called off.",
    "changed": "Somebody has changed this visit meanwhile. Nothing of yours was done. This is how it stands.",
    "taken": "That time can't be had any more. Nothing was changed.",
    "by_person": "Its clinician works here no longer. Somebody speaks to them first.",
}
CALLED: Final = "Unless they asked for it themselves, this becomes a task: somebody here reaches them."
LEFT_TO_CLINICIAN: Final = "Unless they asked for it themselves, it is left to a clinician."
LOOKED_AT: Final = 300
FOR_LONG: Final = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Somebody:
    """`link`: their page. No number of somebody whom nobody is to contact."""

    name: str
    phone: str | None
    tel: str | None
    link: str
    stops: tuple[str, ...]
    by_person: bool


@dataclass(frozen=True, slots=True)
class Past:
    """Something that was done to the visit."""

    at: str
    what: str
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Undoing:
    """A change that can still be taken back, for so many seconds."""

    change: str
    what: str
    seconds: int
    until: str


@dataclass(frozen=True, slots=True)
class VisitShown:
    id: str
    day: str
    start: str
    when: str
    ends: str
    clinician: str
    with_whom: str
    kind: str
    how: str
    site: str
    state: str
    status: str
    series: bool
    people: tuple[Somebody, ...]
    told: tuple[MessageLine, ...]
    past: tuple[Past, ...]
    seen: str
    may_change: bool
    office: bool
    may_be_missed: bool
    is_missed: bool
    undoing: Undoing | None


@dataclass(frozen=True, slots=True)
class Told:
    """How one of those who come would hear of a change: `text` word for word, or `why` nothing goes and what
    `follows` from that."""

    name: str
    how: str
    text: str = ""
    why: str = ""
    follows: str = ""


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """A time that is free, as a form holds it."""

    value: str
    label: str
    chosen: bool


class VisitWords:
    def __init__(self, practice: Practice, phrasebook: Phrasebook, signed: Mapping[str, Phrasebook]) -> None:
        self._practice, self._phrasebook, self._signed = practice, phrasebook, signed

    @property
    def _book(self) -> Phrasebook:
        """What the practice has signed by now."""
        return self._signed.get(self._practice.id, self._phrasebook)

    # -- one visit -----------------------------------------------------------------------------------------------------

    def visit(self, tx: Transaction, visit: Visit, now: datetime) -> VisitShown:
        practice, slot, zone = self._practice, visit.slot, self._practice.timezone
        local = slot.start.astimezone(zone)
        site = next((each.name for each in practice.sites if each.id == slot.site), "")
        over = slot.end <= now and visit.status in ("booked", "confirmed")
        return VisitShown(
            visit.id, local.date().isoformat(), slot.start.isoformat(), wording.when(slot.start, zone),
            wording.time_of(slot.end, zone), slot.clinician, who_named(practice, slot.clinician),
            kind_named(practice, slot.visit_kind), wording.MODALITIES[slot.modality], site,
            GONE_BY if over else STATES.get(visit.status, "Called off"), visit.status, visit.series is not None,
            tuple(self._people(tx, visit)), tuple(self._told(tx, visit, now)), tuple(self._past(tx, visit)),
            value_of(slot), visit.status in STANDING and slot.start > now,
            visit.status == "held_for_office" and slot.start > now, missed.may_mark(visit, now),
            missed.marked(tx, visit) is not None, self.undoing(rearranging_kept.latest(tx, visit.id), now),
        )  # fmt: skip

    def _people(self, tx: Transaction, visit: Visit) -> Iterator[Somebody]:
        for person in filter(None, map(tx.people.get, visit.participants)):
            stops = tuple(stopping.STOPS[each.stop] for each in stopping.standing_for(tx, person.id))
            never = sick_day.never(tx, visit.id, person) is not None
            yield Somebody(
                named(person),
                wording.phone(person.phone) if person.phone and not never else None,
                person.phone if not never else None,
                f"/persons/{person.id}",
                stops,
                person.by_person_only,
            )

    def _told(self, tx: Transaction, visit: Visit, now: datetime) -> Iterator[MessageLine]:
        """What was written about it, the newest first."""
        gone = tx.outbox.gone_out(visit.participants, now - FOR_LONG)
        found = {each.id: each for each in (*tx.outbox.recent(LOOKED_AT), *gone) if each.visit == visit.id}
        for message in sorted(found.values(), key=lambda each: each.at, reverse=True):
            yield message_line(self._practice, self._phrasebook, message)

    def _past(self, tx: Transaction, visit: Visit) -> Iterator[Past]:
        fact = missed.marked(tx, visit)
        if fact is not None:
            yield Past(self._at(fact.at), f"Marked as missed by {fact.by}")
        for change in rearranging_kept.all_of(tx, visit.id):
            yield Past(
                self._at(change.at), f"{self.what(change)}, by {change.by}: {REASONS[change.reason].lower()}"
            )
        if visit.contact and tx.log.read(visit.contact):
            yield Past("", "Booked in a contact", visit.contact)

    def _at(self, at: datetime) -> str:
        return wording.when(at, self._practice.timezone)

    # -- changes -------------------------------------------------------------------------------------------------------

    def what(self, change: Change) -> str:
        after = ", and those after it," if change.and_after else ""
        was = self.slot(change.before.slot)
        if change.after is None:
            return f"Called off{after}: {was}"
        return f"Moved{after} from {was} to {self.slot(change.after.slot)}"

    def undoing(self, change: Change | None, now: datetime) -> Undoing | None:
        if change is None or change.done or now >= change.begins:
            return None
        until = change.begins.astimezone(self._practice.timezone).strftime("%-I:%M:%S %p")
        return Undoing(change.id, self.what(change), int((change.begins - now).total_seconds()), until)

    def slot(self, slot: Slot) -> str:
        who = who_named(self._practice, slot.clinician)
        return f"{wording.when(slot.start, self._practice.timezone)} with {who}"

    def tellings(self, plans: Iterable[Telling], now: datetime) -> tuple[Told, ...]:
        return tuple(self._telling(each, now) for each in plans)

    def _telling(self, plan: Telling, now: datetime) -> Told:
        name = named(plan.person)
        if plan.message is not None and plan.at is not None:
            kind = "A text" if plan.how == "text" else "An email"
            soon = plan.at <= now + rearranging_kept.TO_UNDO
            later = f"{wording.when(plan.at, self._practice.timezone)}, when they may be written to"
            text = self.words(plan.message)
            return Told(name, f"{kind}, {'in two minutes' if soon else later}", text)
        if plan.how == "with":
            return Told(name, "Nothing of their own", why="the other is told at the same number")
        if plan.how == "clinician":
            return Told(name, "Nothing", why="they are not to be contacted", follows=LEFT_TO_CLINICIAN)
        why = BY_CALL.get(plan.why or "", "a person sees to them")
        return Told(name, "Nothing", why=why, follows=CALLED)

    def words(self, message: Message) -> str:
        """As it goes, word for word."""
        try:
            if message.channel == "email":
                return letters.letter(self._book, self._practice, message)
            locale, phrase = letters.signed_form(self._book, self._practice, message)
            return self._book.render(locale, phrase, dict(message.args))
        except PhraseError:
            return "(The words for it are not signed. Nothing will go.)"

    def not_done(self, refused: NotDone, change: Change | None, now_at: Visit | None) -> str:
        """What stands in the way; where the last change of staff is how it stands, whose that was."""
        if refused.why == "changed" and change is not None and _is_how_it_stands(change, now_at):
            return f"{change.by} was faster. {self.what(change)}. Nothing of yours was done."
        if refused.days:
            days = ", ".join(format_date(each, "MMM d", locale="en") for each in refused.days[:6])
            return f"{NOT_DONE['taken']} It is taken on {days}."
        return NOT_DONE[refused.why]

    def places(
        self, slots: Iterable[Slot], chosen: Slot | None
    ) -> tuple[tuple[str, tuple[PlaceShown, ...]], ...]:
        """By day."""
        days = dict[str, list[PlaceShown]]()
        for slot in slots:
            local = slot.start.astimezone(self._practice.timezone)
            who = who_named(self._practice, slot.clinician)
            day = format_date(local.date(), "EEEE, MMM d", locale="en")
            is_it = chosen is not None and (slot.start, slot.clinician) == (chosen.start, chosen.clinician)
            label = f"{wording.time_of(slot.start, self._practice.timezone)} with {who}"
            days.setdefault(day, []).append(PlaceShown(value_of(slot), label, is_it))
        return tuple((day, tuple(places)) for day, places in days.items())


def _is_how_it_stands(change: Change, visit: Visit | None) -> bool:
    if change.after is None:
        return visit is None or visit.status == "cancelled"
    return visit is None or visit.slot.start == change.after.slot.start


def value_of(slot: Slot) -> str:
    """A time as a form holds it."""
    return f"{slot.start.isoformat()} {slot.clinician}"


def named(person: Person) -> str:
    return f"{person.preferred_name or person.first_name} {person.last_name}"


def asked_slot(practice: Practice, visit: Visit, value: str) -> Slot | None:
    """A time as a form names it, whether it is free or not."""
    start, _, clinician = value.rpartition(" ")
    try:
        at = datetime.fromisoformat(start)
    except ValueError:
        return None
    if at.tzinfo is None or all(each.id != clinician for each in practice.clinicians):
        return None
    slot = visit.slot
    return Slot(at, slot.minutes, clinician, slot.modality, slot.visit_kind, slot.site)
