"""What the front desk came to over some days: one function a figure, from what was counted of each contact.

Rules of this room: what can't be known is None and never nought; a figure says what it counts in words that whoever
reads it can check; nobody is named. What is counted of a contact, and from which events, is `tallying.py`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import quantiles
from types import MappingProxyType
from typing import Final, Literal

from lamplighter.desk.authorizations.model import Authorization
from lamplighter.desk.missed_danger import Missed
from lamplighter.desk.tallying import Counted
from lamplighter.desk.veiling import veiled

Unit = Literal["", "seconds", "days", "hours"]
FINISHED: Final = ("booked", "rescheduled", "cancelled", "waitlisted", "answered")
ROUTES: Final[Mapping[str, str]] = MappingProxyType(
    {"crisis": "A person now", "clinical": "A clinician", "human": "The desk"}
)


@dataclass(frozen=True, slots=True)
class Number:
    """`count` of `of` (None: a number by itself), or of `count` cases the `middle` and what nine of ten stay within,
    in `unit`. `before`: the same figure of the days before, in percent. `parts`: None where one is not shown."""

    which: str
    name: str
    how: str
    count: int
    of: int | None = None
    unit: Unit = ""
    middle: float | None = None
    most: float | None = None
    before: int | None = None
    parts: tuple[tuple[str, int | None], ...] = ()

    @property
    def percent(self) -> int | None:
        """None where there is nothing to be a part of."""
        return round(100 * self.count / self.of) if self.of else None


Found = Sequence[Counted]


def contacts(found: Found) -> Number:
    how = "Contacts that began in these days: each call, thread of texts, chat and thread of emails is one."
    return Number("contacts", "Contacts", how, len(found))


def answered(found: Found) -> Number:
    how = "Of the contacts, those in which the assistant or a person of the practice said or wrote something to them."
    count = sum(each.answered is not None for each in found)
    return Number("answered", "Answered", how, count, len(found))


def after_hours(found: Found) -> Number:
    how = (
        "Of the contacts that began while the practice was closed by its own hours, those in which the assistant or a "
        "person of the practice said or wrote something to them."
    )
    closed = [each for each in found if not each.office_open]
    count = sum(each.answered is not None for each in closed)
    return Number("after_hours", "Answered while the practice was closed", how, count, len(closed))


def time_to_answer(found: Found) -> Number:
    how = (
        "From the beginning of a contact to the first word of ours, of those that were answered: half were answered "
        "within the first time, nine of ten within the second."
    )
    took = [each.answered for each in found if each.answered is not None]
    return _times("time_to_answer", "Time to answer", how, took, "seconds")


def abandoned(found: Found) -> Number:
    how = (
        "Of the contacts that are over, those that they left before anything had come of it: nothing was answered, "
        "booked, changed, noted or handed to a person."
    )
    over = [each for each in found if each.ended]
    return Number("abandoned", "Abandoned", how, sum(each.came_to == "abandoned" for each in over), len(over))


def finished(found: Found) -> Number:
    how = (
        "Of the contacts that are over, those that came to a booking, a move, a cancellation, a place on the wait list "
        "or an answer while no person of the practice was asked for, was there or was left anything to do. A contact "
        "in which somebody may have been in danger is never counted as finished: no credit is taken for it."
    )
    over = [each for each in found if each.ended]
    return Number("finished", "Finished without staff", how, sum(map(is_finished, over)), len(over))


def is_finished(each: Counted) -> bool:
    nobody = not (each.routes or each.staff or each.owed or each.danger)
    return each.ended and nobody and each.came_to in FINISHED


def handed_over(found: Found) -> Number:
    how = "Of the contacts, those in which a person was asked for: by them, by the guard, or since we could not go on."
    asked = [each for each in found if each.routes]
    by_route = veiled([sum(route in each.routes for each in asked) for route in ROUTES])
    parts = tuple(zip(ROUTES.values(), by_route, strict=True))
    return Number("handed_over", "Handed over", how, len(asked), len(found), parts=parts)


def person_there(found: Found) -> Number:
    how = (
        "Of the contacts in which a person was asked for: from the first asking until somebody accepted, took over or "
        "wrote. Half had a person within the first time, nine of ten within the second; those for whom nobody came are "
        "in neither, and the number beside it says how many of all had somebody."
    )
    asked = [each for each in found if each.routes]
    took = [each.there for each in asked if each.there is not None]
    return _times("person_there", "A person was there", how, took, "seconds", len(asked))


def first_visits(found: Found) -> Number:
    how = (
        "First visits that were booked in these contacts, by the kinds that the practice names as first; those that "
        "wait for the office's word are among them, and a booking that was called off later stays counted."
    )
    return Number("first_visits", "First visits booked", how, sum(len(each.first) for each in found))


def days_to_first(found: Found) -> Number:
    how = "From booking to the visit, of the first visits booked: half are sooner than the first time."
    ahead = [days for each in found for days in each.first]
    return _times("days_to_first", "Days to the first visit", how, ahead, "days")


def hours_saved(found: Found) -> Number:
    how = (
        "Of the contacts that were finished without staff (above): a call counts as long as it lasted, at most thirty "
        "minutes; of texts, chats and emails each message of theirs counts as one minute, at most fifteen a contact. "
        "That is what a person would have spent at the telephone or the keyboard, and no more: looking things up, "
        "calling back and writing down are not in it."
    )
    done = [each for each in found if is_finished(each)]
    hours = sum(each.minutes for each in done) / 60
    return Number("hours_saved", "Hours saved", how, len(done), unit="hours", middle=hours if done else None)


OF_CONTACTS: Final[tuple[Callable[[Found], Number], ...]] = (
    contacts, answered, after_hours, time_to_answer, abandoned, finished, handed_over, person_there, first_visits,
    days_to_first, hours_saved,
)  # fmt: skip


# -- what is counted elsewhere -----------------------------------------------------------------------------------------

Kept = tuple[datetime, str]
"""When a visit began, and how it stands."""


def no_shows(visits: Iterable[Kept], earlier: Iterable[Kept]) -> Number:
    """`earlier`: those of as many days before."""
    how = (
        "Of the visits of these days that stood when their time came, those that staff marked as missed; what nobody "
        "marks counts as kept. Beside it the same of as many days before, where there were any."
    )
    missed, stood = _missed(visits)
    before, of = _missed(earlier)
    past = round(100 * before / of) if of else None
    return Number("no_shows", "No-shows", how, missed, stood, before=past)


def _missed(visits: Iterable[Kept]) -> tuple[int, int]:
    stood = [status for _, status in visits if status not in ("cancelled", "held_for_office")]
    return stood.count("missed"), len(stood)


def turnaround(authorizations: Iterable[Authorization], start: datetime, end: datetime) -> Number:
    how = (
        "Of the prior authorizations that a payer decided in these days: from the day it was sent to the decision, as "
        "the payer dates it. Half were decided within the first time, nine of ten within the second."
    )
    took = [
        (each.decided - each.sent).total_seconds() / 86400
        for each in authorizations
        if each.sent is not None and each.decided is not None and start <= each.decided < end
    ]
    return _times("turnaround", "Authorizations decided", how, [max(0.0, each) for each in took], "days")


def missed_danger(missed: Iterable[Missed], start: datetime, end: datetime) -> Number:
    how = (
        "Contacts of which somebody who looked them over in these days says that a person in danger was not heard, and "
        "should have gone to a person now: each contact once. Of those that nobody looked over nothing is known."
    )
    return Number("missed_danger", "Missed by the guard", how, sum(start <= each.at < end for each in missed))


def _times(
    which: str, name: str, how: str, took: Sequence[float], unit: Unit, of: int | None = None
) -> Number:
    middle, most = spread(took)
    return Number(which, name, how, len(took), of, unit, middle, most)


def spread(took: Sequence[float]) -> tuple[float | None, float | None]:
    """The middle one, and what nine of ten stay within; between two values in proportion."""
    if len(took) < 2:
        return (took[0], took[0]) if took else (None, None)
    tenths = quantiles(took, n=10, method="inclusive")
    return tenths[4], tenths[8]
