"""Which times of day were said: parts of the day, exact times, bounds, ranges.

"After", "from" and "or later" include the time named, "before", "until" and the end of a range exclude it.
"At two" is whichever of the two hours lies in the practice's day.
"""

from dataclasses import dataclass, replace

from lamplighter.conversation.understanding.when.clocks import ClockReader
from lamplighter.conversation.understanding.when.lexicon import Clock
from lamplighter.conversation.understanding.when.scene import Read, Scene, first_read

# What a time of day can begin with.
_STARTERS = (
    "between", "from", "of", "of_the", "not_before", "latest", "not_after", "after", "before", "until",
    "over", "by", "at", "around", "las", "num", "clock", "clockword", "meridiem", "half_past", "quarter_past",
    "quarter_to", "part",
)  # fmt: skip
NOON = 12 * 60
AFTERNOON = 13 * 60  # noon by itself is none: people who ask for one mean after lunch
MIDNIGHT = 24 * 60
SHORT = 90  # minutes of a part of the day that stands for its beginning: "noonish to four"
VISIT = 60  # minutes that a visit takes, where the time by which it must be over was said
MOVED = 18  # lexemes between "move" and the time that something is moved to
SMALL_HOURS = 5 * 60  # "mornings until one" ends after noon
Part = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Times:
    """A time of day, its clock not yet told morning from afternoon.

    `how`: "part", "at", "around", "from", "before", "through" (a latest start), "by", "range". `over`: by then the
    visit has ended.
    """

    how: str
    clock: Clock | None = None
    end: Clock | None = None
    part: Part | None = None
    over: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """Starts that suit, in minutes after midnight: `start` <= t < `before`; `at` an exact one."""

    start: int = 0
    before: int = MIDNIGHT
    at: int | None = None

    def meet(self, other: "Stretch") -> "Stretch | None":
        at = self.at if self.at is not None else other.at
        if self.at is not None and other.at is not None and self.at != other.at:
            return None
        start, before = max(self.start, other.start), min(self.before, other.before)
        if start >= before or (at is not None and not start <= at < before):
            return None
        return Stretch(start, before, at)


def span_of(text: str) -> Part:
    """ "09:00-12:00" in minutes."""
    start, end = ((int(p[:2]) * 60 + int(p[3:])) for p in text.split("-"))
    return start, end


@dataclass(frozen=True, slots=True)
class TimeReader:
    """Reads the longest expression of a time of day that begins at a lexeme."""

    scene: Scene

    def read(self, i: int, *, bare: bool = False) -> Read[Times] | None:
        """`bare`: whether a number alone counts, as it does after a day."""
        if not self.scene.has(i, *_STARTERS):
            return None
        return first_read(
            i,
            self._range,
            self._bound,
            self._exact,
            self._part,
            lambda at: self._unprefixed(at, bare=bare),
        )

    def _range(self, i: int) -> Read[Times] | None:
        """ "between 2 and 5", "from two to five", "2-5pm", "de 3 a 5"."""
        s = self.scene
        between = s.has(i, "between")
        led = between or s.has(i, "from", "of", "of_the")
        start = s.skip(i + 1, "glue", "las", "at") if led else s.skip(i, "las", "at")
        for plain in (False, True):
            read = self._span(i, start, led=led, between=between, plain=plain)
            if read:
                return read
        return None

    def _span(self, i: int, start: int, *, led: bool, between: bool, plain: bool) -> Read[Times] | None:
        """`plain`: "dos y cinco" is two and five, not five past two."""
        s = self.scene
        left = self._edge(start, plain=plain)
        if not left:
            return None
        j = left[1]
        if not (s.has(j, "to", "until") or (between and s.has(j, "and")) or (led and self._leads_on(j))):
            return None
        right = self._edge(s.skip(j + 1, "las", "glue", "at"))
        if not right or self._runs_on(right[1]):
            return None
        strong = led or self._strong(i, left) or self._strong(j + 1, right)
        if not strong and not self._hours_apart(left[0], right[0]):
            return None
        return Times("range", left[0], right[0]), right[1]

    def _leads_on(self, j: int) -> bool:
        """ "De las diez a las doce"; "muévala de las diez a las doce" names two times, no range."""
        s = self.scene
        moved = any(s.has(k, "move") for k in range(max(j - MOVED, 0), j))
        return s.has(j, "at") and s.has(j, "onto") and not moved

    def _edge(self, i: int, *, plain: bool = False) -> Read[Clock] | None:
        """An end of a range, as near as it was said: "noonish", "around one", "4ish"."""
        s = self.scene
        around = s.skip(i, "around")
        if s.has(i, "part"):
            start, end = span_of(s.value(i, "part"))
            return (Clock(start // 60, start % 60, fixed=True), i + 1) if end - start <= SHORT else None
        clock = self.clock(around, plain=plain)
        if not clock:
            return None
        j = clock[1] + (s.at(clock[1]).word == "-" and s.has(clock[1] + 1, "ish"))
        return clock[0], s.skip(j, "ish")

    @staticmethod
    def _hours_apart(left: Clock, right: Clock) -> bool:
        return left.hour <= 12 and right.hour <= 12 and left != right

    def _bound(self, i: int) -> Read[Times] | None:
        s = self.scene
        for kind, how in _BOUNDS:
            if s.has(i, kind):
                clock = self.clock(s.skip(i + 1, "around", "las", "at", "glue", "hedge"))
                event = None if clock else self.far(i + 1)  # "before my shift at three"
                clock, ends = clock or event, kind == "over" or (kind == "before" and event is not None)
                if clock and kind == "by" and s.has(clock[1], "or_later"):
                    return Times("from", clock[0]), clock[1] + 1  # "they drop me by ten at the earliest"
                if clock and not self._runs_on(clock[1]):
                    by_then = kind == "by" and s.has(clock[1], "or_earlier")  # "by three at the latest"
                    return Times(how, clock[0], over=ends), self._closing(clock[1]) + by_then
                part = self.bounded_part(how, i + 1, over=kind == "over")
                if part:
                    return part
        return None

    def far(self, i: int) -> Read[Clock] | None:
        """The clock of "before I pick up my kids at three"."""
        s = self.scene
        j = i
        while (
            j < i + 7
            and s.has(j, "other", "filler", "glue", "to", "of", "pos", "hedge", "address")
            and not s.has(j, "at")
        ):
            j += 1
        return self.clock(s.skip(j, "at", "las")) if i < j < i + 7 and s.has(j, "at") else None

    def bounded_part(self, how: str, i: int, *, over: bool) -> Read[Times] | None:
        """ "before noon" is a clock; "until the evening" and "after lunch" lean on a part of the day."""
        s = self.scene
        j = s.skip(i, "the", "glue")
        if not s.has(j, "part"):
            return None
        start, end = span_of(s.value(j, "part"))
        edge = {"from": start, "before": start, "through": end}.get(how, start)
        bound = Clock(edge // 60, edge % 60, fixed=True)
        return Times("from" if how == "from" else "before", bound, over=over), j + 1

    def _closing(self, j: int) -> int:
        """Past words that only repeat the bound: "after three onwards"."""
        return self.scene.skip(j, "or_later") if not self.clock(j + 1) else j

    def _exact(self, i: int) -> Read[Times] | None:
        s = self.scene
        if not s.has(i, "at", "around", "las", "by"):
            return None
        around = s.has(i, "around") or s.has(i + 1, "around")
        clock = self.clock(s.skip(i, "at", "around", "las", "by", "hedge"))
        if not clock or self._runs_on(clock[1]):
            return None
        return self._pointed(clock, "around" if around else "at")

    def _unprefixed(self, i: int, *, bare: bool) -> Read[Times] | None:
        clock = self.clock(i)
        if (
            not clock
            or self._runs_on(clock[1])
            or (self.scene.has(i, "pronoun") and self.scene.has(i - 1, "the"))
        ):
            return None
        pointed = self._pointed(clock, "at")
        leads = self.scene.has(clock[1], "part") and " " in self.scene.at(clock[1]).word
        if leads or bare or self._strong(i, clock) or pointed[0].how != "at":
            return pointed
        return None

    def _pointed(self, clock: Read[Clock], how: str) -> Read[Times]:
        s, j = self.scene, clock[1]
        j += s.at(j).word == "-" and s.has(j + 1, "ish")
        if s.has(j, "ish"):
            how, j = "around", j + 1
        if s.has(j, "too_early", "too_late"):
            return self._too(clock[0], early=s.has(j, "too_early")), j + 1
        k = s.skip(j, "comma")
        joins_a_day = s.has(k, "and") and s.has(
            s.skip(k + 1, "glue", "the"), "weekday"
        )  # "twelve, and on a Monday"
        if s.has(k, "or_later") and not self.clock(k + 1) and not joins_a_day:
            return Times("from", clock[0]), k + 1
        if s.has(j, "on_days") and (j + 1 == len(s.lexemes) or s.has(j + 1, "comma", "stop", "pos", "sep")):
            return Times("from", clock[0]), j + 1
        if s.has(k, "or_earlier") and not self.clock(k + 1):
            return Times("through", clock[0]), k + 1
        return Times(how, clock[0]), j

    @staticmethod
    def _too(clock: Clock, *, early: bool) -> Times:
        """ "Nine's too early, five's too late": half an hour later will do, and anything before."""
        if not early:
            return Times("before", clock)
        later = clock.hour * 60 + clock.minute + 30
        return Times("from", replace(clock, hour=later // 60, minute=later % 60))

    def _part(self, i: int) -> Read[Times] | None:
        s = self.scene
        if s.has(i, "part") and s.lexicon.means(s.at(i).word.split()[0], "before") and s.has(i + 1, "at"):
            clock = self.clock(s.skip(i + 1, "at", "las"))
            if clock:
                return Times("before", clock[0]), clock[1]
        if s.has(i, "part"):
            return Times("part", part=span_of(s.value(i, "part"))), i + 1
        if s.has(i, "meridiem") and s.has(i - 1, "weekday", "weekset", "rel_day"):
            return Times("part", part=(0, NOON) if s.value(i, "meridiem") == "am" else (NOON, 17 * 60)), i + 1
        return None

    def _strong(self, i: int, clock: Read[Clock]) -> bool:
        """Whether the words can only be a time of day."""
        s = self.scene
        counted = sum(s.has(k, "num") for k in range(i, clock[1]))
        military = len(s.value(i, "digits") or "") == 4 and s.has(clock[1], "hours_word")
        return military or counted > 1 or any(s.has(k, *_CLOCK_WORDS) for k in range(i, clock[1]))

    def _runs_on(self, i: int) -> bool:
        """Whether more digits follow: a phone number, an address."""
        s = self.scene
        return s.has(i, "num", "thousand", "hundred", "address") or (
            s.at(i).word == "-" and s.has(i + 1, "digits")
        )

    def clock(self, i: int, *, plain: bool = False) -> Read[Clock] | None:
        return ClockReader(self.scene).read(i, plain=plain)


_BOUNDS = (
    ("not_before", "from"),
    ("latest", "through"),
    ("not_after", "before"),
    ("over", "before"),
    ("from", "from"),
    ("after", "from"),
    ("before", "before"),
    ("until", "before"),
    ("by", "by"),
)
_CLOCK_WORDS = (
    "clock", "clockword", "oclock", "meridiem", "half_past", "quarter_past", "quarter_to", "and_half",
    "and_quarter", "less_quarter", "las",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hours:
    """Tells two in the afternoon from two at night, by the part of the day said, else by the opening hours."""

    opens: int
    closes: int

    def resolve(self, times: Times, hint: Part | None) -> Stretch | None:
        if times.how == "part" and times.part:
            return Stretch(*times.part)
        if not times.clock:
            return None
        if times.how == "range" and times.end:
            return self._range(times.clock, times.end, hint)
        point = self.minute(times.clock, hint, ending=times.how in ("before", "through", "by"))
        return (
            {
                "from": Stretch(start=point),
                "before": Stretch(before=max(point - (VISIT - 1) * times.over, 1)),
                "through": Stretch(before=point + 1),
                "by": Stretch(at=point) if point == self.opens else Stretch(before=point),
                "around": Stretch(point, min(point + 60, MIDNIGHT)),
                "at": Stretch(at=point),
            }[times.how]
            if point or times.how != "before"
            else None
        )

    def _range(self, left: Clock, right: Clock, hint: Part | None) -> Stretch | None:
        """The two ends nearest to the opening hours, the second after the first and within half a day."""
        spans = [(a, b) for a in both_readings(left) for b in both_readings(right) if 0 < b - a <= NOON]
        if not spans:
            return None
        low, high = hint or (self.opens, self.closes)
        best = max(spans, key=lambda ab: (min(ab[1], high) - max(ab[0], low), ab[0] - ab[1]))
        return Stretch(*best)

    def minute(self, clock: Clock, hint: Part | None, *, ending: bool = False) -> int:
        choices = both_readings(clock)
        if hint:
            low = max(hint[0], SMALL_HOURS) if ending or len(choices) > 1 else hint[0]
            inside = [m for m in choices if low <= m < hint[1] or (ending and m == hint[1])]
            if inside:
                return inside[0]
        fits = [
            m for m in choices if (self.opens < m <= self.closes if ending else self.opens <= m < self.closes)
        ]
        if fits:
            return fits[0]
        return max(choices) if clock.hour % 12 < 8 else min(choices)


def both_readings(clock: Clock) -> list[int]:
    """The minutes after midnight that the clock can mean, earliest first."""
    base = clock.hour * 60 + clock.minute
    if clock.fixed or clock.hour > 12:
        return [base]
    half = base % NOON
    if clock.meridiem == "am" and half < 60:
        return [half, half + NOON]  # "10 to 12 am" ends at noon
    if clock.meridiem:
        return [half if clock.meridiem == "am" else half + NOON]
    return [half, half + NOON]
