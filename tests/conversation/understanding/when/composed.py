"""Wishes put together from parts whose meaning is known, in any order, as people join them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise, permutations
from random import Random

from .sample import NOW

Admits = Callable[[datetime], bool | None]
"""Whether a part lets a start through; None where people differ."""


@dataclass(frozen=True, slots=True)
class Part:
    """`kind`: a wish has at most one part of each."""

    kind: str
    admits: Admits
    said: tuple[str, ...]


def _days(*wanted: int) -> Admits:
    return lambda start: start.weekday() in wanted


def _without(*refused: int) -> Admits:
    return lambda start: start.weekday() not in refused


def _weeks_on(count: int) -> Admits:
    monday = NOW.date() - timedelta(NOW.weekday()) + timedelta(7 * count)
    return lambda start: monday <= start.date() < monday + timedelta(7)


def _hours(low: float, high: float, *unsure: float) -> Admits:
    """Starts from `low` until before `high`, in hours; of the half hours in `unsure` nothing is asked."""

    def admits(start: datetime) -> bool | None:
        hour = start.hour + start.minute / 60
        return None if hour in unsure else low <= hour < high

    return admits


_EARLY = _hours(10, 24, 9, 9.5)
_NOONISH = _hours(12, 12.5, 11.5, 12.5, 13)
_MORNING = _hours(0, 12)
_AFTERNOON = _hours(13, 17, 12, 12.5, 17, 17.5)

ENGLISH = (
    Part("days", _days(1, 2), ("tuesday or wednesday", "tuesdays and wednesdays", "tuesdays or wednesdays",
         "either tuesday or wednesday", "a tuesday or a wednesday", "tues or weds", "tuesday maybe wednesday",
         "it'd have to be tuesday or wednesday")),
    Part("days", _days(3), ("thursdays", "thursday", "on a thursday", "thursdays only")),
    Part("days", _days(0, 3), ("monday or thursday", "mondays and thursdays")),
    Part("week", _weeks_on(1), ("next week", "sometime next week", "next week please", "for next week",
         "one day next week")),
    Part("week", _weeks_on(2), ("the week after next", "in two weeks")),
    Part("part", _MORNING, ("mornings", "in the morning", "morning", "preferably mornings",
         "some time in the morning", "mornings are best")),
    Part("part", _AFTERNOON, ("afternoons", "in the afternoon")),
    Part("hours", _hours(10, 24), ("ten or later", "not before ten", "after ten", "10 or later",
         "nothing before ten", "from ten on", "any time after ten", "at ten or later", "ten onwards",
         "10am or later", "ten at the earliest", "not earlier than ten", "i can't do before ten")),
    Part("hours", _hours(14, 24), ("after two", "two or later", "not before two", "any time after 2", "from two on",
         "2pm or later", "two o'clock or later", "two at the earliest", "after two o'clock")),
    Part("hours", _hours(10, 12, 12), ("between ten and twelve", "from ten to twelve", "ten to twelve", "10 to 12",
         "10-12", "between ten and noon", "ten till twelve")),
    Part("hours", _hours(13, 16, 16), ("between one and four", "from one to four", "1 to 4")),
    Part("hours", _NOONISH, ("around noon", "noonish", "around twelve", "about noon", "noon or so")),
    Part("hours", _hours(0, 15, 15), ("before three", "three or earlier", "not after three", "until three",
         "nothing after three", "by three at the latest", "and not past three")),
    Part("refused", _without(4), ("not fridays", "no fridays", "fridays don't work", "anything but friday",
         "except fridays", "fridays are out", "i can't do fridays", "fridays are no good")),
    Part("early", _EARLY, ("not too early", "nothing too early", "not super early", "but not too early",
         "not early", "and not early")),
)  # fmt: skip
SPANISH = (
    Part("days", _days(1, 2), ("el martes o el miércoles", "martes o miércoles", "los martes y los miércoles",
         "un martes o un miércoles", "el martes, el miércoles")),
    Part("days", _days(3), ("los jueves", "el jueves", "un jueves")),
    Part("days", _days(0, 3), ("lunes o jueves", "el lunes o el jueves")),
    Part("week", _weeks_on(1), ("la semana que viene", "la próxima semana", "la otra semana",
         "para la próxima semana", "la semana entrante", "algún día de la semana que viene")),
    Part("part", _MORNING, ("en la mañana", "por la mañana", "en la mañanita", "por las mañanas", "de mañana",
         "en las mañanas")),
    Part("part", _AFTERNOON, ("por la tarde", "en la tarde", "en las tardes", "por las tardes", "de tarde")),
    Part("hours", _hours(10, 24), ("de las diez para adelante", "después de las diez", "no antes de las diez",
         "a partir de las diez", "de las diez en adelante", "a las diez o más tarde", "desde las diez",
         "las diez o después", "de las diez pa' delante")),
    Part("hours", _hours(14, 24), ("después de las dos", "de las dos en adelante", "a partir de las 2",
         "de las dos para adelante", "pasadas las dos", "de las dos de la tarde en adelante")),
    Part("hours", _hours(10, 12, 12), ("de diez a doce", "entre las diez y las doce", "de 10 a 12",
         "entre diez y doce", "de las diez a las doce", "entre las 10 y las 12")),
    Part("hours", _hours(13, 16, 16), ("de una a cuatro", "entre la una y las cuatro", "de 1 a 4")),
    Part("hours", _NOONISH, ("a eso del mediodía", "como al mediodía", "al mediodía", "como a las doce",
         "a eso de las doce")),
    Part("hours", _hours(0, 15, 15), ("antes de las tres", "hasta las tres", "no después de las tres",
         "a más tardar a las tres", "máximo a las tres")),
    Part("refused", _without(4), ("los viernes no", "no los viernes", "menos los viernes", "viernes no puedo",
         "excepto los viernes", "pero no los viernes", "nada de viernes")),
    Part("early", _EARLY, ("no muy temprano", "no tan temprano", "que no sea muy temprano", "no tan tempranito",
         "pero no muy temprano")),
)  # fmt: skip
_PARTS = {"en": ENGLISH, "es": SPANISH}
_LEADS = {
    "en": ("", "", "oh, ", "um, ", "well, ", "let's see, ", "i'd like ", "maybe "),
    "es": ("", "", "ay, pues ", "pues, ", "este, ", "a ver, ", "quisiera ", "bueno, "),
}
_TAILS = {
    "en": ("", "", ", it's the bus you know", ", you know", ", please", ". anyone's fine", ", if that's ok",
           ", because of the bus"),
    "es": ("", "", ", que a esa hora me lleva mi nieto", ", por favor", ". con quien sea", ", si se puede",
           ", por lo del camión"),
}  # fmt: skip
_JOINTS = {"en": (", ", ", ", ", ", ", and ", ", you know, "), "es": (", ", ", ", ", ", ", y ", ", pues ")}


@dataclass(frozen=True, slots=True)
class Composed:
    locale: str
    said: str
    parts: tuple[Part, ...]

    def admits(self, start: datetime) -> bool | None:
        told = [part.admits(start) for part in self.parts]
        if False in told:
            return False
        return None if None in told else True


_COMING = [NOW.date() + timedelta(n) for n in range(1, 29)]
STARTS = [
    datetime.combine(day, time(n // 2, n % 2 * 30))
    for day in _COMING
    if day.weekday() < 5
    for n in range(18, 36)
]
"""Every half hour of four weeks' office hours, from tomorrow on."""


def composed(locale: str, size: int, chance: Random, *, one_in: int = 1) -> Iterator[Composed]:
    """Every set of `size` parts that can hold at once, in every order, each joined and worded by chance; of all those,
    `one_in` so many."""
    for parts in permutations(_PARTS[locale], size):
        if chance.randrange(one_in):
            continue
        kinds = [part.kind for part in parts]
        if len(set(kinds)) < size or ("refused", "days") in pairwise(kinds):
            continue  # "no Fridays, Mondays": people may mean either
        one = Composed(locale, _said(locale, parts, chance), parts)
        if any(one.admits(start) for start in STARTS):
            yield one


def _said(locale: str, parts: Sequence[Part], chance: Random) -> str:
    words = [chance.choice(part.said) for part in parts]
    text = words[0]
    for before, part, said in zip(parts, parts[1:], words[1:], strict=False):
        text += _joint(locale, before.kind, part.kind, chance) + said
    return chance.choice(_LEADS[locale]) + text + chance.choice(_TAILS[locale])


def _joint(locale: str, before: str, after: str, chance: Random) -> str:
    """A day and its time may stand side by side."""
    beside = before in ("days", "week") and after in ("part", "hours", "days")
    return " " if beside and chance.random() < 0.4 else chance.choice(_JOINTS[locale])
