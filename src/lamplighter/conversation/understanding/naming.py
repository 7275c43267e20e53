"""The words of a name: where they begin behind "um yeah so it's", which words can be one, and where they end."""

import re
from functools import lru_cache

from lamplighter.conversation.understanding.composing import ALIKE, Word, composed, is_part
from lamplighter.conversation.understanding.lexicon import Lexicon, lexicon, words_anywhere
from lamplighter.conversation.understanding.spelling import Spelled, looks_like, spelled
from lamplighter.conversation.understanding.text import Said, fold

_TOKEN = re.compile(r"[^\W\d_]+(?:['\-][^\W\d_]+)*\.?")
LONGEST_NAME = 5


def strip_lead(said: Said, lex: Lexicon) -> tuple[int, int]:
    """Where the value stands once "um yeah so it's" before it and "please" after it are gone."""
    start, end = 0, len(said.low)
    lead, trail = lex.pattern("lead_in"), lex.pattern("trail")
    while start < end:
        start += len(said.low[start:end]) - len(said.low[start:end].lstrip(' ,.:;-!?"'))
        match = lead.match(said.low, start, end)
        if not match or match.end() == start or _a_letter(said.low, match):
            break
        start = match.end()
    while end > start:
        end = start + len(said.low[start:end].rstrip(' ,.:;-!?"'))
        last = [m for m in trail.finditer(said.low, start, end) if m.end() == end and m.start() > start]
        if not last:
            break
        end = last[0].start()
    return start, end


def _a_letter(low: str, match: re.Match[str]) -> bool:
    """Whether what looks like "and" is the first of letters spelled: "Y-A-D-I-R-A"."""
    return len(match.group()) == 1 and bool(re.match(r"[-,. ]+\w(?!\w)", low[match.end() :]))


def name_words(said: Said, start: int, end: int, lex: Lexicon, *, asked: bool) -> tuple[Word, ...]:
    """The row of words from `start` that can be a name, spelled ones put together, up to the first that cannot."""
    return _name_words(said.text, start, end, lex.language, asked)


@lru_cache(maxsize=64)
def _name_words(text: str, start: int, end: int, language: str, asked: bool) -> tuple[Word, ...]:
    """A first name and a last are looked for in the same words."""
    said, lex = Said(text), lexicon(language)
    rows = [row for row in spelled(said, lex) if start <= row.start < end]
    words: list[Word] = []
    at, explains = start, False
    while at < end and len(words) < 2 * LONGEST_NAME:
        if row := _row_at(said, at, rows):
            words.append(Word(row.letters, row.start, row.end, True))
            at, explains = row.end, False
            continue
        match = _TOKEN.search(said.text, at, end)
        if not match or not _only_marks(between := said.low[at : match.start()]):
            break
        text = match.group()
        text = text if fold(text) in {"st.", "ste."} else text.rstrip(".")
        if hesitates(text) or (words and fold(text) in lex.words("hesitations")):
            at = match.end()
            continue
        fits = nameable(text, lex, asked=asked, alone=_alone(said, match, start, end))
        fits = fits or _begins_a_surname(said, match, end, lex)
        fits = fits and not _aside(text, said.low[words[-1].end if words else at : match.start()], words, lex)
        fits = fits and not (explains and (text.islower() or words[-1].spelled))
        if fits and not _stops(between, words):
            words.append(Word(text, match.start(), match.end()))
            at = match.end()
            continue
        explained = fold(text) in lex.words("spell_words") and (asked or len(text) > 1)
        if words and explained and not fits:
            explains = explains or fold(text) not in lex.words("between_parts")
            at = match.end()
            continue
        further = _told_further_on(said, at, end, rows, words, lex)
        if further is None or further <= at:
            break
        at = further
    words = composed(words)[:LONGEST_NAME]
    while words and fold(words[-1].text) in lex.words("particles") and len(words) > 1:
        words.pop()
    particles = lex.words("particles")
    return tuple(words) if any(fold(w.text) not in particles or w.spelled for w in words) else ()


def _row_at(said: Said, at: int, rows: list[Spelled]) -> Spelled | None:
    return next(
        (r for r in rows if r.end > at and (r.start <= at or _only_marks(said.low[at : r.start]))), None
    )


def _aside(text: str, between: str, words: list[Word], lex: Lexicon) -> bool:
    """ "Delphine, dear": a small word behind a comma, where names are written with a capital."""
    if (
        "," not in between
        or not text.islower()
        or fold(text) in lex.words("particles") | lex.words("given_names")
    ):
        return False
    said = [word for word in words if not word.spelled]
    return any(word.text[:1].isupper() for word in said) and not is_part(text, said)


_FURTHER = 45  # characters between a name and more of its spelling
_SENTENCE_END = re.compile(r"[.;!\n]")


def _told_further_on(
    said: Said, at: int, end: int, rows: list[Spelled], words: list[Word], lex: Lexicon
) -> int | None:
    """Where the name just said is spelled, or its next part said and spelled: "then Cole, c o l e"."""
    named = [word for word in words if not word.spelled]
    if not named:
        return None
    upto = min(end, at + _FURTHER)
    stop = _SENTENCE_END.search(said.low, at, upto)
    upto = stop.start() if stop else upto
    near = [row for row in rows if at <= row.start < upto]
    for match in _TOKEN.finditer(said.text, at, upto):
        row = next((row for row in near if row.start <= match.start() < row.end), None)
        if row:
            about = is_part(row.letters, named) or looks_like(named[-1].text, row.letters) >= ALIKE
            return row.start if about else None
        behind = _row_at(said, match.end(), near)
        if behind and looks_like(match.group(), behind.letters) >= ALIKE:
            return match.start()
        if is_part(match.group(), named) and len(match.group()) > 2 and match.group().islower():
            return match.start()
    return None


_SHORT_VERBS = ("'d", "'ve", "'ll", "'re", "'m", "n't")
_HESITATION = re.compile(r"u+h+m*|u+m+|e+r+m*|h+m+|a+h+|o+h+|m{2,}|e+h+m*|e+m{2,}")

_WORDS_BEFORE = re.compile(r"[\w']+(?=\W*$)")


def without_likeness(said: Said, lex: Lexicon) -> Said:
    """ "Quillfeather, like a quill and a feather" without what it is like, every word in its place."""
    text = said.text
    for match in lex.pattern("simile").finditer(said.low):
        if any(
            cue.end() + 1 >= match.start()
            for cue in lex.pattern("naming").finditer(said.low, 0, match.start())
        ):
            continue  # "me registraron como Tránsito"
        before = _WORDS_BEFORE.search(said.low[: match.start()])
        word = before.group() if before else ""
        if len(word) > 1 and word not in lex.words("common") - lex.words("also_names"):
            text = text[: match.start()] + ",".ljust(match.end() - match.start()) + text[match.end() :]
    return Said(text) if text != said.text else said


def hesitates(word: str) -> bool:
    return _HESITATION.fullmatch(fold(word)) is not None


def _only_marks(between: str) -> bool:
    return not any(char.isalnum() for char in between)


def _stops(between: str, words: list[Word]) -> bool:
    return bool(words) and any(mark in between for mark in "?!;\n")


def _alone(said: Said, match: re.Match[str], start: int, end: int) -> bool:
    return not said.low[start : match.start()].strip(" ,.") and not said.low[match.end() : end].strip(" ,.")


def _begins_a_surname(said: Said, match: re.Match[str], end: int, lex: Lexicon) -> bool:
    """The first word of "Dos Santos", which is a number too."""
    low = fold(match.group())
    behind = _TOKEN.match(said.text, match.end() + 1, end)
    if low not in lex.words("particles") or low not in lex.table("digits") or not behind:
        return False
    word = fold(behind.group())
    return word not in lex.words("particles") and nameable(word, lex, asked=True, alone=False)


def nameable(text: str, lex: Lexicon, *, asked: bool, alone: bool) -> bool:
    low = fold(text)
    if low.endswith(_SHORT_VERBS):
        return False
    if (
        low in lex.words("fillers") - lex.words("also_names")
        or hesitates(low)
        or set(low.split("-")) & (lex.table("tens").keys() | words_anywhere("name_part_no_name"))
        or low in lex.table("tens")
        or (len(low) > 2 and low in lex.table("digits"))
    ):
        return False
    if low in lex.words("particles") and len(low) > 1:
        return True
    if low in lex.words("common"):
        return asked and low in lex.words("also_names")
    return len(low) > 1 or not low.isascii() or (asked and not alone and text.isupper())
