"""Which of the times offered somebody takes: what they say of them weighed against what they say of their time."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import cache

from lamplighter.conversation.acts import Affirm, Aside, Choose, Give, Interject, NoneOfThose, Unmatched
from lamplighter.conversation.details import Detail, Key, Subject
from lamplighter.conversation.understanding import when
from lamplighter.conversation.understanding.lexicon import Lexicon, anywhere
from lamplighter.conversation.understanding.offers import read_availability
from lamplighter.conversation.understanding.reading import Listening, Reading
from lamplighter.conversation.understanding.text import Said
from lamplighter.conversation.understanding.yesno import read_yes_no
from lamplighter.conversation.wish import Window, Wish

_PATIENCE = 3
"""How many of the words that settle it are tried, from the last."""


@cache
def _title() -> re.Pattern[str]:
    return re.compile(rf"\b({anywhere('title')})\.")


@cache
def _asked_and_refused() -> re.Pattern[str]:
    """ "Thursday? No, I have class"."""
    return re.compile(rf"\?(?= (?:{anywhere('uh')} )?{anywhere('no')}\b)")


def read_choice(said: Said, key: Key, listening: Listening) -> Reading | None:
    if not listening.context.offered:
        return None
    lex = listening.lex
    said = Said(lex.pattern("texted_one").sub("one", said.low))
    said = Said(lex.pattern("it_is").sub(lambda at: f"{at[1]} is", said.low))
    said = Said(_title().sub(lambda at: f"{at[1]} ", said.low))
    said = Said(_asked_and_refused().sub(" ", said.low))
    said = _without(said, [found.span() for found in lex.pattern("of_them").finditer(said.low)])
    asked = _questions(said, lex)
    told = _without(said, asked)
    return _settled(told, [said.cut(*span) for span in asked], listening) or (
        _weighed(told, listening) if told.words else None
    )


def _questions(said: Said, lex: Lexicon) -> list[tuple[int, int]]:
    """Where something is asked about one of those offered, up to where they go on."""
    spans = []
    for found in lex.pattern("asks_of_one").finditer(said.low):
        end = lex.pattern("goes_on").search(said.low, found.start() + 3, found.end())
        spans.append((found.start(), end.start() if end else found.end()))
    return spans


def _without(said: Said, spans: Iterable[tuple[int, int]]) -> Said:
    chars = list(said.text)
    for start, end in spans:
        chars[start:end] = " " * (end - start)
    return Said("".join(chars))


def _settled(said: Said, asked: list[Said], listening: Listening) -> Reading | None:
    """What the answer comes to where it says so itself, whatever was said, asked and taken back on the way there."""
    if _open_still(said, listening):
        return Reading((Interject(Aside.HOLD_ON),), 0, len(said.text), 1.0)
    found = _concluded(said, listening)
    found = _left_over(said, listening) if found is None else found
    found = _pointed_at(said, asked, listening) if found is None else found
    if found is None and asked:
        found = _plainly(said, listening)
        if found is None and _of_those(asked, said, listening):
            return Reading((Interject(Aside.REPEAT),), 0, len(said.text), 1.0)
    found = _before_reason(said, listening) if found is None else found
    return None if found is None else Reading((Choose(found),), 0, len(said.text), 1.0)


def _heard(said: Said, listening: Listening) -> when.Answer:
    context = listening.context
    return when.hear_choice(said.text, context.offered, listening.locale, context.now)


def _plainly(said: Said, listening: Listening) -> int | None:
    """The one that these words choose and nothing in them speaks against, which asks for no time of its own."""
    heard = _heard(said, listening)
    if not isinstance(heard.choice, Choose):
        return None
    index = heard.choice.index
    if heard.pointed:
        said = _without_extreme(_without(said, heard.places), listening)
    wish = _wish(said, listening)
    if wish is None or wish == Wish():
        return index
    fits = [n for n, time in enumerate(listening.context.offered) if wish.allows(time.start)]
    if index not in fits or wish.none_of or len(wish.any_of) > 1:
        return None
    return index if heard.pointed or len(fits) == 1 else None


def _wish(said: Said, listening: Listening) -> Wish | None:
    reading = read_availability(said, Key(Subject.PATIENT, Detail.AVAILABILITY), listening)
    return _told(reading) if reading else None


def _open_still(said: Said, listening: Listening) -> bool:
    """ "Thursday... let me ask my husband": nothing is chosen after what leaves it open, nor firmly before."""
    lex = listening.lex
    last = max((match.end() for match in lex.pattern("undecided").finditer(said.low)), default=None)
    if last is None or lex.pattern("commits").search(said.low[:last]):
        return False
    return _plainly(said.cut(last, len(said.text)), listening) is None


def _concluded(said: Said, listening: Listening) -> int | None:
    """ "Tuesday's out, so I guess Friday it is", "I had the first in mind but the second's better"."""
    lex = listening.lex
    given_up = [match.end() for match in lex.pattern("had_in_mind").finditer(said.low)]
    settles = [match.end() for match in lex.pattern("concludes").finditer(said.low)]
    places = sorted({*settles[-_PATIENCE:], *given_up}, reverse=True)
    for place in (*_at_end(said, lex), *places):
        rest = said.cut(place, len(said.text))
        found = _plainly(rest, listening) if rest.words else None
        if found is None and rest.words:
            found = _before_reason(rest, listening)
        if found is not None and _says_which(rest, said.cut(0, place), listening):
            return found
    return None


def _at_end(said: Said, lex: Lexicon) -> list[int]:
    """Where the words begin that close it: "..., Tuesday then", "... Three thirty, please."."""
    places = []
    if match := lex.pattern("concludes_at_end").search(said.low):
        words = [word.start() for word in re.finditer(r"[^\s,]+", said.low[: match.start()])]
        places += words[-4:]
    last = said.sentences[-1] if len(said.sentences) > 1 else None
    if last and len(last.words) <= 4 and not lex.pattern("joins_in").search(last.low):
        places.append(said.low.rindex(last.low))
    return places


def _says_which(rest: Said, before: Said, listening: Listening) -> bool:
    """Not "Tuesday, yes, but it would have to be in the afternoon", which goes with what was said before."""
    heard = _heard(rest, listening)
    return heard.pointed or heard.dated or not _heard(before, listening).named


def _left_over(said: Said, listening: Listening) -> int | None:
    """ "The Thursday I can't, and Friday I travel, so the one that's left"."""
    matches = list(listening.lex.pattern("the_rest").finditer(said.low))
    if not matches or len(listening.context.offered) < 2:
        return None
    before = said.cut(0, matches[-1].start())
    if not before.words:
        return None
    left = set(range(len(listening.context.offered))) - _heard(before, listening).mentioned
    return left.pop() if len(left) == 1 else None


def _pointed_at(said: Said, asked: list[Said], listening: Listening) -> int | None:
    """ "Dr. Tan speaks Chinese, right? So that one", "the Friday one no, the one before"."""
    lex = listening.lex
    named = [_heard(each, listening) for each in asked]
    for name, step in (("that_one", 0), ("one_before", -1), ("one_after", 1)):
        match = next(reversed(list(lex.pattern(name).finditer(said.low))), None)
        if match is None:
            continue
        heard = [*named, _heard(said.cut(0, match.start()), listening)]
        meant = {index for each in heard for index in each.named}
        gone = {index for each in heard for index in each.refused}
        if len(meant) == 1 and (step or not gone):
            index = meant.pop() + step
            return index if 0 <= index < len(listening.context.offered) else None
    return None


def _of_those(asked: list[Said], said: Said, listening: Listening) -> bool:
    """Whether the question is about one of those offered, and nothing else was said."""
    return any(_heard(each, listening).named for each in asked) and _heard(said, listening).choice is None


def _before_reason(said: Said, listening: Listening) -> int | None:
    """ "Friday, because I work Tuesdays": what is whole before a reason, unless the reason binds it."""
    lex = listening.lex
    match = lex.pattern("reason").search(said.low)
    if match is None or lex.pattern("binds").search(said.low, match.end()):
        return None
    return _plainly(said.cut(0, match.start()), listening)


def _weighed(said: Said, listening: Listening) -> Reading | None:
    heard = _heard(said, listening)
    chosen = heard.choice
    timed = _without_extreme(_without(said, heard.places), listening) if isinstance(chosen, Choose) else said
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
    if isinstance(chosen, Choose) and not (wish and _first_told(said, wish, heard, listening)):
        return Reading((chosen,), 0, len(said.text), 1.0)
    if isinstance(chosen, NoneOfThose):
        further = chosen.towards in ("later_date", "earlier_date") and wish and _fits_all(wish, listening)
        if further or (wish and _only_relative(said, wish, listening)):
            return Reading((chosen,), 0, len(said.text), 1.0)
        if wish and _fits_all(wish, listening):
            return wish  # "Friday mornings, nothing else works", said to Friday mornings
        return Reading((chosen, *(wish.acts if wish else ())), 0, 0, 1.0)
    if wish and not (isinstance(chosen, Unmatched) and _only_ordinal(said, listening)):
        return wish
    if isinstance(chosen, Unmatched) and heard.pointed and not (heard.places or heard.dated):
        return Reading(
            (NoneOfThose("others"),), 0, 0, 1.0
        )  # "Dr. Osei, but not by video", who was offered by video
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
    return any(not any(_on(w, local) for local in offered) for w in named)


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


def _first_told(text: Said, wish: Reading, heard: when.Answer, listening: Listening) -> bool:
    """Whether somebody who was never asked now says when they can come, rather than picking a time."""
    chosen = heard.choice
    if Key(Subject.PATIENT, Detail.AVAILABILITY) in listening.context.known or not isinstance(chosen, Choose):
        return False
    said = _told(wish)
    fits = [n for n, time in enumerate(listening.context.offered) if said.allows(time.start)]
    if fits == [chosen.index] and not listening.lex.pattern("recurring").search(text.low):
        return False
    if heard.pointed and chosen.index in fits:
        return False
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
