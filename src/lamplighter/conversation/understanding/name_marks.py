"""The words of an answer to "your name, please?", marked: letters, "first name", "everybody calls me", what is told of
letters, what may be a name, and what is only beside it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lamplighter.conversation.understanding.lexicon import Lexicon, anywhere, words_anywhere
from lamplighter.conversation.understanding.naming import hesitates, nameable
from lamplighter.conversation.understanding.spelling import Spelled, described, spelled
from lamplighter.conversation.understanding.text import Said, fold

_TOKEN = re.compile(r"[^\W\d_]+(?:['\-][^\W\d_]+)*\.?|\d+|[.,;:!?\n]")
_CLAUSE_END = re.compile(r"[.;!?,\n]")
_IN_BRACKETS = re.compile(r"\([^()]*\)?")
_MARKS = (
    ("says_other", "other"),
    ("turns_down", "not"),
    ("was_called", "was_called"),
    ("says_truly", "truly"),
    ("says_called", "called"),
    ("puts_called", "puts"),
    ("was_first", "was_first"),
    ("was_last", "was_last"),
    ("says_first", "first"),
    ("says_last", "last"),
    ("small_talk", "talk"),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """`text[start:end]` of what was said, and what it is there."""

    kind: str
    start: int
    end: int
    text: str = ""
    letters: tuple[str, ...] = ()


def marks_of(
    said: Said, lex: Lexicon, blank: tuple[tuple[int, int], ...] = (), *, own: bool = False
) -> list[Mark]:
    """Every mark in order. `blank`: spans that are no part of a name. `own`: whoever speaks was asked for their own
    name, so that what follows "I'm her mother" is meant."""
    brackets = [found.span() for found in _IN_BRACKETS.finditer(said.text)]
    manner = [found.span() for found in lex.pattern("tells_manner").finditer(said.low)]
    return _maybes_settled(list(_marks(_blanked(said, (*blank, *brackets, *manner)), lex)), own=own)


def _blanked(said: Said, spans: tuple[tuple[int, int], ...]) -> Said:
    chars = list(said.text)
    for start, end in spans:
        chars[start:end] = " " * (end - start)
    return Said("".join(chars))


def _marks(said: Said, lex: Lexicon) -> Iterator[Mark]:
    rows = [row for row in spelled(said, lex) if len(row.letters) > 2 or _letter_pair(said, row.start)]
    at, end, begins = 0, len(said.low), True
    mixed = any(char.isupper() for char in said.text[1:]) and not said.text.isupper()
    while at < end:
        if said.low[at] in " '\"-":
            at += 1
            continue
        mark = _phrase(said, at, lex, rows)
        if mark is None:
            token = _TOKEN.match(said.text, at)
            mark = _word(said, token, lex, mixed=mixed, begins=begins) if token else Mark("plain", at, at + 1)
        begins = mark.kind == "stop"
        at = max(mark.end, at + 1)
        yield mark


def _letter_pair(said: Said, start: int) -> bool:
    """Two letters that were spelled, and are not the "a k" of "with a k"."""
    return not re.search(rf"{anywhere('before_letters')} ?$", said.low[:start])


def _phrase(said: Said, at: int, lex: Lexicon, rows: list[Spelled]) -> Mark | None:
    if at and (said.low[at - 1].isalnum()):
        return None
    told = _told(said, at, lex, rows)
    row = next((row for row in rows if row.start <= at < row.end), None)
    if row and len(row.letters) < 4 and (upto := _place(said, row.end, lex)) > row.end:
        return Mark("talk", at, upto)
    if row and not (told and told.end >= row.end):
        return Mark("row", at, row.end, row.letters)
    if told:
        return told
    found = [(lex.pattern(pattern).match(said.low, at), kind) for pattern, kind in _MARKS]
    ends = [(match.end(), kind) for match, kind in found if match and match.end() > at]
    if ends:
        longest = max(end for end, _ in ends)
        return Mark(next(kind for end, kind in ends if end == longest), at, longest)
    return None


def _twice(lex: Lexicon) -> frozenset[str]:
    return words_anywhere("two") | {"2", *lex.table("repeats")}


def _told(said: Said, at: int, lex: Lexicon, rows: list[Spelled]) -> Mark | None:
    """ "With a k", "two r's", "no h", "double t at the end": letters of a name."""
    lead = lex.pattern("tells_letters").match(said.low, at)
    start = lead.end() if lead else at
    first = re.match(r"\W*(\w+)", said.low[start:])
    if lead is None and (first is None or first.group(1) not in _twice(lex)):
        return None
    ends = (_CLAUSE_END.search(said.low, start), lex.pattern("tells_no_more").search(said.low, start + 1))
    upto = min((found.start() for found in ends if found), default=len(said.low))
    letters, end = described(Said(said.text[:upto]), start, lex, strictly=False)
    row = next((row for row in rows if row.start < end and row.end > start), None)
    if row and len(row.letters) > max(3, len(letters)):
        return Mark("talk", at, max(row.start, at + 1)) if lead and row.start > at else None
    if not letters:
        return None
    if first is not None and first.group(1) not in _twice(lex):
        letters = tuple(dict.fromkeys(letters))
    end = _place(said, end, lex)
    none = lead is not None and bool(lex.pattern("tells_none").match(said.low, at))
    return Mark("lacks" if none else "told", at, end, letters=letters)


def _place(said: Said, end: int, lex: Lexicon) -> int:
    """Where "at the end" ends, if it stands behind letters that are told."""
    place = lex.pattern("tells_place").match(said.low[end:])
    return end + place.end() if place else end


def _word(said: Said, token: re.Match[str], lex: Lexicon, *, mixed: bool, begins: bool) -> Mark:
    text, start, end = token.group(), token.start(), token.end()
    if not text[0].isalpha():
        kind = "comma" if text == "," else "plain" if text.isdigit() else "stop"
        return Mark(kind, start, end)
    if text.endswith(".") and fold(text) not in {"st.", "ste."}:
        text, end = text[:-1], end - 1
    if fold(text).endswith("'s") and len(text) > 3:
        text, end = text[:-2], end - 2
    low = fold(text)
    if len(low) == 1 and low.isascii():
        return Mark("join" if low in lex.words("joins") else "plain", start, end)
    if low in lex.words("particles"):
        return Mark("particle", start, end, token.group() if token.group().endswith(".") else text)
    if low in lex.words("joins") and not (mixed and text[0].isupper() and not begins):
        return Mark("join", start, end)
    if hesitates(text) or low in lex.words("hesitations"):
        return Mark("join", start, end)
    return Mark(_kind(text, low, lex, mixed=mixed, begins=begins), start, end, text)


def _kind(text: str, low: str, lex: Lexicon, *, mixed: bool, begins: bool) -> str:
    everyday = low in lex.words("common") or low in lex.ordinary or low in lex.words("fillers")
    if not nameable(text, lex, asked=True, alone=False):
        return "name" if mixed and text[0].isupper() and not begins and not everyday else "plain"
    if mixed and text.islower():
        return "plain"
    if low in lex.words("also_names"):
        return "name" if mixed and not begins and not everyday else "maybe"
    if everyday:
        return (
            "maybe"
            if mixed and text[0].isupper() and not begins and low not in lex.words("common")
            else "plain"
        )
    return "name"


def _maybes_settled(marks: list[Mark], *, own: bool) -> list[Mark]:
    """ "Will" and "Rose" are names where a name is expected: beside one, behind what announces one, or first."""
    other = False
    for n, mark in enumerate(marks):
        other = (mark.kind == "other" and not own) or (other and mark.kind not in ("stop", "first", "last"))
        if other:
            marks[n] = replace(mark, kind="other")
        if mark.kind == "weak":
            of_a_name = n > 1 and [each.kind for each in marks[n - 2 : n]] == ["name", "particle"]
            marks[n] = replace(mark, kind="name" if of_a_name else "plain")
        if mark.kind != "maybe" or other:
            continue
        before = next((m for m in reversed(marks[:n]) if m.kind != "join"), None)
        after = marks[n + 1] if n + 1 < len(marks) else None
        beside = after is not None and after.kind in (
            "name",
            "row",
            "particle",
            "was_first",
            "was_last",
            "told",
        )
        behind = before is None or before.kind in ("name", "first", "last", "called", "stop", "comma", "row")
        marks[n] = replace(mark, kind="name" if beside or behind else "plain")
    return marks
