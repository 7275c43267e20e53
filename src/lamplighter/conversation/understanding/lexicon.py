"""The words of each language, read once from `locales/<language>/*.yaml`. A further language is a further folder.

What a folder leaves out is never heard in that language: a pattern matches nothing, a list and a table are empty.

Patterns are regular expressions matched on folded text (`text.fold`): lower case, no accents. In a pattern a space
stands for any run of spaces and commas, and an apostrophe may be missing. Lists have one pattern a line, or several
on a line with " ; " between them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any, TypeVar

from lamplighter.conversation.understanding.locale_files import (
    FIRST,
    LOCALES,
    LocaleUnreadable,
    languages,
    read,
    regex,
)
from lamplighter.conversation.understanding.text import fold

__all__ = [
    "FIRST",
    "Lexicon",
    "LocaleUnreadable",
    "anywhere",
    "languages",
    "lexicon",
    "spoken_in",
    "words_anywhere",
]

_NEVER = re.compile(r"(?!)")
T = TypeVar("T")


class Late(Mapping[str, T]):
    """What is made of what a file has under a name, when the name is first asked for."""

    def __init__(self, written: Mapping[str, Any], make: Callable[[Any], T]) -> None:
        self._written, self._make = written, make
        self._made: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        if name not in self._made:
            self._made[name] = self._make(self._written[name])
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._written

    def __iter__(self) -> Iterator[str]:
        return iter(self._written)

    def __len__(self) -> int:
        return len(self._written)


def compiled(patterns: list[str]) -> re.Pattern[str]:
    """One expression that matches any of `patterns` as whole words, the longer before the shorter."""
    patterns = sorted((pattern for pattern in patterns if pattern), key=len, reverse=True)
    if not patterns:
        return _NEVER
    joined = "|".join(_loose(_unaccented(pattern)) for pattern in patterns)
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)")


def _loose(pattern: str) -> str:
    """Spaces and apostrophes outside character classes made tolerant."""
    loosened, inside = "", False
    for before, char in zip(" " + pattern, pattern, strict=False):
        if before != "\\" and char in "[]":
            inside = char == "["
        loosened += char if inside else {" ": "[ ,]+", "'": "'?"}.get(char, char)
    return loosened.replace("[ ,]+?", "[ ,]*").replace("'??", "'?")


def _listed(written: str) -> list[str]:
    """The file lists patterns one a line, or several with " ; " between them."""
    return [pattern.strip(" ;") for line in written.splitlines() for pattern in line.split(" ; ")]


def _unaccented(pattern: str) -> str:
    return "".join(char if char.isascii() else fold(char) for char in pattern)


@dataclass(frozen=True)
class Lexicon:
    """One language's words. `raw` is its files as read, put together."""

    language: str
    raw: Mapping[str, Any]

    def ready(self) -> None:
        """Compiles everything now rather than as utterances ask for it."""
        _ = (self.speak_in, self._words, self._tables, self.places)
        for late in (self._patterns, self._groups):
            _ = list(late.values())
        for name in self.raw["cues"]:
            self.cue(name)

    @cached_property
    def _patterns(self) -> Mapping[str, re.Pattern[str]]:
        found = self.raw["patterns"]
        return Late(
            {name: name for name in found}, lambda name: self._compiled(found[name], "patterns", name)
        )

    def _compiled(self, found: str, *path: str) -> re.Pattern[str]:
        return regex(self.language, lambda: compiled(_listed(found)), *path)

    def pattern(self, name: str) -> re.Pattern[str]:
        return self._patterns.get(name, _NEVER)

    def group(self, name: str) -> Mapping[str, re.Pattern[str]]:
        """A mapping from a name (an errand, a topic, a state...) to what says it, in the file's order."""
        return self._groups[name]

    @cached_property
    def _groups(self) -> Mapping[str, Mapping[str, re.Pattern[str]]]:
        """Every group that English has, with each of its names."""
        ours, own = read(FIRST)["groups"], self.raw["groups"]

        def group(name: str) -> Mapping[str, re.Pattern[str]]:
            said = {
                str(key): self._compiled(found, "groups", name, key)
                for key, found in own.get(name, {}).items()
            }
            return said | {str(key): _NEVER for key in ours[name] if str(key) not in said}

        return Late({name: name for name in ours}, group)

    @cached_property
    def speak_in(self) -> Mapping[str, re.Pattern[str]]:
        """What asks us to speak a language, by its BCP 47 tag."""
        wishes = _listed(self.raw["speak_in"])
        return {
            tag: compiled([wish.replace("{language}", f"(?:{'|'.join(_listed(names))})") for wish in wishes])
            for tag, names in self.raw["groups"].get("language", {}).items()
        }

    @cached_property
    def _words(self) -> Mapping[str, frozenset[str]]:
        return {
            name: frozenset(fold(word) for word in str(found).split())
            for name, found in self.raw["words"].items()
        }

    def words(self, name: str) -> frozenset[str]:
        return self._words.get(name, frozenset())

    @cached_property
    def ordinary(self) -> frozenset[str]:
        """Words of every day, folded, that are hardly anybody's name; a wider list than the one of `common` ones."""
        return _listed_words(self.language, "ordinary.txt")

    @cached_property
    def given(self) -> frozenset[str]:
        """First names, folded: enough to tell "Feldman, Ruth" from "Ruth Feldman"."""
        return _listed_words(self.language, "given.txt")

    @cached_property
    def _tables(self) -> Mapping[str, Mapping[str, str]]:
        return {
            name: MappingProxyType(_plain_wins({str(key): str(value) for key, value in found.items()}))
            for name, found in self.raw["tables"].items()
        }

    @cached_property
    def places(self) -> re.Pattern[str]:
        """The names of states and cities."""
        names = sorted({*self.table("states"), *self.table("cities")}, key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")

    def exact(self, table: str, word: str) -> str:
        """What a table says of a word with its accents."""
        return str(self.raw["tables"].get(table, {}).get(word, ""))

    def table(self, name: str) -> Mapping[str, str]:
        return self._tables.get(name, {})

    def cue(self, name: str) -> re.Pattern[str]:
        """What says something of a turn after the errand: `cues` of the file, with those that it names in braces."""
        written = {each: "|".join(found) for each, found in self.raw["cues"].items()}
        said = written.get(name)
        if said is None:
            return _NEVER
        for part in ("would", "one", "kin"):
            said = said.replace(f"{{{part}}}", written.get(part, "(?!)"))
        return regex(self.language, lambda: re.compile(rf"(?<![\w'])(?:{said})(?![\w'])"), "cues", name)

    def habit(self, name: str) -> bool:
        """How the language goes about something, where languages differ: "yes" in its file."""
        return bool(self.raw["habits"].get(name) == "yes")


def _plain_wins(table: dict[str, str]) -> dict[str, str]:
    """Keys folded; where two fold alike ("ene", "eñe") the one without accents keeps the place."""
    accented = {fold(key): value for key, value in table.items() if not key.isascii()}
    return accented | {fold(key): value for key, value in table.items() if key.isascii()}


@cache
def lexicon(language: str) -> Lexicon:
    """The words of a BCP 47 language; English where there is no folder for it."""
    base = language.split("-")[0].lower()
    name = base if base in languages() else FIRST
    return Lexicon(name, read(name))


@cache
def anywhere(name: str) -> str:
    """An expression for what is said so in any language, since people mix them; it matches nothing where none has it.

    Unlike a pattern it has no edges of its own: it is a part of an expression, the alternatives of every language that
    has a folder, English first.
    """
    found = [read(language)["anywhere"].get(name, "").strip() for language in languages()]
    return f"(?:{'|'.join(filter(None, found)) or '(?!)'})"


@cache
def words_anywhere(name: str) -> frozenset[str]:
    """The same where the alternatives are plain words."""
    found = (read(language)["anywhere"].get(name, "").strip() for language in languages())
    return frozenset(word for each in found if each for word in each.split("|"))


def _listed_words(language: str, name: str) -> frozenset[str]:
    file = LOCALES / language / name
    return frozenset(file.read_text("utf-8").split()) if file.is_file() else frozenset()


def spoken_in(low_words: tuple[str, ...], started: str) -> Lexicon:
    """The language whose everyday words the utterance is made of; the contact's own where that is not plain."""
    own = lexicon(started)
    best, most = own, _everyday(low_words, own)
    for language in languages():
        count = _everyday(low_words, lexicon(language))
        if count > most and count >= 0.3 * min(len(low_words), 10):
            best, most = lexicon(language), count
    return best


def _everyday(low_words: tuple[str, ...], lex: Lexicon) -> int:
    common = lex.words("common")
    return sum(len(word) > 1 and word in common for word in low_words[:60])
