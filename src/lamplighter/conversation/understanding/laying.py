"""Pieces of an answer laid along the questions that were asked, so that the whole fits best."""

from dataclasses import dataclass, replace
from functools import cache

from lamplighter.conversation.acts import Act, Give, NoneOfThose
from lamplighter.conversation.details import Detail, Key, Subject
from lamplighter.conversation.understanding.details import FREE_TEXT, YES_NO_ONLY, read_detail
from lamplighter.conversation.understanding.modality import find_modality
from lamplighter.conversation.understanding.pieces import Piece, joined_from
from lamplighter.conversation.understanding.reading import Listening, Reading
from lamplighter.conversation.understanding.short import MOST_WORDS, short_answer
from lamplighter.conversation.understanding.spelling import looks_like
from lamplighter.conversation.understanding.text import Said
from lamplighter.conversation.wish import Wish

_WHEN = Key(Subject.PATIENT, Detail.AVAILABILITY)
LONGEST_GROUP = 3
TYPED = 0.9
NO_NAMES = frozenset({Detail.DATE_OF_BIRTH, Detail.PHONE, Detail.EMAIL})
NAMES = frozenset({Detail.FIRST_NAME, Detail.LAST_NAME, Detail.CALLER_NAME, Detail.PREFERRED_NAME})


@dataclass(frozen=True, slots=True)
class Target:
    """A detail that may be meant: asked for, or read back and now corrected."""

    key: Key
    correction: bool = False


Placed = tuple[tuple[int, int], Target, Reading]


def lay(pieces: list[Piece], targets: list[Target], listening: Listening) -> list[Placed]:
    """The best laying in order, then whatever typed value still fits somewhere, whatever its place."""
    best = _in_order(pieces, targets, listening)
    taken = {at for group, _, _ in best for at in range(*group)}
    filled = {act.key for _, _, reading in best for act in reading.acts if isinstance(act, Give)}
    open_targets = [t for t in targets if t.key not in filled and t not in [b[1] for b in best]]
    for target in open_targets:
        for at, piece in enumerate(pieces):
            reading = None if at in taken else read_detail(piece.said, target.key, listening)
            if reading and reading.sure >= (0.3 if not target.correction else TYPED):
                best.append(((at, at + 1), target, reading))
                taken.add(at)
                break
    if not any(target.key.detail in NO_NAMES | NAMES for target in targets):
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
    told = (
        target.key.detail is Detail.CHOICE
        and whole
        and any(isinstance(act, NoneOfThose) for act in whole.acts)
    )
    if whole is None or told:  # what is asked for instead stands in a piece of its own
        return placed
    return (group, target, replace(reading, acts=whole.acts, end=reading.end if whole.end else 0))


def gist(
    pieces: list[Piece], placed: list[Placed], asked: list[Target], listening: Listening
) -> dict[int, tuple[Act, ...]]:
    """What the small model makes of the pieces that were laid nowhere, question by question in their order."""
    taken = {at for group, _, _ in placed for at in range(*group)}
    settled = {target.key for _, target, _ in placed} | {
        act.key for _, _, reading in placed for act in reading.acts if isinstance(act, Give)
    }
    found: dict[int, tuple[Act, ...]] = {}
    unlaid = sum(len(piece.said.words) for at, piece in enumerate(pieces) if at not in taken)
    if len(asked) == 1 and unlaid > MOST_WORDS:
        return found  # "oh, my doctor wrote down something else... Sorry! Same week is fine" answers nothing
    questions = any(mark in piece.said.text for piece in pieces for mark in "?¿")
    for target in asked:
        if target.key in settled or target.key.detail in YES_NO_ONLY:
            continue
        if target.key.detail is Detail.AVAILABILITY and (questions or _forgets_it(pieces, listening)):
            continue  # "one thing, is there a lift?" says no time
        if (
            target.key.detail is Detail.PHONE
            and listening.context.confirmed
            and not _of_a_number(pieces, listening)
        ):
            continue  # "that's me" answers what was read back
        for at, piece in enumerate(pieces):
            if at in taken or at in found or (_WHEN in settled and _says_when(piece, listening)):
                continue
            if meant := short_answer(piece.said, target.key, listening):
                found[at] = meant
                break
    return found


def _says_when(piece: Piece, listening: Listening) -> bool:
    """ "Thursdays are crazy": a piece of a wish that was read out of the whole, and no answer to what was asked beside
    it."""
    reading = read_detail(piece.said, _WHEN, listening)
    return reading is not None and any(
        isinstance(act, Give) and act.value != Wish().dumps() for act in reading.acts
    )


def _forgets_it(pieces: list[Piece], listening: Listening) -> bool:
    return any(
        listening.lex.pattern("forgets_it").fullmatch(piece.said.low.strip(" .,!")) for piece in pieces
    )


def _of_a_number(pieces: list[Piece], listening: Listening) -> bool:
    return any(listening.lex.pattern("of_a_number").search(piece.said.low) for piece in pieces)


def _in_order(pieces: list[Piece], targets: list[Target], listening: Listening) -> list[Placed]:
    @cache
    def reading(start: int, end: int, at: int) -> Reading | None:
        text = joined_from(pieces, (start, end))
        found = read_detail(text, targets[at].key, listening)
        if found and targets[at].key.detail in NAMES and _is_no_name(text, targets, listening):
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
            if score > found[0] or (score == found[0] and targets[target].key.detail in NAMES):
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
    others = [target.key for target in targets if target.key.detail in NO_NAMES]
    readings = [read_detail(text, key, listening) for key in others]
    return any(r and r.sure >= TYPED and r.end - r.start >= 0.6 * len(text.text) for r in readings)


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
