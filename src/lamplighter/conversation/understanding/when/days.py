"""Which days were said: weekdays, dates, weeks, months, holidays, and bounds on them.

Conventions. A week runs from Monday to Sunday. "This Thursday" is the coming one, today included. "Next
Thursday" is Thursday of the following calendar week; "el próximo jueves" is the coming one, unless that is today
or tomorrow, which have words of their own. "In two weeks" is the calendar week that holds that day.
"After the 10th" begins on the 11th, "until the 10th" and "by the 10th" include it, "before" ends on the 9th.
A date without a year is the next one to come.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from lamplighter.conversation.understanding.when.calendar import (
    following,
    holiday,
    week_span,
)
from lamplighter.conversation.understanding.when.dates import DateReader
from lamplighter.conversation.understanding.when.dayset import Days, one_day
from lamplighter.conversation.understanding.when.months import MonthReader
from lamplighter.conversation.understanding.when.scene import Read, Scene, first_read

# What an expression of days can begin with.
_STARTERS = (
    "between", "from", "since", "of", "of_the", "not_before", "latest", "not_after", "after", "before",
    "over", "until", "by", "last", "last_of", "yesterday", "weekday", "weekset", "units_weeks", "units_months",
    "num", "few", "the", "week_of", "ord", "edge", "in", "within", "next", "this", "next_coming",
    "following", "rel_day", "week", "rest_of_week", "weekend_rel", "week_then", "units_days",
    "month_rel", "month", "date", "slash", "holiday", "holiday_from", "holiday_span", "day_word", "weeks_rel",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DayReader:
    """Reads the longest expression of days that begins at a lexeme."""

    scene: Scene

    @property
    def _dates(self) -> DateReader:
        return DateReader(self.scene)

    @property
    def _months(self) -> MonthReader:
        return MonthReader(self.scene)

    def read(self, i: int) -> Read[Days] | None:
        """Days with their bounds: "after the 10th", "Monday through Wednesday", "the 3rd"."""
        if not self.scene.has(i, *_STARTERS):
            return None
        return first_read(i, self._before_now, self._range, self._bound, self._open_ended, self.single)

    # bounds

    def _range(self, i: int) -> Read[Days] | None:
        s = self.scene
        between = s.has(i, "between")
        led = between or s.has(i, "from", "of", "of_the")
        start = s.skip(i + 1, "glue") if led else i
        left = self.single(start, end_of_range=True)
        if not left:
            return None
        joint = s.skip(left[1], "comma") if between else left[1]
        if not s.has(joint, "and" if between else "to") and not (between and s.has(joint, "to")):
            return None
        if s.has(joint, "onto") and any(s.has(k, "move") for k in range(max(i - 18, 0), i)):
            return None  # "move it from Tuesday to Thursday" names two days, not three
        right = self.single(s.skip(joint + 1, "glue"), end_of_range=True, after=left[0].first)
        if not right:
            return None
        days = self._spanned(left[0], right[0])
        return (days, right[1]) if days else None

    def _spanned(self, left: Days, right: Days) -> Days | None:
        if len(left.weekdays) == len(right.weekdays) == 1 and not left.dated and not right.dated:
            (low,), (high,) = left.weekdays, right.weekdays
            return Days(frozenset((low + n) % 7 for n in range((high - low) % 7 + 1)))
        first, last = self._dated(left).first, self._dated(right).last
        if first and last and last < first and right.weekdays:
            last = following(first, min(right.weekdays))
        return Days(first=first, last=last) if first and last and first <= last else None

    def _dated(self, days: Days) -> Days:
        """A bare weekday as the coming one, for bounds."""
        if days.dated or len(days.weekdays) != 1:
            return days
        return one_day(following(self.scene.today, min(days.weekdays)))

    def _bound(self, i: int) -> Read[Days] | None:
        s = self.scene
        kinds = ("not_before", "latest", "not_after", "from", "after", "before", "over", "until", "by")
        kind = next((kind for kind in kinds if s.has(i, kind)), None)
        if not kind:
            return None
        inner = self.single(s.skip(i + 1, "glue", "around"), bound=True)
        if not inner:
            return None
        days = self._dated(inner[0])
        if not days.first or not days.last:
            return None
        return self.bounded(kind, days.first, days.last), inner[1]

    @staticmethod
    def bounded(kind: str, first: date, last: date) -> Days:
        """The days on the side of `first` to `last` that a word like "before" names."""
        if kind in ("from", "not_before"):
            return Days(first=first)
        if kind == "after":
            return Days(first=last + timedelta(1))
        if kind in ("before", "over"):
            return Days(last=first - timedelta(1))
        return Days(last=last)

    def _open_ended(self, i: int) -> Read[Days] | None:
        inner = self.single(i)
        if not inner:
            return None
        days = self._dated(inner[0])
        if (
            days.first
            and self.scene.has(inner[1], "or_later")
            and not self.scene.has(inner[1] + 1, "num", "clock", "clockword", "part")
        ):
            return Days(first=days.first), inner[1] + 1
        if days.first and self._goes_on(inner[1]):
            return Days(first=days.first), inner[1] + 1
        if (
            days.last
            and self.scene.has(inner[1], "or_earlier")
            and not self.scene.has(inner[1] + 1, "num", "clock", "clockword", "part")
        ):
            return Days(last=days.last), inner[1] + 1
        return None

    def _goes_on(self, i: int) -> bool:
        """ "From the 14th on", "next Tuesday on": the word stands at the end of its clause."""
        s = self.scene
        return s.has(i, "on_days") and (i + 1 == len(s.lexemes) or s.has(i + 1, "comma", "stop"))

    def _before_now(self, i: int) -> Read[Days] | None:
        """ "last Tuesday", "two weeks ago", "yesterday": read so that they are not taken for a wish."""
        s = self.scene
        if s.has(i, "yesterday"):
            return Days(past=True), i + 1
        if s.has(i, "since") and (then := self.single(i + 1, bound=True)):
            return Days(past=True), then[1]
        if s.has(i, "last") and s.has(
            i + 1, "weekday", "units_weeks", "units_months", "month", "part", "weekend_word"
        ):
            return Days(past=True), i + 2
        if s.has(i, "weekday", "units_weeks", "units_months") and s.has(i + 1, "last_post"):
            return Days(past=True), i + 2
        count = self._count(i)
        if (
            count
            and s.has(count[1], "units_days", "units_weeks", "units_months")
            and s.has(count[1] + 1, "ago")
        ):
            return Days(past=True), count[1] + 2
        return None

    # single expressions

    def single(
        self, i: int, *, end_of_range: bool = False, bound: bool = False, after: date | None = None
    ) -> Read[Days] | None:
        """One expression without bounds. `after`: where a range began, so that "the 5th" follows it."""
        i = self.scene.skip(i, "the_loose")
        return first_read(
            i,
            self._week_of,
            self._months.week_of_month,
            self._months.weekday_of_month,
            self._months.edge,
            self._in_units,
            self._from_anchor,
            self._after_anchor,
            self._period,
            self._named_weekday,
            lambda at: self._dates.read(at, after),
            self._holiday,
            self._weekday,
            lambda at: self._dates.month(at, bare=end_of_range or bound),
        )

    def _week_of(self, i: int) -> Read[Days] | None:
        s = self.scene
        if not s.has(i, "week_of"):
            return None
        inner = self._dates.read(s.skip(i + 1, "glue", "the"), None) or self._holiday(s.skip(i + 1, "glue"))
        inner = inner or self._weekday(s.skip(i + 1, "glue"))
        if not inner:
            return None
        first = self._dated(inner[0]).first
        return (Days(*((frozenset(), *week_span(first)))), inner[1]) if first else None

    def _count(self, i: int) -> Read[int] | None:
        """How many, in front of days, weeks or months."""
        s = self.scene
        for kind in ("num", "few"):
            count = s.value(i, kind)
            if isinstance(count, int) and 0 < count < 400:
                return count, i + 1
        return None

    def _in_units(self, i: int) -> Read[Days] | None:
        """ "in two weeks", "within ten days", "the next two weeks", "two weeks from now"."""
        s = self.scene
        within = s.has(i, "within")
        ahead = s.has(i, "in")
        start = i + 1 if within or ahead else s.skip(i, "the")
        if not within and not ahead and s.has(start, "next"):
            within, start = True, start + 1
        count = self._count(start) or ((1, start) if within else None)
        if not count:
            return None
        j = count[1]
        unit = next((u for u in ("units_days", "units_weeks", "units_months") if s.has(j, u)), None)
        if not unit:
            return None
        later = s.has(j + 1, "from_now")
        if not (within or ahead or later):
            return None
        days = self._ahead(unit, count[0], within and not later)
        return days, j + (2 if later else 1)

    def _ahead(self, unit: str, count: int, within: bool) -> Days:
        today = self.scene.today
        day = today + timedelta(count * {"units_days": 1, "units_weeks": 7, "units_months": 30}[unit])
        if within:
            return Days(first=today, last=day)
        if unit == "units_days":
            return one_day(day)
        return Days(frozenset(), *week_span(day))

    def _from_anchor(self, i: int) -> Read[Days] | None:
        """ "a week from Thursday", "two weeks after the 3rd"."""
        s = self.scene
        count = self._count(i)
        if (
            not count
            or not s.has(count[1], "units_weeks", "units_days")
            or not s.has(count[1] + 1, "from_then")
        ):
            return None
        anchor = first_read(
            s.skip(count[1] + 2, "glue"), self._named_weekday, self._weekday, self._plain_date
        )
        if not anchor:
            return None
        first = self._dated(anchor[0]).first
        step = 7 if s.has(count[1], "units_weeks") else 1
        return (one_day(first + timedelta(step * count[0])), anchor[1]) if first else None

    def _after_anchor(self, i: int) -> Read[Days] | None:
        """ "the Monday after Thanksgiving", "the week after Christmas"."""
        s = self.scene
        j = s.skip(i, "the")
        week = s.has(j, "week_then")
        next_day = s.has(j, "units_days") and s.has(j + 1, "after")
        if (
            not week
            and not next_day
            and not (s.has(j, "weekday") and s.has(j + 1, "after") and not s.has(j, "plural"))
        ):
            return None
        anchor = self._holiday(s.skip(j + (1 if week else 2), "the", "glue"))
        if not anchor or not anchor[0].last:
            return None
        if week:
            return Days(frozenset(), *week_span(anchor[0].last + timedelta(7))), anchor[1]
        if next_day:
            return one_day(anchor[0].last + timedelta(1)), anchor[1]
        return one_day(following(anchor[0].last + timedelta(1), s.value(j, "weekday"))), anchor[1]

    def _plain_date(self, i: int) -> Read[Days] | None:
        return self._dates.read(i, None)

    def _period(self, i: int) -> Read[Days] | None:
        s = self.scene
        if s.has(i, "rel_day"):
            return one_day(s.today + timedelta(s.value(i, "rel_day"))), i + 1
        if s.has(i, "week"):
            first, last = week_span(s.today + timedelta(7 * s.value(i, "week")))
            return Days(first=max(first, s.today), last=last), i + 1
        if s.has(i, "weeks_rel"):
            near, far = (week_span(s.today + timedelta(7 * int(n))) for n in s.value(i, "weeks_rel").split())
            return Days(first=max(near[0], s.today), last=far[1]), i + 1
        if s.has(i, "rest_of_week"):
            return Days(first=s.today, last=week_span(s.today)[1]), i + 1
        if s.has(i, "weekend_rel"):
            first, last = week_span(s.today + timedelta(7 * s.value(i, "weekend_rel")))
            return Days(first=max(first + timedelta(5), s.today), last=last), i + 1
        if s.has(i, "month_rel"):
            span = self._months.named(i)
            return (Days(first=max(span[0][0], s.today), last=span[0][1]), i + 1) if span else None
        return None

    def _named_weekday(self, i: int) -> Read[Days] | None:
        """ "this Friday", "next Thursday", "el jueves que viene", "the Thursday after next"."""
        s = self.scene
        j = s.skip(i, "the")
        before = next(
            (
                k
                for k in ("this", "next", "next_coming", "following")
                if s.has(j, k) and s.has(j + 1, "weekday")
            ),
            None,
        )
        if before:
            return one_day(self._which(before, s.value(j + 1, "weekday"))), j + 2
        if s.has(j, "weekday") and s.has(j + 1, "next_post", "after_next"):
            kind = "after_next" if s.has(j + 1, "after_next") else s.value(j + 1, "next_post") or "next"
            return one_day(self._which(kind, s.value(j, "weekday"))), j + 2
        return None

    def _which(self, kind: str, weekday: int) -> date:
        monday, _ = week_span(self.scene.today)
        if kind == "this":
            return following(self.scene.today, weekday)
        if kind in ("coming", "next_coming"):
            return following(self.scene.today + timedelta(2), weekday)
        return monday + timedelta(weekday + (14 if kind == "after_next" else 7))

    def _weekday(self, i: int) -> Read[Days] | None:
        s = self.scene
        j = s.skip(i, "the")
        if s.has(j, "weekset"):
            return Days(frozenset(int(n) for n in s.value(j, "weekset").split())), j + 1
        if s.has(j, "weekday") and not self._is_soft_word(j):
            return Days(frozenset({s.value(j, "weekday")})), j + 1
        return None

    def _is_soft_word(self, i: int) -> bool:
        """A short word that is seldom the day ("sun", "mar") where nothing speaks for it."""
        s = self.scene
        return s.has(i, "month") and s.has(i + 1, "num")

    def _holiday(self, i: int) -> Read[Days] | None:
        s = self.scene
        j = s.skip(i, "the")
        if s.has(j, "holiday_span"):
            low, high = s.value(j, "holiday_span").split()
            first = holiday(low, s.today)
            last = holiday(high, first)
            return Days(first=first, last=last), j + 1
        if s.has(j, "holiday_from"):
            return Days(first=holiday(s.value(j, "holiday_from"), s.today)), j + 1
        if s.has(j, "holiday"):
            return one_day(holiday(s.value(j, "holiday"), s.today)), j + 1
        return None
