r"""The notation of a pattern, made to be read aloud, and how it becomes a regular expression.

    i (want|wish) to die          words in this order; (a|b c) is a choice
    i really? want                ? makes a word or a choice optional
    want .. die                   .. is up to three words in between, ... up to seven
    suicid*                       any ending
    <want> to die                 a list of words that the file names under `lists`
    ^ agent $                     ^ beginning of a sentence, $ end of one

Case, accents and apostrophes do not matter. Nothing matches across the end of a sentence.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .text import fold, words

_TOKEN = re.compile(r"\.\.\.|\.\.|<[\w-]+>|[()|?^$]|[^\s()|?^$<>.]+\*?")
_GAPS = {"..": 3, "...": 7}


class NotationError(ValueError):
    """A pattern that cannot be read; the message says what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A pattern ready to run: `regex`, and words of which every match holds at least one.

    An anchor that ends in "*" stands for every word that begins so.
    """

    regex: re.Pattern[str]
    anchors: frozenset[str]
    ends: bool


@dataclass(frozen=True, slots=True)
class _Part:
    regex: str
    anchors: frozenset[str] | None  # None: nothing that a match must hold


class _Reader:
    def __init__(self, source: str, lists: Mapping[str, str], spaced: bool) -> None:
        self._source, self._lists, self._spaced = source, lists, spaced
        self._tokens = _tokens(source)
        self._at = 0

    def read(self) -> _Part:
        part = self._choice()
        if self._at < len(self._tokens):
            raise NotationError(f"unexpected {self._tokens[self._at]!r} in {self._source!r}")
        return part

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def _choice(self) -> _Part:
        options = [self._sequence()]
        while self._peek() == "|":
            self._next()
            options.append(self._sequence())
        if len(options) == 1:
            return options[0]
        anchors: frozenset[str] | None = frozenset()
        for option in options:
            anchors = None if anchors is None or option.anchors is None else anchors | option.anchors
        return _Part("(?:" + "|".join(o.regex for o in options) + ")", anchors)

    def _sequence(self) -> _Part:
        parts: list[_Part] = []
        while self._peek() not in ("", "|", ")"):
            part = self._item()
            if self._peek() == "?":
                self._next()
                part = _Part(f"(?:{part.regex})?", None)
            parts.append(part)
        if not parts:
            raise NotationError(f"an empty choice in {self._source!r}")
        sets = [p.anchors for p in parts if p.anchors]
        return _Part("".join(p.regex for p in parts), min(sets, key=_commonness) if sets else None)

    def _item(self) -> _Part:
        token = self._next()
        if token == "(":
            part = self._choice()
            if self._next() != ")":
                raise NotationError(f"a bracket is not closed in {self._source!r}")
            return _Part(f"(?:{part.regex})", part.anchors)
        if token in _GAPS:
            return _Part(self._gap(_GAPS[token]), None)
        if token == "^":
            return _Part(r"(?:(?<=\A )|(?<=\. ))" if self._spaced else r"(?:\A|(?<=\.))", None)
        if token == "$":
            return _Part(r"(?=\.|\Z)", None)
        if token.startswith("<"):
            return self._list(token[1:-1])
        if token in (")", "?"):
            raise NotationError(f"unexpected {token!r} in {self._source!r}")
        return self._word(token)

    def _gap(self, size: int) -> str:
        return rf"(?:[^ .]+ ){{0,{size}}}?" if self._spaced else rf"[^ .]{{0,{size * 2}}}?"

    def _list(self, name: str) -> _Part:
        if name not in self._lists:
            raise NotationError(f"no list is called {name!r} in {self._source!r}")
        others = {k: v for k, v in self._lists.items() if k != name}
        part = _Reader(self._lists[name], others, self._spaced).read()
        return _Part(f"(?:{part.regex})", part.anchors)

    def _word(self, token: str) -> _Part:
        stem = token.rstrip("*")
        plain = words(fold(stem)).strip()
        if not plain:
            raise NotationError(f"{token!r} has no letter in {self._source!r}")
        open_ended = token.endswith("*")
        if open_ended and len(plain) < 3:
            raise NotationError(f"{token!r} is too short for an open ending in {self._source!r}")
        ending = "[^ .]*" if open_ended else ""
        regex = re.escape(plain) + ending + (" " if self._spaced else "")
        anchor = plain.split()[-1] if open_ended else max(plain.split(), key=len)
        return _Part(regex, frozenset({anchor + ("*" if open_ended else "")}))


def _tokens(source: str) -> list[str]:
    left = _TOKEN.sub("", source).strip()
    if left:
        raise NotationError(f"cannot read {left!r} in {source!r}")
    return _TOKEN.findall(source)


def _commonness(anchors: frozenset[str]) -> tuple[float, int]:
    return sum(1 / len(a) ** 2 for a in anchors), len(anchors)


def compile_pattern(source: str, lists: Mapping[str, str], spaced: bool = True) -> Compiled:
    """Reads a pattern; `spaced` is False for a language written without spaces.

    Raises NotationError.
    """
    part = _Reader(source, lists, spaced).read()
    if not part.anchors:
        raise NotationError(f"{source!r} could match without any word of its own")
    start = "(?<= )" if spaced else ""
    return Compiled(re.compile(start + part.regex), part.anchors, "$" in source)


def compile_before(source: str, lists: Mapping[str, str]) -> re.Pattern[str]:
    """Reads what, standing right before a match (within the sentence), makes it no match."""
    part = _Reader(source, lists, True).read()
    return re.compile("(?<= )" + part.regex + r"\Z")


def compile_after(source: str, lists: Mapping[str, str]) -> re.Pattern[str]:
    """Reads what, standing right after a match (within the sentence), makes it no match."""
    return re.compile(_Reader(source, lists, True).read().regex)
