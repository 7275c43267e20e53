"""The patterns: one readable file per language, all of them run on every text.

A pattern's exception looks only at what stands before the match, and a crisis pattern may not ask
for the end of a sentence, so that nothing said afterwards takes a match back.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import yaml  # type: ignore[import-untyped]

from .notation import NotationError, compile_after, compile_before, compile_pattern
from .text import spelled_words

_VERDICTS = ("crisis", "clinical", "human")
_KEYS = {"id", "verdict", "pattern", "unless_before", "unless_after", "must", "must_not"}
_REACH_BACK = 80  # characters an exception may look back


class PatternError(ValueError):
    """A pattern file that cannot be used; the message names file, pattern and remedy."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern. `must` and `must_not` are examples that the tests hold it to."""

    id: str
    verdict: str
    locale: str
    regexes: tuple[re.Pattern[str], ...]
    anchors: frozenset[str]
    unless_before: re.Pattern[str] | None
    unless_after: re.Pattern[str] | None
    spaced: bool
    must: tuple[str, ...]
    must_not: tuple[str, ...]

    def found_in(self, reading: str) -> bool:
        """Whether the pattern matches a reading (see text.words) anywhere."""
        return any(self._found(regex, reading) for regex in self.regexes)

    def _found(self, regex: re.Pattern[str], reading: str) -> bool:
        match = regex.search(reading)
        while match and self._excepted(reading, match):
            match = regex.search(reading, match.start() + 1)
        return match is not None

    def _excepted(self, reading: str, match: re.Match[str]) -> bool:
        if self.unless_after and self.unless_after.match(reading, match.end()):
            return True
        if self.unless_before is None:
            return False
        before = reading[max(0, match.start() - _REACH_BACK) : match.start()]
        sentence = before.rpartition(" . ")[2]
        return self.unless_before.search(f" {sentence.lstrip()}") is not None


@dataclass(frozen=True, slots=True)
class Patterns:
    """All patterns of all languages, indexed by the words that a match must hold."""

    all: tuple[Pattern, ...]
    spelled: re.Pattern[str] | None
    _by_word: Mapping[str, tuple[Pattern, ...]] = field(repr=False)
    _by_stem: Mapping[str, tuple[tuple[str, Pattern], ...]] = field(repr=False)
    _unspaced: tuple[Pattern, ...] = field(repr=False)

    @classmethod
    def load(cls) -> "Patterns":
        """Reads every locale's file in the package. Raises PatternError."""
        folder = files(__package__) / "patterns"
        names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
        sources = ((name.removesuffix(".yaml"), (folder / name).read_text("utf-8")) for name in names)
        return cls.read(sources)

    @classmethod
    def read(cls, sources: Iterable[tuple[str, str]]) -> "Patterns":
        """Builds the set from (locale, YAML text) pairs. Raises PatternError."""
        found: list[Pattern] = []
        vocabulary: list[str] = []
        for locale, text in sources:
            page = _page(locale, text)
            vocabulary += page.get("spelled", [])
            found += _patterns(locale, page)
        _refuse_doubles(found)
        return cls(tuple(found), spelled_words(vocabulary), *_index(found))

    def matching(self, readings: Sequence[str]) -> list[Pattern]:
        """The patterns that match any reading of a text, in file order."""
        hits: set[str] = set()
        for reading in readings:
            hits |= {p.id for p in self._candidates(reading).values() if p.id not in hits and p.found_in(reading)}
            if self._unspaced and not reading.isascii():
                dense = reading.replace(" ", "")
                hits |= {p.id for p in self._unspaced if p.found_in(dense)}
        return [p for p in self.all if p.id in hits]

    def _candidates(self, reading: str) -> dict[str, Pattern]:
        found: dict[str, Pattern] = {}
        for word in set(reading.split()):
            for pattern in self._by_word.get(word, ()):
                found[pattern.id] = pattern
            for stem, pattern in self._by_stem.get(word[:3], ()):
                if word.startswith(stem):
                    found[pattern.id] = pattern
        return found


def _page(locale: str, text: str) -> dict[str, Any]:
    try:
        page = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise PatternError(f"patterns/{locale}.yaml is not YAML: {error}") from error
    if not isinstance(page, dict) or not isinstance(page.get("patterns"), list):
        raise PatternError(f"patterns/{locale}.yaml needs a list called `patterns`")
    return page


def _patterns(locale: str, page: Mapping[str, Any]) -> list[Pattern]:
    lists, spaced = page.get("lists", {}), page.get("spaces", True)
    found = []
    for number, entry in enumerate(page["patterns"], 1):
        name = entry.get("id", f"number {number}") if isinstance(entry, dict) else f"number {number}"
        try:
            found.append(_pattern(locale, entry, lists, spaced))
        except (NotationError, KeyError, TypeError, AttributeError) as error:
            raise PatternError(f"patterns/{locale}.yaml, pattern {name}: {error}") from error
    return found


def _pattern(locale: str, entry: Mapping[str, Any], lists: Mapping[str, str], spaced: bool) -> Pattern:
    unknown = set(entry) - _KEYS
    if unknown:
        raise NotationError(f"unknown key {sorted(unknown)[0]!r}; known are {', '.join(sorted(_KEYS))}")
    if entry["verdict"] not in _VERDICTS:
        raise NotationError(f"verdict {entry['verdict']!r} is not one of {', '.join(_VERDICTS)}")
    sources = [entry["pattern"]] if isinstance(entry["pattern"], str) else entry["pattern"]
    compiled = [compile_pattern(source, lists, spaced) for source in sources]
    if entry["verdict"] == "crisis" and any(c.ends for c in compiled):
        raise NotationError("a crisis pattern cannot use $: later words would take it back")
    before, after = entry.get("unless_before"), entry.get("unless_after")
    if after and entry["verdict"] == "crisis":
        raise NotationError("a crisis pattern cannot use unless_after: later words would take it back")
    return Pattern(
        id=entry["id"],
        verdict=entry["verdict"],
        locale=locale,
        regexes=tuple(c.regex for c in compiled),
        anchors=frozenset().union(*(c.anchors for c in compiled)),
        unless_before=compile_before(before, lists) if before else None,
        unless_after=compile_after(after, lists) if after else None,
        spaced=spaced,
        must=tuple(entry["must"]),
        must_not=tuple(entry.get("must_not", ())),
    )


def _refuse_doubles(found: Sequence[Pattern]) -> None:
    seen: set[str] = set()
    for pattern in found:
        if pattern.id in seen:
            raise PatternError(f"patterns/{pattern.locale}.yaml: the id {pattern.id} is used twice")
        seen.add(pattern.id)


def _index(
    found: Sequence[Pattern],
) -> tuple[dict[str, tuple[Pattern, ...]], dict[str, tuple[tuple[str, Pattern], ...]], tuple[Pattern, ...]]:
    by_word: dict[str, list[Pattern]] = defaultdict(list)
    by_stem: dict[str, list[tuple[str, Pattern]]] = defaultdict(list)
    for pattern in (p for p in found if p.spaced):
        for anchor in pattern.anchors:
            if anchor.endswith("*"):
                by_stem[anchor[:3]].append((anchor[:-1], pattern))
            else:
                by_word[anchor].append(pattern)
    return (
        {word: tuple(patterns) for word, patterns in by_word.items()},
        {stem: tuple(pairs) for stem, pairs in by_stem.items()},
        tuple(p for p in found if not p.spaced),
    )
