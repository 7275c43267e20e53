r"""The notation of a pattern, made to be read aloud, and how it becomes a regular expression.

    i (want|wish) to die          words in this order; (a|b c) is a choice
    i really? want                ? makes a word or a choice optional
    want .. die                   .. is up to three words in between, ... up to seven
    suicid*                       any ending
    <want> to die                 a list of words that the file names under `lists`
    took <number> pills           any number in digits, of two digits or more
    ^ agent $                     ^ beginning of a sentence, $ end of one

Case, accents and apostrophes do not matter. Nothing matches across the end of a sentence.

Each word that any pattern knows is one letter of an alphabet of its own (`Lexicon`), a text is
rewritten in that alphabet, and patterns are regular expressions over it: short to compile, and a
text of twenty words is twenty letters long.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, takewhile

from .text import fold, words

_TOKEN = re.compile(r"\.\.\.|\.\.|<[\w-]+>|[()|?^$]|[^\s()|?^$<>.]+\*?")
_GAPS = {"..": 3, "...": 7}
_FIRST = 0xF0000  # a plane of Unicode that holds no text
_UNKNOWN, _NUMBER, _STOP = (chr(_FIRST + n) for n in range(3))


class NotationError(ValueError):
    """A pattern that cannot be read; the message says what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    open_ended: bool


@dataclass(frozen=True, slots=True)
class Number:
    pass


@dataclass(frozen=True, slots=True)
class Gap:
    size: int


@dataclass(frozen=True, slots=True)
class Edge:
    start: bool


@dataclass(frozen=True, slots=True)
class Choice:
    options: tuple["Sequence", ...]


@dataclass(frozen=True, slots=True)
class Sequence:
    parts: tuple[tuple["Node", bool], ...]  # each with whether it may be left out


Node = Word | Number | Gap | Edge | Choice | Sequence


def parse(source: str, lists: Mapping[str, Sequence]) -> Sequence:
    """Reads a pattern. Raises NotationError."""
    return _Reader(source, lists).read()


def parse_lists(written: Mapping[str, str]) -> dict[str, Sequence]:
    """Reads a file's lists; one may name those above it. Raises NotationError."""
    lists: dict[str, Sequence] = {}
    for name, source in written.items():
        if not isinstance(name, str):
            raise NotationError(f"YAML reads a list's name as {name!r}; put it in quotes or rename it")
        lists[name] = parse(source, lists)
    return lists


class _Reader:
    def __init__(self, source: str, lists: Mapping[str, Sequence]) -> None:
        self._source, self._lists = source, lists
        self._tokens = [*_tokens(source), ""]
        self._at = 0

    def read(self) -> Sequence:
        options = self._options()
        if self._peek():
            raise NotationError(f"unexpected {self._peek()!r} in {self._source!r}")
        return options[0] if len(options) == 1 else Sequence(((Choice(options), False),))

    def _peek(self) -> str:
        return self._tokens[self._at]

    def _next(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def _options(self) -> tuple[Sequence, ...]:
        options = [self._sequence()]
        while self._peek() == "|":
            self._next()
            options.append(self._sequence())
        return tuple(options)

    def _sequence(self) -> Sequence:
        parts: list[tuple[Node, bool]] = []
        while self._peek() not in ("", "|", ")"):
            node = self._node()
            optional = self._peek() == "?"
            if optional:
                self._next()
            parts.append((node, optional))
        if not parts:
            raise NotationError(f"an empty choice in {self._source!r}")
        return Sequence(tuple(parts))

    def _node(self) -> Node:
        token = self._next()
        if token == "(":
            choice = Choice(self._options())
            if self._next() != ")":
                raise NotationError(f"a bracket is not closed in {self._source!r}")
            return choice
        if token in _GAPS:
            return Gap(_GAPS[token])
        if token in "^$":
            return Edge(token == "^")
        if token == "<number>":
            return Number()
        if token.startswith("<"):
            return self._list(token[1:-1])
        if token in ")?":
            raise NotationError(f"unexpected {token!r} in {self._source!r}")
        return self._word(token)

    def _list(self, name: str) -> Node:
        if name not in self._lists:
            raise NotationError(f"no list is called {name!r} in {self._source!r}")
        return self._lists[name]

    def _word(self, token: str) -> Node:
        word = _word_of(token)
        if isinstance(word, str):
            raise NotationError(f"{token!r} {word} in {self._source!r}")
        return word


@lru_cache(maxsize=20_000)
def _word_of(token: str) -> Word | Sequence | str:
    """What a token stands for, or what is wrong with it."""
    stem, open_ended = token.rstrip("*"), token.endswith("*")
    plain = words(fold(stem)).split()
    if not plain:
        return "has no letter"
    if open_ended and len(plain[-1]) < 3:
        return "is too short for an open ending"
    if len(plain) == 1:
        return Word(plain[0], open_ended)
    parts = [(Word(word, False), False) for word in plain[:-1]]
    return Sequence((*parts, (Word(plain[-1], open_ended), False)))


def _tokens(source: str) -> list[str]:
    found = _TOKEN.findall(source)
    if len("".join(found)) < len("".join(source.split())):
        raise NotationError(f"cannot read {_TOKEN.sub('', source).strip()!r} in {source!r}")
    return found


def parse_joints(written: object) -> frozenset[Word]:
    """The words that join two clauses, each a word of its own. Raises NotationError."""
    if not isinstance(written, list) or not all(isinstance(each, str) for each in written):
        raise NotationError("`joints` is a list of words")
    found = [_word_of(each) for each in written]
    if wrong := [each for each, word in zip(written, found, strict=True) if not isinstance(word, Word)]:
        raise NotationError(f"{wrong[0]!r} is no single word")
    return frozenset(word for word in found if isinstance(word, Word))


def words_of(node: Node) -> Iterator[Word]:
    """Every word that a pattern names."""
    if isinstance(node, Word):
        yield node
    elif isinstance(node, Choice):
        for option in node.options:
            yield from words_of(option)
    elif isinstance(node, Sequence):
        for part, _ in node.parts:
            yield from words_of(part)


def uses_end(node: Node) -> bool:
    """Whether a pattern asks for the end of a sentence."""
    if isinstance(node, Choice):
        return any(uses_end(option) for option in node.options)
    if isinstance(node, Sequence):
        return any(uses_end(part) for part, _ in node.parts)
    return isinstance(node, Edge) and not node.start


class Lexicon:
    """The alphabet: a letter a known word, one for each stem, one for numbers, one for the rest."""

    def __init__(self, known: set[Word]) -> None:
        codes = (chr(_FIRST + 3 + n) for n in range(len(known)))
        ordered = sorted(known, key=lambda w: (w.text, w.open_ended))
        letters = dict(zip(ordered, codes, strict=True))
        self._exact = {w.text: c for w, c in letters.items() if not w.open_ended}
        self._stems = {w.text: c for w, c in letters.items() if w.open_ended}
        self._longest = max(map(len, self._stems), default=0)
        self._all = sorted([*self._exact.items(), *self._stems.items()])
        self._begun: dict[str, frozenset[str]] = {}

    def encode(self, reading: str) -> str:
        """A reading (see text.words) in this alphabet."""
        exact = self._exact
        return "".join(exact.get(word) or self._other(word) for word in reading.split())

    def _other(self, word: str) -> str:
        if word == ".":
            return _STOP
        for end in range(min(len(word), self._longest), 0, -1):
            if letter := self._stems.get(word[:end]):
                return letter
        return _NUMBER if len(word) > 1 and word.isdigit() else _UNKNOWN

    def letters(self, word: Word) -> frozenset[str]:
        """All letters that stand for a word of a pattern."""
        if not word.open_ended:
            return frozenset(self._exact[word.text])
        if word.text not in self._begun:
            at = bisect_left(self._all, (word.text, ""))
            begun = takewhile(lambda each: each[0].startswith(word.text), islice(self._all, at, None))
            self._begun[word.text] = frozenset(letter for _, letter in begun)
        return self._begun[word.text]

    def numbers(self) -> frozenset[str]:
        """All letters that stand for a number in digits."""
        return frozenset({_NUMBER} | {c for t, c in self._exact.items() if t.isdigit() and len(t) > 1})

    def regex(self, node: Node, barred: frozenset[Word] = frozenset()) -> str:
        """A pattern as a regular expression over this alphabet. No gap reaches across a barred word."""
        if isinstance(node, Word):
            return _one_of(self.letters(node))
        if isinstance(node, Number):
            return _one_of(self.numbers())
        if isinstance(node, Gap):
            ends = "".join(sorted({_STOP}.union(*(self.letters(word) for word in barred))))
            return f"[^{ends}]{{0,{node.size}}}?"
        if isinstance(node, Edge):
            return rf"(?:\A|(?<={_STOP}))" if node.start else rf"(?={_STOP}|\Z)"
        if isinstance(node, Choice):
            return self._choice(node, barred)
        return "".join(self.regex(part, barred) + ("?" if optional else "") for part, optional in node.parts)

    def _choice(self, choice: Choice, barred: frozenset[Word]) -> str:
        single: set[str] = set()
        longer: list[str] = []
        for option in choice.options:
            part, optional = option.parts[0]
            if len(option.parts) == 1 and not optional and isinstance(part, Word):
                single |= self.letters(part)
            else:
                longer.append(self.regex(option, barred))
        options = ([_one_of(frozenset(single))] if single else []) + longer
        return f"(?:{'|'.join(options)})"

    def anchors(self, node: Node) -> frozenset[str]:
        """Letters of which every match holds at least one; empty where there are none."""
        if isinstance(node, Word):
            return self.letters(node)
        if isinstance(node, Choice):
            sets = [self.anchors(option) for option in node.options]
            return frozenset().union(*sets) if all(sets) else frozenset()
        if isinstance(node, Sequence):
            sets = [self.anchors(part) for part, optional in node.parts if not optional]
            return min(filter(None, sets), key=len, default=frozenset())
        return frozenset()


def _one_of(letters: frozenset[str]) -> str:
    return next(iter(letters)) if len(letters) == 1 else f"[{''.join(sorted(letters))}]"


def unspaced_regex(node: Node, barred: frozenset[Word] = frozenset()) -> str:
    """A pattern for a language written without spaces, over the text itself."""
    if isinstance(node, Word):
        return re.escape(node.text)
    if isinstance(node, Number):
        return r"\d{2,}"
    if isinstance(node, Gap):
        ends = "|".join(sorted(re.escape(word.text) for word in barred))
        one = rf"(?:(?!{ends})[^.])" if ends else "[^.]"
        return rf"{one}{{0,{node.size * 2}}}?"
    if isinstance(node, Edge):
        return r"(?:\A|(?<=\.))" if node.start else r"(?=\.|\Z)"
    if isinstance(node, Choice):
        return f"(?:{'|'.join(unspaced_regex(option, barred) for option in node.options)})"
    return "".join(
        f"(?:{unspaced_regex(part, barred)}){'?' if optional else ''}" for part, optional in node.parts
    )
