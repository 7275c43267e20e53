"""Answers laid beside what was asked and read back: which part of what was said belongs to which detail.

People answer in order, out of order, in one sentence or several, with a correction in front. The text is cut at its
sentences (and at commas where there are fewer sentences than questions) and the cuts are laid along the questions so
that the whole fits best; what fits nothing is left for the open ear.
"""

import re
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from lamplighter.conversation.acts import Act, Affirm, Deny, Give
from lamplighter.conversation.details import Detail, Key, Subject
from lamplighter.conversation.understanding.details import FREE_TEXT, YES_NO, YES_NO_ONLY, read_detail
from lamplighter.conversation.understanding.lexicon import Lexicon
from lamplighter.conversation.understanding.modality import find_modality, without_reasons
from lamplighter.conversation.understanding.names import titled
from lamplighter.conversation.understanding.pieces import Piece, joined_from, pieces_of, said_from
from lamplighter.conversation.understanding.reading import Listening, Reading
from lamplighter.conversation.understanding.short import short_answer
from lamplighter.conversation.understanding.spelling import looks_like
from lamplighter.conversation.understanding.text import Said
from lamplighter.conversation.understanding.told import as_described
from lamplighter.conversation.understanding.told_names import told_name
from lamplighter.conversation.understanding.yesno import Answer, read_yes_no, with_exception

_NAMES = frozenset({Detail.FIRST_NAME, Detail.LAST_NAME, Detail.CALLER_NAME, Detail.PREFERRED_NAME})
_NO_NAMES = frozenset({Detail.DATE_OF_BIRTH, Detail.PHONE, Detail.EMAIL})
_FIRST, _LAST = (Key(Subject.PATIENT, detail) for detail in (Detail.FIRST_NAME, Detail.LAST_NAME))
LONGEST_GROUP = 3
_TYPED = 0.9


@dataclass(frozen=True, slots=True)
class Target:
    """A detail that may be meant: asked for, or read back and now corrected."""

    key: Key
    correction: bool = False


@dataclass(frozen=True, slots=True)
class Answers:
    acts: tuple[Act, ...]
    rest: Said
    denied: bool = False


def read_answers(said: Said, listening: Listening) -> Answers:
    """The acts that answer `context.asked` or correct `context.confirmed`, and the text they left over."""
    by_pieces = _by_pieces(said, listening)
    if not {_FIRST, _LAST} <= set(listening.context.asked):
        return by_pieces
    named = {act.key: act.value for act in by_pieces.acts if isinstance(act, Give)}
    whole = told_name(said, named.get(_FIRST, ""), named.get(_LAST, ""), listening)
    if whole is None:
        return by_pieces
    others = tuple(key for key in listening.context.asked if key not in (_FIRST, _LAST))
    beside = replace(listening, context=replace(listening.context, asked=others), read={})
    rest = _by_pieces(whole.rest, beside)
    acts = [act for act in rest.acts if not (isinstance(act, Give) and act.detail in _NAMES)]
    return replace(rest, acts=(*whole.acts, *acts))


def _by_pieces(said: Said, listening: Listening) -> Answers:
    context = listening.context
    asked = [Target(key) for key in context.asked if key.detail is not Detail.ERRAND]
    if not asked and not context.confirmed:
        return Answers((), said)
    if _NAMES & {target.detail for target in (*context.asked, *context.confirmed)}:
        said = as_described(said, listening.lex)
    pieces, lead = _lead(pieces_of(said, len(asked), listening.lex), asked, listening)
    if len(pieces) < len(asked):
        pieces = [part for piece in pieces for part in _peeled(piece, asked, listening)]
    expects = bool(context.confirmed) or any(target.key.detail in YES_NO_ONLY for target in asked)
    excepted = lead is not False and expects and _excepted(said, listening.lex)
    denied = lead is False or excepted
    targets = _corrections(context.confirmed, listening, denied) + asked
    if lead is not None:
        targets = _without_lead_target(targets)
    placed = _lay(pieces, targets, listening)
    acts: list[Act] = [] if lead is None else [Affirm() if lead else Deny()]
    left = [piece.said for piece in pieces]
    gist = {} if denied or lead is not None else _gist(pieces, placed, asked, listening)
    for group, target, reading in placed:
        acts += [_as_correction(act, target, listening) for act in reading.acts]
        text = joined_from(pieces, group)
        rest = reading.rest(text) if reading.end < len(text.text) or reading.start > 0 else Said("")
        for at in range(*group):
            left[at] = Said("")
        left[group[0]] = rest
    for at, meant in gist.items():
        acts += meant
        left[at] = Said("")
    acts = _named_once(_two_first_names(acts))
    if excepted and not any(isinstance(act, Give) for act in acts):
        acts = [act for act in acts if not isinstance(act, Affirm)]
    unsaid = Said(". ".join(p.text.strip(" .") for p in left if p.words))
    if any(target.key.detail is Detail.MODALITY for target in asked):
        unsaid = without_reasons(unsaid, listening.lex)
    return Answers(tuple(dict.fromkeys(acts)), unsaid, denied)


def _two_first_names(acts: list[Act]) -> list[Act]:
    """ "Luz Marina. Cárdenas": a last name of its own after what looked like a whole name."""
    first = next((a for a in acts if isinstance(a, Give) and a.key == _FIRST and not a.correction), None)
    lasts = [a for a in acts if isinstance(a, Give) and a.key == _LAST and not a.correction]
    if (
        first is None
        or len(lasts) != 2
        or lasts[0].spelled
        or looks_like(lasts[0].value, lasts[1].value) > 0.6
    ):
        return acts
    whole = replace(first, value=f"{first.value} {lasts[0].value}")
    return [whole if act is first else act for act in acts if act is not lasts[0]]


def _named_once(acts: list[Act]) -> list[Act]:
    """ "Feldman. Naomi Feldman": what was taken for the first name is the last one, said ahead."""
    given = {act.key: act for act in acts if isinstance(act, Give)}
    for key, act in given.items():
        last = given.get(Key(key.subject, Detail.LAST_NAME))
        if key.detail is not Detail.FIRST_NAME or last is None:
            continue
        words = last.value.split()
        if len(words) > 1 and words[-1].lower() == act.value.lower():
            first = replace(act, value=" ".join(words[:-1]), spelled=last.spelled)
            swapped: dict[Act, Act] = {act: first, last: replace(last, value=act.value, spelled=act.spelled)}
            return [swapped.get(each, each) for each in acts]
        if len(words) == 1 and last.value.lower() == act.value.lower() and not last.correction:
            return [each for each in acts if each != last]
    return acts


# --- cutting


def _peeled(piece: Piece, asked: list[Target], listening: Listening) -> list[Piece]:
    """ "Maya Okafor march third 1985" cut around the birth date: typed values stand apart from what is around."""
    for target in asked:
        if target.key.detail not in _NO_NAMES:
            continue
        reading = read_detail(piece.said, target.key, listening)
        if not reading or reading.sure < 1:
            continue
        base = piece.whole.text.index(piece.said.text, piece.start)
        edges = (piece.start, base + reading.start, base + reading.end, piece.end)
        parts = [Piece(piece.whole, a, b) for a, b in pairwise(edges)]
        cue = listening.lex.pattern("birth_cue")
        return [part for part in parts if part.said.words and not cue.search(part.said.low)]
    return [piece]


def _lead(pieces: list[Piece], asked: list[Target], listening: Listening) -> tuple[list[Piece], bool | None]:
    """A yes or no in front that answers a read-back or a summary, taken off; None where there is none."""
    context = listening.context
    first_asked = asked[0].key.detail if asked else None
    expects = bool(context.confirmed) or first_asked in YES_NO_ONLY
    if not pieces or not expects or first_asked is Detail.ANYTHING_ELSE:
        return pieces, None
    first = pieces[0]
    lex = listening.lex
    if any(lex.pattern(name).match(first.said.low) for name in ("refuse", "dont_know", "self_pay", "any")):
        return pieces, None
    answer = read_yes_no(first.said, lex)
    if answer is None or lex.pattern("self_pay").search(first.said.low):
        return pieces, None
    heard = said_from(first)
    but = lex.pattern("but").match(heard.low[answer.end :].strip(" ,."))
    if with_exception(heard, answer, lex) and not but:
        return pieces, None
    if not answer.whole and not _stands_apart(first.said, answer, lex):
        return pieces, None
    whole = answer.whole and len(pieces) <= len(asked)
    if first_asked not in YES_NO_ONLY and whole and _takes_yes_no(first_asked):
        return pieces, None
    rest = Piece(first.whole, first.start + answer.end, first.end)
    return ([rest] if rest.said.words else []) + pieces[1:], answer.yes


def _excepted(said: Said, lex: Lexicon) -> bool:
    answer = read_yes_no(said, lex)
    return answer is not None and with_exception(said, answer, lex)


def _stands_apart(said: Said, answer: Answer, lex: Lexicon) -> bool:
    """ "I would" in front of "rather pay myself" is no yes; "yes" in front of anything is one."""
    head = said.low[: answer.end].strip(" ,.!?")
    return said.low[answer.end : answer.end + 1] in {",", ".", "!", ";"} or any(
        lex.pattern("strong_lead").match(head, at.start()) for at in re.finditer(r"(?<!\S)\S", head)
    )


def _takes_yes_no(detail: Detail | None) -> bool:
    return detail in YES_NO or detail in {Detail.STATE, Detail.PHONE, Detail.CLINICIAN, Detail.EMAIL, Detail.CHOICE,
                                          Detail.INSURANCE, Detail.SUBSCRIBER}  # fmt: skip


def _without_lead_target(targets: list[Target]) -> list[Target]:
    """The question that the leading yes or no answered."""
    for at, target in enumerate(targets):
        if target.key.detail in YES_NO_ONLY:
            return targets[:at] + targets[at + 1 :]
    return targets


def _corrections(confirmed: tuple[Key, ...], listening: Listening, denied: bool) -> list[Target]:
    asked = set(listening.context.asked)
    numbers = not denied and any(key.detail in _NUMBERS | _TIMES for key in asked)
    return [
        Target(key, True)
        for key in confirmed
        if key not in asked
        and (denied or key.detail in _SHAPED)
        and not (numbers and key.detail is Detail.DATE_OF_BIRTH)
    ]


_NUMBERS = frozenset({Detail.PHONE, Detail.MEMBER_ID, Detail.IDENTITY_CODE})
_TIMES = frozenset({Detail.AVAILABILITY, Detail.CHOICE, Detail.CALLBACK_TIME})
_SHAPED = frozenset({Detail.PHONE, Detail.EMAIL, Detail.DATE_OF_BIRTH})


# --- laying along

Placed = tuple[tuple[int, int], Target, Reading]


def _lay(pieces: list[Piece], targets: list[Target], listening: Listening) -> list[Placed]:
    """The best laying in order, then whatever typed value still fits somewhere, whatever its place."""
    best = _in_order(pieces, targets, listening)
    taken = {at for group, _, _ in best for at in range(*group)}
    filled = {act.key for _, _, reading in best for act in reading.acts if isinstance(act, Give)}
    open_targets = [t for t in targets if t.key not in filled and t not in [b[1] for b in best]]
    for target in open_targets:
        for at, piece in enumerate(pieces):
            reading = None if at in taken else read_detail(piece.said, target.key, listening)
            if reading and reading.sure >= (0.3 if not target.correction else _TYPED):
                best.append(((at, at + 1), target, reading))
                taken.add(at)
                break
    if not any(target.key.detail in _NO_NAMES | _NAMES for target in targets):
        best = [_whole_wish(pieces, placed, listening) for placed in best]
    best = [_settled_after(pieces, placed, listening) for placed in best]
    return sorted(best, key=lambda placed: placed[0])


def _settled_after(pieces: list[Piece], placed: Placed, listening: Listening) -> Placed:
    """How they come, read out of all that was said: "either... let's do video", "in person if I can, otherwise
    video"."""
    group, target, reading = placed
    if target.key.detail is not Detail.MODALITY:
        return placed
    if any(isinstance(act, Give) for act in reading.acts):
        whole = find_modality(joined_from(pieces, (0, len(pieces))), listening.lex, asked=False)
        named = find_modality(joined_from(pieces, group), listening.lex, asked=False)
        told = (
            (Give(target.key.detail, whole.value, target.key.subject),) if whole and named else reading.acts
        )
        return (group, target, replace(reading, acts=told))
    for piece in pieces[group[1] :]:
        later = read_detail(piece.said, target.key, listening)
        if later and any(isinstance(act, Give) and act.key == target.key for act in later.acts):
            return (group, target, replace(reading, acts=later.acts))
    return placed


def _whole_wish(pieces: list[Piece], placed: Placed, listening: Listening) -> Placed:
    """When they can come, read out of all that was said: "any day but Monday, and after three, by video". Laid along
    the questions in pieces, a refusal or a bound would be left behind, and a time booked that was refused."""
    group, target, reading = placed
    if target.key.detail not in (Detail.AVAILABILITY, Detail.CHOICE):
        return placed
    whole = read_detail(joined_from(pieces, (0, len(pieces))), target.key, listening)
    if target.key.detail is Detail.CHOICE and not (whole and all(map(_is_wish, whole.acts))):
        return placed
    return (group, target, replace(reading, acts=whole.acts)) if whole else placed


def _gist(
    pieces: list[Piece], placed: list[Placed], asked: list[Target], listening: Listening
) -> dict[int, tuple[Act, ...]]:
    """What the small model makes of the pieces that were laid nowhere, question by question in their order."""
    taken = {at for group, _, _ in placed for at in range(*group)}
    settled = {target.key for _, target, _ in placed} | {
        act.key for _, _, reading in placed for act in reading.acts if isinstance(act, Give)
    }
    found: dict[int, tuple[Act, ...]] = {}
    questions = any(mark in piece.said.text for piece in pieces for mark in "?¿")
    for target in asked:
        if target.key in settled or target.key.detail in YES_NO_ONLY:
            continue
        if questions and target.key.detail is Detail.AVAILABILITY:
            continue  # "one thing, is there a lift?" says no time
        for at, piece in enumerate(pieces):
            if at in taken or at in found:
                continue
            if meant := short_answer(piece.said, target.key, listening):
                found[at] = meant
                break
    return found


def _in_order(pieces: list[Piece], targets: list[Target], listening: Listening) -> list[Placed]:
    @cache
    def reading(start: int, end: int, at: int) -> Reading | None:
        text = joined_from(pieces, (start, end))
        found = read_detail(text, targets[at].key, listening)
        if found and targets[at].key.detail in _NAMES and _is_no_name(text, targets, listening):
            return None
        if found and targets[at].correction and _names_a_detail(found, listening):
            return None
        return found if found and _plausible(found, targets[at], listening) else None

    def more_of_it(start: int, end: int, at: int) -> bool:
        """ "Not before the 4th. Mondays after two." is one wish in two sentences."""
        alone = [reading(piece, piece + 1, at) for piece in range(start, end)]
        return all(r and any(map(_is_wish, r.acts)) for r in alone)

    @cache
    def best(piece: int, target: int) -> tuple[float, tuple[Placed, ...]]:
        if piece == len(pieces) or target == len(targets):
            return 0.0, ()
        found = max(best(piece + 1, target), best(piece, target + 1), key=lambda b: b[0])
        longest = len(pieces) if targets[target].key.detail in FREE_TEXT else LONGEST_GROUP
        for end in range(piece + 1, min(len(pieces), piece + longest) + 1):
            read = reading(piece, end, target)
            if read is None:
                continue
            score, rest = best(end, target + 1)
            score += _worth(read, targets[target], joined_from(pieces, (piece, end)), listening)
            score += (0.03 if more_of_it(piece, end, target) else -0.06) * (end - piece - 1)
            if score > found[0] or (score == found[0] and targets[target].key.detail in _NAMES):
                found = score, (((piece, end), targets[target], read), *rest)
        return found

    return list(best(0, 0)[1])


def _is_wish(act: Act) -> bool:
    return isinstance(act, Give) and act.detail is Detail.AVAILABILITY


def _worth(reading: Reading, target: Target, text: Said, listening: Listening) -> float:
    worth = reading.sure
    if target.correction:
        worth -= 0.05
        known = listening.context.known.get(target.key, "")
        for act in reading.acts:
            if isinstance(act, Give) and act.key == target.key and known:
                worth += -0.6 if looks_like(known, act.value) == 1 else 0.3 * looks_like(known, act.value)
    also = {act.key for act in reading.acts if isinstance(act, Give)} & set(listening.context.asked)
    worth += 0.1 * max(0, len(also) - 1)
    covered = (reading.end - reading.start) / max(1, len(text.text))
    return worth + 0.05 * min(1.0, covered)


def _is_no_name(text: Said, targets: list[Target], listening: Listening) -> bool:
    """A birth date or number that was asked with the name, most of the text."""
    others = [target.key for target in targets if target.key.detail in _NO_NAMES]
    readings = [read_detail(text, key, listening) for key in others]
    return any(r and r.sure >= _TYPED and r.end - r.start >= 0.6 * len(text.text) for r in readings)


def _names_a_detail(reading: Reading, listening: Listening) -> bool:
    """ "No, the state", "wrong birthday": what is wrong, not what is right."""
    patterns = listening.lex.group("detail_names").values()
    values = [act.value.lower() for act in reading.acts if isinstance(act, Give)]
    return any(each.fullmatch(value) for value in values for each in patterns)


def _plausible(reading: Reading, target: Target, listening: Listening) -> bool:
    """A correction must give a value of its own detail."""
    if not target.correction:
        return True
    return any(isinstance(act, Give) and act.key == target.key for act in reading.acts)


def _as_correction(act: Act, target: Target, listening: Listening) -> Act:
    if not (target.correction and isinstance(act, Give)):
        return act
    value = act.value
    if act.detail in {Detail.FIRST_NAME, Detail.LAST_NAME}:
        value = " ".join(titled(word, within=bool(i)) for i, word in enumerate(value.split()))
    return replace(act, value=value, correction=True)
