"""The figures of some days as a page and a file show them: numbers, what they come to by channel, language and hour,
and plots. Counts under five are broken down nowhere.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode

from lamplighter.console import wording
from lamplighter.console.plots import Plot, plot
from lamplighter.desk import numbers
from lamplighter.desk.numbers import Found, Kept, Number
from lamplighter.desk.tallying import Counted
from lamplighter.desk.veiling import FEW, veiled
from lamplighter.practice.calendar import at_local
from lamplighter.practice.model import Practice

LAST: Final = (1, 7, 30, 90, 365, 730)
USUAL: Final = 30
LONGEST: Final = 1100
DAYS_BY_DAY, DAYS_BY_WEEK = 31, 200
WAITED: Final = (
    (60, "Under 1 min"), (120, "1 to 2 min"), (300, "2 to 5 min"), (900, "5 to 15 min"), (3600, "15 to 60 min"),
    (float("inf"), "Over 1 hour"),
)  # fmt: skip
HOURS: Final = tuple(f"{hour:02}:00" for hour in range(24))
NOBODY: Final = "Nobody came"
COLUMNS: Final[Mapping[str, Callable[[Counted], int]]] = {
    "Contacts": lambda _: 1,
    "Answered": lambda each: each.answered is not None,
    "Abandoned": lambda each: each.ended and each.came_to == "abandoned",
    "Finished without staff": numbers.is_finished,
    "Handed over": lambda each: bool(each.routes),
    "First visits booked": lambda each: len(each.first),
}


@dataclass(frozen=True, slots=True)
class Period:
    """The practice's own days, the last one with it."""

    first: date
    last: date
    wrong: str = ""

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def query(self) -> str:
        return urlencode({"from": self.first.isoformat(), "to": self.last.isoformat()})

    def start(self, practice: Practice) -> datetime:
        return at_local(practice, self.first, time.min)

    def end(self, practice: Practice) -> datetime:
        return at_local(practice, self.last + timedelta(days=1), time.min)

    def before(self) -> "Period":
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))


def period(query: Mapping[str, str], today: date) -> Period:
    """What can't be read is the last thirty days, and said."""
    usual = Period(today - timedelta(days=USUAL - 1), today)
    asked = query.get("from", ""), query.get("to", "")
    if not any(asked):
        return usual
    try:
        last = date.fromisoformat(asked[1]) if asked[1] else today
        first = date.fromisoformat(asked[0]) if asked[0] else last - timedelta(days=USUAL - 1)
    except ValueError:
        return Period(usual.first, usual.last, "That is no day: these are the last thirty.")
    if not 2000 < first.year <= last.year < 2200 or first > last:
        return Period(usual.first, usual.last, "The first day is after the last: these are the last thirty.")
    if (last - first).days >= LONGEST:
        return Period(
            last - timedelta(days=LONGEST - 1), last, "Three years are shown at most: these are the latest."
        )
    return Period(first, last)


def lately(today: date) -> list[tuple[str, str]]:
    """What may be picked with one click, with its query."""
    names = {1: "Today", 7: "7 days", 30: "30 days", 90: "90 days", 365: "A year", 730: "Two years"}
    return [(names[days], Period(today - timedelta(days=days - 1), today).query) for days in LAST]


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    counts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """The counts of a number's parts; None where one is not shown."""

    which: str
    title: str
    of: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    numbers: tuple[Number, ...]
    broken: tuple[Broken, ...]
    plots: tuple[Plot, ...]


def shown(
    practice: Practice,
    asked: Period,
    found: Found,
    visits: Sequence[Kept],
    earlier: Sequence[Kept],
    others: Sequence[Number],
) -> Shown:
    """`found` has its times in the practice's zone. `visits` and `earlier`: of these days and of as many before.
    `others`: what is counted elsewhere."""
    counted = tuple(of(found) for of in numbers.OF_CONTACTS)
    return Shown(
        (*counted, numbers.no_shows(visits, earlier), *others),
        tuple(_broken_down(found)),
        tuple(_plots(practice, asked, found, visits)),
    )


# -- by channel, language and hour -------------------------------------------------------------------------------------


Counts = tuple[int, ...]
"""What one contact adds to each column."""


def _broken_down(found: Found) -> Iterator[Broken]:
    counts = [tuple(map(int, (count(each) for count in COLUMNS.values()))) for each in found]
    channels = _grouped((each.channel for each in found), counts)
    languages = _grouped((each.language for each in found), counts)
    hours = _grouped((_hour(each) for each in found), counts)
    yield _broken(
        "channel", "By channel", "Channel", {wording.CHANNELS[name]: each for name, each in channels.items()}
    )
    yield _broken(
        "language", "By language", "Language", {wording.language(n): each for n, each in languages.items()}
    )
    yield _broken("hour", "By hour of the day", "Hour", dict(sorted(hours.items())))


def _hour(each: Counted) -> str:
    return HOURS[each.opened.hour]


def _grouped(names: Iterable[str], counts: Iterable[Counts]) -> dict[str, Counts]:
    """The sums by name, the largest group first."""
    groups: dict[str, list[Counts]] = {}
    for name, each in zip(names, counts, strict=True):
        groups.setdefault(name, []).append(each)
    largest = sorted(groups, key=lambda name: (-len(groups[name]), name))
    return {name: tuple(map(sum, zip(*groups[name], strict=True))) for name in largest}


def _broken(which: str, title: str, of: str, groups: Mapping[str, Counts]) -> Broken:
    columns = [veiled(column) for column in zip(*groups.values(), strict=True)]
    rows = (Row(name, tuple(column[place] for column in columns)) for place, name in enumerate(groups))
    return Broken(which, title, of, tuple(COLUMNS), tuple(rows))


# -- plots -------------------------------------------------------------------------------------------------------------


def _plots(practice: Practice, asked: Period, found: Found, visits: Sequence[Kept]) -> Iterator[Plot]:
    labels, of = _buckets(asked)
    days = [each.opened.date() for each in found]
    by_bucket: dict[str, list[Counted]] = {label: [] for label in labels.values()}
    for day, each in zip(days, found, strict=True):
        if day in labels:
            by_bucket[labels[day]].append(each)
    yield _counts(
        "trend", f"Contacts each {of.lower()}", of, {name: len(each) for name, each in by_bucket.items()}
    )
    yield _counts("hours", "Contacts by hour of the day", "Hour", _hours(found))
    yield _rates(
        "finished_trend",
        "Finished without staff",
        of,
        ((n, numbers.finished(e)) for n, e in by_bucket.items()),
    )
    yield _counts("waits", "Until a person was there", "Wait", _waits(found))
    stood: dict[str, list[Kept]] = {label: [] for label in labels.values()}
    for start, status in visits:
        if (day := start.astimezone(practice.timezone).date()) in labels:
            stood[labels[day]].append((start, status))
    yield _rates(
        "no_show_trend", "No-shows", of, ((name, numbers.no_shows(each, ())) for name, each in stood.items())
    )


def _buckets(asked: Period) -> tuple[dict[date, str], str]:
    """Which bar each day belongs to, and what a bar is."""
    days = [asked.first + timedelta(days=ahead) for ahead in range(asked.days)]
    if asked.days <= DAYS_BY_DAY:
        return {day: f"{day:%b} {day.day}" for day in days}, "Day"
    if asked.days <= DAYS_BY_WEEK:
        mondays = {day: day - timedelta(days=day.weekday()) for day in days}
        return {day: f"{monday:%b} {monday.day}" for day, monday in mondays.items()}, "Week"
    return {day: f"{day:%b %Y}" for day in days}, "Month"


def _counts(which: str, title: str, of: str, counts: Mapping[str, int]) -> Plot:
    seen = veiled(list(counts.values()))
    return plot(which, title, of, "", list(zip(counts, seen, strict=True)))


def _rates(which: str, title: str, of: str, rates: Iterable[tuple[str, Number]]) -> Plot:
    """In percent, where there are enough to be a part of and the part tells of nobody."""
    values = [(name, _rate(each)) for name, each in rates]
    return plot(which, f"{title}, in percent", of, "%", values, full=100)


def _rate(each: Number) -> float | None:
    if not each.of:
        return 0
    rest = each.of - each.count
    return None if 0 < each.count < FEW or 0 < rest < FEW or each.of < FEW else each.percent


def _hours(found: Found) -> dict[str, int]:
    counts = dict.fromkeys(HOURS, 0)
    for each in found:
        counts[_hour(each)] += 1
    return counts


def _waits(found: Found) -> dict[str, int]:
    counts = {name: 0 for _, name in WAITED} | {NOBODY: 0}
    for each in found:
        if each.routes:
            there = each.there
            counts[NOBODY if there is None else next(name for most, name in WAITED if there < most)] += 1
    return counts


# -- the file ----------------------------------------------------------------------------------------------------------


def as_csv(asked: Period, what: Shown) -> str:
    """Every number with how it is computed, then the parts; empty where a number is unknown or not shown."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        (
            "from",
            "to",
            "by",
            "part",
            "figure",
            "count",
            "of",
            "percent",
            "middle",
            "nine_of_ten",
            "unit",
            "how",
        )
    )
    days = asked.first.isoformat(), asked.last.isoformat()
    for each in what.numbers:
        figures = each.count, each.of, each.percent, _rounded(each.middle), _rounded(each.most), each.unit
        writer.writerow((*days, "", "", each.name, *figures, each.how))
    for broken in what.broken:
        for row in broken.rows:
            for name, count in zip(broken.columns, row.counts, strict=True):
                writer.writerow(
                    (*days, broken.of, row.name, name, count, *[""] * 5, "" if count is not None else HIDDEN)
                )
    return out.getvalue()


HIDDEN: Final = "fewer than five, or what would tell a count under five: not shown"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def span(value: float | None, unit: str) -> str:
    """In words: "under a second", "3 min", "2.5 days"."""
    if value is None:
        return ""
    if unit != "seconds":
        return f"{value:.1f} {unit}"
    if value < 1:
        return "under a second"
    if value < 90:
        return "a second" if round(value) == 1 else f"{value:.0f} seconds"
    return f"{value / 60:.0f} min" if value < 5400 else f"{value / 3600:.1f} hours"
