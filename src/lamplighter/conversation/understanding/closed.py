"""Readers of what is answered with a yes or a no, and of nothing but that."""

import re

from lamplighter.conversation.acts import Act, Affirm, Deny, Give
from lamplighter.conversation.details import Detail, Key
from lamplighter.conversation.understanding.clues import fired
from lamplighter.conversation.understanding.insurers import find_insurer, pays_oneself
from lamplighter.conversation.understanding.lexicon import Lexicon, anywhere
from lamplighter.conversation.understanding.reading import Listening, Reading
from lamplighter.conversation.understanding.short import short_answer
from lamplighter.conversation.understanding.text import Said
from lamplighter.conversation.understanding.yesno import Answer, read_yes_no, with_exception


def yes_or_no(said: Said, key: Key, listening: Listening) -> Reading | None:
    lex = listening.lex
    for name, pattern in lex.group("yes_no_detail").items():
        match = pattern.search(said.low)
        if match and name.rpartition("_")[0] == key.detail.value:
            return _truth(key, name.endswith("_yes"), match.start(), match.end(), 1.0)
    if key.detail is Detail.NEW_PATIENT and (known := newness(said, listening)) is not None:
        return known
    answer = read_yes_no(said, lex)
    if answer is None:
        return None
    thanked = (
        answer.yes and key.detail in _OFFERED and lex.pattern("plain_no").match(said.low[answer.start :])
    )
    return _truth(key, answer.yes and not thanked, 0, answer.end, 0.8 if answer.whole else 0.6)


_OFFERED = frozenset({Detail.PERSON, Detail.WAITLIST, Detail.PLAN_CHECK, Detail.REMINDER_CONSENT})
"""What is offered: "no, it's okay" turns it down."""


def newness(said: Said, listening: Listening) -> Reading | None:
    """New or not. "I have" and "I haven't" answer "have you been here before?", whatever a bare yes means."""
    bare = listening.lex.pattern("filler_lead").sub("", said.low.strip(" .,!?"))
    for name, value in (("new_answer_yes", True), ("new_answer_no", False)):
        if listening.lex.pattern(name).fullmatch(bare):
            return _newness_is(value, 0, len(said.text))
    for name, value in (("new_yes", True), ("new_no", False)):
        if match := listening.lex.pattern(name).search(said.low):
            return _newness_is(value, match.start(), match.end())
    answer = read_yes_no(said, listening.lex)
    rest = said.low[answer.end :].strip(" ,.!") if answer else ""
    for name, value in (("new_answer_yes", True), ("new_answer_no", False)):
        if rest and listening.lex.pattern(name).fullmatch(rest):
            return _newness_is(value, 0, len(said.text))
    return None


def _newness_is(value: bool, start: int, end: int) -> Reading:
    return Reading((Give(Detail.NEW_PATIENT, str(value).lower()),), start, end, 1.0)


def _truth(key: Key, value: bool, start: int, end: int, sure: float) -> Reading:
    bare: Act = Affirm() if value else Deny()
    return Reading((bare, Give(key.detail, str(value).lower(), key.subject)), start, end, sure)


def self_pay(said: Said, key: Key, listening: Listening) -> Reading | None:
    lex = listening.lex
    if match := pays_oneself(said, lex):
        return Reading((Give(Detail.SELF_PAY, "true"),), match.start(), match.end(), 1.0)
    insurer = find_insurer(said, listening.context.practice, lex, asked=False)
    if insurer:
        return Reading((Give(Detail.INSURANCE, insurer.value),), insurer.start, insurer.end, 1.0)
    if match := lex.pattern("has_insurance").search(said.low):
        return Reading((Give(Detail.SELF_PAY, "false"),), match.start(), match.end(), 0.9)
    return yes_or_no(said, key, listening)


def bare_answer(said: Said, key: Key, listening: Listening) -> Reading | None:
    """Yes or no to a summary, a read-back or "anything else?"."""
    lex = listening.lex
    if key.detail is Detail.ANYTHING_ELSE and (match := lex.pattern("enough").search(said.low)):
        return Reading((Deny(),), 0, match.end(), 1.0)
    got_it = lex.pattern("got_it_all").search(said.low) if "?" not in said.text else None
    if key.detail is Detail.ANYTHING_ELSE and got_it:
        return Reading((Deny(),), 0, got_it.end(), 1.0)
    if key.detail is Detail.ANYTHING_ELSE and _winds_up(said, lex):
        return Reading((Deny(),), 0, len(said.text), 1.0)
    answer = read_yes_no(said, lex)
    if answer is None or with_exception(said, answer, lex):
        return None
    if key.detail is Detail.ANYTHING_ELSE and answer.yes and _no_with_content(said, answer, lex):
        return Reading((Deny(),), 0, answer.end, 0.9)
    if (
        key.detail is Detail.ANYTHING_ELSE
        and answer.yes
        and not _names_an_errand(said.low[answer.end :], lex)
    ):
        if _no_after_all(said, lex):
            return Reading((Deny(),), 0, len(said.text), 0.9)
        if meant := short_answer(said, key, listening):
            return Reading(meant, 0, len(said.text), 0.9)  # "k thx", "no worries, I'll text her"
    return Reading((Affirm() if answer.yes else Deny(),), 0, answer.end, 0.9 if answer.whole else 0.7)


def _no_with_content(said: Said, answer: Answer, lex: Lexicon) -> bool:
    """ "No, that'll do 'er" wants nothing more, and "no, wait, yes" does."""
    first_no = lex.pattern("plain_no").match(said.low[answer.start :])
    return first_no is not None and not re.search(rf"\b{anywhere('yes_after_all')}\b", said.low)


def _names_an_errand(rest: str, lex: Lexicon) -> bool:
    """ "All right, then I want to leave word"."""
    return any(name.startswith("errands/") for name in fired(rest, lex.language))


def _no_after_all(said: Said, lex: Lexicon) -> bool:
    """ "Okay, I understand, no thanks": the no stands at the end, and asks nothing."""
    last = re.split(r"[,.;!]", said.low.strip(" ,.;!"))[-1].strip()
    return "?" not in said.text and bool(lex.pattern("plain_no").match(last))


def _winds_up(said: Said, lex: Lexicon) -> bool:
    """ "K thx", "no worries, I'll text her": nothing but content."""
    return not re.search(r"\w", lex.pattern("winds_up").sub(" ", said.low))
