"""Digits as people say them: "two one two", "double seven", "oh", "fifty five", "cinco cinco cinco"."""

import re
from dataclasses import dataclass

from lamplighter.conversation.understanding.lexicon import Lexicon
from lamplighter.conversation.understanding.text import Said

_TOKEN = re.compile(r"\d+|[^\W\d_]+(?:-[^\W\d_]+)*|[^\s\w]|_")
_GLUE_MARKS = frozenset("-.()/,+# ")


@dataclass(frozen=True, slots=True)
class Run:
    """Digits said in a row, `text[start:end]`. `plus`: written with an international "+" in front; `cuts`: how many
    digits there were after each breath, word or written group."""

    digits: str
    start: int
    end: int
    plus: bool = False
    cuts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    start: int
    end: int


def runs(said: Said, lex: Lexicon) -> tuple[Run, ...]:
    """Every row of digits in the text, in order."""
    found: list[Run] = []
    tokens = [_Token(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(said.low)]
    digits, start, end, at, plus = "", 0, 0, 0, False
    cuts: list[int] = []
    while at < len(tokens):
        piece, used = _piece(tokens, at, lex, bool(digits))
        if piece:
            if not digits:
                start, plus = tokens[at].start, at > 0 and tokens[at - 1].word == "+"
            digits, end = digits + piece, tokens[at + used - 1].end
            cuts.append(len(digits))
            at += used
            continue
        if digits and not _glue(tokens[at].word, lex):
            found.append(Run(digits, start, end, plus, tuple(cuts)))
            digits, cuts = "", []
        at += 1
    if digits:
        found.append(Run(digits, start, end, plus, tuple(cuts)))
    return tuple(found)


def _glue(word: str, lex: Lexicon) -> bool:
    return word in _GLUE_MARKS or bool(lex.pattern("digit_glue").fullmatch(word))


def _piece(tokens: list[_Token], at: int, lex: Lexicon, within: bool) -> tuple[str, int]:
    """The digits that start at `at` and how many tokens they take; ("", 0) when none do."""
    word = tokens[at].word
    if word.isdigit():
        return word, 1
    following = tokens[at + 1].word if at + 1 < len(tokens) else ""
    if times := lex.table("repeats").get(word):
        one = (
            following
            if len(following) == 1 and following.isdigit()
            else lex.table("digits").get(following, "")
        )
        return (one * int(times), 2) if len(one) == 1 else ("", 0)
    if "-" in word and all(_unit(part, lex) for part in word.split("-")):
        return _joined(word.split("-"), lex), 1
    if hundred := lex.table("hundred_words").get(word):
        return _hundreds(hundred, tokens, at, lex)
    if ten := lex.table("tens").get(word):
        return _tens(ten, tokens, at, lex)
    if (digit := lex.table("digits").get(word)) is not None:
        if len(word) == 1 and not (within or _is_digit(following, lex)):
            return "", 0
        zeros = lex.table("hundreds").get(following, "")
        return digit + zeros, 2 if zeros else 1
    return "", 0


def _tens(ten: str, tokens: list[_Token], at: int, lex: Lexicon) -> tuple[str, int]:
    """ "fifty", "fifty five", "cincuenta y cinco"."""
    joiner = 2 if at + 1 < len(tokens) and tokens[at + 1].word in lex.words("tens_joiner") else 1
    unit = tokens[at + joiner].word if at + joiner < len(tokens) else ""
    digit = lex.table("digits").get(unit, "") if len(unit) > 1 else ""
    if len(digit) == 1 and digit != "0":
        return ten + digit, joiner + 1
    return ten + "0", 1


def _hundreds(hundred: str, tokens: list[_Token], at: int, lex: Lexicon) -> tuple[str, int]:
    """ "quinientos cincuenta y cinco"."""
    following = tokens[at + 1].word if at + 1 < len(tokens) else ""
    if ten := lex.table("tens").get(following):
        rest, used = _tens(ten, tokens, at + 1, lex)
        return hundred + rest, used + 1
    rest = lex.table("digits").get(following, "") if len(following) > 1 else ""
    return (hundred + rest.rjust(2, "0"), 2) if rest else (hundred + "00", 1)


def _unit(word: str, lex: Lexicon) -> bool:
    return word in lex.table("digits") or word in lex.table("tens")


def _is_digit(word: str, lex: Lexicon) -> bool:
    return (
        word.isdigit()
        or word in lex.table("digits")
        or word in lex.table("tens")
        or word in lex.table("repeats")
    )


def _joined(parts: list[str], lex: Lexicon) -> str:
    if len(parts) == 2 and parts[0] in lex.table("tens"):
        return lex.table("tens")[parts[0]] + lex.table("digits").get(parts[1], "0")
    return "".join(lex.table("digits").get(part) or lex.table("tens")[part] + "0" for part in parts)
