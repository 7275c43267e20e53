"""How a caller on a real line spells a name: letter by letter, and once that was misheard, with a word for each."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

from lamplighter.rehearsal.caller_words import caller_words

NAMES: Final = ("first_name", "last_name", "caller_name")
ASKS_TO_SPELL: Final = ("reask.", "spell.")
"""Phrases of these kinds that ask for a name ask for its letters."""

_ABC: Final = "abcdefghijklmnopqrstuvwxyz"


def labelled(written: str, answer: str, locale: str) -> str:
    """The answer with which name it is, as people say it when two were read back."""
    label = caller_words(locale)["labels"].get(written)
    return f"{label} {answer}" if label else answer


def is_spelled(answer: str) -> bool:
    """Whether the answer has letters said one by one."""
    row = 0
    for word in answer.split():
        row = row + 1 if len(word.strip(",.")) == 1 else 0
        if row >= 3:
            return True
    return False


def spelled(name: str, locale: str, *, with_words: bool = False) -> str:
    """The name letter by letter: "R A H M A N", or "R, as in robert. A, as in apple..."."""
    own = caller_words(locale)
    words = dict(zip(_ABC, own["alphabet"].split(), strict=False)) if with_words and own["joined"] else {}
    said = [_letter(letter, own, words) for letter in name.lower() if letter.isalpha()]
    if words:
        return ". ".join(said)
    row = "".join(
        f"{', ' if {one, other} & set(own['marked'].values()) else ' '}{other}"
        for one, other in pairwise(said)
    )
    return f"{said[0]}{row}" if said else ""


def _letter(letter: str, own: Mapping[str, Any], words: Mapping[str, str]) -> str:
    if marked := own["marked"].get(letter):
        return str(marked)
    if letter in words:
        return str(own["joined"]).format(letter=letter.upper(), word=words[letter])
    return letter.upper()
