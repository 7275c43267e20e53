"""Answers laid beside what was asked and read back: which part of what was said belongs to which detail.

People answer in order, out of order, in one sentence or several, with a correction in front. The text is cut at its
sentences (and at commas where there are fewer sentences than questions) and the cuts are laid along the questions so
that the whole fits best; what fits nothing is left for the open ear.
"""

import re
from dataclasses import dataclass, replace
from functools import cache

from lamplighter.conversation.acts import Act, Affirm, Deny, Give
from lamplighter.conversation.details import Detail, Key
from lamplighter.conversation.understanding.details import FREE_TEXT, YES_NO, YES_NO_ONLY, read_detail
from lamplighter.conversation.understanding.names import titled
from lamplighter.conversation.understanding.reading import Listening, Reading
from lamplighter.conversation.understanding.spelling import looks_like
from lamplighter.conversation.understanding.text import Said
from lamplighter.conversation.understanding.yesno import read_yes_no

MOST_PIECES = 12
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
    context = listening.context
    asked = [Target(key) for key in context.asked if key.detail is not Detail.ERRAND]
    if not asked and not context.confirmed:
        return Answers((), said)
    pieces, lead = _lead(_pieces(said, len(asked)), asked, listening)
    denied = lead is not None and not lead
    targets = _corrections(context.confirmed, listening, denied) + asked
    if lead is not None:
        targets = _without_lead_target(targets)
    placed = _lay(pieces, targets, listening)
    acts: list[Act] = [] if lead is None else [Affirm() if lead else Deny()]
    left = list(pieces)
    for group, target, reading in placed:
        acts += [_as_correction(act, target, listening) for act in reading.acts]
        text = _join(pieces, group)
        rest = reading.rest(text) if reading.sure < 0.7 or reading.end < len(text.text) else Said("")
        for at in range(*group):
            left[at] = Said("")
        left[group[0]] = rest
    return Answers(tuple(_unique(acts)), Said(". ".join(p.text.strip(" .") for p in left if p.words)), denied)


def _unique(acts: list[Act]) -> list[Act]:
    kept: list[Act] = []
    for act in acts:
        if act not in kept:
            kept.append(act)
    return kept


# --- cutting


def _pieces(said: Said, wanted: int) -> list[Said]:
    pieces = [piece for piece in said.sentences if piece.words]
    if len(pieces) < wanted:
        finer = [cut for piece in pieces for cut in _cuts(piece)]
        if len(finer) <= MOST_PIECES:
            return finer
    return (
        pieces[:MOST_PIECES]
        if len(pieces) <= MOST_PIECES
        else pieces[: MOST_PIECES - 1] + [Said(" ".join(piece.text for piece in pieces[MOST_PIECES - 1 :]))]
    )


_WEAK = re.compile(r",\s+(?:and |y |e )?|\s+(?:and|y|e)\s+")


def _cuts(piece: Said) -> list[Said]:
    """At commas and "and", except between single letters."""
    cuts, start = [], 0
    for match in _WEAK.finditer(piece.low):
        before, after = piece.low[: match.start()], piece.low[match.end() :]
        if re.search(r"(?:^|\W)\w$", before) and re.match(r"\w(?:\W|$)", after):
            continue
        cuts.append(Said(piece.text[start : match.start()]))
        start = match.end()
    cuts.append(Said(piece.text[start:]))
    return [cut for cut in cuts if cut.words]


def _lead(pieces: list[Said], asked: list[Target], listening: Listening) -> tuple[list[Said], bool | None]:
    """A yes or no in front that answers a read-back or a summary, taken off; None where there is none."""
    context = listening.context
    first_asked = asked[0].key.detail if asked else None
    expects = bool(context.confirmed) or first_asked in YES_NO_ONLY
    if not pieces or not expects or first_asked is Detail.ANYTHING_ELSE:
        return pieces, None
    first = pieces[0]
    lex = listening.lex
    if any(lex.pattern(name).match(first.low) for name in ("refuse", "dont_know", "self_pay", "any")):
        return pieces, None
    answer = read_yes_no(first, lex)
    if answer is None:
        return pieces, None
    if (
        first_asked not in YES_NO_ONLY
        and answer.whole
        and len(pieces) <= len(asked)
        and _takes_yes_no(first_asked)
    ):
        return pieces, None
    rest = Said(first.text[answer.end :].strip(" ,.!?"))
    return ([rest] if rest.words else []) + pieces[1:], answer.yes


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
    return [Target(key, True) for key in confirmed if key not in asked and (denied or key.detail in _SHAPED)]


_SHAPED = frozenset({Detail.PHONE, Detail.EMAIL, Detail.DATE_OF_BIRTH})


# --- laying along

Placed = tuple[tuple[int, int], Target, Reading]


def _lay(pieces: list[Said], targets: list[Target], listening: Listening) -> list[Placed]:
    """The best laying in order, then whatever typed value still fits somewhere, whatever its place."""
    best = _in_order(pieces, targets, listening)
    taken = {at for group, _, _ in best for at in range(*group)}
    filled = {act.key for _, _, reading in best for act in reading.acts if isinstance(act, Give)}
    open_targets = [t for t in targets if t.key not in filled and t not in [b[1] for b in best]]
    for target in open_targets:
        for at, piece in enumerate(pieces):
            reading = None if at in taken else read_detail(piece, target.key, listening)
            if reading and reading.sure >= (0.3 if not target.correction else _TYPED):
                best.append(((at, at + 1), target, reading))
                taken.add(at)
                break
    return sorted(best, key=lambda placed: placed[0])


def _in_order(pieces: list[Said], targets: list[Target], listening: Listening) -> list[Placed]:
    @cache
    def reading(start: int, end: int, at: int) -> Reading | None:
        found = read_detail(_join(pieces, (start, end)), targets[at].key, listening)
        return found if found and _plausible(found, targets[at], listening) else None

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
            score += _worth(read, targets[target], _join(pieces, (piece, end)), listening) - 0.06 * (
                end - piece - 1
            )
            if score > found[0]:
                found = score, (((piece, end), targets[target], read), *rest)
        return found

    return list(best(0, 0)[1])


def _join(pieces: list[Said], group: tuple[int, int]) -> Said:
    return (
        pieces[group[0]]
        if group[1] - group[0] == 1
        else Said(". ".join(p.text.strip(" .") for p in pieces[slice(*group)]))
    )


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
