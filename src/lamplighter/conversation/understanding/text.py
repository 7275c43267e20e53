"""An utterance made ready to be matched: tidy text, and a folded copy of the same length.

Patterns run on `low` (lower case, no accents); spans found there hold in `text`, from which values are taken.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache

LONGEST = 1_000
"""Characters read of one utterance: two minutes of speech; a megabyte must not cost a second."""
LONGEST_MESSAGE = 4_000
"""Characters kept of a message that is taken word for word."""

_ALIKE = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "“": '"', "”": '"', "–": "-", "—": "-"}
)
_BOUNDARY = re.compile(r"[.?!;:\n]+(?=\s|$)|\n")
_WORD = re.compile(r"[^\W_]+(?:['\-][^\W_]+)*")


def fold(text: str) -> str:
    """Lower case and without accents, character for character."""
    return text.lower() if text.isascii() else "".join(map(_fold_char, text))


@lru_cache(maxsize=4096)
def _fold_char(char: str) -> str:
    if char.isascii():
        return char.lower()
    base = unicodedata.normalize("NFKD", char)[:1]
    lowered = (base or char).lower()
    return lowered if len(lowered) == 1 else char


def tidy(text: str, longest: int = LONGEST) -> str:
    """NFC, one kind of quote and dash, no control or invisible characters, single spaces, cut to `longest`."""
    cut = text[: longest * 2].encode("utf-8", "ignore").decode("utf-8")
    cut = unicodedata.normalize("NFC", cut.translate(_ALIKE))
    kept = "".join(_visible(char) for char in cut)
    return re.sub(r" ?\n[ \n]*", "\n", re.sub(r"[ \t\r\f\v]+", " ", kept)).strip()[:longest]


def _visible(char: str) -> str:
    if char in "\n\t ":
        return char
    if char.isspace():
        return " "
    return "" if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"} else char


@dataclass(frozen=True)
class Said:
    """`text` as said, tidied; `low` folded, of the same length."""

    text: str

    @classmethod
    def of(cls, text: str, longest: int = LONGEST) -> "Said":
        return cls(tidy(text, longest))

    @cached_property
    def low(self) -> str:
        return fold(self.text)

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(match.group() for match in _WORD.finditer(self.low))

    def __bool__(self) -> bool:
        return bool(self.text)

    def cut(self, start: int, end: int) -> "Said":
        return Said(self.text[start:end].strip())

    def without(self, *spans: tuple[int, int]) -> "Said":
        """The rest of the text once `spans` were read."""
        chars = list(self.text)
        for start, end in spans:
            chars[start:end] = [" "] * (end - start)
        return Said(re.sub(r" +", " ", "".join(chars)).strip(" ,"))

    @cached_property
    def sentences(self) -> tuple["Said", ...]:
        pieces, start = [], 0
        for match in _BOUNDARY.finditer(self.text):
            if _abbreviation(self.low[start : match.start()], self.low[match.end() :]):
                continue
            pieces.append(self.text[start : match.end()].strip())
            start = match.end()
        pieces.append(self.text[start:].strip())
        return tuple(Said(piece) for piece in pieces if piece.strip(" .?!;:,"))


_TITLES = ("dr", "mr", "mrs", "ms", "sr", "sra", "dra", "st", "a.m", "p.m", "ave")
_LETTER_BEFORE = re.compile(r"(?:^|\.\s?)\w$")
_LETTER_AFTER = re.compile(r"\s?\w(?:\W|$)")


def _abbreviation(before: str, after: str) -> bool:
    """Whether the full stop belongs to the word, or to a letter in a row of letters ("m. a. y. a.")."""
    if re.split(r"[ ,]", before)[-1] in _TITLES:
        return True
    return bool(_LETTER_BEFORE.search(before) and _LETTER_AFTER.match(after))
