"""Two consents asked in one breath, "may we leave a message, and send you reminders?": each half of the answer heard.

What names one of the two is about that one, wherever it stands; a bare yes or no is about what nothing named, in the
order that was asked; "both" and "neither" are about the two. What is left open is asked again: no consent is guessed.
Whoever says who else hears a message has not said yes to one.
"""

import re
from dataclasses import dataclass, replace

from lamplighter.conversation.acts import Give
from lamplighter.conversation.details import Detail, Key, Subject, key
from lamplighter.conversation.understanding.lexicon import Lexicon
from lamplighter.conversation.understanding.reading import Listening
from lamplighter.conversation.understanding.text import Said
from lamplighter.conversation.understanding.yesno import read_yes_no

PAIR = (key(Detail.LEAVE_MESSAGE), key(Detail.REMINDER_CONSENT))
MOST_CLAUSES = 10
_ENDS = re.compile(r"[.,;:!\n]+(?=\s|$)|\s+[-/]\s+")


@dataclass(frozen=True, slots=True)
class _Clause:
    """What a clause is about (nothing: it names none) and whether it says yes; None where it says neither."""

    about: tuple[Key, ...]
    yes: bool | None
    alone: bool = False  # "just the reminders"
    bare: bool = False  # "the reminders", and nothing more


def read_consents(said: Said, listening: Listening) -> tuple[Give, ...] | None:
    """What is said of each of the two where both were asked; None where it takes no telling apart."""
    asked = listening.context.asked
    if not all(each in asked for each in PAIR) or "?" in said.text:
        return None
    clauses = _clauses(said, listening)
    if not any(clause.about for clause in clauses) and len({c.yes for c in clauses if c.yes is not None}) < 2:
        return None  # one bare yes or no answers all that was asked
    found = _settled(_joined(clauses))
    return tuple(
        Give(place.detail, str(found[place]).lower(), Subject.PATIENT) for place in PAIR if place in found
    )


def _settled(clauses: list[_Clause]) -> dict[Key, bool]:
    found: dict[Key, bool] = {}
    for clause in clauses:
        if clause.yes is not None:
            found |= dict.fromkeys(clause.about, clause.yes)
        if clause.alone and clause.yes and len(clause.about) == 1:
            found |= {place: False for place in PAIR if place not in clause.about and place not in found}
    bare = [clause.yes for clause in clauses if not clause.about and clause.yes is not None]
    named = {place for clause in clauses for place in clause.about}
    open_places = [place for place in PAIR if place not in found and place not in named]
    return found | dict(zip(open_places, bare, strict=False))


def _joined(clauses: list[_Clause]) -> list[_Clause]:
    """ "No, | I don't need them" is one no, "yes, | that's fine" one yes, "reminders, | no thanks" a no to those."""
    joined: list[_Clause] = []
    for clause in clauses:
        before = joined[-1] if joined else None
        if before and before.about and before.yes is None and not clause.about and clause.yes is not None:
            if before.bare or not clause.yes:  # else nobody knows what the yes is to
                joined[-1] = replace(before, yes=clause.yes)
        elif before and not before.about and before.yes == clause.yes and not (clause.about and clause.yes):
            joined[-1] = clause
        else:
            joined.append(clause)
    return [replace(each, yes=True) if each.bare and each.yes is None else each for each in joined]


def _clauses(said: Said, listening: Listening) -> list[_Clause]:
    """What is said before how to reach them answers what was asked or read back before."""
    lex, kept = listening.lex, list[_Clause]()
    by_channel = key(Detail.CONTACT_CHANNEL) in listening.context.asked
    for text in _cut(said, lex):
        clause = _clause(text, lex)
        if by_channel and not clause.about and _names_a_channel(text, lex):
            kept = [each for each in kept if each.about]  # "text is fine", "don't call"
        elif clause.about or clause.yes is not None:
            kept.append(clause)
    return kept


def _names_a_channel(said: Said, lex: Lexicon) -> bool:
    return any(each.search(said.low) for each in lex.group("contact_channel").values())


def _cut(said: Said, lex: Lexicon) -> list[Said]:
    joints = [m.span() for each in (_ENDS, lex.pattern("consent_joint")) for m in each.finditer(said.low)]
    starts = [0, *(end for _, end in sorted(joints))]
    ends = [*(start for start, _ in sorted(joints)), len(said.low)]
    parts = (
        Said(said.low[start:end].strip()) for start, end in zip(starts, ends, strict=True) if start < end
    )
    return [part for part in parts if part.words][:MOST_CLAUSES]


def _clause(said: Said, lex: Lexicon) -> _Clause:
    named = lex.group("consent_named")
    low = lex.pattern("consent_channel").sub(" ", said.low)  # "a text message" leaves none
    about = tuple(place for place in PAIR if named[place.detail.value].search(low))
    if lex.pattern("consent_neither").search(said.low):
        return _Clause(PAIR, False)
    if lex.pattern("consent_both").search(said.low):
        about = PAIR
    if not about and (told := _told(said, lex)):
        return told
    alone = bool(about) and bool(lex.pattern("consent_only").search(said.low))
    bare = bool(about) and not lex.pattern("consent_bare").sub(" ", _without(low, about, lex)).strip(" '-")
    return _Clause(about, _polarity(said, about, lex), alone, bare)


def _without(low: str, about: tuple[Key, ...], lex: Lexicon) -> str:
    for place in about:
        low = lex.group("consent_named")[place.detail.value].sub(" ", low)
    return lex.pattern("consent_both").sub(" ", low)


def _told(said: Said, lex: Lexicon) -> _Clause | None:
    """ "No need to text me" names neither, and is about one of them."""
    for name, pattern in lex.group("yes_no_detail").items():
        detail, _, yes = name.rpartition("_")
        place = next((each for each in PAIR if each.detail.value == detail), None)
        if place and pattern.search(said.low):
            return _Clause((place,), yes == "yes")
    return None


def _polarity(said: Said, about: tuple[Key, ...], lex: Lexicon) -> bool | None:
    if lex.pattern("consent_no_no").search(said.low):
        return True
    if about and any(lex.pattern(each).search(said.low) for each in ("consent_no", "consent_dislike")):
        return False
    yes = bool(about and lex.pattern("consent_yes").search(said.low))
    told_to = yes and bool(lex.pattern("consent_leave").search(said.low))  # "you can leave one with my wife"
    if about == PAIR[:1] and not told_to and lex.pattern("consent_others").search(said.low):
        return None if yes else False
    if yes:
        return True
    if about and lex.pattern("consent_beside").search(said.low):
        return None
    answer = read_yes_no(said, lex)
    return answer.yes if answer else None


def told_of_consents(said: Said, lex: Lexicon) -> tuple[tuple[Key, bool], ...]:
    """Each of the two that a clause names outright where neither was asked, with whether it is wanted."""
    low = lex.pattern("consent_channel").sub(" ", said.low)
    cues = zip(PAIR, ("summary_messages", "summary_reminders"), strict=True)
    about = tuple(place for place, cue in cues if lex.pattern(cue).search(low))
    yes = _polarity(said, about, lex) if about and "?" not in said.text else None
    return () if yes is None else tuple((place, yes) for place in about)
