"""Card numbers are kept out of everything: found in what somebody says or writes, and taken out before it is stored.

Thirteen to nineteen digits that pass the check of card numbers (Luhn), with whatever stands between them, in digits of
any script or in the words of any language that we have, said in one breath. Written in one piece, a number that only
happens to pass is taken out too; in several, it must begin as networks issue them, and be no birth date beside a
telephone number.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from lamplighter.conversation.understanding.locale_files import languages, read

GONE: Final = "•"
"""What stands where a card number stood."""

SHORTEST, LONGEST = 13, 19
LONGEST_PIECE: Final = 8
HALF_HEARD: Final = 9
"""Digits from which on a hypothesis that is still being heard may be the beginning of one: no more of it is kept."""

_TOKEN: Final = re.compile(r"\d+|[^\W\d_]+|[^\w\s]|_", re.UNICODE)
_ISSUED: Final = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|2720\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[68]\d)\d{11}|35\d{14}|6(?:011|5\d\d|4[4-9]\d)\d{12,15}|62\d{14,17}|(?:50|5[6-9]|6\d)\d{11,17}"
)
"""As the great networks issue them: what is told apart from other numbers within a longer row of digits."""

_TELEPHONE_OR_CODE: Final = re.compile(r"1?[2-9]\d{2}[2-9]\d{6}|\d{5,8}")
_DATE: Final = re.compile(
    r"(?<!\d)(?:(?:(?:0?[1-9]|1[0-2]) (?:0?[1-9]|[12]\d|3[01])|(?:0?[1-9]|[12]\d|3[01]) (?:0?[1-9]|1[0-2]))"
    r" (?:19|20)? ?\d\d|(?:19|20)\d\d (?:0?[1-9]|1[0-2]) (?:0?[1-9]|[12]\d|3[01]))(?!\d)"
)
"""In groups of digits, a space between them."""


@cache
def _table(name: str) -> Mapping[str, str]:
    """Of every language, since people switch."""
    tables = (read(language)["tables"].get(f"card_{name}", {}) for language in languages())
    return {word: digits for table in tables for word, digits in table.items()}


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(
        word for language in languages() for word in read(language)["words"].get(f"card_{name}", "").split()
    )


@dataclass(frozen=True, slots=True)
class _Group:
    """Digits that were said or written as one, at `start` to `end` of the text."""

    digits: str
    start: int
    end: int


def without_card_numbers(text: str, *, half_heard: bool = False) -> tuple[str, bool]:
    """The text with every card number taken out, and whether there was one. `half_heard`: it is not yet whole, so that
    long rows of digits are taken out too, which nobody is told of."""
    spans = [span for run in _runs(text) for span in _cards(run, half_heard=half_heard)]
    for start, end in reversed(spans):
        text = f"{text[:start]}{GONE}{text[end:]}"
    return text, bool(spans) and not half_heard


def ends_one(earlier: Sequence[str], text: str) -> bool:
    """Whether `text` ends a card number that was begun in what was said right before it, a piece at a time. Only what
    networks issue counts, in pieces as people read them: a telephone number is none."""
    row, _ = _edge(text, at_end=False)
    for each in reversed(earlier):
        piece, whole = _edge(each, at_end=True)
        if not 0 < len("".join(piece)) <= LONGEST_PIECE or not 0 < len("".join(row)) <= LONGEST:
            return False
        row = [*piece, *row]
        if _is_card("".join(row)) and not _are_details(row):
            return True
        if not whole:
            return False
    return False


def _edge(text: str, *, at_end: bool) -> tuple[list[str], bool]:
    """The row of digits with which the text begins or ends, and whether there is nothing else in it."""
    groups = list(_groups(text))
    row: list[str] = []
    for group in reversed(groups) if at_end else groups:
        if group is None:
            break
        row.append(group.digits)
    return row[::-1] if at_end else row, None not in groups


def _is_card(digits: str) -> bool:
    return len(digits) >= SHORTEST and _ISSUED.fullmatch(digits) is not None and passes(digits)


def passes(digits: str) -> bool:
    """The check that every card number passes."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _cards(run: Sequence[_Group], *, half_heard: bool) -> Iterator[tuple[int, int]]:
    """Where card numbers stand in a row of digits: the whole of it, or groups within it."""
    whole = "".join(group.digits for group in run)
    long = half_heard and len(whole) >= HALF_HEARD
    if long or (len(run) == 1 and SHORTEST <= len(whole) <= LONGEST and passes(whole)):
        yield run[0].start, run[-1].end
    elif len(whole) > LONGEST or (len(whole) >= SHORTEST and not _are_details([g.digits for g in run])):
        yield from _within(run)


def _within(run: Sequence[_Group]) -> Iterator[tuple[int, int]]:
    """Card numbers among others (a date, a code): what networks issue, from the beginning of a group on."""
    at = 0
    while at < len(run):
        end = _end_of_card(run, at)
        if end is not None:
            yield run[at].start, run[end].end
        at = at + 1 if end is None else end + 1


def _end_of_card(run: Sequence[_Group], at: int) -> int | None:
    """The last group of the longest card number that begins with this one."""
    if len(run[at].digits) > LONGEST:
        return at if _hidden(run[at].digits) else None
    digits, found = "", None
    for end in range(at, min(len(run), at + LONGEST)):
        digits += run[end].digits
        if len(digits) > LONGEST:
            break
        if _is_card(digits) and not _are_details([group.digits for group in run[at : end + 1]]):
            found = end
    return found


def _are_details(groups: Sequence[str]) -> bool:
    """What we ask for: a telephone number, or a date beside one or beside a code. Nobody reads a card so."""
    for edge in (groups[:3], groups[-3:]) if len(groups) > 3 else ():
        if [len(digits) for digits in edge] == [3, 3, 4] and _TELEPHONE_OR_CODE.fullmatch("".join(edge)):
            return True
    written = " ".join(groups)
    return any(
        _is_asked_for(written[: date.start()].split(), written[date.end() :].split())
        for date in _DATE.finditer(written)
    )


def _is_asked_for(before: Sequence[str], after: Sequence[str]) -> bool:
    """What stands on one side of a date. Pairs are how cards are read."""
    other = before or after
    if (before and after) or all(len(digits) == 2 for digits in other):
        return False
    return _TELEPHONE_OR_CODE.fullmatch("".join(other)) is not None


def _hidden(digits: str) -> bool:
    """Written without a gap among other digits ("4111111111111111123")."""
    return any(
        _ISSUED.fullmatch(digits[at : at + length]) and passes(digits[at : at + length])
        for length in (16, 15)
        for at in range(len(digits) - length + 1)
    )


def _runs(text: str) -> Iterator[list[_Group]]:
    """Rows of digits, with nothing but separators, hesitation and spaces between them."""
    run: list[_Group] = []
    for group in _groups(text):
        if group is None:
            if run:
                yield run
            run = []
        else:
            run.append(group)
    if run:
        yield run


def _groups(text: str) -> Iterator[_Group | None]:
    """None for whatever ends a row."""
    tokens = [(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text)]
    at = 0
    while at < len(tokens):
        taken, digits = _digits_at([_plain(word) for word, _, _ in tokens[at : at + 4]])
        if digits:
            yield _Group(digits, tokens[at][1], tokens[at + taken - 1][2])
        elif not _stands_between(tokens[at][0]):
            yield None
        at += max(taken, 1)


def _digits_at(words: Sequence[str]) -> tuple[int, str]:
    """How many words make digits here, and which: "forty one", "treinta y uno", "double four", "11"."""
    first, rest = words[0], words[1:]
    if first.isdigit():
        return 1, first
    if times := _table("again").get(first):
        if rest and (again := _one(rest[0])):
            return 2, again * int(times)
    if tens := _table("tens").get(first):
        skipped = 1 if rest and (rest[0] == "-" or rest[0] in _words("joint")) else 0
        unit = _table("digits").get(rest[skipped]) if len(rest) > skipped else None
        if unit not in (None, "0"):
            return 2 + skipped, f"{tens}{unit}"
        return 1, f"{tens}0"
    return 1, _one(first) or _table("teens").get(first) or _table("hundreds").get(first) or ""


def _one(word: str) -> str:
    return word if len(word) == 1 and word.isdigit() else _table("digits").get(word, "")


def _stands_between(word: str) -> bool:
    """Any sign that is no letter and no digit, invisible ones too."""
    return _plain(word) in _words("between") or not any(
        unicodedata.category(sign)[0] in "LN" for sign in word
    )


def _plain(word: str) -> str:
    """Digits of any script as ours, letters without case and accents."""
    if word.isdigit():
        return "".join(str(unicodedata.digit(sign)) for sign in word)
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
