"""A text in a language that the encoder never learned, word by word in English.

Rough, and enough for the encoder to hear what the words are about: what was learned from cases in
all languages then holds in these as well. `glosses/<language>.yaml` lists what words mean; a word is
found as written, then by the sound of it, so that a script and its spellings in Latin letters meet,
and then by its beginning. Where too little of a text is known it stays as it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files

import yaml  # type: ignore[import-untyped]

from .letters import language_of
from .romanised import romanised

LANGUAGES = frozenset({"bn", "fa", "gu", "hi", "ht", "pa", "te", "tl", "uk", "ur", "vi"})
ENOUGH = 0.34  # of the words
_WITHOUT_STEMS = {"ht", "vi"}  # their words are short and do not change
_LONGEST = 5  # words of a phrase
_SOUNDS = str.maketrans(
    {
        "e": "i",
        "y": "i",
        "o": "u",
        "w": "u",
        "v": "u",
        "a": None,
        "h": None,
        "z": "j",
        "q": "k",
        "x": "k",
        "f": "p",
    }
)
_NASAL = re.compile(r"m(?![iu])")
_DOUBLED = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class Glossary:
    """What the words of a language mean: as written in Latin letters, by their sound, by how they begin."""

    written: dict[str, str] = field(repr=False)
    sounding: dict[str, str] = field(repr=False)
    beginning: dict[str, str] = field(repr=False)

    def gloss(self, text: str) -> tuple[str, float]:
        """The text in English, and what share of its words was known."""
        words = [word for word in romanised(text).split() if word != "."]
        found: list[str] = []
        known = at = 0
        while at < len(words):
            meaning, length = self._longest(words, at)
            if meaning:
                found.append(meaning)
                known += length
            at += length
        return " ".join(found), known / max(1, len(words))

    def _longest(self, words: list[str], at: int) -> tuple[str, int]:
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            some = words[at : at + length]
            meaning = self.written.get(" ".join(some)) or self.sounding.get(" ".join(map(_sound, some)))
            if meaning:
                return meaning, length
        word = words[at]
        stems = (self.beginning.get(word[:end]) for end in range(len(word) - 1, 2, -1))
        return next(
            filter(None, stems), word if word.isdigit() or (len(word) > 3 and word in _loans()) else ""
        ), 1


def in_english(text: str, locale: str) -> str:
    """What the encoder should read for a text: its gloss, or the text itself where it knows the language."""
    spoken = locale.partition("-")[0]
    language = language_of(text, spoken) or spoken
    if language not in LANGUAGES or _mostly_english(text):
        return text
    glossed, known = _glossary(language).gloss(text)
    return glossed if known >= ENOUGH else text


@cache
def _glossary(language: str) -> Glossary:
    written: dict[str, str] = {}
    sounding: dict[str, str] = {}
    beginning: dict[str, str] = {}
    for meaning, form, latin in _forms(language):
        written.setdefault(form, meaning)
        if language in _WITHOUT_STEMS:
            continue
        sound = " ".join(map(_sound, form.split()))
        if len(sound) > 2:
            sounding.setdefault(sound, meaning)
        if " " not in form and len(form) > (3 if latin else 2):
            beginning.setdefault(form, meaning)
    return Glossary(written, sounding, beginning)


def _forms(language: str) -> Iterator[tuple[str, str, bool]]:
    for source in (language, "hi") if language == "ur" else (language,):
        page = yaml.load(
            (files(__package__) / "glosses" / f"{source}.yaml").read_text("utf-8"), yaml.CSafeLoader
        )
        for meaning, forms in page["words"].items():
            for form in forms.split(","):
                plain = " ".join(word for word in romanised(form).split() if word != ".")
                if plain:
                    yield meaning, plain, form.strip().isascii()


@cache
def _loans() -> frozenset[str]:
    """English words that people leave in English."""
    page = yaml.load((files(__package__) / "glosses" / "everyday.yaml").read_text("utf-8"), yaml.CSafeLoader)
    return frozenset(word for line in page["english"] for word in line.split())


def _mostly_english(text: str) -> bool:
    words = re.findall(r"[a-z']+", text.casefold()) if text.isascii() else []
    return len(words) > 2 and sum(word in _loans() for word in words) > 0.7 * len(words)


@lru_cache(maxsize=20_000)
def _sound(word: str) -> str:
    """A word by how it sounds, for spellings that differ: no `a`, no breath, vowels of a kind as one."""
    spoken = _NASAL.sub("n", word.replace("ck", "k").translate(_SOUNDS))
    return _DOUBLED.sub(r"\1", ("h" if word[:1] == "h" else "") + spoken) or "a"
