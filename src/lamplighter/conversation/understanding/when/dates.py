"""Dates as said and written: "December 3rd", "the third", "12/3", "el 3 o el 4 de diciembre", a month by itself."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from lamplighter.conversation.understanding.when.calendar import make_date, month_span, year_of
from lamplighter.conversation.understanding.when.dayset import Days, one_day
from lamplighter.conversation.understanding.when.scene import Read, Scene, first_read

MONTH_BEHIND = 9  # words between a month and the days of it that are named behind
_IN_A_LIST = (
    "comma",
    "or",
    "and",
    "the",
    "ord",
    "num",
    "day_word",
    "of_the",
    "glue",
    "filler",
    "any",
    "pos",
    "weekday",
)
FAR = 270  # days: a month without a year that is further off than this was meant as gone by


@dataclass(frozen=True, slots=True)
class DateReader:
    """Reads one date or month that begins at a lexeme. A date without a year is the next one to come."""

    scene: Scene

    def read(self, i: int, after: date | None) -> Read[Days] | None:
        s = self.scene
        if s.has(i, "date"):
            return self._written(i)
        if s.has(i, "slash"):
            (a, _), (b, _) = s.value(i, "slash")
            day = self._slashed(a, b, after or s.today)
            return (one_day(day), i + 1) if day else None
        return first_read(
            i, self._dashed, self._month_day, self._day_month, lambda at: self._ordinal(at, after)
        )

    def _dashed(self, i: int) -> Read[Days] | None:
        """ "27-4", "el 10-12", "10-12 o 11-12": a date, where two hours cannot be meant."""
        s = self.scene
        j = s.skip(i, "the", "of_the", "day_word")
        if not self._is_dashed(j):
            return None
        a, b = s.value(j, "num"), s.value(j + 2, "num")
        no_hours = max(a, b) > 20 or (j > 0 and self._dates_follow(j) and not s.has(j - 1, "weekday"))
        listed = (s.has(j + 3, "or", "and") and self._is_dashed(s.skip(j + 4, "the"))) or (
            s.has(s.skip_back(j - 1, "the"), "or", "and") and self._is_dashed(s.skip_back(j - 1, "the") - 3)
        )
        if not no_hours and not (listed and not s.lexicon.month_first):
            return None
        day = self._slashed(a, b, s.today)
        return (one_day(day), j + 3) if day else None

    def _is_dashed(self, j: int) -> bool:
        """Two numbers of one or two digits, joined tightly by one hyphen."""
        s = self.scene
        one, hyphen, two = s.at(j), s.at(j + 1), s.at(j + 2)
        tight = one.end == hyphen.start and hyphen.end == two.start and hyphen.word == "-"
        numbers = all(s.has(n, "digits") and len(str(s.value(n, "digits"))) <= 2 for n in (j, j + 2))
        more = s.at(j + 3).word == "-" or s.has(j + 3, "num", "meridiem", "oclock") or s.at(j - 1).word == "-"
        return tight and numbers and not more

    def _written(self, i: int) -> Read[Days] | None:
        (a, wide), (b, _), (c, _) = self.scene.value(i, "date")
        if wide == 4:
            tries = [(a, b, c)]
        else:
            year = year_of(c, self.scene.today)
            tries = (
                [(year, a, b), (year, b, a)]
                if self.scene.lexicon.month_first
                else [(year, b, a), (year, a, b)]
            )
        day = next((d for d in (make_date(*t) for t in tries) if d), None)
        if not day:
            return None
        return (Days(past=True) if day < self.scene.today else one_day(day)), i + 1

    def _slashed(self, a: int, b: int, start: date) -> date | None:
        """Month first where that is the custom; else whichever of the two comes sooner."""
        month_first, day_first = self._upcoming(a, b, start), self._upcoming(b, a, start)
        if self.scene.lexicon.month_first:
            return month_first or day_first
        return min((d for d in (month_first, day_first) if d), default=None)

    def _upcoming(self, month: int, day: int, start: date) -> date | None:
        return next(
            (d for n in range(5) if (d := make_date(start.year + n, month, day)) and d >= start), None
        )

    def _month_day(self, i: int) -> Read[Days] | None:
        s = self.scene
        if not s.has(i, "month"):
            return None
        j = s.skip(i + 1, "the")
        number = s.value(j, "ord") or s.value(j, "num")
        if not isinstance(number, int) or not 1 <= number <= 31:
            return None
        return self._with_year(s.value(i, "month"), number, j + 1)

    def _day_month(self, i: int) -> Read[Days] | None:
        """ "the 3rd of December", "3 December", "el 3 de diciembre"; of a list, each with the month that follows."""
        s = self.scene
        j = s.skip(i, "the", "of_the", "day_word")
        number = s.value(j, "ord") or s.value(j, "num")
        if not isinstance(number, int) or not 1 <= number <= 31:
            return None
        month = s.skip(j + 1, "of", "of_the")
        if s.has(month, "month"):
            return self._with_year(s.value(month, "month"), number, month + 1)
        ahead = self._month_ahead(j + 1) if s.has(j, "ord") or self._dates_follow(j) else None
        if ahead is None:
            return None
        day = self._upcoming(ahead, number, s.today)
        return (one_day(day), j + 1) if day else None

    def _month_ahead(self, i: int) -> int | None:
        """The month at the end of "the 3rd, 4th or 5th of December", seen from after the first number."""
        s = self.scene
        listed = False
        for _ in range(12):
            joint = s.skip(i, "or", "and", "to", "comma", "the", "glue", "of_the")
            if joint > i and s.has(joint, "ord", "num"):
                i, listed = joint + 1, True
                continue
            month = s.skip(i, "of")
            return s.value(month, "month") if listed and s.has(month, "month") else None
        return None

    def _with_year(self, month: int, number: int, j: int) -> Read[Days] | None:
        s = self.scene
        k = s.skip(j, "comma", "of", "of_the") if s.has(s.skip(j, "comma", "of", "of_the"), "num") else j
        year = s.value(k, "num")
        if isinstance(year, int) and (1900 <= year <= 2100 or self._spoken_past_year(k)):
            day = make_date(year, month, number) if year >= 1900 else None
            past = day is None or day < s.today
            return (Days(past=True) if past or day is None else one_day(day)), k + 1
        day = self._upcoming(month, number, s.today)
        return (one_day(day), j) if day else None

    def _spoken_past_year(self, k: int) -> bool:
        """ "nineteen eighty five" and "twenty oh one" after a date: a date of birth, no wish."""
        s = self.scene
        return s.value(k, "num") in (19, 20) and s.has(k + 1, "num") and not s.has(k + 1, "clock")

    def _ordinal(self, i: int, after: date | None) -> Read[Days] | None:
        """ "the third": a date unless it counts something else."""
        s = self.scene
        j = s.skip(i, "the", "day_word", "of_the")
        number = s.value(j, "ord")
        if s.has(j, "feminine"):
            return None
        if number is None and self._dates_follow(j) and not self._counts(j + 1):
            number = s.value(j, "num")
        if number is None and after is not None and not self._clock_follows(j):
            number = s.value(j, "num")  # "November 16 to 20"
            if not isinstance(number, int) or number <= after.day:
                return None
        if (
            not isinstance(number, int)
            or not 1 <= number <= 31
            or s.has(j + 1, "appointment", "units_weeks", "other")
        ):
            return None
        month = self._month_behind(j) if after is None else None
        if month is not None and (said := self._upcoming(month, number, s.today)):
            return one_day(said), j + 1
        day = self._next_numbered(number, after or s.today)
        weekday = s.value(i - 1, "weekday")
        if day and after is None and weekday is not None and day.weekday() != weekday:
            later = self._next_numbered(number, day + timedelta(1))  # "Thursday the 7th" of next month
            day = later if later and later.weekday() == weekday else day
        return (one_day(day), j + 1) if day else None

    def _month_behind(self, j: int) -> int | None:
        """The month of "a Thursday in January, the seventh or the fourteenth", seen from one of the numbers."""
        s = self.scene
        for k in range(j - 1, max(j - MONTH_BEHIND, 0) - 1, -1):
            if s.has(k, "month"):
                soft = s.at(k).word in s.lexicon.soft and not s.has(k - 1, "in", "of")
                return None if soft or k == j - 1 else int(s.value(k, "month"))
            if s.has(k, "stop", "correct", "appointment") or not s.has(k, *_IN_A_LIST):
                return None
        return None

    def _dates_follow(self, j: int) -> bool:
        """Whether a number alone is a day of the month here: "el 3", "jueves 3"."""
        s = self.scene
        if s.has(j - 1, "weekday") and s.lexicon.bare_number_is_date:
            return not self._clock_follows(j) and not self._hours_follow(j)
        return bool(s.lexicon.dates_after) and s.at(j - 1).word.rsplit(" ", 1)[-1] in s.lexicon.dates_after

    def _clock_follows(self, j: int) -> bool:
        """ "jueves tres de la tarde" is a time, "jueves tres por la tarde" a date."""
        s = self.scene
        hour = s.has(j + 1, "part") and s.at(j + 1).word.startswith("de ")
        return hour or s.has(
            j + 1, "meridiem", "oclock", "and_half", "and_quarter", "less_quarter", "tens_and"
        )

    def _hours_follow(self, j: int) -> bool:
        """ "Viernes 2 a 5", "martes 10 o 11": two hours, unless the first is the date of that very day."""
        s = self.scene
        begins, ends = s.value(j, "num"), s.value(j + 2, "num")
        if s.has(j + 1, "to", "or", "and") and s.has(j + 2, "clock"):
            return True
        if s.has(j + 1, "or_later", "or_earlier") and begins in range(1, 13):
            day = self._next_numbered(begins, s.today)  # "viernes diez o más tarde"
            return day is None or day.weekday() != s.value(j - 1, "weekday")
        if not s.has(j + 1, "to", "or", "and") or not (isinstance(begins, int) and isinstance(ends, int)):
            return False
        if s.has(j + 3, "meridiem", "oclock") or s.has(j + 3, "part"):
            return True
        hours = all(1 <= n <= 20 for n in (begins, ends)) and not s.has(s.skip(j + 3, "of"), "month")
        day = self._next_numbered(begins, s.today)
        return hours and day is not None and day.weekday() != s.value(j - 1, "weekday")

    def _counts(self, i: int) -> bool:
        return self.scene.has(
            i, "meridiem", "oclock", "units_weeks", "units_days", "units_months", "comma_never"
        )

    @staticmethod
    def _next_numbered(number: int, start: date) -> date | None:
        year, month = start.year, start.month
        for _ in range(12):
            if number <= monthrange(year, month)[1] and date(year, month, number) >= start:
                return date(year, month, number)
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        return None

    def month(self, i: int, *, bare: bool) -> Read[Days] | None:
        """A month by itself; a word that is also something else ("may") only after "in" or "of", or alone beside a day
        of the week ("March, any Tuesday")."""
        s = self.scene
        j = s.skip(i, "the")
        if not s.has(j, "month") or (j > i and s.has(j + 1, "num", "ord")):
            return None  # "the December 10 one" is read from its month on
        if s.at(j).word in s.lexicon.soft and not (bare or s.has(j - 1, "in", "of") or self._stands_alone(j)):
            return None
        first, last = month_span(s.today, s.value(j, "month"))
        if (first - s.today).days > FAR:
            return Days(past=True), j + 1
        return Days(first=max(first, s.today), last=last), j + 1

    def _stands_alone(self, i: int) -> bool:
        s = self.scene
        alone = all(not 0 <= at < len(s.lexemes) or s.has(at, "comma", "stop") for at in (i - 1, i + 1))
        return alone and any(s.has(at, "weekday") for at in range(len(s.lexemes)))
