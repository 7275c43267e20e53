"""A name as it is told in a whole answer: "it's Katherine with a K, last name Dole, d o l e, but put Kate".

The words are marked (`name_marks`), the marks laid out as chunks, and the chunks as the two names and what somebody is
called. Where the whole doesn't come out plainly there is nothing, and what its pieces gave stands (`names.read_name`).
"""

import re
from dataclasses import dataclass, field, replace

from lamplighter.conversation.understanding.composing import Word, letters_of
from lamplighter.conversation.understanding.lexicon import Lexicon
from lamplighter.conversation.understanding.name_chunks import Chunk, chunks_of
from lamplighter.conversation.understanding.name_marks import Mark, marks_of
from lamplighter.conversation.understanding.names import surname_at
from lamplighter.conversation.understanding.spelling import looks_like
from lamplighter.conversation.understanding.text import Said

_LEADING = frozenset({"join", "talk", "comma"})
_USED = frozenset(
    {"row", "told", "lacks", "puts", "first", "last", "was_first", "was_last", "called", "was_called", "not"}
)
MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class WholeName:
    first: tuple[Word, ...] = ()
    last: tuple[Word, ...] = ()
    called: tuple[Word, ...] = ()
    rest: Said = field(default=Said(""))
    """What was said beside it."""


def whole_name(
    said: Said, lex: Lexicon, blank: tuple[tuple[int, int], ...] = (), *, own: bool = False
) -> WholeName | None:
    """First and last name, both; None where they don't come out plainly. `blank`: spans of `said` that are no part of
    a name (a birth date, a number); they stay in `rest`."""
    marks = marks_of(said, lex, blank, own=own)
    chunks = chunks_of(marks, lex)
    laid = _laid(chunks, marks, lex)
    if laid is None:
        return None
    first, last, called = laid
    named = frozenset(word.start for chunk in chunks for word in chunk.words)
    return WholeName(tuple(first), tuple(last), tuple(called), _rest(said, marks, named))


def _laid(
    chunks: list[Chunk], marks: list[Mark], lex: Lexicon
) -> tuple[list[Word], list[Word], list[Word]] | None:
    parts = {
        label: next((chunk.words for chunk in chunks if chunk.label == label), [])
        for label in ("first", "last", "called")
    }
    open_ = [chunk for chunk in chunks if not chunk.label]
    for words in (parts["first"], parts["last"]):
        open_ = _without(open_, words)
    open_ = [chunk for chunk in open_ if chunk.words]
    loose = _once(open_)
    first, last, called = parts["first"], parts["last"], parts["called"]
    if first and last:
        return None if loose else (first, last, called)
    if len(loose) + len(first) + len(last) > MOST_WORDS:
        return None
    if not first and not last:
        return _unlabelled(open_, marks, called, lex)
    if not loose and first and len(first) > 1:
        cut = surname_at(tuple(first), lex, True)
        return (first[:cut], first[cut:], called) if cut < len(first) else None
    if not loose:
        return None
    return (first, loose, called) if first else (loose, last, called)


def _once(chunks: list[Chunk]) -> list[Word]:
    words: list[Word] = []
    for word in (word for chunk in chunks for word in chunk.words):
        if not any(looks_like(letters_of(w.text), letters_of(word.text)) >= 0.8 for w in words):
            words.append(word)
    return words


def _without(chunks: list[Chunk], words: list[Word]) -> list[Chunk]:
    """What is said again of a name that has its place already."""
    said = {letters_of(word.text) for word in words}
    kept = []
    for chunk in chunks:
        left = [
            w for w in chunk.words if not any(looks_like(letters_of(w.text), each) >= 0.8 for each in said)
        ]
        if left:
            kept.append(replace(chunk, words=left))
    return kept


def _unlabelled(
    chunks: list[Chunk], marks: list[Mark], called: list[Word], lex: Lexicon
) -> tuple[list[Word], list[Word], list[Word]] | None:
    words: list[Word] = []
    for word in (word for chunk in chunks for word in chunk.words):
        same = next((w for w in words if looks_like(letters_of(w.text), letters_of(word.text)) >= 0.8), None)
        if same is None:
            words.append(word)
        elif (
            words[0] is same
            and len(chunks[0].words) == 1
            and any(len(chunk.words) > 1 and chunk.words[-1] is word for chunk in chunks)
        ):
            words.remove(same)  # "Bond, James Bond"
            words.append(word if not same.spelled else same)
    if not 2 <= len(words) <= MOST_WORDS or _only_talk(chunks, marks):
        return None
    two = [chunk for chunk in chunks if chunk.words]
    if len(two) == 2 and two[1].mark and len(words) == len(two[0].words) + len(two[1].words):
        given = [letters_of(chunk.words[0].text) in lex.given for chunk in two]
        listed = two[1].mark == "comma" and len(two[0].words) == 1 and not any(each.spelled for each in words)
        if (
            given == [False, True]
            or (listed and given == [False, False])
            or any(mark.kind == "last" for mark in marks)
        ):
            return two[1].words, two[0].words, called
        return two[0].words, two[1].words, called
    cut = surname_at(tuple(words), lex, True)
    return (words[:cut], words[cut:], called) if cut < len(words) else None


def _only_talk(chunks: list[Chunk], marks: list[Mark]) -> bool:
    """Words that could be names, in the middle of others that can't."""
    told = any(mark.kind in ("row", "told", "lacks", "first", "last", "called") for mark in marks)
    plain = [mark for mark in marks if mark.kind == "plain" and mark.text]
    return not told and len(plain) > 2 * len([word for chunk in chunks for word in chunk.words])


# --- the rest


def _rest(said: Said, marks: list[Mark], named: frozenset[int]) -> Said:
    """What was said beside the names and what was told of them, with the small words that lead to them."""
    chars = list(said.text)
    gone = [mark.kind in _USED or mark.start in named for mark in marks]
    for n, mark in enumerate(marks):
        after = next((k for k in range(n + 1, len(marks)) if marks[k].kind not in _LEADING), len(marks))
        leads = mark.kind in _LEADING and after < len(marks) and gone[after]
        if gone[n] or leads:
            chars[mark.start : mark.end] = " " * (mark.end - mark.start)
    rest = re.sub(r"\s+([.,;!?])", r"\1", re.sub(r"\s+", " ", "".join(chars)))
    return Said(re.sub(r"([.,;!?])[.,;!? ]+", r"\1 ", rest).strip(" ,.;"))
