"""How a caller on a real line spells a name: letter by letter, and once that was misheard, with a word for each."""

import re
from collections.abc import Mapping
from typing import Final

NAMES: Final = ("first_name", "last_name", "caller_name")
ASKS_TO_SPELL: Final = ("reask.", "spell.")
"""Phrases of these kinds that ask for a name ask for its letters."""

_LABELS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {"first_name": "the first name is", "last_name": "the last name is"},
    "es": {"first_name": "el nombre es", "last_name": "el apellido es"},
}
_JOINED: Final = {"en": "{letter}, as in {word}", "es": "{letter}, de {word}"}
_WORDS: Final = {
    "en": "apple boy cat dog edward frank george henry ice john king lion mary nancy ocean peter queen robert sam tom "
    "uncle victor william x-ray yellow zebra",
    "es": "amor burro casa dedo elefante foca gato hotel iglesia jirafa kilo luna mamá nube oso papá queso ratón sopa "
    "taza uva vaca whisky xilófono yema zapato",
}
_ABC: Final = "abcdefghijklmnopqrstuvwxyz"
_WITH_A_MARK: Final = re.compile(r" (?=[^\W\d_] con acento)|(?<=acento) ")
_MARKED: Final[Mapping[str, Mapping[str, str]]] = {
    "es": {
        "á": "a con acento",
        "é": "e con acento",
        "í": "i con acento",
        "ó": "o con acento",
        "ú": "u con acento",
    }
}


def labelled(written: str, answer: str, locale: str) -> str:
    """The answer with which name it is, as people say it when two were read back."""
    label = _LABELS.get(locale.partition("-")[0], {}).get(written)
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
    language = locale.partition("-")[0]
    words = dict(zip(_ABC, _WORDS.get(language, "").split(), strict=False)) if with_words else {}
    said = (_letter(letter, language, words) for letter in name.lower() if letter.isalpha())
    return ". ".join(said) if words else _WITH_A_MARK.sub(", ", " ".join(said))


def _letter(letter: str, language: str, words: Mapping[str, str]) -> str:
    if marked := _MARKED.get(language, {}).get(letter):
        return marked
    if letter in words:
        return _JOINED[language].format(letter=letter.upper(), word=words[letter])
    return letter.upper()
