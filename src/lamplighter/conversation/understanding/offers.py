"""When somebody can come, when to call them back, and which of the times offered they take."""

import re
from dataclasses import replace
from datetime import datetime

from lamplighter.conversation.acts import Affirm, Choose, Give, NoneOfThose, Unmatched
from lamplighter.conversation.details import Detail, Key, Subject
from lamplighter.conversation.understanding import when
from lamplighter.conversation.understanding.context import Found
from lamplighter.conversation.understanding.lexicon import Lexicon
from lamplighter.conversation.understanding.reading import Listening, Reading, given
from lamplighter.conversation.understanding.text import Said
from lamplighter.conversation.understanding.yesno import read_yes_no
from lamplighter.conversation.wish import Window, Wish


def timeless_masked(said: Said, lex: Lexicon) -> Said:
    """Blanks what sounds like a time and is none: "right now", "last week", "we'd"."""
    return Said("".join(_blanked(said, lex)))


def _blanked(said: Said, lex: Lexicon) -> list[str]:
    chars = list(said.text)
    for match in lex.pattern("no_wish").finditer(said.low):
        chars[match.start() : match.end()] = " " * (match.end() - match.start())
    return chars


def read_availability(said: Said, key: Key, listening: Listening) -> Reading | None:
    context = listening.context
    said = timeless_masked(said, listening.lex)
    found = when.find_wish(said.text, listening.locale, context.now, context.practice, context.moving)
    if found and found.value == Wish() and key not in context.asked:
        return None
    return given(Found(found.value.dumps(), found.start, found.end), key) if found else None


def read_callback(said: Said, key: Key, listening: Listening) -> Reading | None:
    context = listening.context
    found = when.find_callback_time(said.text, listening.locale, context.now, context.practice)
    return given(found, key)


def read_choice(said: Said, key: Key, listening: Listening) -> Reading | None:
    context = listening.context
    if not context.offered:
        return None
    said = Said(listening.lex.pattern("texted_one").sub("one", said.low))
    chosen = when.find_choice(said.text, context.offered, listening.locale, context.now)
    timed = _without_extreme(said, listening) if isinstance(chosen, Choose) else said
    wish = read_availability(timed, Key(Subject.PATIENT, Detail.AVAILABILITY), listening)
    if isinstance(chosen, Choose) and wish and _told_before(said, wish, listening):
        return wish
    if isinstance(chosen, Choose) and wish and _shuts_out(wish, chosen, listening):
        named = _named_hour(wish, listening)
        return wish if named is None else Reading((Choose(named),), 0, len(said.text), 1.0)
    if isinstance(chosen, Choose) and wish and _names_another_day(wish, listening):
        return wish
    if isinstance(chosen, Choose) and wish and _is_between_them(wish, listening):
        return Reading((Affirm(),), 0, len(said.text), 0.6)
    if isinstance(chosen, Choose) and not (wish and _first_told(said, wish, chosen, listening)):
        return Reading((chosen,), 0, len(said.text), 1.0)
    if isinstance(chosen, NoneOfThose):
        if wish and _only_relative(said, wish, listening):
            return Reading((chosen,), 0, len(said.text), 1.0)
        if wish and _fits_all(wish, listening):
            return wish  # "Friday mornings, nothing else works", said to Friday mornings
        return Reading((chosen, *(wish.acts if wish else ())), 0, 0, 1.0)
    if wish and not (isinstance(chosen, Unmatched) and _only_ordinal(said, listening)):
        return wish
    if isinstance(chosen, Unmatched):
        return Reading((chosen,), 0, len(said.text), 0.8)
    return _bare_choice(said, listening)


def _without_extreme(said: Said, listening: Listening) -> Said:
    """ "La más temprano", "the late one" picks one of those offered and says no part of the day."""
    return Said(listening.lex.pattern("picks_extreme").sub(lambda at: " " * len(at.group()), said.low))


def _told(wish: Reading) -> Wish:
    act = wish.acts[0]
    return Wish.loads(act.value) if isinstance(act, Give) else Wish()


def _shuts_out(wish: Reading, chosen: Choose, listening: Listening) -> bool:
    """ "First week of March, nothing before 11", said to nine o'clock, is no choice whatever else it sounds like."""
    told = _told(wish)
    plain = any(w.weekdays or w.start or w.before or w.at or w.first != w.last for w in told.any_of)
    if not plain and not told.none_of:
        return False  # "go with the first" is no first of the month
    return not told.allows(listening.context.offered[chosen.index].start)


def _named_hour(wish: Reading, listening: Listening) -> int | None:
    """ "The ten o'clock if there is one, otherwise the first": the one time offered at the hour that was named."""
    told = _told(wish)
    hours = {window.at for window in told.any_of if window.at}
    fits = [n for n, time in enumerate(listening.context.offered) if time.start.time() in hours]
    return fits[0] if len(fits) == 1 else None


def _names_another_day(wish: Reading, listening: Listening) -> bool:
    """ "Tuesday or Wednesday after one", said where only Wednesday was offered, asks for both."""
    days = [w for w in _told(wish).any_of if w.weekdays]
    named = [replace(w, weekdays=frozenset({day})) for w in days for day in w.weekdays]
    offered = [time.start for time in listening.context.offered]
    return len(named) > 1 and any(not any(_on(w, local) for local in offered) for w in named)


def _is_between_them(wish: Reading, listening: Listening) -> bool:
    """ "The 17th or the 19th, one or later", where just these were offered, chooses none of them yet."""
    dated = {w.first for w in _told(wish).any_of if w.first is not None and w.first == w.last}
    return len(dated) > 1 and len(listening.context.offered) > 1 and _fits_all(wish, listening)


def _on(window: Window, local: datetime) -> bool:
    return replace(window, start=None, before=None, at=None).fits(local)


def _fits_all(wish: Reading, listening: Listening) -> bool:
    told = _told(wish)
    return bool(told.any_of) and all(told.allows(time.start) for time in listening.context.offered)


def _only_ordinal(said: Said, listening: Listening) -> bool:
    """ "The third one" points at an offer, whatever day of the month it might be."""
    return bool(listening.lex.pattern("bare_ordinal").fullmatch(said.low.strip(" .,!?¿¡")))


def _only_relative(said: Said, wish: Reading, listening: Listening) -> bool:
    """ "Anything earlier in the day?" says no time of its own beside which way to look."""
    told = _told(wish)
    named = any(w.weekdays or w.first or w.last or w.at for w in (*told.any_of, *told.none_of))
    numbered = re.search(r"\d", said.low) or any(word in listening.lex.table("digits") for word in said.words)
    return not named and not numbered and bool(listening.lex.pattern("relative").search(said.low))


def _first_told(text: Said, wish: Reading, chosen: Choose, listening: Listening) -> bool:
    """Whether somebody who was never asked now says when they can come, rather than picking a time."""
    if Key(Subject.PATIENT, Detail.AVAILABILITY) in listening.context.known:
        return False
    said = _told(wish)
    other = listening.lex.pattern("the_other").search(text.low)
    leaves_it = other and not said.any_of and said.allows(listening.context.offered[chosen.index].start)
    return bool(said.none_of and not leaves_it) or len(said.any_of) > 1


def _told_before(text: Said, wish: Reading, listening: Listening) -> bool:
    """Whether the wish that led to the offer is only said again, and every time offered fits it."""
    context = listening.context
    known = context.known.get(Key(Subject.PATIENT, Detail.AVAILABILITY))
    act = wish.acts[0]
    if len(context.offered) < 2 or not isinstance(act, Give) or act.value != known:
        return False
    return wish.end - wish.start >= len(text.text.strip(" .,!?")) - 1


def _bare_choice(said: Said, listening: Listening) -> Reading | None:
    """Yes to a single time is that time; yes to several says nothing yet; no refuses them all."""
    answer = read_yes_no(said, listening.lex)
    if answer is None:
        return None
    if not answer.yes:
        return Reading((NoneOfThose(),), 0, answer.end, 0.8)
    if len(listening.context.offered) == 1:
        return Reading((Choose(0),), 0, answer.end, 0.8)
    return Reading((Affirm(),), 0, answer.end, 0.6)
