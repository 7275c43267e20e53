"""One time of day as it is said: "5:30", "five thirty", "half past two", "las cuatro menos cuarto", "530", "noon"."""

from dataclasses import dataclass, replace

from lamplighter.conversation.understanding.when.lexicon import Clock
from lamplighter.conversation.understanding.when.scene import Read, Scene, first_read

_AFTER_AN_HOUR = (
    "comma", "stop", "to", "until", "and", "or", "but", "sep", "meridiem", "oclock", "and_half", "and_quarter",
    "less_quarter", "less", "tens_and", "part", "ish", "or_later", "or_earlier", "pos", "hedge", "on_days", "weekday",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClockReader:
    """Reads the clock that begins at a lexeme."""

    scene: Scene

    def read(self, i: int, *, plain: bool = False) -> Read[Clock] | None:
        """One time: "5:30", "five thirty", "half past two", "las cuatro menos cuarto", "530", "noon"."""
        if plain and self.scene.value(i, "num") in range(1, 24) and not self.scene.has(i, "skip"):
            return Clock(self.scene.value(i, "num"), fixed=self.scene.value(i, "num") > 12), i + 1
        read = first_read(i, self._named, self._relative, self._written, self._counted)
        if not read:
            return None
        clock, j = read
        j = self.scene.skip(j, "oclock")
        if self.scene.has(j, "meridiem") and not clock.fixed and 1 <= clock.hour <= 12:
            if clock.hour == 12 and self.scene.has(j, "part"):
                return replace(clock, fixed=True), j + 1  # "doce de la mañana" is noon
            return replace(clock, meridiem=self.scene.value(j, "meridiem")), self.scene.skip(j + 1, "oclock")
        return clock, j

    def _named(self, i: int) -> Read[Clock] | None:
        named = self.scene.value(i, "clockword")
        if not named:
            return None
        return Clock(int(named[:2]), int(named[3:]), fixed=int(named[:2]) >= 12), i + 1

    def _relative(self, i: int) -> Read[Clock] | None:
        """ "half past two", "quarter to four", "ten to three"."""
        s = self.scene
        for kind, shift in (("half_past", 30), ("quarter_past", 15), ("quarter_to", -15)):
            if s.has(i, kind):
                hour = self._hour(i + 1)
                return (self._shifted(hour, shift), i + 2) if hour else None
        number = s.value(i, "num")
        if number in (5, 10, 20, 25) and s.has(i + 1, "minutes_past", "minutes_to"):
            hour = self._hour(i + 2)
            if hour and not (s.has(i + 1, "to") and not s.has(i + 3, "oclock")):
                return self._shifted(hour, number if s.has(i + 1, "minutes_past") else -number), i + 3
        return None

    def _hour(self, i: int) -> int:
        s = self.scene
        value = s.value(i, "num") if s.has(i, "num") else None
        return value if isinstance(value, int) and 1 <= value <= 12 else 0

    @staticmethod
    def _shifted(hour: int, minutes: int) -> Clock:
        total = (hour * 60 + minutes) % (12 * 60)
        return Clock(total // 60 or 12, total % 60)

    def _written(self, i: int) -> Read[Clock] | None:
        clock = self.scene.value(i, "clock")
        return (clock, i + 1) if isinstance(clock, Clock) else None

    def _counted(self, i: int) -> Read[Clock] | None:
        s = self.scene
        number, digits = s.value(i, "num"), s.value(i, "digits")
        if not isinstance(number, int) or self._counts_a_noun(i):
            return None
        if digits and len(digits) in (3, 4):
            hour, minute = divmod(number, 100)
            a_time = 1 <= hour <= 23 and minute in range(0, 60, 5)
            dashed = (
                s.at(i - 1).word == "-" and s.has(i - 2, "digits") and len(str(s.value(i - 2, "digits"))) > 2
            )
            return (Clock(hour, minute, fixed=hour > 12), i + 1) if a_time and not dashed else None
        if not 1 <= number <= 23 or s.has(i + 1, "units_days", "units_weeks", "units_months", "month"):
            return None
        minute, j = self._minutes(i + 1, number)
        total = number * 60 + minute
        return Clock(total // 60, total % 60, fixed=number > 12), j

    def _counts_a_noun(self, i: int) -> bool:
        """ "He ido a una terapia": an article, no hour."""
        s = self.scene
        if not s.has(i, "article") or i + 1 == len(s.lexemes):
            return False
        return s.has(i + 1, "weekday") or not s.has(i + 1, *_AFTER_AN_HOUR)

    def _minutes(self, i: int, hour: int) -> Read[int]:
        """Minutes after an hour: "thirty", "oh five", "y media", "menos cuarto"."""
        s = self.scene
        if s.has(i, "and_half"):
            return 30, i + 1
        if s.has(i, "and_quarter"):
            return 15, i + 1
        if s.at(i).word == "-" and s.value(i + 1, "num") in (15, 30, 45) and not s.has(i + 1, "digits"):
            return s.value(i + 1, "num"), i + 2  # "four-thirty"
        if s.has(i, "less_quarter"):
            return (-15 if hour > 1 else 12 * 60 - 15), i + 1
        if s.has(i, "less") and s.value(i + 1, "num") in (5, 10, 20, 25):
            return -s.value(i + 1, "num") if hour > 1 else 12 * 60 - s.value(i + 1, "num"), i + 2
        if s.has(i, "tens_and") and s.value(i + 1, "num") in range(5, 60, 5) and not s.has(i + 1, "digits"):
            return s.value(i + 1, "num"), i + 2
        if s.value(i, "num") == 0 and s.value(i + 1, "num") in range(1, 10) and hour <= 12:
            return s.value(i + 1, "num"), i + 2
        if (
            s.value(i, "num") in range(10, 60, 5)
            and (hour <= 12 or (s.value(i, "num") in (15, 30, 45) and not s.has(i, "digits")))
            and s.has(i, "digits") == s.has(i - 1, "digits")
        ):
            return s.value(i, "num"), i + 1
        return 0, i
