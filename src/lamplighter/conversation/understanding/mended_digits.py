"""A telephone number put right within one breath: "oh one, five five, no, five six, oh one five six"."""

from itertools import pairwise

from lamplighter.conversation.understanding.digits import Run, runs
from lamplighter.conversation.understanding.lexicon import Lexicon
from lamplighter.conversation.understanding.text import Said

WHOLE = 10  # digits of a telephone number here
BEGUN = 6  # digits from which on it is one
_ENDS = (4, 7)
"""Digits that people say again of the end of a number: the last four, or all behind the area code."""


def put_right(said: Said, lex: Lexicon) -> Said:
    """The words with each number that is put right in them as it was meant."""
    found = runs(said, lex)
    for before, after in pairwise(found):
        between = said.low[before.end : after.start].strip(" ,.;:-…")
        if len(before.digits) < BEGUN or not lex.pattern("mends_digits").fullmatch(between):
            continue
        number = after.digits if len(after.digits) == WHOLE else over(before.digits, after.digits)
        if number and len(number) == WHOLE:
            start = before.start - before.plus
            return put_right(Said(f"{said.text[:start]}{number}{said.text[after.end :]}"), lex)
    return said


def over(before: str, after: str) -> str | None:
    """The number as meant: `after` said over the end of `before`, or over the last of it and then on to its end, or
    the end of it once more; None where it isn't plain."""
    if len(after) < 2 or (len(before) < len(after) and len(before) >= WHOLE):
        return None
    if len(before) < WHOLE:  # they went on: "555 01, no, 02 48"
        kept = WHOLE - len(after)
        return before[:kept] + after if 0 <= kept < len(before) and len(after) > 2 else None
    if number := again(before, after):
        return number
    return before[: -len(after)] + after if len(after) in (2, 3, *_ENDS) else None


def again(before: str, after: str) -> str | None:
    """ "Five six, oh one five six": what is other in a whole number, and then its end as it is now."""
    for said_over in range(2, len(after) - min(_ENDS) + 1):
        number = before[:-said_over] + after[:said_over]
        if number.endswith(after[said_over:]):
            return number
    return None


def of_number(run: Run, known: str) -> str | None:
    """The number read back, put right by a row that says its end twice."""
    return again(known, run.digits) if known and len(run.digits) < WHOLE else None
