"""Telephone numbers written as words, in the groups that people say them in: "two one two, five five five, ..."."""

import re
from itertools import accumulate
from typing import Final

from lamplighter.channels.speech.spoken_words import spoken_words

PAUSES: Final = {10: (3, 6), 11: (1, 4, 7)}
"""After which digits people take breath, by how many digits a number has."""


def in_groups(text: str, locale: str) -> str:
    """The text with a comma where a person who says a telephone number takes breath."""
    digits = spoken_words(locale).get("digits")
    if not digits:
        return text
    one = rf"\b(?:(?P<two>{digits['two']})|{digits['one']})\b"
    row = re.compile(
        rf"{one.replace('?P<two>', '?:')}(?: {one.replace('?P<two>', '?:')}){{5,}}", re.IGNORECASE
    )
    return row.sub(lambda found: _grouped(found.group(), re.compile(one, re.IGNORECASE)), text)


def _grouped(row: str, one: re.Pattern[str]) -> str:
    words = [(match.group(), 2 if match["two"] else 1) for match in one.finditer(row)]
    counts = list(accumulate(worth for _, worth in words))
    pauses = PAUSES.get(counts[-1], ())
    return " ".join(
        f"{word}," if count in pauses else word for (word, _), count in zip(words, counts, strict=True)
    )
