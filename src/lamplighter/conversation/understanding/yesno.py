"""Yes and no: bare, in front of something else, with the slips that a recogniser makes of them."""

from dataclasses import dataclass
from functools import lru_cache

from lamplighter.conversation.understanding.lexicon import Lexicon, lexicon
from lamplighter.conversation.understanding.text import Said

MOST_IN_A_ROW = 6


@dataclass(frozen=True, slots=True)
class Answer:
    """`yes` and where the words that say it end. `whole`: nothing else was said."""

    yes: bool
    start: int
    end: int
    whole: bool


def read_yes_no(said: Said, lex: Lexicon) -> Answer | None:
    """What the text begins with; of several in a row the last counts ("yeah, no")."""
    return _read(said.text, lex.language)


@lru_cache(maxsize=64)
def _read(text: str, language: str) -> Answer | None:
    """Question after question looks for it in the same words."""
    said, lex = Said(text), lexicon(language)
    answer: Answer | None = None
    at = 0 if _at(said, 0, lex) else _skip(said, 0, lex)
    start = at
    for _ in range(MOST_IN_A_ROW):
        found = _at(said, at, lex)
        if not found:
            break
        yes, end = found
        if answer and yes and _governed(said, answer, at, lex):
            return Answer(False, start, end, _skip(said, end, lex) >= len(said.low))
        at = _skip(said, end, lex)
        answer = Answer(yes, start, end, at >= len(said.low))
    return answer or _slip(said, lex)


def _governed(said: Said, before: Answer, at: int, lex: Lexicon) -> bool:
    """ "Don't | book it" is no yes: the refusal governs what follows it without a pause."""
    last = said.low[before.start : before.end]
    if before.yes or any(mark in said.low[before.end : at] for mark in ",.;!?"):
        return False
    return any(match.end() == len(last) for match in lex.pattern("deny_governs").finditer(last))


def _at(said: Said, at: int, lex: Lexicon) -> tuple[bool, int] | None:
    best: tuple[bool, int] | None = None
    for name, yes in (("affirm", True), ("deny", False)):
        match = lex.pattern(name).match(said.low, at)
        if match and (best is None or match.end() > best[1]):
            best = (yes, match.end())
    return best


def _skip(said: Said, at: int, lex: Lexicon) -> int:
    while at < len(said.low):
        if not said.low[at].isalnum():
            at += 1
            continue
        match = lex.pattern("hesitation").match(said.low, at)
        if not match or match.end() == at:
            break
        at = match.end()
    return at


def _slip(said: Said, lex: Lexicon) -> Answer | None:
    """A whole utterance that a recogniser makes of a short yes or no: "now" for no, "years" for yes."""
    bare = said.low.strip(" .,!?")
    if not bare:
        return None
    if lex.pattern("affirm_slips").fullmatch(bare):
        return Answer(True, 0, len(said.low), True)
    if lex.pattern("deny_slips").fullmatch(bare):
        return Answer(False, 0, len(said.low), True)
    return None


def with_exception(said: Said, answer: Answer, lex: Lexicon) -> bool:
    """ "Everything's right except the phone", "yes, but it's wrong": no yes to all of it."""
    rest = said.low[answer.end :].lstrip(" ,.;")
    return answer.yes and bool(lex.pattern("but_not").match(rest))


def declines(said: Said, lex: Lexicon) -> bool:
    """ "I don't know", "skip", "I'd rather not say"."""
    return any(lex.pattern(name).search(said.low) for name in ("dont_know", "refuse"))
