"""What is wanted instead of what a summary said: "ten instead of nine", "Luis rather than Dr. Osei", "make it eleven".

The words are put so that whoever reads them next finds only what is wanted now.
"""

import re

from lamplighter.conversation.understanding import when
from lamplighter.conversation.understanding.reading import Listening
from lamplighter.conversation.understanding.text import Said, fold
from lamplighter.conversation.wish import Window

_HOURS = 12  # of a clock face
MOST_DENIED = 5  # words of "not on Monday at nine"


def as_wanted(said: Said, listening: Listening) -> Said:
    return _hour_told(_without_what_was(_begun_with_no(said, listening), listening), listening)


def _without_what_was(said: Said, listening: Listening) -> Said:
    """Without what they want no longer, where it is said beside what they want instead of it."""
    text = said.text
    for name in ("instead_of", "and_not"):
        for found in reversed(list(listening.lex.pattern(name).finditer(Said(text).low))):
            text = _cut_out(text, found, listening, surely=name == "instead_of")
    return Said(text)


def _cut_out(text: str, found: re.Match[str], listening: Listening, *, surely: bool) -> str:
    ends = listening.lex.pattern("summary_joint").search(fold(text), found.end())
    upto = min(ends.start() if ends else len(text), _stop(text, found.end()))
    denied, before = text[found.end() : upto].strip(), text[: found.start()]
    if not denied or len(denied.split()) > MOST_DENIED or not re.search(r"\w", before):
        return text
    of_hour, of_day = _of_the_hour(denied, listening), _of_the_day(denied, listening)
    if not (surely or of_hour or of_day):
        return text
    if of_hour:
        before = _as_hour(before, listening)
    return before.rstrip(" ,") + text[upto:]


def _begun_with_no(said: Said, listening: Listening) -> Said:
    """ "Two things: ..." said to a summary is a no to it."""
    lead = listening.lex.pattern("summary_lead").match(said.low.lstrip())
    if lead is None:
        return said
    no = listening.lex.table("summary_words")["no"]
    return Said(f"{no}, {said.text[lead.end() :].lstrip(' ,:.;-')}")


def _hour_told(said: Said, listening: Listening) -> Said:
    """ "Make it ten", "what about 10?": a bare number behind such words is the hour."""
    for found in listening.lex.pattern("summary_hour").finditer(said.low):
        clock = _clocked(said.text[found.start("number") : found.end("number")], listening)
        if any(window.at for window in windows_in(clock, listening)):
            return Said(said.text[: found.start("number")] + clock + said.text[found.end("number") :])
    return said


def _stop(text: str, start: int) -> int:
    found = re.search(r"[.,;!?]", text[start:])
    return start + found.start() if found else len(text)


def windows_in(text: str, listening: Listening) -> tuple[Window, ...]:
    context = listening.context
    found = when.find_wish(text, listening.locale, context.now, context.practice)
    return found.value.any_of if found else ()


def _clocked(word: str, listening: Listening) -> str:
    """The word as an hour is said: "at ten o'clock"."""
    return listening.lex.table("summary_words")["clock"].replace("%", word)


def _of_the_hour(denied: str, listening: Listening) -> bool:
    """Whether it is the hour that was agreed to: "nine", "nine in the morning"."""
    chosen = listening.context.chosen
    texts = [denied] if len(denied.split()) > 1 else [denied, _clocked(denied, listening)]
    return chosen is not None and any(
        window.at is not None
        and window.at.hour % _HOURS == chosen.start.hour % _HOURS
        and window.at.minute == chosen.start.minute
        for text in texts
        for window in windows_in(text, listening)
    )


def _of_the_day(denied: str, listening: Listening) -> bool:
    """Whether it is the day that was agreed to: "Monday", "the seventh"."""
    chosen = listening.context.chosen
    if chosen is None:
        return False
    windows = windows_in(denied, listening)
    return any(
        (window.weekdays or window.first)
        and Window(window.weekdays, window.first, window.last).fits(chosen.start.replace(tzinfo=None))
        for window in windows
    )


def _as_hour(text: str, listening: Listening) -> str:
    """ "I said ten": the number that stands for the hour, said as one."""
    if any(window.at for window in windows_in(text, listening)):
        return text
    for word in reversed(list(re.finditer(r"[\w:]+", text))):
        clock = _clocked(word.group(), listening)
        if any(window.at for window in windows_in(clock, listening)):
            return text[: word.start()] + clock + text[word.end() :]
    return text
