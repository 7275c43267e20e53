"""Standing visits: this one or all of them, and a new one that comes again every week."""

from dataclasses import dataclass

from lamplighter.conversation.acts import Act, Affirm, Deny, Give, Intend
from lamplighter.conversation.details import Detail, Errand, Key, Subject
from lamplighter.conversation.understanding.reading import Listening
from lamplighter.conversation.understanding.text import Said
from lamplighter.conversation.understanding.yesno import read_yes_no

_CHANGING = frozenset({Errand.MOVE, Errand.CANCEL})
_BOOKING = frozenset({Errand.FIRST_APPOINTMENT, Errand.FOLLOW_UP})
_WHICH = frozenset({Detail.CONFIRM_DETAIL, Detail.CONFIRM, Detail.CHOICE})

_OF_TIMES = frozenset({Detail.AVAILABILITY, Detail.CHOICE, Detail.CONFIRM, Detail.ERRAND})


@dataclass(frozen=True, slots=True)
class Part:
    """Which of a standing visit is meant, or a yes to it where that was read out, and what else was said."""

    act: Give | Affirm
    rest: Said


def told_part(said: Said, listening: Listening) -> Part | None:
    """The answer to which of them it is, where one of several is being moved or cancelled: "all of them", "no, just
    that one". Asked for one of several times, only "all" is an answer of this kind."""
    asked = {key.detail for key in listening.context.asked}
    if not listening.context.standing or not asked & _WHICH:
        return None
    lex = listening.lex
    bare = lex.pattern("not_all_visits").sub(lambda at: " " * len(at.group()), said.low)
    whole = lex.pattern("all_visits_alone").fullmatch(bare.strip(" .,!?"))
    every = lex.pattern("all_visits").search(bare)
    one = None if Detail.CHOICE in asked else lex.pattern("one_visit").search(said.low)
    if whole:
        return Part(_meant("all", said, listening), Said(""))
    if (every is None) == (one is None):
        return None
    match, value = (every, "all") if every else (one, "one")
    assert match is not None
    return Part(_meant(value, said, listening), said.without((match.start(), match.end())))


def _meant(value: str, said: Said, listening: Listening) -> Give | Affirm:
    """ "All of them" to "shall I cancel that one and all that follow?" is a yes; behind a no it is none."""
    context = listening.context
    read_out = {key.detail for key in context.asked} == {Detail.CONFIRM}
    answer = read_yes_no(said, listening.lex)
    refused = answer is not None and not answer.yes
    if read_out and not refused and context.known.get(Key(Subject.PATIENT, Detail.SERIES)) == value:
        return Affirm()
    return Give(Detail.SERIES, value)


def for_one_of_several(said: Said, listening: Listening) -> tuple[Act, ...] | None:
    """ "Only me, she'll still come", "I'd have to ask him first": a visit for several is moved or cancelled for all of
    them or by a person, and while one of them is to be asked nothing changes."""
    asked = {key.detail for key in listening.context.asked}
    if not listening.context.several or Detail.CONFIRM not in asked:
        return None
    lex = listening.lex
    if lex.pattern("only_for_me").search(said.low):
        return (Intend(Errand.PERSON),)
    return (Deny(),) if lex.pattern("asks_them_first").search(said.low) else None


def with_series(acts: tuple[Act, ...], said: Said, listening: Listening) -> tuple[Act, ...]:
    """With what was said unasked of a series: "cancel all my appointments", "I'd like to come every other Tuesday"."""
    begun = {act.errand for act in acts if isinstance(act, Intend)}
    often = _how_often(said, listening)
    if often and listening.lex.pattern("other_rhythm").search(said.low):
        return (Intend(Errand.PERSON),)  # no script changes how often somebody comes
    if often and Errand.MOVE in begun and not listening.lex.pattern("moves_a_visit").search(said.low):
        begun = {Errand.FIRST_APPOINTMENT}
        acts = tuple(Intend(Errand.FIRST_APPOINTMENT) if act == Intend(Errand.MOVE) else act for act in acts)
    if begun & _CHANGING and listening.lex.pattern("they_still_come").search(said.low):
        return (Intend(Errand.PERSON),)
    if begun & _CHANGING:
        return (*acts, *_which(said, listening))
    asked = {key.detail for key in listening.context.asked}
    if begun & _BOOKING or (listening.context.errand in _BOOKING and asked & _OF_TIMES):
        return (*acts, *often)
    return acts


def _which(said: Said, listening: Listening) -> list[Act]:
    if listening.lex.pattern("this_visit_only").search(said.low):
        return [Give(Detail.SERIES, "one")]
    not_all = listening.lex.pattern("not_all_visits").sub("", said.low)
    return [Give(Detail.SERIES, "all")] if listening.lex.pattern("all_my_visits").search(not_all) else []


def _how_often(said: Said, listening: Listening) -> list[Act]:
    lex = listening.lex
    other = lex.pattern("often_of_other_things")
    for name, pattern in lex.group("how_often").items():
        if any(not other.search(said.low[: match.end()]) for match in pattern.finditer(said.low)):
            return [Give(Detail.HOW_OFTEN, name)]
    return []
