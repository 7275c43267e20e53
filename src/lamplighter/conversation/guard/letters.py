"""Which language a text is in by its own letters, whatever language the contact is in."""

import re
from functools import cache
from importlib.resources import files

import yaml  # type: ignore[import-untyped]

from .text import fold

_TELLING = (
    ("ko", re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")),
    ("ja", re.compile(r"[\u3041-\u30fa]")),
    ("zh", re.compile(r"[\u3400-\u9fff]")),
    ("hi", re.compile(r"[\u0904-\u0939]")),
    ("bn", re.compile(r"[\u0985-\u09b9]")),
    ("pa", re.compile(r"[\u0a05-\u0a39]")),
    ("gu", re.compile(r"[\u0a85-\u0ab9]")),
    ("te", re.compile(r"[\u0c05-\u0c39]")),
    ("ur", re.compile(r"[ٹڈڑںےھہ]")),
    ("fa", re.compile(r"[پچژگ]")),
    ("ar", re.compile(r"[\u0621-\u064a]")),
    ("uk", re.compile(r"[іїєґ]", re.IGNORECASE)),
    ("ru", re.compile(r"[\u0430-\u044f]{2}", re.IGNORECASE)),
)
_WORD = re.compile(r"[a-z']+")
_ENOUGH, _FEW, _SHARE = 300, 3, 0.5  # letters, words, share of them
_SHARED = ("ar", "fa", "ur")  # one script; few letters tell which
OURS = ("en", "es")
LATIN = ("de", "fr", "ht", "it", "pl", "pt", "tl", "vi")


def language_of(text: str, spoken: str) -> str | None:
    """The language that a text's letters are of; that of the contact (`spoken`) where both could be; else None."""
    if text.isascii():
        return None
    found = next((language for language, letters in _TELLING if letters.search(text)), None)
    if spoken in _SHARED and found in _SHARED:
        return spoken
    if (spoken, found) in (("uk", "ru"), ("ja", "zh")):
        return spoken
    return found


def languages_of(text: str, spoken: str) -> tuple[str, ...]:
    """Every language that the letters of a text could be of: whoever is in danger falls into their own, whatever the
    contact is in. In English and Spanish, which most contacts begin in, only where hardly a word is of these."""
    found = language_of(text, spoken)
    if found in _SHARED:
        return _SHARED
    if found or not _WORD.search(fold(text)[:_ENOUGH]):
        return (found,) if found else ()
    return LATIN if spoken not in OURS or foreign(text, few=2) else ()


def foreign(text: str, few: int = _FEW) -> bool:
    """Whether hardly a word of a text in Latin letters, of a `few` words at least, is an everyday one of English or
    Spanish; where they tell a name, that takes more unknown words than a name has."""
    folded = fold(text)[:_ENOUGH]
    said = _WORD.findall(folded)
    known = sum(map(_is_everyday, said))
    if len(said) < few or known >= _SHARE * len(said):
        return False
    return len(said) - known >= few or _introduction().search(folded) is None


def _is_everyday(word: str) -> bool:
    """In the list, also shortened: "they're"."""
    return word in _everyday() or _shortened().sub("", word) in _everyday()


@cache
def _everyday() -> frozenset[str]:
    page = _page("everyday")
    return frozenset(
        word for language in ("english", "spanish") for line in page[language] for word in line.split()
    )


@cache
def _introduction() -> re.Pattern[str]:
    page = _page("introductions")
    before, behind = ("|".join(map(re.escape, page[name])) for name in ("before", "behind"))
    return re.compile(rf"^(?:{before}) |\b(?:{behind})\b")


@cache
def _shortened() -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(_page('introductions')['endings'])})$")


def _page(name: str) -> dict[str, list[str]]:
    text = (files(__package__) / "glosses" / f"{name}.yaml").read_text("utf-8")
    page: dict[str, list[str]] = yaml.load(text, yaml.CSafeLoader)
    return page
