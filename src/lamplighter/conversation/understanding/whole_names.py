"""A name as it is told in a whole answer: "it's Katherine with a K, last name Dole, d o l e, but put Kate".

The words are marked (`name_marks`), the marks laid out as chunks, and the chunks as the two names and what somebody is
called. Where the whole doesn't come out plainly there is nothing, and what its pieces gave stands (`names.read_name`).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from lamplighter.conversation.understanding.composing import Word, letters_of
from lamplighter.conversation.understanding.lexicon import Lexicon
from lamplighter.conversation.understanding.name_marks import Mark, marks_of
from lamplighter.conversation.understanding.names import surname_at
from lamplighter.conversation.understanding.spelling import looks_like, spelled
from lamplighter.conversation.understanding.text import Said, fold
from lamplighter.conversation.understanding.told import having, lacking

ALIKE = 0.55
_LEADING = frozenset({"join", "talk", "comma"})
_USED = frozenset(
    {"row", "told", "lacks", "puts", "first", "last", "was_first", "was_last", "called", "was_called", "not"}
)
MOST_WORDS = 6


@dataclass(slots=True)
class Chunk:
    """Words that stand together, with what is said of them: first, last, called, not."""

    words: list[Word]
    label: str = ""
    mark: str = ""  # what stands before it: a comma, a full stop


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


# --- laying out


def chunks_of(marks: list[Mark], lex: Lexicon) -> list[Chunk]:
    """The words that may be names, as they stand together."""
    chunks: list[Chunk] = []
    label, comma, apart = "", "", True
    pending: list[Mark] = []
    for n, mark in enumerate(marks):
        if mark.kind in ("name", "particle"):
            if apart or not chunks:
                if mark.kind == "particle" and not _names_follow(marks, n):
                    continue
                chunks.append(Chunk([], label, comma))
                label, comma, apart = "", "", False
            chunks[-1].words.append(Word(mark.text, mark.start, mark.end))
            if pending:
                _spell(chunks[-1].words, pending.pop(), lex)
        elif mark.kind == "row":
            if not _spelled_into(chunks, mark, labelled=bool(label)):
                chunks.append(Chunk([Word(mark.text, mark.start, mark.end, True)], label, comma))
            label, comma, apart = "", "", True
        elif mark.kind in ("told", "lacks"):
            if chunks:
                _spell(chunks[-1].words, mark, lex)
            else:
                pending.append(mark)
            apart = True
        elif mark.kind in ("first", "last", "called", "puts", "not"):
            known = sum(len(chunk.words) for chunk in chunks) > 1 or label == "puts"
            label, apart = ("called" if known else "") if mark.kind == "puts" else mark.kind, True
        elif mark.kind in ("was_first", "was_last", "was_called"):
            if chunks and not chunks[-1].label:
                chunks += _said_again(chunks.pop())
                chunks[-1].label = mark.kind.removeprefix("was_")
            apart = True
        elif mark.kind == "truly":
            if len(chunks) == 1 and len(chunks[0].words) == 1 and not chunks[0].label:
                chunks[0].label = "called"
            label, apart = "", True
        elif mark.kind in ("comma", "stop"):
            comma, apart = mark.kind, True
            label = "" if label == "not" else label
        elif mark.kind == "join":
            apart = True
        else:
            label, apart = "" if label in ("not", "called") else label, True
    return [each for each in map(_without_particles_at_the_end(lex), chunks) if each.words]


def _said_again(chunk: Chunk) -> list[Chunk]:
    """ "Mei Ling Chen Mei Ling", of which the last two words are "the first name": what was said again, by itself."""
    said = [letters_of(word.text) for word in chunk.words]
    for count in range(len(said) // 2, 0, -1):
        tail = said[-count:]
        if any(said[at : at + count] == tail for at in range(len(said) - count)):
            return [replace(chunk, words=chunk.words[:-count]), Chunk(chunk.words[-count:])]
    return [chunk]


def _names_follow(marks: list[Mark], n: int) -> bool:
    after = next((m for m in marks[n + 1 :] if m.kind != "particle"), None)
    return after is not None and after.kind == "name"


def _without_particles_at_the_end(lex: Lexicon) -> Callable[[Chunk], Chunk]:
    def trim(chunk: Chunk) -> Chunk:
        while (
            chunk.words
            and not chunk.words[-1].spelled
            and fold(chunk.words[-1].text) in lex.words("particles")
        ):
            chunk.words.pop()
        return chunk

    return trim


def _spelled_into(chunks: list[Chunk], row: Mark, *, labelled: bool) -> bool:
    """Puts the letters to the words that were said and are meant by them: one, or two or three together. A letter more
    at either end is a word ("I") or was told before ("with a T: T, L, A")."""
    best, found = ALIKE, None
    for text, least in _variants(row.text):
        letters = letters_of(text)
        for chunk in reversed(chunks):
            for at in range(len(chunk.words)):
                for upto in range(at + 1, min(len(chunk.words), at + 3) + 1):
                    whole = "".join(letters_of(w.text) for w in chunk.words[at:upto])
                    if (alike := looks_like(whole, letters)) > best and alike >= least:
                        best, found = alike, (chunk, at, upto, text)
    if found is None:
        return False
    chunk, at, upto, text = found
    if labelled and not chunk.label:
        return False
    words = chunk.words[at:upto]
    if best == 1:
        chunk.words[at:upto] = [replace(word, spelled=True) for word in words]
    else:
        chunk.words[at:upto] = [Word(text, words[0].start, row.end, True)]
    return True


def _variants(row: str) -> list[tuple[str, float]]:
    """The letters, and the same without one more at an end, each with how like a word it must be at least."""
    shorter = [(row[1:], 0.7), (row[2:], 0.7)] + ([(row[:-1], 0.8)] if row[-1] in "ia" else [])
    return [(row, 0.0), *shorter]


def _spell(words: list[Word], mark: Mark, lex: Lexicon) -> None:
    word = words[-1]
    if word.spelled or (mark.kind == "lacks" and letters_of("".join(mark.letters)) not in fold(word.text)):
        return  # "with a Q-U, not Q-V" takes nothing away
    change = lacking if mark.kind == "lacks" else having
    words[-1] = replace(word, text=change(word.text, mark.letters))


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


# --- which reading to trust


def doubt(first: str, last: str, said: Said, lex: Lexicon) -> float:
    """What speaks against these being the names that were told, 0 for nothing: a word of every day, a part that is
    missing or too long, letters that were spelled and are not in it, half of a word that was said."""
    firsts, lasts = first.split(), last.split()
    words = [letters_of(word) for word in (*firsts, *lasts)]
    against = 2.0 * (not firsts) + 2.0 * (not lasts) + max(0, len(firsts) - 2) + (len(lasts) > 3)
    against += sum(_doubtful(fold(word), lex) for word in (*firsts, *lasts))
    against += 0.5 * max(0, sum(word not in lex.words("particles") for word in words) - 2)
    whole = "".join(words)
    for row in spelled(said, lex):
        letters = letters_of(row.letters)
        there = letters in whole or letters[1:] in words or letters[:-1] in words
        against += 1.5 * (len(letters) > 2 and not there)
    if firsts and lasts and fold(lasts[0]) in lex.given and fold(firsts[0]) not in lex.given:
        against += 1
    against += bool(set(map(letters_of, firsts)) & set(map(letters_of, lasts)))
    return against + _halves(words, said)


def everyday(name: str, lex: Lexicon) -> bool:
    """Whether a word of every day is among those of a name."""
    return any(_doubtful(fold(word), lex) >= 2 for word in name.split())


def _doubtful(word: str, lex: Lexicon) -> float:
    if word in lex.words("particles") or word in lex.words("also_names"):
        return 0
    everyday = word in lex.ordinary or word in lex.words("common") or word in lex.words("joins")
    return 2.0 * everyday + (len(word) == 1)


def _halves(words: list[str], said: Said) -> int:
    """Words that only begin or end a longer one that was said and is not among them."""
    longer = {letters_of(word) for word in said.words if len(word) > 4}
    return sum(
        len(word) > 1
        and any(each != word and (each.startswith(word) or each.endswith(word)) for each in longer)
        for word in words
    )
