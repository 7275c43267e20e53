"""The verdict on one text, from both detectors."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from .patterns import Entry, Patterns
from .text import forms

Kind = Literal["crisis", "clinical", "human", "clear"]
ORDER: tuple[Kind, ...] = ("crisis", "clinical", "human", "clear")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a text is, and because of which pattern ids or "classifier" (empty when clear)."""

    verdict: Kind
    because: tuple[str, ...] = ()


CLEAR = Verdict("clear")
FAILED = Verdict("human", ("guard-failure",))


class Guard:
    """Reads every text first. One instance serves every locale and is safe to share."""

    def __init__(self, patterns: Patterns) -> None:
        self._patterns = patterns

    @classmethod
    def load(cls) -> "Guard":
        """A guard with the package's own patterns and model. Raises PatternError."""
        return cls(Patterns.load())

    def check(self, text: str, locale: str, channel: str) -> Verdict:
        """The verdict on one text by itself. Never raises: its own failure is a `human` verdict."""
        return _or_failed(lambda: self._both(text))

    def interim(self, text: str, locale: str, channel: str) -> Verdict:
        """The verdict of the patterns alone, for speech that is still being said."""
        return _or_failed(lambda: _strongest(self._patterns.matching(self._readings(text))))

    def readable(self, text: str, locale: str) -> bool:
        """Whether there is a word, a number, a name or an emoji in it, in any script."""
        return any(unicodedata.category(character)[0] in "LN" or ord(character) > 0x2190 for character in text)

    def _both(self, text: str) -> Verdict:
        return _strongest(self._patterns.matching(self._readings(text)))

    def _readings(self, text: str) -> tuple[str, ...]:
        return forms(text, self._patterns.spelled)


def _strongest(found: list[Entry]) -> Verdict:
    for kind in ORDER[:-1]:
        ids = tuple(p.id for p in found if p.verdict == kind)
        if ids:
            return Verdict(kind, ids)
    return CLEAR


def _or_failed(judge: Callable[[], Verdict]) -> Verdict:
    try:
        return judge()
    except Exception:  # whatever breaks here, a person must answer
        return FAILED
