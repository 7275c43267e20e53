"""Letters said one by one: "o k a f o r", "v like victor", "double l", "N-G-U-Y-E-N", "ele a ene"."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from lamplighter.conversation.understanding.lexicon import Lexicon, lexicon
from lamplighter.conversation.understanding.text import Said, fold

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)?|[^\s\w]|_")
_BETWEEN = frozenset("-.,_ ")
_LAST_WORD = re.compile(r"[^\W\d_]+$")
MOST_TOLD = 4
"""Letters that are told of a name, not spelled."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """What was spelled, `letters` with case only where it was said ("capital m"), at `text[start:end]`."""

    letters: str
    start: int
    end: int


@dataclass(slots=True)
class _Letter:
    letter: str
    start: int
    end: int
    plain: bool  # said as a single character, not by the letter's name


def spelled(said: Said, lex: Lexicon) -> tuple[Spelled, ...]:
    """Every row of letters in the text, in order. Two letters make a row only where both stand alone."""
    return _spelled(said.text, lex.language)


@lru_cache(maxsize=64)
def _spelled(text: str, language: str) -> tuple[Spelled, ...]:
    """Name after name is looked for in the same words."""
    return tuple(_Speller(Said(text), lexicon(language)).rows())


def described(said: Said, start: int, lex: Lexicon, *, strictly: bool = True) -> tuple[tuple[str, ...], int]:
    """The letters told of a name from `start` on, and where they end: "a K", "be grande y zeta", "two n's".

    A letter twice in a row is a double one. () where words follow that are no letters, unless
    that doesn't matter (`strictly`).
    """
    speller = _Speller(said, lex)
    tokens = speller.tokens
    at = next((n for n, token in enumerate(tokens) if token[1] >= start), len(tokens))
    letters: list[str] = []
    end = start
    while at < len(tokens):
        found, used = speller.told(at)
        between = tokens[at][0] in lex.words("between_letters") or (bool(letters) and tokens[at][0] == "-")
        if found and not (between and letters and _goes_on(speller, at + 1)):
            letters += found
            end = tokens[at + used - 1][2]
        elif between:
            used = 1
        else:
            break
        at += used
    following = tokens[at][0] if at < len(tokens) else "."
    paused = at > 0 and tokens[at - 1][0] in {",", "."}
    goes_on = following[0].isalnum() and following in lex.words("common") and not paused
    goes_on = goes_on and not lex.pattern("letter_place").match(said.low[end:])
    return (tuple(letters), end) if letters and not (strictly and goes_on) else ((), start)


def _goes_on(speller: "_Speller", at: int) -> bool:
    """Whether another letter is told behind "y", "and with"."""
    between = speller.lex.words("between_letters")
    while at < len(speller.tokens) and speller.tokens[at][0] in between and not speller.told(at)[0]:
        at += 1
    return at < len(speller.tokens) and bool(speller.told(at)[0])


class _Speller:
    def __init__(self, said: Said, lex: Lexicon) -> None:
        self.said, self.lex = said, lex
        self.tokens = [(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(said.low)]

    def rows(self) -> list[Spelled]:
        found: list[Spelled] = []
        row: list[_Letter] = []
        at = since_mark = 0
        while at < len(self.tokens):
            letters, used = self._letters(at, bool(row))
            if used:
                row += letters
                since_mark += 1
            else:
                used = 1
                if self._ends(at, since_mark):
                    self._close(row, found)
                    row = []
                since_mark = 0
            at += used
        self._close(row, found)
        return found

    def _ends(self, at: int, since_mark: int) -> bool:
        """A word ends a row, and so does a full stop or comma unless every letter has one."""
        word, _, end = self.tokens[at]
        if word not in _BETWEEN:
            return True
        return word in {".", ","} and self.said.low[end : end + 1] in {" ", ""} and since_mark != 1

    def _after_dashes(self, at: int) -> int:
        while self._word(at) == "-":
            at += 1
        return at

    def _remarked(self, row: list[_Letter]) -> bool:
        """ "Double l, g a l l a g h e r": what was said of the spelling before it, and no letters of it."""
        doubled = len(row) >= 5 and row[0].letter == row[1].letter and row[0].start == row[1].start
        return doubled and row[0].letter * 2 in "".join(letter.letter for letter in row[2:])

    def _close(self, row: list[_Letter], found: list[Spelled]) -> None:
        joints = self.lex.words("joints_like_letters")
        while len(row) > 1 and not row[-1].plain and row[-1].letter in joints:
            row.pop()
        if self._remarked(row):
            del row[:2]
        if self._only_told(row):
            return
        plain = sum(letter.plain for letter in row)
        close = len(row) == 2 == plain and row[1].start - row[0].end <= 3
        close = close and not all(letter.letter in self.lex.words("common") for letter in row)
        if (len(row) >= 3 and plain * 2 >= len(row)) or close or len(row) >= 4:
            found.append(Spelled("".join(letter.letter for letter in row), row[0].start, row[-1].end))

    def _only_told(self, row: list[_Letter]) -> bool:
        """ "Con ve chica, doble ele y eñe", "double n, double l": what is said of a name, no letters of one."""
        starts = sorted({letter.start for letter in row})
        if not starts or len(starts) > MOST_TOLD:
            return False
        alone = any(not self.said.low[start + 1 : start + 2].isalnum() for start in starts)
        if len(starts) <= 2 and len(row) > len(starts) and not alone:
            return True
        before = self.said.low[: starts[0]].rstrip()
        told = any(cue.end() == len(before) for cue in self.lex.pattern("with_letter").finditer(before))
        name = _LAST_WORD.search(before[: before.rfind(" ")].rstrip(" ,")) if told else None
        return name is not None and looks_like(name.group(), "".join(each.letter for each in row)) < 0.5

    def _word(self, at: int) -> str:
        return self.tokens[at][0] if at < len(self.tokens) else ""

    def _letters(self, at: int, within: bool) -> tuple[list[_Letter], int]:
        """Letters that begin at token `at` and the tokens they take; ([], 0) when none do."""
        word, start, _ = self.tokens[at]
        pair = f"{word} {self._word(at + 1)}"
        if letter := self.lex.table("letter_pairs").get(pair):
            return self._explained(letter, at, at + 2, start, plain=True)
        twin = self._after_dashes(at + 1)
        if word in self.lex.table("repeats") and self._one(twin):
            letter = self._one(twin)
            times = int(self.lex.table("repeats")[word])
            found, used = self._explained(letter, at, twin + 1, start, plain=True)
            return found * times, used
        case = self._case(word)
        if case and len(self._word(at + 1)) == 1:
            return self._explained(case(self._one(at + 1)), at, at + 2, start, plain=True)
        if within and (mark := self.lex.table("marks").get(word)):
            return [_Letter(mark, start, self.tokens[at][2], True)], 1
        letter = self._one(at)
        if not letter or (within and self._joins(at)):
            return [], 0
        return self._explained(
            letter, at, at + 1, start, plain=len(word) == 1 or word in self.lex.table("alphabet")
        )

    def _joins(self, at: int) -> bool:
        """ "Te, ele, a, pe, a y luego Romero": an "and" in front of a word is no letter."""
        following = self._word(at + 1)
        joint = self._word(at) in self.lex.words("and_after_letters")
        return joint and len(following) > 1 and following.isalpha() and not self._one(at + 1)

    def told(self, at: int) -> tuple[list[str], int]:
        """One letter that a name is said to have, with how often: "a K", "doble ele", "two n's"."""
        word = self._word(at)
        if not word:
            return [], 1
        times = self.lex.table("digits").get(word, "")
        following = self._word(at + 1)
        for plural in ("'s", "s", "es"):
            one = following.removesuffix(plural)
            letter = one if len(one) == 1 else self.lex.table("letters").get(one, "")
            if times in {"1", "2"} and letter and one != following:
                return [letter] * int(times), 2
        exact = len(word) > 1 and bool(self._exactly(at))
        if (
            len(word) > 1
            and word in self.lex.words("common")
            and not exact
            and word not in self.lex.table("repeats")
        ):
            if f"{word} {following}" not in self.lex.table("letter_pairs"):
                return [], 1
        found, used = self._letters(at, False)
        return [letter.letter for letter in found], used or 1

    def _case(self, word: str) -> Callable[[str], str] | None:
        if self.lex.pattern("capital").fullmatch(word):
            return str.upper
        return str.lower if self.lex.pattern("small").fullmatch(word) else None

    def _one(self, at: int) -> str:
        word = self._word(at)
        if len(word) == 1 and word.isalpha():
            return self.said.text[self.tokens[at][1]].lower()
        if (exact := self._exactly(at)) is not None:
            return exact
        return self.lex.table("letters").get(word) or self.lex.table("alphabet").get(word, "")

    def _exactly(self, at: int) -> str | None:
        """The letter that is called so with its accent, "eñe", which is no "ene"; None where no accent was written."""
        written = self.said.text[slice(*self.tokens[at][1:])].lower() if at < len(self.tokens) else ""
        return None if written.isascii() else self.lex.exact("letters", written)

    def _explained(
        self, letter: str, at: int, after: int, start: int, *, plain: bool
    ) -> tuple[list[_Letter], int]:
        """Takes "like victor", "as in boy", "de burro", "con acento" behind a letter."""
        rest = self.said.low[self.tokens[after - 1][2] :]
        if accent := self.lex.pattern("accent").match(rest.lstrip()):
            taken = self._tokens_in(after, accent.group())
            return [
                _Letter(self.lex.table("accents").get(letter, letter), start, 0, True)
            ], after + taken - at
        like = self.lex.pattern("like").match(rest.lstrip(" ,"))
        if like:
            taken = self._tokens_in(after, like.group()) + (rest.lstrip(" ")[:1] == ",")
            example = self._word(after + taken)
            if len(example) > 1 and self._begins(example, letter):
                end = self.tokens[after + taken][2]
                return [_Letter(letter, start, end, True)], after + taken + 1 - at
        return [_Letter(letter, start, self.tokens[after - 1][2], plain)], after - at

    def _tokens_in(self, after: int, phrase: str) -> int:
        return len(_TOKEN.findall(phrase))

    def _begins(self, example: str, letter: str) -> bool:
        return example[:1] == fold(letter) or (letter.lower() in "bvszckgj" and example[:1] in "bvszckgj")


def looks_like(word: str, letters: str) -> float:
    """How alike a word and a spelling are, 0 to 1 (1 is the same)."""
    one, two = fold(word), fold(letters)
    longest = max(len(one), len(two)) or 1
    return 1 - _distance(one, two) / longest


def _distance(one: str, two: str) -> int:
    row = list(range(len(two) + 1))
    for i, left in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, right in enumerate(two, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (left != right))
    return row[-1]
