"""Finds the two or three times that are offered."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import chain, islice, repeat
from typing import Any, Final

from lamplighter.conversation.actions import FindSlots, Slots
from lamplighter.conversation.slots import Slot
from lamplighter.conversation.wish import Wish
from lamplighter.desk.ports import Schedule
from lamplighter.desk.scheduling.calendar import Calendar, calendar_of
from lamplighter.desk.scheduling.openings import (
    Day,
    Shift,
    Start,
    Taken,
    stands_in_the_way,
    stretch,
)
from lamplighter.desk.scheduling.spread import OFFERED, Opening, bounded, choose, off_middle
from lamplighter.desk.scheduling.who import Nobody, candidates, modality_of, plan_of, sees_on
from lamplighter.practice.model import Clinician, ClinicianId, Modality, Practice

WINDOWS: Final = (4, 10)
"""How many days that suit are looked at in one go, first and then; the last repeats."""
DOUBLING: Final = (1, 2, 4, 8)
"""The same where one open day is looked for."""
GAP_DAYS: Final = 3
"""Days that suit and lie further apart than a weekend are asked for apart: what is between them is not wanted."""
FAR_ENOUGH_DAYS: Final = 28
"""After this many days two times suffice; before it, three different days are looked for."""


@dataclass(frozen=True, slots=True)
class Search:
    """One request made ready: the wish read, the refused starts as instants, bounds as local dates."""

    practice: Practice
    schedule: Schedule
    request: FindSlots
    clinicians: tuple[Clinician, ...]
    wish: Wish
    refused: frozenset[int]
    now: datetime
    contact: str | None
    state: str | None

    @property
    def calendar(self) -> Calendar:
        return calendar_of(self.practice)

    @property
    def seconds(self) -> int:
        return self.practice.visit_kind(self.request.visit_kind).minutes * 60

    @property
    def today(self) -> date:
        return self.now.astimezone(self.practice.timezone).date()

    @property
    def horizon(self) -> date:
        return self.today + timedelta(days=self.practice.horizon_days)

    @property
    def earliest(self) -> float:
        return self.now.timestamp() + self.practice.notice_minutes * 60

    @property
    def pages(self) -> int:
        """How many offers deep this one is; refused starts have turned the pages already."""
        return 1 if self.refused else self.request.page + 1

    @property
    def refused_days(self) -> frozenset[date]:
        zone = self.practice.timezone
        return frozenset(datetime.fromtimestamp(at, zone).date() for at in self.refused)


def find_slots(
    practice: Practice,
    schedule: Schedule,
    request: FindSlots,
    now: datetime,
    *,
    contact: str | None = None,
    state: str | None = None,
) -> Slots:
    """Two or three times in order, spread over the days asked for; one only where no second exists.

    `contact`'s own hold is free to it. `state` is where the person will sit (two letters), for telehealth. None found:
    `why_none` is "clinician_kind", "clinician_not_taking", "too_young", "too_old", "no_such_language",
    "out_of_state", "not_on_panel", "practice_closed_then", "full" or "none_fit".
    Raises ValueError when the wish or a refused start can't be read.
    """
    found = _found(practice, schedule, request, now, contact, state)
    return replace(found, **_plan_later(practice, request, now)) if request.clinician else found


def _plan_later(practice: Practice, request: FindSlots, now: datetime) -> dict[str, Any]:
    """What may be said of whoever was asked for and takes their plan from a day to come."""
    insurer, today = plan_of(practice, request), now.astimezone(practice.timezone).date()
    clinician = next((each for each in practice.clinicians if each.id == request.clinician), None)
    if insurer is None or clinician is None or clinician.id in request.apart:
        return {}
    return {"plan": insurer.name, "plan_from": clinician.takes_from(insurer.id, today)}


def _found(
    practice: Practice,
    schedule: Schedule,
    request: FindSlots,
    now: datetime,
    contact: str | None,
    state: str | None,
) -> Slots:
    who = candidates(practice, schedule, request, now, state)
    if isinstance(who, Nobody):
        return Slots((), who.why)
    wish = Wish.loads(request.wish) if request.wish else Wish()
    search = Search(practice, schedule, request, who, wish, refused_starts(request), now, contact, state)
    openings = _look(search)
    picks = _page(search, openings)
    if not picks:
        return Slots((), _why_none(search))
    return Slots(tuple(slot_of(search, start, clinician) for start, clinician in picks))


def refused_starts(request: FindSlots) -> frozenset[int]:
    return frozenset(int(datetime.fromisoformat(start).timestamp()) for start in request.refused)


def _page(search: Search, openings: Sequence[Opening]) -> list[tuple[Start, Clinician]]:
    """Refused starts already turn the page; a bare page number passes over what earlier pages offered."""
    picks = choose(openings, search.wish, search.refused_days)
    for _ in range(1, search.pages):
        seen = {start.instant for start, _ in picks}
        openings = [opening for opening in openings if opening.start.instant not in seen]
        picks = choose(openings, search.wish, search.refused_days)
    return picks


def _look(search: Search) -> list[Opening]:
    """Openings in order, enough of them that more would not change what is offered."""
    if (
        len(search.wish.any_of) == 1
        and bounded(search.wish)
        and not search.wish.soonest
        and search.pages == 1
    ):
        return _look_apart(search)
    days = wished_days(search, _days(search))
    openings: list[Opening] = []
    for size in chain(WINDOWS, repeat(WINDOWS[-1])):
        window = list(islice(days, size))
        openings += openings_on(search, window)
        if len(window) < size or _enough(search, openings, window[-1][0].date):
            break
    return openings


def _look_apart(search: Search) -> list[Opening]:
    """For a wish with an end: the first open day, the last and the one nearest to their middle, as `choose` takes them.

    Days of refused times are looked at on the way and don't count; where fewer than three are open, all were seen.
    """
    days = [day for day in _days(search) if _may_suit(search.wish, day)]
    seen: set[date] = set()
    openings = _until_open(search, days, seen)
    openings += _until_open(search, days[::-1], seen)
    fresh = sorted({opening.day for opening in openings} - search.refused_days)
    if len(fresh) > 1:
        openings += _until_open(search, sorted(days, key=partial(off_middle, fresh)), seen)
    return sorted(openings, key=lambda opening: opening.start.instant)


def _until_open(search: Search, days: Iterable[date], seen: set[date]) -> list[Opening]:
    """Openings of the days not seen, in the order given and more of them each time, until one not refused has some."""
    openings: list[Opening] = []
    unseen, refused = iter([day for day in days if day not in seen]), search.refused_days
    for size in chain(DOUBLING, repeat(DOUBLING[-1])):
        window = sorted(islice(unseen, size))
        seen.update(window)
        openings += openings_on(search, wished_days(search, window))
        if not window or any(opening.day not in refused for opening in openings):
            return openings
    return openings


def _days(search: Search) -> Iterable[date]:
    """The local days on which the wish can be met, as an iterator."""
    windows = search.wish.any_of
    firsts = [w.first for w in windows if w.first]
    lasts = [w.last for w in windows if w.last]
    first = max(search.today, min(firsts)) if windows and len(firsts) == len(windows) else search.today
    last = min(search.horizon, max(lasts)) if windows and len(lasts) == len(windows) else search.horizon
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _enough(search: Search, openings: Sequence[Opening], looked_to: date) -> bool:
    """A wish of several parts with an end is looked at as a whole, so that the offer can be spread over it."""
    if search.wish.soonest:
        return len(openings) >= OFFERED * (search.pages + 1)
    if bounded(search.wish):
        return False
    fresh = {opening.day for opening in openings} - search.refused_days
    far = looked_to - search.today >= timedelta(days=FAR_ENOUGH_DAYS)
    return len(fresh) >= OFFERED * search.pages or (
        far and sum(len(opening.clinicians) for opening in openings) >= 2 * search.pages
    )


Wished = tuple[Day, tuple[Start, ...]]


def wished_days(search: Search, dates: Iterable[date]) -> Iterator[Wished]:
    """Days with the starts that the notice, the refusals and the wish allow; days without any are left out."""
    earliest, refused, allows = search.earliest, search.refused, search.wish.allows
    calendar = search.calendar
    for each in dates:
        if not _may_suit(search.wish, each):
            continue
        day, grid = calendar.day(each)
        starts = tuple(
            start
            for start in grid
            if start.instant >= earliest and start.instant not in refused and allows(start.local)
        )
        if starts:
            yield day, starts


def _may_suit(wish: Wish, day: date) -> bool:
    """Whether any part of the wish is about this day; spares looking at the days in between."""
    return not wish.any_of or any(
        (not window.weekdays or day.weekday() in window.weekdays)
        and (window.first is None or day >= window.first)
        and (window.last is None or day <= window.last)
        for window in wish.any_of
    )


def openings_on(search: Search, days: Iterable[Wished]) -> list[Opening]:
    """Every start on these days at which the hours and the schedule let somebody see the person, in order."""
    openings = []
    for run in _runs(days):
        taken, moved = _taken(search, run[0][1][0].instant, run[-1][1][-1].instant + search.seconds)
        for day, starts in run:
            still = [start for start in starts if start.instant not in moved]
            openings += [
                Opening(start, day.date, _window_of(search.wish, start), tuple(clinicians))
                for start, clinicians in zip(still, _free(search, day, still, taken), strict=True)
                if clinicians
            ]
    return openings


def _runs(days: Iterable[Wished]) -> list[list[Wished]]:
    runs: list[list[Wished]] = []
    for day in days:
        if runs and day[0].date - runs[-1][-1][0].date <= timedelta(days=GAP_DAYS):
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _free(
    search: Search, day: Day, starts: Sequence[Start], taken: Mapping[ClinicianId, Taken]
) -> list[list[Clinician]]:
    """Who could see the person at each of the starts: those that lie in a gap of theirs with room behind them."""
    free: list[list[Clinician]] = [[] for _ in starts]
    instants = [start.instant for start in starts]
    seconds = search.seconds
    for clinician in search.clinicians:
        for shift in _working(search, clinician, day):
            for begin, end in taken[clinician.id].gaps(shift.start, shift.end):
                for place in range(bisect_left(instants, begin), bisect_right(instants, end - seconds)):
                    free[place].append(clinician)
    return free


def _working(search: Search, clinician: Clinician, day: Day) -> tuple[Shift, ...]:
    if not sees_on(search.practice, search.request, clinician, day.date):
        return ()
    return search.calendar.shifts(clinician, day, search.request.new_patient)


def _taken(search: Search, start: int, end: int) -> tuple[dict[ClinicianId, Taken], frozenset[int]]:
    """What each clinician's time is taken by, and where the visit that is being moved stands now."""
    zone, request = search.practice.timezone, search.request
    buffers = {c.id: c.buffer_minutes for c in search.clinicians}
    margin = max(buffers.values()) * 60
    since, until = (datetime.fromtimestamp(at, UTC) for at in (start - margin, end + margin))
    stretches: dict[ClinicianId, list[tuple[int, int]]] = {c.id: [] for c in search.clinicians}
    moved = set()
    for busy in search.schedule.busy(tuple(buffers), since, until, search.now):
        if stands_in_the_way(busy, zone, search.contact, request.moving):
            stretches[busy.clinician].append(stretch(busy, buffers[busy.clinician]))
        elif busy.kind != "hold" and not request.same_time:
            moved.add(int(busy.start.timestamp()))
    return {clinician: Taken(parts) for clinician, parts in stretches.items()}, frozenset(moved)


def _window_of(wish: Wish, start: Start) -> int:
    return next((n for n, window in enumerate(wish.any_of) if window.fits(start.local)), 0)


def slot_of(search: Search, start: Start, clinician: Clinician) -> Slot:
    practice, request = search.practice, search.request
    modality = modality_of(practice, request, clinician, search.state) or clinician.modalities[0]
    site = None
    if modality is Modality.IN_PERSON:
        site = next(iter(clinician.sites or tuple(place.id for place in practice.sites)), None)
    return Slot(start.local, search.seconds // 60, clinician.id, modality, request.visit_kind, site)


def _why_none(search: Search) -> str:
    """Closed when the wish meets no hour in which such a visit fits; full when nothing at all is free."""
    if not search.wish.any_of and not search.wish.none_of:
        return "full" if not search.refused else "none_fit"
    if _closed_then(search):
        return "practice_closed_then"
    anything = Search(
        search.practice,
        search.schedule,
        search.request,
        search.clinicians,
        Wish(soonest=True),
        frozenset(),
        search.now,
        search.contact,
        search.state,
    )
    return "none_fit" if _look(anything) else "full"


def _closed_then(search: Search) -> bool:
    asked = False
    for each in _days(search):
        day, starts = search.calendar.day(each)
        if any(
            search.wish.allows(start.local) and start.instant + search.seconds <= shift.end
            for start in starts
            for shift in day.opening
            if start.instant >= shift.start
        ):
            return False
        asked = asked or any(_quarters_allowed(search.wish, each))
    return asked


def _quarters_allowed(wish: Wish, day: date) -> Iterable[bool]:
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001  # a wish is about wall-clock time
    return (wish.allows(midnight + timedelta(minutes=minutes)) for minutes in range(0, 24 * 60, 15))
