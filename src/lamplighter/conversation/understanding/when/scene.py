"""What the readers of days and times look at: the lexemes, today, the opening hours."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, TypeVar

from lamplighter.conversation.understanding.when.lexicon import Lexeme, Lexicon, lexicon
from lamplighter.practice.model import Practice

LONGEST = 300  # lexemes of an utterance that are looked at: two minutes of speech

T = TypeVar("T")
Read = tuple[T, int]
"""A value and the index of the lexeme after it."""

NOTHING = Lexeme({"end": None}, 0, 0, "")


@dataclass(frozen=True, slots=True)
class Scene:
    """`opens` and `closes` are minutes after midnight: they tell morning from afternoon in "at two"."""

    lexemes: tuple[Lexeme, ...]
    lexicon: Lexicon
    now: datetime
    opens: int
    closes: int
    moving: datetime | None = None  # the visit: "the week after" follows it, "the same time" is its hour

    @property
    def today(self) -> date:
        return self.now.date()

    def at(self, i: int) -> Lexeme:
        return self.lexemes[i] if 0 <= i < len(self.lexemes) else NOTHING

    def has(self, i: int, *kinds: str) -> bool:
        if not 0 <= i < len(self.lexemes):
            return False
        senses = self.lexemes[i].senses
        return kinds[0] in senses if len(kinds) == 1 else not senses.keys().isdisjoint(kinds)

    def value(self, i: int, kind: str) -> Any:
        """The value of the lexeme's sense, None where it has no such sense."""
        return self.at(i).senses.get(kind)

    def skip(self, i: int, *kinds: str) -> int:
        """The first lexeme from i on that is none of these kinds, at most eight further."""
        for _ in range(8):
            if not self.has(i, *kinds):
                break
            i += 1
        return i

    def skip_back(self, i: int, *kinds: str) -> int:
        """The first lexeme from i backwards that is none of these kinds."""
        while i > 0 and self.has(i, *kinds):
            i -= 1
        return i


def scene(
    text: str, locale: str, now: datetime, hours: tuple[int, int], moving: datetime | None = None
) -> Scene:
    words = lexicon(locale)
    return Scene(tuple(words.read(text)[:LONGEST]), words, now, *hours, moving)


def opening(practice: Practice) -> tuple[int, int]:
    """The earliest opening and the latest closing of the practice's week, in minutes after midnight."""
    spans = [span for spans in practice.hours.days.values() for span in spans]
    if not spans:
        return 9 * 60, 18 * 60
    return min(minutes(s.start) for s in spans), max(minutes(s.end) for s in spans)


def minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def first_read(i: int, *readers: Callable[[int], Read[T] | None]) -> Read[T] | None:
    for reader in readers:
        read = reader(i)
        if read is not None:
            return read
    return None
