"""Whose plan it is, said where that was not asked: "yes, but it's my husband's" to a plan that was read back, "the
policy is my wife's". Without these words, what is left is the answer to what was asked."""

import re
from dataclasses import dataclass

from lamplighter.conversation.acts import Give
from lamplighter.conversation.details import Detail
from lamplighter.conversation.understanding.context import Found
from lamplighter.conversation.understanding.lexicon import Lexicon
from lamplighter.conversation.understanding.reading import Listening
from lamplighter.conversation.understanding.text import Said

_OF_A_PLAN = frozenset({Detail.INSURANCE, Detail.MEMBER_ID})
_BETWEEN = " ,"
_ENDS = re.compile(r" *(?:[.,!;]|$)")


@dataclass(frozen=True, slots=True)
class Held:
    """`rest`: what else was said."""

    act: Give
    rest: Said


def told_holder(said: Said, listening: Listening) -> Held | None:
    """None where it was asked, which is another question; where they ask something; or where it may be said of
    anything else than their plan."""
    context, lex = listening.context, listening.lex
    asked = {key.detail for key in context.asked}
    at_hand = asked | {key.detail for key in context.confirmed}
    known = at_hand | {key.detail for key in context.known}
    if Detail.SUBSCRIBER in asked or Detail.INSURANCE not in known or {"?", "¿"} & set(said.text):
        return None
    found = find_holder(said, lex, of_a_plan=bool(_OF_A_PLAN & at_hand))
    if found is None:
        return None
    return Held(Give(Detail.SUBSCRIBER, found.value), _without(said, found, lex))


def find_holder(said: Said, lex: Lexicon, *, of_a_plan: bool) -> Found[str] | None:
    """Who holds it, with all that says so. `of_a_plan`: a plan was just spoken of."""
    for name, pattern in lex.group("holders").items():
        for match in pattern.finditer(said.low):
            held = _held(said.low, match, lex, of_a_plan=of_a_plan)
            if held is not None and not _denied(said.low, held[0], lex):
                return Found(name, *held)
    not_own = lex.pattern("not_own_plan").search(said.low) if of_a_plan else None
    return Found("other", not_own.start(), not_own.end()) if not_own else None


def _held(low: str, match: re.Match[str], lex: Lexicon, *, of_a_plan: bool) -> tuple[int, int] | None:
    """From where to where it is said; None where something else is."""
    start, end = _before(low, match.start(), "held_before", lex), _after(low, match.end(), "held_after", lex)
    said, name = _before(low, match.start(), "said_before", lex), _after(low, match.end(), "said_after", lex)
    whole = end or name or match.end()
    owns = match.group().endswith(("'s", "s'"))
    if start is not None and (end is not None or _ENDS.match(low, whole)):
        return start, whole
    first = said if said is not None else _own(low, match.start())
    if end is not None:
        return first, end
    ends = (said is not None or name is not None or owns) and _ENDS.match(low, whole)
    return (first, whole) if of_a_plan and ends else None


def _before(low: str, at: int, name: str, lex: Lexicon) -> int | None:
    """Where what stands right before it begins."""
    found = (
        each for each in lex.pattern(name).finditer(low, 0, at) if not low[each.end() : at].strip(_BETWEEN)
    )
    return next((each.start() for each in found), None)


def _after(low: str, at: int, name: str, lex: Lexicon) -> int | None:
    while at < len(low) and low[at] in _BETWEEN:
        at += 1
    found = lex.pattern(name).match(low, at)
    return found.end() if found else None


def _own(low: str, at: int) -> int:
    """With the "my" in front of it."""
    head = low[:at].rstrip(_BETWEEN)
    return head.rfind(" ") + 1 if head else 0


def _denied(low: str, start: int, lex: Lexicon) -> bool:
    """ "It's not my husband's, it's mine"."""
    head = low[:start].rstrip(_BETWEEN)
    return (
        any(each.end() == len(head) for each in lex.pattern("held_denied").finditer(head))
        and "," not in low[len(head) : start]
    )


def _without(said: Said, found: Found[str], lex: Lexicon) -> Said:
    """With the "but" in front of it gone as well."""
    start = found.start
    for at in lex.pattern("but_held").finditer(said.low, 0, start):
        if not said.low[at.end() : start].strip(" ,.;"):
            start = at.start()
            break
    return Said(f"{said.text[:start]} {said.text[found.end :]}".strip(" ,.;"))
