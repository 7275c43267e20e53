"""Text to folded tokens that remember where they stood."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Shape = Literal["word", "date", "slash", "clock", "ord", "num", "mark"]

_TOKEN = re.compile(
    r"""
      (?P<iso>\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d))
    | (?P<date>\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?(?:\d{4}|\d{2})(?!\d))
    | (?P<clock>\d{1,2}(?:[:.h]\d{2}(?!\d))?(?:\s?[ap]\.?\s?m\b\.?|[ap]\b(?!\.?\w))
        |\d{1,2}(?:[:h]\d{2}|\.[0-5]\d)(?!\d)
        |\d{1,2}\s?h(?:rs?|s)?\b)
    | (?P<slash>\d{1,2}/\d{1,2}(?![\d/]))
    | (?P<ord>\d{1,2}(?:st|nd|rd|th|era|ero|er|ro|ra|do|da|to|ta|[ºª°])(?!\w))
    | (?P<num>\d+)
    | (?P<meridiem>\b[ap]\.\s?m\b\.?)
    | (?P<word>[^\W\d_]+(?:['’`´][^\W\d_]+)*)
    | (?P<mark>[^\w\s'’`´"“”]|_)
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """`text[start:end]`, and the same folded: lower case, no accents, no apostrophes."""

    shape: Shape
    folded: str
    start: int
    end: int
    tight: bool  # nothing stands between this and the token before


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Lower case without accents and apostrophes, compatibility forms resolved."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c) and c not in "'’`´")


def tokenize(text: str) -> list[Token]:
    """Tokens of a text in any case, with punctuation or without."""
    tokens: list[Token] = []
    last = -1
    for match in _TOKEN.finditer(text):
        group = match.lastgroup or "mark"
        folded = fold(match.group())
        shape: Shape = "word" if group in ("word", "meridiem") else _SHAPES[group]
        if group == "meridiem":
            folded = folded[0] + "m"
        elif folded == "wed" and len(match.group()) > len(folded):
            folded = "would"  # "we'd", no Wednesday
        tokens.append(Token(shape, folded, match.start(), match.end(), match.start() == last))
        last = match.end()
    return tokens


_SHAPES: dict[str, Shape] = {
    "iso": "date",
    "date": "date",
    "clock": "clock",
    "slash": "slash",
    "ord": "ord",
    "num": "num",
    "mark": "mark",
}
