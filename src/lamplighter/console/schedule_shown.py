"""A day or a week of visits as somebody may see it: columns of clinicians or of days, and all of it by time.

Rows are five minutes of the wall clock. A column names whom it shows, so that its reading is noted.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from babel.dates import format_date

from lamplighter.console import wording
from lamplighter.desk.ports import Account, Busy, Transaction, Visit
from lamplighter.practice.calendar import at_local, is_holiday, local_date, open_spans
from lamplighter.practice.model import Clinician, Practice

STEP: Final = 5
A_DAY: Final = 24 * 60
USUAL: Final = (9 * 60, 17 * 60)
"""What is shown of a day on which nothing is open and nobody comes."""

STATES: Final[Mapping[str, str]] = {
    "booked": "Booked",
    "confirmed": "Confirmed",
    "held_for_office": "Office to confirm",
    "missed": "Missed",
    "done": "Came",
}
GONE_BY: Final = "Has been"
BEGUN: Final = "Now"
View = Literal["day", "week"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be shown. `clinician` None: all of them, which a week can't show."""

    view: View
    day: date
    clinician: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One visit. `row` and `rows` are places of the grid, `lane` of `lanes` where several stand side by side. `opens`:
    it can be opened by whoever sees it, `moves`: and be moved by them."""

    id: str
    row: int
    rows: int
    start: str
    end: str
    name: str
    kind: str
    how: str
    clinician: str
    status: str
    state: str
    at: datetime
    about: tuple[str, ...]
    lane: int = 1
    lanes: int = 1
    opens: bool = False
    moves: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Time that nobody comes in. `kind`: "off" where they don't work, "absence", "hold"."""

    row: int
    rows: int
    kind: str
    start: str
    end: str
    label: str
    at: datetime
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """`stands`: who is free now, or why there is nothing. `today`: its day is today."""

    id: str
    clinician: str
    day: str
    title: str
    stands: str
    free: bool
    today: bool
    cards: tuple[Card, ...]
    blocks: tuple[Block, ...]
    now: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list by time: a visit, or time that is blocked."""

    column: Column
    card: Card | None = None
    block: Block | None = None


@dataclass(frozen=True, slots=True)
class Board:
    title: str
    columns: tuple[Column, ...]
    hours: tuple[tuple[int, str], ...]
    closed: str
    rows: int = 0
    first: int = 0

    @property
    def about(self) -> Iterator[str]:
        yield from (about for column in self.columns for card in column.cards for about in card.about)

    @property
    def visits(self) -> int:
        return sum(len(column.cards) for column in self.columns)

    @property
    def lines(self) -> tuple[Line, ...]:
        """All of it by time."""
        cards = [(card.at, Line(column, card)) for column in self.columns for card in column.cards]
        blocks = [
            (block.at, Line(column, None, block))
            for column in self.columns
            for block in column.blocks
            if block.kind != "off"
        ]
        return tuple(line for _, line in sorted([*cards, *blocks], key=lambda each: each[0]))


class Seeing:
    """What an account may see of the schedule."""

    def __init__(self, practice: Practice, account: Account) -> None:
        self.practice, self._account = practice, account
        self._roles = frozenset(account.roles)

    @property
    def changes(self) -> bool:
        return not self._roles.isdisjoint(("owner", "desk"))

    @property
    def own_only(self) -> bool:
        return not self.changes and "biller" not in self._roles

    @property
    def clinicians(self) -> tuple[Clinician, ...]:
        """Whose columns they see; a clinician their own."""
        if not self.own_only:
            return self.practice.clinicians
        return tuple(each for each in self.practice.clinicians if each.id == self._account.clinician)

    def opens(self, visit: Visit) -> bool:
        """Whoever bills reads times and names, and opens nothing."""
        own = visit.slot.clinician == self._account.clinician
        return self.changes or ("clinician" in self._roles and own)


# -- made --------------------------------------------------------------------------------------------------------------


class Boards:
    def __init__(self, practice: Practice) -> None:
        self._practice = practice

    def board(self, tx: Transaction, seeing: Seeing, asked: Asked, now: datetime) -> Board:
        """`now` is aware."""
        places = self._places(seeing, asked, local_date(self._practice, now))
        if not places:
            return Board(_title(asked, asked.day, asked.day), (), (), self._closed(asked))
        first, last = places[0][1], places[-1][1]
        start, end = self._midnight(first), self._midnight(last + timedelta(days=1))
        ids = tuple(dict.fromkeys(who.id for who, _ in places))
        visits = [each for each in tx.schedule.visits_between(start, end) if each.slot.clinician in ids]
        busy = tx.schedule.busy(ids, start, end, now)
        spans = [self._span(day, visits, busy) for _, day in places]
        begin = min(each[0] for each in spans) // 60 * 60
        until = -(-max(each[1] for each in spans) // 60) * 60
        drawing = _Drawing(tx, seeing, now, begin, until)
        columns = tuple(drawing.column(who, day, visits, busy, asked.view) for who, day in places)
        hours = tuple(((minute - begin) // STEP + 1, _clock(minute)) for minute in range(begin, until, 60))
        closed = self._closed(asked)
        return Board(_title(asked, first, last), columns, hours, closed, (until - begin) // STEP, begin)

    def _places(self, seeing: Seeing, asked: Asked, today: date) -> list[tuple[Clinician, date]]:
        """A column each: of a day everybody who is shown, of a week its days for one."""
        shown = [each for each in seeing.clinicians if asked.clinician in (None, each.id)]
        if asked.view == "day":
            return [(each, asked.day) for each in shown]
        monday = asked.day - timedelta(days=asked.day.weekday())
        days = [monday + timedelta(days=n) for n in range(7)]
        weekend = any(self._practice.hours.days.get(n) for n in (5, 6)) or today in days[5:]
        return [(each, day) for each in shown[:1] for day in (days if weekend else days[:5])]

    def _midnight(self, day: date) -> datetime:
        return at_local(self._practice, day, time())

    def _span(self, day: date, visits: Iterable[Visit], busy: Iterable[Busy]) -> tuple[int, int]:
        """From when to when there is something to be seen, in minutes of the day."""
        zone, found = self._practice.timezone, list[tuple[int, int]]()
        for opening in open_spans(self._practice, day):
            found.append((_minute(opening.start, day), _minute(opening.end, day)))
        taken = [(each.slot.start, each.slot.end) for each in visits]
        taken += [(each.start, each.end) for each in busy if each.kind == "hold"]
        for start, end in taken:
            begins, ends = start.astimezone(zone), end.astimezone(zone)
            if begins.date() == day:
                found.append((_minute(begins, day), _minute(ends, day)))
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
        cards = _side_by_side([self._card(each, who) for each in mine])
        today = day == self._now.date()
        stands, free = self._stands(who, day, mine, taken) if today else (self._works(who, day), False)
        title = who.spoken_name if view == "day" else format_date(day, "EEE, MMM d", locale="en")
        minute = _minute(self._now, day)
        within = today and self._begin <= minute < self._until
        return Column(
            f"{who.id}-{day.isoformat()}", who.id, day.isoformat(), title, stands, free, today, cards,
            tuple(self._blocks(who, day, taken)), self._row(minute) if within else None,
        )  # fmt: skip

    def _card(self, visit: Visit, who: Clinician) -> Card:
        slot, practice = visit.slot, self._practice
        start, end = slot.start.astimezone(self._zone), slot.end.astimezone(self._zone)
        row, rows = self._place(start, end, start.date())
        kind = practice.visit_kind(slot.visit_kind)
        opens = self._seeing.opens(visit)
        ahead = slot.start > self._now and visit.status in ("booked", "confirmed", "held_for_office")
        names = kind.names.get("en", kind.id.replace("_", " "))
        seen = self._seeing.changes or self._seeing.own_only
        return Card(
            visit.id, row, rows, wording.time_of(slot.start, self._zone), wording.time_of(slot.end, self._zone),
            self._names(visit), names if seen else "", wording.MODALITIES[slot.modality] if seen else "",
            who.spoken_name, visit.status, self._state(visit) if seen else "", slot.start,
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
        works = sorted((_minute(start, day), _minute(end, day)) for start, end in spans if start < end)
        for begins, ends in _between(works, self._begin, self._until):
            yield self._block(day, begins, ends, "off", "Not working")
        for busy in taken:
            begins, ends = (_minute(each.astimezone(self._zone), day) for each in (busy.start, busy.end))
            begins, ends = max(begins, self._begin), min(ends, self._until)
            if begins < ends and busy.kind == "absence":
                yield self._block(day, begins, ends, "absence", "Blocked")
            elif begins < ends and busy.kind == "hold":
                yield self._block(day, begins, ends, "hold", "Kept for a moment")

    def _block(self, day: date, begins: int, ends: int, kind: str, label: str) -> Block:
        midnight = at_local(self._practice, day, time())
        at = [(midnight + timedelta(minutes=each)).astimezone(self._zone) for each in (begins, ends)]
        row = self._row(begins)
        return Block(row, self._row(ends - 1) - row + 1, kind, _clock(begins), _clock(ends), label, at[0])

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
        row = self._row(max(_minute(start, day), self._begin))
        return row, max(1, self._row(min(_minute(end, day), self._until) - 1) - row + 1)

    def _row(self, minute: int) -> int:
        return (minute - self._begin) // STEP + 1


# -- little things -----------------------------------------------------------------------------------------------------


def short(first: str, last: str) -> str:
    """A name as it may stand on a screen that others pass by."""
    return f"{first} {last[:1]}." if last else first


def _minute(local: datetime, day: date) -> int:
    """By the wall clock; 0 and 24 hours for what begins before that day or ends after it."""
    if local.date() < day:
        return 0
    return A_DAY if local.date() > day else local.hour * 60 + local.minute


def _clock(minute: int) -> str:
    return wording.clock(time(minute // 60 % 24, minute % 60))


def _between(works: Iterable[tuple[int, int]], begin: int, until: int) -> Iterator[tuple[int, int]]:
    at = begin
    for start, end in works:
        if at < start:
            yield at, min(start, until)
        at = max(at, end)
    if at < until:
        yield at, until


def _side_by_side(cards: list[Card]) -> tuple[Card, ...]:
    """Visits that overlap, which an import may bring, share the width."""
    cards.sort(key=lambda card: (card.row, -card.rows))
    placed, group, ends = list[Card](), list[Card](), 0

    def close() -> None:
        lanes = max((card.lane for card in group), default=1)
        placed.extend(replace(card, lanes=min(lanes, 3), lane=min(card.lane, 3)) for card in group)
        group.clear()

    for card in cards:
        if card.row >= ends:
            close()
        taken = {other.lane for other in group if other.row + other.rows > card.row}
        lane = next(n for n in range(1, len(taken) + 2) if n not in taken)
        group.append(replace(card, lane=lane))
        ends = max(ends, card.row + card.rows)
    close()
    return tuple(placed)


def _title(asked: Asked, first: date, last: date) -> str:
    if asked.view == "day":
        return format_date(asked.day, "EEEE, MMMM d, y", locale="en")
    return f"{format_date(first, 'MMM d', locale='en')} to {format_date(last, 'MMM d, y', locale='en')}"
