"""A date of birth, in whole or in part, out of the ways people say one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from lamplighter.conversation.understanding.context import Found
from lamplighter.conversation.understanding.lexicon import words_anywhere
from lamplighter.conversation.understanding.when.calendar import make_date
from lamplighter.conversation.understanding.when.lexicon import Lexeme, lexicon

OLDEST = 120  # years
LAST_DAY = 31
NEAR = 60  # letters between a date and what puts it right
LONGEST = 12  # units that a date can be made of: month, day, and a year of many words
_SILENT = ("the", "of", "of_the", "glue", "weekday", "year_word", "day_word", "units_months", "units_days")


@dataclass(frozen=True, slots=True)
class PartialBirthDate:
    """What is known of a date of birth; the flow asks for the rest."""

    month: int | None = None
    day: int | None = None
    year: int | None = None

    def over(self, earlier: "PartialBirthDate") -> "PartialBirthDate":
        """This, completed by what was said before it."""
        return PartialBirthDate(
            self.month or earlier.month, self.day or earlier.day, self.year or earlier.year
        )

    def date(self, today: date) -> date | None:
        """The whole date, None where a part is missing or nobody alive was born on it."""
        if not (self.month and self.day and self.year):
            return None
        born = make_date(self.year, self.month, self.day)
        return born if born and born <= today and today.year - born.year <= OLDEST else None


@dataclass(frozen=True, slots=True)
class _Unit:
    """A month, an ordinal, a number, a multiplier, or a break between runs ("x"); `digits` as written."""

    kind: str
    value: int
    lexeme: Lexeme
    digits: str = ""
    whole: tuple[tuple[int, int], ...] = ()


_OF = re.compile(r"(?i)\bo['’](?=\s+[a-z]{3})")  # the twelfth o' May
_A_LETTER = re.compile(r"(?i)\beñes?\b")  # and no January
_BESIDE_A_MONTH = re.compile(r"(?<=\d)[/.](?=[^\W\d_]{3})|(?<=[^\W\d_]{3})[/.](?=\d)")  # 16/nov/2004


@dataclass(frozen=True, slots=True)
class _Reading:
    parts: PartialBirthDate
    start: int
    end: int
    used: int


def find_birth_date(text: str, locale: str, today: date) -> Found[date] | None:
    """The date of birth said; None where it is incomplete, in the future or over 120 years ago.

    "3/4/85" is read month first in English and day first in Spanish, unless only the other way gives a date.
    """
    found = find_partial_birth_date(text, locale, today)
    born = found.value.date(today) if found else None
    return Found(born, found.start, found.end) if found and born else None


def find_partial_birth_date(text: str, locale: str, today: date) -> Found[PartialBirthDate] | None:
    """Month, day and year as far as they were said; a correction ("1984, no sorry, 1985") replaces its part."""
    words = lexicon(locale)
    readings: list[_Reading] = []
    plain = _BESIDE_A_MONTH.sub("-", _OF.sub("of", _A_LETTER.sub("___", text[:2000])))
    lexemes = words.read(plain)
    for segment in _segments(lexemes):
        reading = _best(segment, words.month_first, today, corrects=bool(readings))
        if reading and (not readings or _puts_right(lexemes, readings[-1], reading)):
            readings.append(reading)
    if not readings:
        return None
    parts = readings[0].parts
    for later in readings[1:]:
        parts = later.parts.over(parts)
    if parts.month and parts.day and parts.year and not parts.date(today):
        return None
    return Found(parts, min(r.start for r in readings), max(r.end for r in readings))


def _puts_right(lexemes: list[Lexeme], earlier: _Reading, later: _Reading) -> bool:
    """Whether it stands near enough to be of the birth date: in "born 3/13/80, by video, Monday, sorry, I mean
    Wednesday after 3" the three is none of it."""
    between = [lexeme for lexeme in lexemes if earlier.end <= lexeme.start < later.start]
    return later.start - earlier.end <= NEAR and not any(lexeme.has("weekday") for lexeme in between)


def _segments(lexemes: list[Lexeme]) -> Iterator[list[_Unit]]:
    """The units between corrections."""
    segment: list[_Unit] = []
    for n, lexeme in enumerate(lexemes):
        tied = n > 0 and lexemes[n - 1].end == lexeme.start and lexemes[n - 1].has("other")
        unit = None if tied and lexeme.has("digits") else _unit(lexeme)
        if day := _feast(lexeme):
            segment += day
            continue
        if unit is None and lexeme.has("correct", "not"):
            yield segment
            segment = []
        elif unit:
            if (
                unit.kind == "num"
                and segment
                and segment[-1].lexeme.word in words_anywhere("one_before_a_day")
            ):
                segment.pop()  # "un catorce de agosto"
            segment.append(unit)
        elif lexeme.has("and", "tens_and") and segment and segment[-1].kind in ("hundred", "thousand", "num"):
            continue
        elif lexeme.has("comma"):
            segment.append(_Unit(",", 0, lexeme))
        elif lexeme.word == "." and segment and segment[-1].kind == "month":
            continue
        elif lexeme.has("at") or tied or not (lexeme.has(*_SILENT) or lexeme.word == "-"):
            segment.append(_Unit("x", 0, lexeme))
    yield segment


def _feast(lexeme: Lexeme) -> list[_Unit]:
    """ "Halloween", "Christmas Day": its month and day."""
    named = str(lexeme.senses.get("holiday") or "")
    if not re.fullmatch(r"\d\d-\d\d", named):
        return []
    return [_Unit("month", int(named[:2]), lexeme), _Unit("num", int(named[3:]), lexeme)]


def _unit(lexeme: Lexeme) -> _Unit | None:
    senses = lexeme.senses
    if "month" in senses:
        return _Unit("month", senses["month"], lexeme)
    if "ord" in senses:
        return _Unit("ord", senses["ord"], lexeme)
    if "date" in senses:
        return _Unit("date", 0, lexeme, whole=senses["date"])
    if "num" in senses and len(str(senses.get("digits") or "")) in (0, 1, 2, 4, 6, 7, 8):
        return _Unit("num", senses["num"], lexeme, str(senses.get("digits") or ""))
    for kind in ("hundred", "thousand"):
        if kind in senses:
            return _Unit(kind, 100 if kind == "hundred" else 1000, lexeme)
    return None


def _best(segment: list[_Unit], month_first: bool, today: date, *, corrects: bool) -> _Reading | None:
    """The reading that knows most, of the runs of the segment."""
    readings = []
    for low, high in _runs(segment):
        run = [unit for unit in segment[low:high] if unit.kind != ","]
        if not run or len(run) > LONGEST:
            continue
        for parts in _read_run(run, month_first, today, corrects):
            readings.append(_Reading(parts, run[0].lexeme.start, run[-1].lexeme.end, len(run)))
            break
    best = max([*readings, *_strewn(segment, month_first, today)], key=_told_most, default=None)
    shorter = _without_aside(segment)
    if best is None or best.parts.year or len(shorter) == len(segment):
        return best
    return _best(shorter, month_first, today, corrects=corrects) or best


def _told_most(reading: _Reading) -> tuple[int, int]:
    return _known(reading.parts), reading.used


def _strewn(segment: list[_Unit], month_first: bool, today: date) -> Iterator[_Reading]:
    """ "The year is 1986, the month is March, the day is thirty": whole, whatever stands between its parts."""
    run = [unit for unit in segment if unit.kind not in ("x", ",")]
    if len(run) > LONGEST or not any(unit.kind == "month" for unit in run):
        return
    whole = (parts for parts in _read_run(run, month_first, today, False) if parts.date(today))
    for parts in whole:
        yield _Reading(parts, run[0].lexeme.start, run[-1].lexeme.end, len(run))
        return


def _without_aside(segment: list[_Unit]) -> list[_Unit]:
    """ "July fourth, fireworks, nineteen ninety-nine" without what stands between two commas and is no part of a
    date."""
    commas = [n for n, unit in enumerate(segment) if unit.kind == ","]
    for low, high in pairwise(commas):
        if high > low + 1 and all(unit.kind == "x" for unit in segment[low + 1 : high]):
            return segment[:low] + segment[high:]
    return segment


def _known(parts: PartialBirthDate) -> int:
    return sum(part is not None for part in (parts.month, parts.day, parts.year))


def _runs(segment: list[_Unit]) -> Iterator[tuple[int, int]]:
    low = 0
    for n, unit in enumerate([*segment, None]):
        if unit is None or unit.kind == "x":
            yield from _clauses(segment, low, n)
            low = n + 1


def _clauses(segment: list[_Unit], low: int, high: int) -> Iterator[tuple[int, int]]:
    """The whole stretch, then the parts that commas make of it."""
    bounds = [low - 1, *(n for n in range(low, high) if segment[n].kind == ","), high]
    for size in range(min(len(bounds) - 1, 6), 0, -1):
        for a in range(len(bounds) - size):
            if bounds[a + size] > bounds[a] + 1:
                yield bounds[a] + 1, bounds[a + size]


def _read_run(run: list[_Unit], month_first: bool, today: date, corrects: bool) -> Iterator[PartialBirthDate]:
    """Readings that use the whole run, the most likely first."""
    if len(run) == 1 and run[0].whole:
        yield from _written(run[0].whole, month_first, today)
        return
    if len(run) == 1 and len(run[0].digits) in (6, 7, 8):
        yield from _keyed(run[0].digits, month_first, today)
        return
    for order in _orders(run, month_first, corrects):
        for parts in _fill(run, 0, order, PartialBirthDate(), today):
            if _possible(parts, today):
                yield parts


def _possible(parts: PartialBirthDate, today: date) -> bool:
    if parts.month and parts.day and parts.year:
        return parts.date(today) is not None
    return not (parts.month and parts.day) or make_date(2000, parts.month, parts.day) is not None


def _orders(run: list[_Unit], month_first: bool, corrects: bool) -> list[str]:
    """Orders of month (M a word, m a number, o an ordinal), day (D any, d an ordinal), year (Y any, y four digits, a
    ahead of the day: none that could be a day itself)."""
    if any(unit.kind == "month" for unit in run):
        return ["MDY", "DMY", "yMD", "yDM", "aDM", "aMD", "MaD", "MD", "DM", "My", "MY", "yM", "M"]
    numbers = ["mDY", "DmY"] if month_first else ["DmY", "mDY"]
    return [*numbers, "doY", "ymD", "dY", "y", "d"] + (["Y", "D"] if corrects else [])


def _fill(
    run: list[_Unit], i: int, order: str, parts: PartialBirthDate, today: date
) -> Iterator[PartialBirthDate]:
    """Every way to read the run from i on in the order given."""
    if not order:
        if i == len(run):
            yield parts
        return
    for known, end in _field(run, i, order[0], today):
        yield from _fill(run, end, order[1:], known.over(parts), today)


def _field(run: list[_Unit], i: int, field: str, today: date) -> Iterator[tuple[PartialBirthDate, int]]:
    if i >= len(run):
        return
    if field == "M":
        if run[i].kind == "month":
            yield PartialBirthDate(month=run[i].value), i + 1
    elif field == "o":
        if run[i].kind == "ord" and run[i].value <= 12:
            yield PartialBirthDate(month=run[i].value), i + 1
    elif field in "mDd":
        for value, end in _small(run, i, ordinal=field == "d"):
            if field == "m" and value <= 12 and run[i].kind != "ord":
                yield PartialBirthDate(month=value), end
            elif field != "m" and value <= 31:
                yield PartialBirthDate(day=value), end
    else:
        for value, end in _year(run, i, today):
            if field == "a" and (end - i > 1 or run[i].value <= LAST_DAY):
                continue
            if field != "y" or end - i > 1 or len(run[i].digits) == 4 or run[i].value >= 1900:
                yield PartialBirthDate(year=value), end


def _small(run: list[_Unit], i: int, *, ordinal: bool) -> Iterator[tuple[int, int]]:
    """A day or a month: "14", "fourteenth", "oh three", "one four"."""
    unit = run[i]
    if unit.kind == "ord":
        yield unit.value, i + 1
    if unit.kind != "num" or ordinal:
        return
    following = run[i + 1] if i + 1 < len(run) else None
    if len(unit.digits) <= 2 and unit.value:
        yield unit.value, i + 1
    if (
        following
        and following.kind == "num"
        and unit.value < 4
        and following.value < 10
        and len(following.digits) < 2
    ):
        if len(unit.digits) < 2 and (value := unit.value * 10 + following.value):
            yield value, i + 2


def _year(run: list[_Unit], i: int, today: date) -> Iterator[tuple[int, int]]:
    """A year: "1985", "85", "nineteen eighty five", "two thousand one", "mil novecientos ochenta"."""
    numbers = [unit.value if unit.kind in ("num", "hundred", "thousand") else -1 for unit in run[i:]]
    first = numbers[0]
    if first < 0:
        return
    total = _summed(run[i:])
    if total:
        yield total[0], i + total[1]
    if first in (19, 20) and len(numbers) > 1:
        if 10 <= numbers[1] <= 99:
            yield first * 100 + numbers[1], i + 2
        if numbers[1] == 0 and len(numbers) > 2 and 0 <= numbers[2] <= 9:
            yield first * 100 + numbers[2], i + 3
        if 1 <= numbers[1] <= 9 and run[i + 1].digits.startswith("0"):
            yield first * 100 + numbers[1], i + 2
    if len(numbers) >= 4 and all(0 <= n <= 9 for n in numbers[:4]) and first in (1, 2):
        yield int("".join(str(n) for n in numbers[:4])), i + 4
    yield from _short_year(run, i, numbers, today)


def _short_year(run: list[_Unit], i: int, numbers: list[int], today: date) -> Iterator[tuple[int, int]]:
    first = numbers[0]
    if 1900 <= first <= 2100:
        yield first, i + 1
    elif 10 <= first <= 99 or (first < 10 and len(run[i].digits) == 2):
        yield century(first, today), i + 1
    elif 0 <= first <= 9 and len(numbers) > 1 and 0 <= numbers[1] <= 9:
        yield century(first * 10 + numbers[1], today), i + 2


def _summed(run: list[_Unit]) -> tuple[int, int] | None:
    """Years said with thousands and hundreds, and how many units they took."""
    total, current, n = 0, 0, 0
    multiplied = False
    for unit in run:
        if unit.kind == "thousand":
            total, current, multiplied = total + (current or 1) * 1000, 0, True
        elif unit.kind == "hundred":
            current, multiplied = (current or 1) * 100, True
        elif (
            unit.kind == "num"
            and not unit.digits
            and (unit.value >= 100 or (multiplied and current % 100 == 0))
        ):
            current, multiplied = current + unit.value, multiplied or unit.value >= 100
        elif unit.kind == "num" and n == 0 and unit.value <= 20:
            current = unit.value
        else:
            break
        n += 1
    total += current
    return (total, n) if multiplied and 1900 <= total <= 2100 else None


def century(two: int, today: date) -> int:
    """The latest year gone by that ends so."""
    return 2000 + two if two <= today.year % 100 else 1900 + two


def _written(
    whole: tuple[tuple[int, int], ...], month_first: bool, today: date
) -> Iterator[PartialBirthDate]:
    (a, wide), (b, _), (c, _) = whole
    if wide == 4:
        yield PartialBirthDate(b, c, a)
        return
    year = c if c >= 100 else century(c, today)
    yield from _either(a, b, year, month_first, today)


def _either(a: int, b: int, year: int, month_first: bool, today: date) -> Iterator[PartialBirthDate]:
    both = [PartialBirthDate(a, b, year), PartialBirthDate(b, a, year)]
    yield from (parts for parts in (both if month_first else both[::-1]) if parts.date(today))


def _keyed(digits: str, month_first: bool, today: date) -> Iterator[PartialBirthDate]:
    """Keyed on a telephone: MMDDYYYY, or MMDDYY; YYYYMMDD where nothing else fits."""
    if len(digits) == 7:
        digits = "0" + digits
    year = int(digits[4:])
    year = year if len(digits) == 8 else century(year, today)
    yield from _either(int(digits[:2]), int(digits[2:4]), year, month_first, today)
    if len(digits) == 8:
        parts = PartialBirthDate(int(digits[4:6]), int(digits[6:]), int(digits[:4]))
        if parts.date(today):
            yield parts
