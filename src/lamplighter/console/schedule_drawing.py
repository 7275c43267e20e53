"""A day or a week of visits, drawn as columns of rows for whoever may see them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode

from babel.dates import format_date

from lamplighter.console import wording
from lamplighter.console.schedule_rows import STEP, between, clock_of, minute_of, side_by_side
from lamplighter.console.schedule_shown import (
    BEGUN,
    GONE_BY,
    KEPT,
    STATES,
    Asked,
    Block,
    Board,
    Card,
    Column,
    Seeing,
    View,
    kind_named,
    short,
    who_named,
)
from lamplighter.desk import rearranging_kept
from lamplighter.desk.ports import Busy, Transaction, Visit
from lamplighter.practice.calendar import at_local, is_holiday, local_date, open_spans
from lamplighter.practice.model import Clinician, Practice

USUAL: Final = (9 * 60, 17 * 60)
"""What is shown of a day on which nothing is open and nobody comes."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What stands there at one minute: where it is the same as before, so is what is drawn of it."""

    asked: Asked
    minute: datetime
    places: tuple[tuple[Clinician, date], ...]
    visits: tuple[Visit, ...]
    busy: tuple[Busy, ...]
    strays: tuple[Visit, ...] = ()


class Boards:
    def __init__(self, practice: Practice) -> None:
        self._practice = practice

    def look(self, tx: Transaction, seeing: Seeing, asked: Asked, now: datetime) -> "Looked":
        """`now` is aware."""
        places, minute = self._places(seeing, asked), now.replace(second=0, microsecond=0)
        if not places:
            return Looked(asked, minute, (), (), ())
        start = self._midnight(places[0][1])
        end = self._midnight(places[-1][1] + timedelta(days=1))
        ids = tuple(dict.fromkeys(who.id for who, _ in places))
        known = {each.id for each in self._practice.clinicians}
        every = tx.schedule.visits_between(start, end)
        visits = tuple(each for each in every if each.slot.clinician in ids)
        strays = tuple(each for each in every if each.slot.clinician not in known and seeing.changes)
        places = tuple(self._worth_a_column(places, visits, local_date(self._practice, now)))
        busy = tx.schedule.busy(ids, start, end, now)
        return Looked(asked, minute, places, visits, busy, () if asked.clinician else strays)

    def board(self, tx: Transaction, seeing: Seeing, found: "Looked", now: datetime) -> Board:
        asked, places, visits, busy = found.asked, found.places, found.visits, found.busy
        if not places:
            return Board(_title(asked, asked.day, asked.day), (), (), self._closed(asked))
        spans = [self._span(day, visits, busy) for _, day in places]
        begin = min(each[0] for each in spans) // 60 * 60
        until = -(-max(each[1] for each in spans) // 60) * 60
        drawing = _Drawing(tx, seeing, now, begin, until)
        columns = tuple(drawing.column(who, day, visits, busy, asked.view) for who, day in places)
        hours = tuple(((minute - begin) // STEP + 1, clock_of(minute)) for minute in range(begin, until, 60))
        title = _title(asked, places[0][1], places[-1][1])
        return Board(
            title, columns, hours, self._closed(asked), (until - begin) // STEP, begin,
            tuple(map(drawing.card, found.strays)),
        )  # fmt: skip

    def _places(self, seeing: Seeing, asked: Asked) -> tuple[tuple[Clinician, date], ...]:
        """A column each: of a day everybody who is shown, of a week its days for one."""
        shown = [each for each in seeing.clinicians if asked.clinician in (None, each.id)]
        if asked.view == "day":
            return tuple((each, asked.day) for each in shown)
        monday = asked.day - timedelta(days=asked.day.weekday())
        return tuple((each, monday + timedelta(days=n)) for each in shown[:1] for n in range(7))

    def _worth_a_column(
        self, places: Sequence[tuple[Clinician, date]], visits: Iterable[Visit], today: date
    ) -> Iterator[tuple[Clinician, date]]:
        """Of a week a weekend on which nothing is open and nobody comes is left out."""
        taken = {local_date(self._practice, each.slot.start) for each in visits}
        days = {day for _, day in places}
        for who, day in places:
            weekday = day.weekday() < 5 or len(days) == 1
            if weekday or day in taken or day == today or self._practice.hours.days.get(day.weekday()):
                yield who, day

    def _midnight(self, day: date) -> datetime:
        return at_local(self._practice, day, time())

    def _span(self, day: date, visits: Iterable[Visit], busy: Iterable[Busy]) -> tuple[int, int]:
        """From when to when there is something to be seen, in minutes of the day."""
        zone, found = self._practice.timezone, list[tuple[int, int]]()
        for opening in open_spans(self._practice, day):
            found.append((minute_of(opening.start, day), minute_of(opening.end, day)))
        taken = [(each.slot.start, each.slot.end) for each in visits]
        taken += [(each.start, each.end) for each in busy if each.kind == "hold"]
        for start, end in taken:
            begins, ends = start.astimezone(zone), end.astimezone(zone)
            if begins.date() == day:
                found.append((minute_of(begins, day), minute_of(ends, day)))
        if not found:
            return USUAL
        return min(begins for begins, _ in found), max(ends for _, ends in found)

    def _closed(self, asked: Asked) -> str:
        if asked.view == "week":
            return ""
        if is_holiday(self._practice, asked.day):
            return "The practice is closed: a holiday, or a day on which it said that it is."
        return (
            ""
            if self._practice.hours.days.get(asked.day.weekday())
            else "The practice is closed on this day."
        )


class _Drawing:
    """One board being drawn. `begin` and `until`: the minutes of the day between which there are rows."""

    def __init__(self, tx: Transaction, seeing: Seeing, now: datetime, begin: int, until: int) -> None:
        self._tx, self._seeing, self._practice = tx, seeing, seeing.practice
        self._zone = self._practice.timezone
        self._now, self._begin, self._until = now.astimezone(self._zone), begin, until

    def column(
        self, who: Clinician, day: date, visits: Iterable[Visit], busy: Iterable[Busy], view: View
    ) -> Column:
        mine = [
            each for each in visits if each.slot.clinician == who.id and self._day(each.slot.start) == day
        ]
        taken = [each for each in busy if each.clinician == who.id]
        cards = side_by_side([self.card(each) for each in mine])
        today = day == self._now.date()
        stands, free = self._stands(who, day, mine, taken) if today else (self._works(who, day), False)
        title = who.spoken_name if view == "day" else format_date(day, "EEE, MMM d", locale="en")
        minute = minute_of(self._now, day)
        within = today and self._begin <= minute < self._until
        return Column(
            f"{who.id}-{day.isoformat()}", who.id, day.isoformat(), title, stands, free, today, cards,
            tuple(self._blocks(who, day, taken)), self._row(minute) if within else None,
        )  # fmt: skip

    def card(self, visit: Visit) -> Card:
        slot, practice = visit.slot, self._practice
        start, end = slot.start.astimezone(self._zone), slot.end.astimezone(self._zone)
        row, rows = self._place(start, end, start.date())
        opens = self._seeing.opens(visit)
        ahead = slot.start > self._now and visit.status in ("booked", "confirmed", "held_for_office")
        return Card(
            visit.id, row, rows, wording.time_of(slot.start, self._zone), wording.time_of(slot.end, self._zone),
            self._names(visit), kind_named(practice, slot.visit_kind) if opens else "",
            wording.MODALITIES[slot.modality] if opens else "", who_named(practice, slot.clinician),
            visit.status, self._state(visit) if opens else "", slot.start,
            tuple(f"person/{each}" for each in visit.participants),
            opens=opens, moves=ahead and self._seeing.changes,
        )  # fmt: skip

    def _state(self, visit: Visit) -> str:
        if visit.status in ("booked", "confirmed") and visit.slot.end <= self._now:
            return GONE_BY
        if visit.status in ("booked", "confirmed") and visit.slot.start <= self._now:
            return BEGUN
        return STATES.get(visit.status, visit.status)

    def _names(self, visit: Visit) -> str:
        people = filter(None, map(self._tx.people.get, visit.participants))
        names = [short(each.preferred_name or each.first_name, each.last_name) for each in people]
        return " and ".join(names) or "Name not known"

    def _blocks(self, who: Clinician, day: date, taken: Iterable[Busy]) -> Iterator[Block]:
        spans = [
            (max(opening.start, shift.start), min(opening.end, shift.end))
            for opening in open_spans(self._practice, day)
            for shift in open_spans(self._practice, day, who.hours)
        ]
        works = sorted((minute_of(start, day), minute_of(end, day)) for start, end in spans if start < end)
        for begins, ends in between(works, self._begin, self._until):
            yield self._block(day, begins, ends, "off", "Not working")
        for busy in taken:
            begins, ends = (minute_of(each.astimezone(self._zone), day) for each in (busy.start, busy.end))
            begins, ends = max(begins, self._begin), min(ends, self._until)
            if begins < ends and busy.kind == "absence":
                yield self._block(day, begins, ends, "absence", "Blocked")
            elif begins < ends and busy.kind == "hold":
                yield replace(self._block(day, begins, ends, "hold", KEPT), link=self._holder(busy.ref, day))

    def _holder(self, ref: str, day: date) -> str | None:
        """Where it is seen for whom it is kept: a change that can be taken back, or somebody who is being spoken to."""
        if not self._seeing.changes:
            return None
        if rearranging_kept.of(self._tx, ref) is not None:
            return f"/schedule?{urlencode({'day': day.isoformat(), 'change': ref})}"
        return f"/?{urlencode({'contact': ref})}" if self._tx.log.read(ref) else None

    def _block(self, day: date, begins: int, ends: int, kind: str, label: str) -> Block:
        midnight = at_local(self._practice, day, time())
        at = [(midnight + timedelta(minutes=each)).astimezone(self._zone) for each in (begins, ends)]
        row = self._row(begins)
        return Block(row, self._row(ends - 1) - row + 1, kind, clock_of(begins), clock_of(ends), label, at[0])

    def _stands(
        self, who: Clinician, day: date, visits: Iterable[Visit], taken: Iterable[Busy]
    ) -> tuple[str, bool]:
        """How it is with them at this moment, and whether they are free."""
        now = self._now
        here = [
            min(a.end, b.end)
            for a in open_spans(self._practice, day)
            for b in open_spans(self._practice, day, who.hours)
            if a.holds(now) and b.holds(now)
        ]
        away = next((each for each in taken if each.kind == "absence" and each.start <= now < each.end), None)
        if away is not None:
            return f"Away until {self._until_when(away.end)}", False
        with_one = next((each for each in visits if each.slot.start <= now < each.slot.end), None)
        if with_one is not None and with_one.status != "missed":
            return f"With somebody until {self._until_when(with_one.slot.end)}", False
        if not here:
            return "Not working now", False
        next_one = min((each.start for each in taken if each.start > now), default=None)
        until = here[0] if next_one is None or next_one > here[0] else next_one
        return f"Free until {self._until_when(until)}", True

    def _until_when(self, at: datetime) -> str:
        local = at.astimezone(self._zone)
        if local.date() != self._now.date():
            return format_date(local.date(), "EEE, MMM d", locale="en")
        return wording.time_of(at, self._zone)

    def _works(self, who: Clinician, day: date) -> str:
        if is_holiday(self._practice, day):
            return "Holiday"
        return "" if open_spans(self._practice, day, who.hours) else "Not working"

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()

    def _place(self, start: datetime, end: datetime, day: date) -> tuple[int, int]:
        row = self._row(max(minute_of(start, day), self._begin))
        return row, max(1, self._row(min(minute_of(end, day), self._until) - 1) - row + 1)

    def _row(self, minute: int) -> int:
        return (minute - self._begin) // STEP + 1


def _title(asked: Asked, first: date, last: date) -> str:
    if asked.view == "day":
        return format_date(asked.day, "EEEE, MMMM d, y", locale="en")
    return f"{format_date(first, 'MMM d', locale='en')} to {format_date(last, 'MMM d, y', locale='en')}"
