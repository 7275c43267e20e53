"""Telephone numbers written as words, in the groups that people say them in: "two one two, five five five, ..."."""

import re
from itertools import accumulate
from typing import Final

PAUSES: Final = {10: (3, 6), 11: (1, 4, 7)}
"""After which digits people take breath, by how many digits a number has."""
_WORTH_TWO: Final = {
    "en": r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:one|two|three|four|five|six|seven|eight"
    r"|nine))?|ten|eleven|twelve|\w+teen|double \w+",
    "es": r"(?:treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa)(?: y (?:uno|dos|tres|cuatro|cinco|seis|siete"
    r"|ocho|nueve))?|diez|once|doce|trece|catorce|quince|dieci\w+|veinti?\w+|doble \w+",
}
_WORTH_ONE: Final = {
    "en": "zero|oh|one|two|three|four|five|six|seven|eight|nine",
    "es": "cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve",
}


def in_groups(text: str, locale: str) -> str:
    """The text with a comma where a person who says a telephone number takes breath."""
    language = locale.partition("-")[0]
    if language not in _WORTH_ONE:
        return text
    one = rf"\b(?:(?P<two>{_WORTH_TWO[language]})|{_WORTH_ONE[language]})\b"
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
