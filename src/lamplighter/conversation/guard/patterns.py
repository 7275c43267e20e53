"""The patterns: one readable file per language, all of them run on every text.

A pattern's exception looks only at what stands before the match, and a crisis pattern may not ask
for what follows it, so that nothing said afterwards takes a match back.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.resources import files
from typing import Any

import yaml  # type: ignore[import-untyped]

from . import notation
from .notation import Lexicon, NotationError
from .text import spelled_words

_VERDICTS = ("crisis", "clinical", "human", "clear")
_KEYS = {"id", "verdict", "pattern", "unless_before", "unless_after", "must", "must_not"}
_REACH_BACK = 12  # words an exception may look back
_STOP = Lexicon(set()).encode(" . ")

Write = Callable[..., str]


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
    joints: frozenset[notation.Word] = frozenset()  # "and", "but": what an exception does not reach across


@dataclass(frozen=True)
class Line:
    """One of the lines of a pattern. Its expression is made when a text first holds what a match needs: making all of
    them takes a second, and a day's texts ask for few."""

    source: notation.Sequence
    write: Write = field(repr=False)
    anchors: frozenset[str] = field(repr=False)

    @cached_property
    def regex(self) -> re.Pattern[str]:
        return re.compile(self.write(self.source))


@dataclass(frozen=True)
class Pattern:
    """One pattern, ready to run."""

    entry: Entry
    lines: tuple[Line, ...]
    write: Write = field(repr=False)

    def found_by(self, line: Line, letters: str) -> bool:
        """Whether one of its lines matches a text, in the lexicon's letters, anywhere."""
        match = line.regex.search(letters)
        while match and self._excepted(letters, match):
            match = line.regex.search(letters, match.start() + 1)
        return match is not None

    def ready(self) -> None:
        """Makes every expression now rather than when it is needed."""
        _ = ([line.regex for line in self.lines], self._unless_before, self._unless_after)

    @cached_property
    def _unless_before(self) -> re.Pattern[str] | None:
        before = self.entry.unless_before
        return re.compile(f"(?:{self.write(before, self.entry.joints)})\\Z") if before else None

    @cached_property
    def _unless_after(self) -> re.Pattern[str] | None:
        after = self.entry.unless_after
        return re.compile(self.write(after)) if after else None

    def _excepted(self, letters: str, match: re.Match[str]) -> bool:
        if self._unless_after and self._unless_after.match(letters, match.end()):
            return True
        if self._unless_before is None:
            return False
        before = letters[max(0, match.start() - _REACH_BACK) : match.start()]
        return self._unless_before.search(before.rpartition(_STOP)[2]) is not None


@dataclass(frozen=True, slots=True)
class Patterns:
    """All patterns of all languages, their lines indexed by the words that a match must hold."""

    all: tuple[Pattern, ...]
    lexicon: Lexicon
    spelled: re.Pattern[str] | None
    _lines: tuple[tuple[int, Line], ...] = field(repr=False)
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
        found = tuple(_pattern(entry, lexicon) for entry in entries)
        lines = tuple((number, line) for number, pattern in enumerate(found) for line in pattern.lines)
        by_letter: dict[str, list[int]] = defaultdict(list)
        for at, (_, line) in enumerate(lines):
            for letter in line.anchors:
                by_letter[letter].append(at)
        index = {letter: tuple(places) for letter, places in by_letter.items()}
        unspaced = tuple(at for at, (number, _) in enumerate(lines) if not found[number].entry.spaced)
        return cls(found, lexicon, spelled_words(vocabulary), lines, index, unspaced)

    def matching(self, readings: Sequence[str]) -> list[Entry]:
        """The patterns that match any reading of a text, in file order."""
        hits: set[int] = set()
        for reading in readings:
            letters = self.lexicon.encode(reading)
            self._note(
                {at for letter in set(letters) for at in self._by_letter.get(letter, ())}, letters, hits
            )
            if self._unspaced and not reading.isascii():
                self._note(self._unspaced, reading.replace(" ", ""), hits)
        return [self.all[n].entry for n in sorted(hits)]

    def ready(self) -> None:
        """Makes every expression now rather than when it is needed."""
        for pattern in self.all:
            pattern.ready()

    def _note(self, candidates: Iterable[int], letters: str, hits: set[int]) -> None:
        for at in candidates:
            number, line = self._lines[at]
            if number not in hits and self.all[number].found_by(line, letters):
                hits.add(number)


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
        joints = notation.parse_joints(page.get("joints", []))
    except (NotationError, AttributeError, TypeError) as error:
        raise PatternError(f"patterns/{locale}.yaml, lists: {error}") from error
    found = []
    for number, entry in enumerate(page["patterns"], 1):
        name = entry.get("id", f"number {number}") if isinstance(entry, dict) else f"number {number}"
        try:
            found.append(replace(_entry(locale, entry, lists, page.get("spaces", True)), joints=joints))
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
        yield from entry.joints


def _pattern(entry: Entry, lexicon: Lexicon) -> Pattern:
    write = lexicon.regex if entry.spaced else notation.unspaced_regex
    anchors = [lexicon.anchors(source) if entry.spaced else frozenset[str]() for source in entry.sources]
    if entry.spaced and not all(anchors):
        number = next(n for n, letters in enumerate(anchors, 1) if not letters)
        raise PatternError(
            f"patterns/{entry.locale}.yaml, pattern {entry.id}: line {number} could match without a word of its own"
        )
    lines = (Line(source, write, letters) for source, letters in zip(entry.sources, anchors, strict=True))
    return Pattern(entry, tuple(lines), write)
