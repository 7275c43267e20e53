"""The files of this folder, read. A file of a language has

    whole     words that say it where they are all that was written: in answer to a text, what says no more of these
              texts, never what may as well turn down a time ("no, thanks", "enough")
    lists     words that the patterns below name
    calls     parts of words that name calls; and
    texts_wanted   words for wanting to be written to: whoever wants no calls but texts is not left alone
    own_mistake    words of whoever wrote or rang where they did not mean to: then no number is somebody else's
    sorry     beside "wrong number": whoever is sorry rang or wrote to us by mistake, unless we had written to them
    emails    words for an email: in an email they count as `messages` among the lists
    within    patterns in the guard's notation (guard/notation.py), anywhere in what was written or said, with what may
              not stand right before or right after, or anywhere in the same sentence; `consent` counts as `stop`,
              where it is not consent to something else
    must, must_not    examples that the tests hold it to

Signs of scripts without spaces are looked for in the text itself, Latin letters as words. Accents, letters that look
alike and the ways of writing Arabic ones do not matter; but a single word without them, or romanised, may be a name,
so that it is told how it was written.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, cast, get_args

import yaml  # type: ignore[import-untyped]

from lamplighter.conversation.guard import notation
from lamplighter.conversation.guard.text import fold, words
from lamplighter.conversation.understanding.locale_files import languages

Alone = Literal["stop", "cancel", "start", "help", "visit", "texts"]
Written = Literal["marked", "plain", "loose"]
"""Marked: in letters that English has not, as listed, or in so many words that it is no name. Plain: as listed, in a
language of Latin letters. Loose: without its accents, or romanised."""

NO_NAME: Final = 3  # words, from which on it is not taken for anybody's name
WHOLE: Final = frozenset(get_args(Alone))
WITHIN: Final = frozenset({"stop", "consent", "not_theirs"})
_COUNTS_AS: Final = {"consent": "stop"}
_KEYS: Final = frozenset(
    {
        "status",
        "author",
        "reviewer",
        "spaces",
        "whole",
        "lists",
        "emails",
        "calls",
        "texts_wanted",
        "own_mistake",
        "sorry",
        "within",
        "must",
        "must_not",
    }
)
_PATTERN_KEYS: Final = frozenset({"pattern", "unless_before", "unless_after", "unless_with"})
_REACH_BACK: Final = 6  # words, or twice as many signs, that an exception may look back
_ALIKE: Final = str.maketrans(
    {"ł": "l", "đ": "d", "ı": "i", "ø": "o"}
    | dict.fromkeys("أإآٱ", "ا")
    | dict.fromkeys("ىی", "ي")
    | {"ک": "ك"}
    | dict.fromkeys("ةۀہھە", "ه")
)
_HARAKAT: Final = re.compile("[\u064b-\u0655\u0670\u0640]")
_END: Final = notation.Lexicon(set()).encode(" . ")


class WordsUnreadable(ValueError):
    """A file of words that cannot be used; the message names the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Word:
    """All that was written. `locale` is the language of the file that knows it."""

    meaning: Alone
    words: str
    locale: str
    written: Written


@dataclass(frozen=True, slots=True)
class Said:
    """`words` are those of a sentence that say it; `calls`, whether it is calls that they name."""

    words: str
    locale: str
    calls: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    """One pattern, compiled: over the letters of its lexicon, of which a match holds one of `anchors`, or over the text
    without spaces."""

    anchors: frozenset[str]
    regex: re.Pattern[str]
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    beside: re.Pattern[str] | None

    def spans(self, text: str, end: str) -> Iterator[tuple[int, int]]:
        match = self.regex.search(text)
        while match:
            if not self._excepted(text, match, end):
                yield match.span()
            match = self.regex.search(text, match.start() + 1)

    def _excepted(self, text: str, match: re.Match[str], end: str) -> bool:
        if self.after is not None and self.after.match(text, match.end()):
            return True
        if self.beside is not None and self.beside.search(_sentence(text, match, end)):
            return True
        if self.before is None:
            return False
        reach = _REACH_BACK if end == _END else 2 * _REACH_BACK
        before = text[max(0, match.start() - reach) : match.start()]
        return self.before.search(before.rpartition(end)[2]) is not None


def _sentence(text: str, match: re.Match[str], end: str) -> str:
    return text[: match.start()].rpartition(end)[2] + text[match.start() :].partition(end)[0]


@dataclass(frozen=True, slots=True)
class Page:
    """The file of one language, as it stands and ready to read with."""

    locale: str
    whole: Mapping[Alone, frozenset[str]]
    as_listed: frozenset[str]
    latin: bool
    signs: bool
    calls: tuple[str, ...]
    texts_wanted: tuple[str, ...]
    own_mistake: tuple[str, ...]
    sorry: tuple[str, ...]
    spaced: Mapping[str, tuple[_Line, ...]]
    unspaced: Mapping[str, tuple[_Line, ...]]
    lexicon: notation.Lexicon
    must: Mapping[str, tuple[str, ...]]
    must_not: tuple[str, ...]
    reviewer: str | None


def locales() -> tuple[str, ...]:
    """Those that we can talk in come first: a word that several languages share is taken for theirs."""
    found = (each.name.removesuffix(".yaml") for each in files(__package__).iterdir())
    listed = [name for name in found if "." not in name and not name.startswith("_")]
    return tuple(sorted(listed, key=lambda name: (*_place(name), name)))


def _place(locale: str) -> tuple[int, int]:
    language, ours = locale.split("-")[0], languages()
    return (0, ours.index(language)) if language in ours else (1, 0)


def said_alone(text: str) -> Iterator[Word]:
    """What it means where it is a word or a phrase and nothing else."""
    bare = _bare(text)
    for page in _pages(False):
        for meaning, listed in page.whole.items():
            if bare in listed:
                yield Word(meaning, bare, page.locale, _written(page, bare, _unfolded(text)))


def _written(page: Page, bare: str, unfolded: str) -> Written:
    as_listed = unfolded in page.as_listed
    if not bare.isascii() or (as_listed and unfolded != bare) or len(bare.split()) >= NO_NAME:
        return "marked"
    return "plain" if as_listed and page.latin else "loose"


def said_within(text: str, meaning: str, *, by_email: bool = False) -> Said | None:
    """The first words that say it, in any language."""
    reading = words(_alike(fold(text)))
    unspaced = "" if reading.isascii() else reading.replace(" ", "")
    for page in _pages(by_email):
        for found in _within(page, meaning, reading, unspaced):
            calls = any(stem in found for stem in page.calls)
            if not calls or not texts_wanted(reading.replace(found, ""), unspaced.replace(found, "")):
                return Said(found, page.locale, calls)
    return None


def texts_wanted(reading: str, unspaced: str) -> bool:
    """Whether they say, in any language, that they would be written to."""
    return any(_holds(page, page.texts_wanted, reading, unspaced) for page in _pages(False))


def own_mistake(text: str) -> bool:
    """Whether it is they who dialled or wrote to somebody whom they did not mean."""
    reading = words(_alike(fold(text)))
    unspaced = reading.replace(" ", "")
    return any(_holds(page, page.own_mistake, reading, unspaced) for page in _pages(False))


@cache
def sorry() -> frozenset[str]:
    """Words of being sorry in every language, as `fold` makes them."""
    return frozenset(word for page in _pages(False) for word in page.sorry)


def _holds(page: Page, listed: Iterable[str], reading: str, unspaced: str) -> bool:
    return any(said in unspaced if page.signs else f" {said}" in reading for said in listed)


def _within(page: Page, meaning: str, reading: str, unspaced: str) -> Iterator[str]:
    listed = reading.split()
    letters = page.lexicon.encode(reading)
    known = frozenset(letters)
    for line in page.spaced.get(meaning, ()):
        if known.isdisjoint(line.anchors):
            continue
        yield from (" ".join(listed[start:end]) for start, end in line.spans(letters, _END))
    for line in page.unspaced.get(meaning, ()) if unspaced else ():
        yield from (unspaced[start:end] for start, end in line.spans(unspaced, "."))


def _bare(text: str) -> str:
    return _words_of(_alike(fold(text)))


def _words_of(text: str) -> str:
    return " ".join(word for word in words(text).split() if word != ".")


def _unfolded(text: str) -> str:
    """The same words with their accents."""
    return _words_of(unicodedata.normalize("NFKC", text).casefold())


def _alike(folded: str) -> str:
    return folded if folded.isascii() else _HARAKAT.sub("", folded).translate(_ALIKE)


@cache
def _pages(by_email: bool) -> tuple[Page, ...]:
    folder = files(__package__)
    return tuple(
        read(locale, folder.joinpath(f"{locale}.yaml").read_text("utf-8"), by_email=by_email)
        for locale in locales()
    )


def pages() -> tuple[Page, ...]:
    return _pages(False)


def read(locale: str, text: str, *, by_email: bool = False) -> Page:
    """Raises WordsUnreadable."""
    try:
        page = yaml.load(text, Loader=yaml.CSafeLoader)
        return _page(locale, page, by_email)
    except (notation.NotationError, KeyError, TypeError, AttributeError, ValueError, yaml.YAMLError) as wrong:
        raise WordsUnreadable(f"left_alone/{locale}.yaml: {wrong}") from wrong


def _page(locale: str, page: Mapping[str, Any], by_email: bool) -> Page:
    _refuse_unknown(page, _KEYS)
    _refuse_unknown(page["whole"], WHOLE)
    _refuse_unknown(page["within"], WITHIN)
    written = {name: _alike(str(source)) for name, source in page["lists"].items()}
    if by_email and "emails" in page:
        written["messages"] = f"({written['messages']}|{_alike(page['emails'])})"
    lists = notation.parse_lists(written)
    parts = {meaning: _part(entry, lists) for meaning, entry in page["within"].items()}
    lexicon = notation.Lexicon({word for part in parts.values() for word in part.words()})
    signs = not page.get("spaces", True)
    whole = {
        cast(Alone, meaning): frozenset(_bare(str(each)) for each in said)
        for meaning, said in page["whole"].items()
    }
    return Page(
        locale,
        whole,
        frozenset(_unfolded(str(each)) for said in page["whole"].values() for each in said),
        all(word.isascii() for listed in whole.values() for word in listed),
        signs,
        tuple(_bare(str(stem)) for stem in page.get("calls", ())),
        _listed(page, "texts_wanted", signs),
        _listed(page, "own_mistake", signs),
        tuple(fold(str(word)) for word in page.get("sorry", ())),
        _by_meaning({name: part.spaced(lexicon, signs) for name, part in parts.items()}),
        _by_meaning({name: part.unspaced() for name, part in parts.items()} if signs else {}),
        lexicon,
        {meaning: tuple(map(str, said)) for meaning, said in page["must"].items()},
        tuple(map(str, page["must_not"])),
        page["reviewer"],
    )


def _listed(page: Mapping[str, Any], name: str, signs: bool) -> tuple[str, ...]:
    return tuple(_bare(str(said)).replace(" ", "" if signs else " ") for said in page.get(name, ()))


def _by_meaning(read: Mapping[str, tuple[_Line, ...]]) -> dict[str, tuple[_Line, ...]]:
    found: dict[str, tuple[_Line, ...]] = {}
    for name, lines in read.items():
        meaning = _COUNTS_AS.get(name, name)
        found[meaning] = found.get(meaning, ()) + lines
    return found


def _refuse_unknown(page: Mapping[str, Any], known: frozenset[str]) -> None:
    unknown = set(page) - known
    if unknown:
        raise ValueError(
            f"unknown key {sorted(map(str, unknown))[0]!r}; known are {', '.join(sorted(known))}"
        )


@dataclass(frozen=True, slots=True)
class _Part:
    """What says one thing: its patterns, each with whether it is written in Latin letters, and their exceptions."""

    sources: tuple[tuple[bool, notation.Sequence], ...]
    before: notation.Sequence | None
    after: notation.Sequence | None
    beside: notation.Sequence | None

    def words(self) -> Iterator[notation.Word]:
        for node in (*(source for _, source in self.sources), self.before, self.after, self.beside):
            if node is not None:
                yield from notation.words_of(node)

    def spaced(self, lexicon: notation.Lexicon, signs: bool) -> tuple[_Line, ...]:
        chosen = [source for latin, source in self.sources if latin or not signs]
        if not all(map(lexicon.anchors, chosen)):
            raise ValueError("a pattern could match without a word of its own")
        before = f"(?:{lexicon.regex(self.before)})\\Z" if self.before else None
        after = lexicon.regex(self.after) if self.after else None
        beside = lexicon.regex(self.beside) if self.beside else None
        return _lines(
            [(lexicon.anchors(each), lexicon.regex(each)) for each in chosen], before, after, beside
        )

    def unspaced(self) -> tuple[_Line, ...]:
        write = notation.unspaced_regex
        chosen = [(frozenset[str](), write(source)) for latin, source in self.sources if not latin]
        before = f"(?:{write(self.before)})\\Z" if self.before else None
        after, beside = (write(each) if each else None for each in (self.after, self.beside))
        return _lines(chosen, before, after, beside)


def _part(entry: Mapping[str, Any], lists: Mapping[str, notation.Sequence]) -> _Part:
    _refuse_unknown(entry, _PATTERN_KEYS)
    sources = [_alike(fold(str(source))) for source in entry["pattern"]]
    unless = (entry.get(f"unless_{where}") for where in ("before", "after", "with"))
    return _Part(
        tuple((source.isascii(), notation.parse(source, lists)) for source in sources),
        *(notation.parse(_alike(each), lists) if each else None for each in unless),
    )


def _lines(regexes: Iterable[tuple[frozenset[str], str]], *unless: str | None) -> tuple[_Line, ...]:
    compiled = [None if each is None else re.compile(each) for each in unless]
    return tuple(_Line(anchors, re.compile(regex), *compiled) for anchors, regex in regexes)
