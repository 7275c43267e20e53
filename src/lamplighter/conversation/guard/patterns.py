"""The patterns: one readable file per language, all of them run on every text.

A pattern's exception looks only at what stands before the match, and a crisis pattern may not ask
for what follows it, so that nothing said afterwards takes a match back.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import yaml  # type: ignore[import-untyped]

from . import notation
from .notation import Lexicon, NotationError
from .text import spelled_words

_VERDICTS = ("crisis", "clinical", "human")
_KEYS = {"id", "verdict", "pattern", "unless_before", "unless_after", "must", "must_not"}
_REACH_BACK = 12  # words an exception may look back
_STOP = Lexicon(set()).encode(" . ")


class PatternError(ValueError):
    """A pattern file that cannot be used; the message names file, pattern and remedy."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One pattern as its file has it. `must` and `must_not` are examples that tests hold it to."""

    id: str
    verdict: str
    locale: str
    spaced: bool
    sources: tuple[notation.Sequence, ...]
    unless_before: notation.Sequence | None
    unless_after: notation.Sequence | None
    must: tuple[str, ...]
    must_not: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern, ready to run."""

    entry: Entry
    regexes: tuple[re.Pattern[str], ...]
    anchors: frozenset[str]
    unless_before: re.Pattern[str] | None
    unless_after: re.Pattern[str] | None

    def found_in(self, letters: str) -> bool:
        """Whether the pattern matches a text, in the lexicon's letters, anywhere."""
        return any(self._found(regex, letters) for regex in self.regexes)

    def _found(self, regex: re.Pattern[str], letters: str) -> bool:
        match = regex.search(letters)
        while match and self._excepted(letters, match):
            match = regex.search(letters, match.start() + 1)
        return match is not None

    def _excepted(self, letters: str, match: re.Match[str]) -> bool:
        if self.unless_after and self.unless_after.match(letters, match.end()):
            return True
        if self.unless_before is None:
            return False
        before = letters[max(0, match.start() - _REACH_BACK) : match.start()]
        return self.unless_before.search(before.rpartition(_STOP)[2]) is not None


@dataclass(frozen=True, slots=True)
class Patterns:
    """All patterns of all languages, indexed by the words that a match must hold."""

    all: tuple[Pattern, ...]
    lexicon: Lexicon
    spelled: re.Pattern[str] | None
    _by_letter: Mapping[str, tuple[int, ...]] = field(repr=False)
    _unspaced: tuple[int, ...] = field(repr=False)

    @classmethod
    def load(cls, languages: Collection[str] | None = None) -> "Patterns":
        """Reads the files in the package, of some languages or of all. Raises PatternError."""
        folder = files(__package__) / "patterns"
        names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
        locales = [name.removesuffix(".yaml") for name in names]
        wanted = [name for name in locales if languages is None or name.partition("-")[0] in languages]
        return cls.read((name, (folder / f"{name}.yaml").read_text("utf-8")) for name in wanted)

    @classmethod
    def read(cls, sources: Iterable[tuple[str, str]]) -> "Patterns":
        """Builds the set from (locale, YAML text) pairs. Raises PatternError."""
        entries: list[Entry] = []
        vocabulary: list[str] = []
        for locale, text in sources:
            page = _page(locale, text)
            vocabulary += page.get("spelled", [])
            entries += _entries(locale, page)
        _refuse_doubles(entries)
        lexicon = Lexicon({word for entry in entries for word in _words(entry)})
        found = tuple(_compile(entry, lexicon) for entry in entries)
        by_letter: dict[str, list[int]] = defaultdict(list)
        for number, pattern in enumerate(found):
            for letter in pattern.anchors:
                by_letter[letter].append(number)
        index = {letter: tuple(numbers) for letter, numbers in by_letter.items()}
        unspaced = tuple(n for n, p in enumerate(found) if not p.entry.spaced)
        return cls(found, lexicon, spelled_words(vocabulary), index, unspaced)

    def matching(self, readings: Sequence[str]) -> list[Entry]:
        """The patterns that match any reading of a text, in file order."""
        hits: set[int] = set()
        for reading in readings:
            letters = self.lexicon.encode(reading)
            candidates = {n for letter in set(letters) for n in self._by_letter.get(letter, ())}
            hits |= {n for n in candidates - hits if self.all[n].found_in(letters)}
            if self._unspaced and not reading.isascii():
                dense = reading.replace(" ", "")
                hits |= {n for n in self._unspaced if n not in hits and self.all[n].found_in(dense)}
        return [self.all[n].entry for n in sorted(hits)]


def _page(locale: str, text: str) -> dict[str, Any]:
    try:
        page = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise PatternError(f"patterns/{locale}.yaml is not YAML: {error}") from error
    if not isinstance(page, dict) or not isinstance(page.get("patterns"), list):
        raise PatternError(f"patterns/{locale}.yaml needs a list called `patterns`")
    return page


def _entries(locale: str, page: Mapping[str, Any]) -> list[Entry]:
    try:
        lists = notation.parse_lists(page.get("lists", {}))
    except (NotationError, AttributeError, TypeError) as error:
        raise PatternError(f"patterns/{locale}.yaml, lists: {error}") from error
    found = []
    for number, entry in enumerate(page["patterns"], 1):
        name = entry.get("id", f"number {number}") if isinstance(entry, dict) else f"number {number}"
        try:
            found.append(_entry(locale, entry, lists, page.get("spaces", True)))
        except (NotationError, KeyError, TypeError, AttributeError) as error:
            raise PatternError(f"patterns/{locale}.yaml, pattern {name}: {error}") from error
    return found


def _entry(
    locale: str, entry: Mapping[str, Any], lists: Mapping[str, notation.Sequence], spaced: bool
) -> Entry:
    unknown = set(entry) - _KEYS
    if unknown:
        raise NotationError(f"unknown key {sorted(unknown)[0]!r}; known are {', '.join(sorted(_KEYS))}")
    if entry["verdict"] not in _VERDICTS:
        raise NotationError(f"verdict {entry['verdict']!r} is not one of {', '.join(_VERDICTS)}")
    written = [entry["pattern"]] if isinstance(entry["pattern"], str) else entry["pattern"]
    sources = tuple(notation.parse(source, lists) for source in written)
    before, after = entry.get("unless_before"), entry.get("unless_after")
    if entry["verdict"] == "crisis" and (after or any(notation.uses_end(s) for s in sources)):
        raise NotationError("a crisis pattern may not look at what follows: later words would take it back")
    return Entry(
        id=entry["id"],
        verdict=entry["verdict"],
        locale=locale,
        spaced=spaced,
        sources=sources,
        unless_before=notation.parse(before, lists) if before else None,
        unless_after=notation.parse(after, lists) if after else None,
        must=tuple(entry["must"]),
        must_not=tuple(entry.get("must_not", ())),
    )


def _refuse_doubles(entries: Sequence[Entry]) -> None:
    seen: set[str] = set()
    for entry in entries:
        if entry.id in seen:
            raise PatternError(f"patterns/{entry.locale}.yaml: the id {entry.id} is used twice")
        seen.add(entry.id)


def _words(entry: Entry) -> Iterable[notation.Word]:
    if entry.spaced:
        for node in (*entry.sources, entry.unless_before, entry.unless_after):
            if node is not None:
                yield from notation.words_of(node)


def _compile(entry: Entry, lexicon: Lexicon) -> Pattern:
    regex = lexicon.regex if entry.spaced else notation.unspaced_regex
    before, after = entry.unless_before, entry.unless_after
    anchors = [lexicon.anchors(source) for source in entry.sources] if entry.spaced else []
    if not all(anchors):
        number = next(n for n, letters in enumerate(anchors, 1) if not letters)
        raise PatternError(
            f"patterns/{entry.locale}.yaml, pattern {entry.id}: line {number} could match without a word of its own"
        )
    return Pattern(
        entry=entry,
        regexes=tuple(re.compile(regex(source)) for source in entry.sources),
        anchors=frozenset().union(*anchors),
        unless_before=re.compile(f"(?:{regex(before)})\\Z") if before else None,
        unless_after=re.compile(regex(after)) if after else None,
    )
