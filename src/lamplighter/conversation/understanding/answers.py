"""Answers laid beside what was asked and read back: which part of what was said belongs to which detail.

People answer in order, out of order, in one sentence or several, with a correction in front. The text is cut at its
sentences (and at commas where there are fewer sentences than questions) and the cuts are laid along the questions so
that the whole fits best; what fits nothing is left for the open ear.
"""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from lamplighter.conversation.acts import Act, Affirm, Decline, Deny, Give, Wrong
from lamplighter.conversation.details import Detail, Key, Subject
from lamplighter.conversation.understanding.closed import newness
from lamplighter.conversation.understanding.consents import PAIR, read_consents
from lamplighter.conversation.understanding.corrections import corrections, days_in
from lamplighter.conversation.understanding.details import YES_NO, YES_NO_ONLY, read_detail
from lamplighter.conversation.understanding.insurers import find_insurer, names_insurer
from lamplighter.conversation.understanding.laying import NAMES, NO_NAMES, Target, gist, lay
from lamplighter.conversation.understanding.lexicon import Lexicon
from lamplighter.conversation.understanding.modality import without_reasons
from lamplighter.conversation.understanding.name_doubt import everyday
from lamplighter.conversation.understanding.names import titled
from lamplighter.conversation.understanding.pieces import Piece, joined_from, pieces_of, said_from
from lamplighter.conversation.understanding.reading import Listening
from lamplighter.conversation.understanding.spelling import looks_like
from lamplighter.conversation.understanding.text import Said, fold
from lamplighter.conversation.understanding.told import as_described
from lamplighter.conversation.understanding.told_names import Told, told_caller, told_name
from lamplighter.conversation.understanding.values import find_phone
from lamplighter.conversation.understanding.yesno import Answer, read_yes_no, with_exception

_FIRST, _LAST, _CALLER, _BORN = (
    Key(Subject.PATIENT, detail)
    for detail in (Detail.FIRST_NAME, Detail.LAST_NAME, Detail.CALLER_NAME, Detail.DATE_OF_BIRTH)
)


@dataclass(frozen=True, slots=True)
class Answers:
    acts: tuple[Act, ...]
    rest: Said
    denied: bool = False


def read_answers(said: Said, listening: Listening) -> Answers:
    """The acts that answer `context.asked` or correct `context.confirmed`, and the text they left over."""
    said = _only_the_name(said, listening)
    by_pieces = _consented(said, _put_right(said, _by_pieces(said, listening), listening), listening)
    whole = _whole(said, by_pieces, listening)
    if whole is None:
        return by_pieces
    others = tuple(key for key in listening.context.asked if key not in (_FIRST, _LAST, _CALLER))
    beside = replace(listening, context=replace(listening.context, asked=others), read={})
    rest = _by_pieces(whole.rest, beside)
    acts = [act for act in rest.acts if not (isinstance(act, Give) and act.detail in NAMES)]
    return replace(rest, acts=(*whole.acts, *acts))


def _only_the_name(said: Said, listening: Listening) -> Said:
    """Without what is told of oneself beside the name that was asked: "my knees aren't what they were"."""
    asked = {key.detail for key in listening.context.asked}
    if not asked & NAMES or asked - NAMES - {Detail.DATE_OF_BIRTH}:
        return said
    text = said.text
    for told in reversed(list(listening.lex.pattern("tells_of_oneself").finditer(said.low))):
        text = f"{text[: told.start()].rstrip()}, {text[told.end() :].lstrip()}"
    return Said(text.strip(" ,"))


def _consented(said: Said, answers: Answers, listening: Listening) -> Answers:
    """With each of two consents as it was given, in place of what the pieces make of them."""
    told = read_consents(said, listening)
    if told is None:
        return answers
    read_back = bool(listening.context.confirmed)  # a bare yes or no may be to that
    beside = [act for act in answers.acts if not _of_consents(act, bare=not read_back)]
    values = {act.value for act in told} if not read_back else set[str]()
    bare = ((Affirm(),) if "true" in values else ()) + ((Deny(),) if "false" in values else ())
    return replace(answers, acts=(*beside, *bare, *told))


def _of_consents(act: Act, *, bare: bool) -> bool:
    if isinstance(act, Affirm | Deny):
        return bare
    return isinstance(act, Give | Decline) and Key(act.subject, act.detail) in PAIR


def _whole(said: Said, by_pieces: Answers, listening: Listening) -> Told | None:
    """A name that was asked, as the whole answer tells it, where that is better than what its pieces gave."""
    asked = set(listening.context.asked)
    named = {act.key: act.value for act in by_pieces.acts if isinstance(act, Give)}
    if {_FIRST, _LAST} <= asked:
        return told_name(said, named.get(_FIRST, ""), named.get(_LAST, ""), listening)
    if _CALLER in asked and not {_FIRST, _LAST} & asked:
        return told_caller(said, named.get(_CALLER, ""), listening)
    return None


def _put_right(said: Said, answers: Answers, listening: Listening) -> Answers:
    """With what is put right of a name or birth date that was read back, in place of what its pieces make of it."""
    named = [act for act in answers.acts if isinstance(act, Give) and act.key in (_FIRST, _LAST)]
    if len(named) == 1 and _other_name_again(named[0], listening):
        answers = replace(answers, acts=tuple(act for act in answers.acts if act is not named[0]))
    right = corrections(said, listening)
    if not right:
        return answers
    this_number = bool(
        listening.lex.pattern("this_number").search(said.low) or find_phone(said, listening.lex, None)
    )
    only_names = len(right) == 1 and isinstance(right[0], Give)
    rest = answers.rest if only_names else Said("")
    values = {act.value for act in right if isinstance(act, Give)}
    keys = {Key(act.subject, act.detail) for act in right if isinstance(act, Give | Wrong)}
    acts = [
        act
        for act in answers.acts
        if not _taken_for(act, keys, values, listening, this_number)
        and not _of_a_date(act, said, keys, listening)
    ]
    return replace(answers, acts=(*acts, *right), rest=rest)


def _other_name_again(act: Give, listening: Listening) -> bool:
    """ "No, Villaseñor, con ve chica", said of a last name that was heard so: it puts the first one not right."""
    other = listening.context.known.get(_LAST if act.key == _FIRST else _FIRST, "")
    return act.correction and fold(other) == fold(act.value)


def _taken_for(act: Act, keys: set[Key], values: set[str], listening: Listening, this_number: bool) -> bool:
    """Whether a piece was taken for a detail that is put right, or for one that it isn't: "birthday's wrong"."""
    if not isinstance(act, Give | Wrong):
        return False
    if Key(act.subject, act.detail) in keys:
        return True
    if not isinstance(act, Give):
        return False
    if act.detail is Detail.PHONE and act.value == listening.context.caller_id:
        return not this_number
    if act.detail not in NAMES:
        return False
    return act.value in values or (act.correction and everyday(act.value, listening.lex))


def _of_a_date(act: Act, said: Said, keys: set[Key], listening: Listening) -> bool:
    """ "No, 15 de mayo", "no, May 16th": words of a date that is put right are no name."""
    if not (isinstance(act, Give) and act.correction and act.detail in NAMES and _BORN in keys):
        return False
    return any(fold(act.value) in said.low[start:end] for start, end in days_in(said, listening))


def _by_pieces(said: Said, listening: Listening) -> Answers:
    context = listening.context
    asked = [Target(key) for key in context.asked if key.detail is not Detail.ERRAND]
    if not asked and not context.confirmed:
        return Answers((), said)
    if NAMES & {target.detail for target in (*context.asked, *context.confirmed)}:
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
    placed = lay(pieces, targets, listening)
    acts: list[Act] = [] if lead is None else [Affirm() if lead else Deny()]
    left = [piece.said for piece in pieces]
    meant_by = {} if denied or lead is not None else gist(pieces, placed, asked, listening)
    for group, target, reading in placed:
        acts += [_as_correction(act, target, listening) for act in reading.acts]
        text = joined_from(pieces, group)
        rest = reading.rest(text) if reading.end < len(text.text) or reading.start > 0 else Said("")
        for at in range(*group):
            left[at] = Said("")
        left[group[0]] = rest
    if any(target.key.detail is Detail.CHOICE and reading.end for _, target, reading in placed):
        chosen = (Key(Subject.PATIENT, Detail.CHOICE), listening)
        left = [Said("") if piece.words and read_detail(piece, *chosen) else piece for piece in left]
    for at, meant in meant_by.items():
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
        if target.key.detail not in NO_NAMES:
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
    if first_asked is Detail.NEW_PATIENT and newness(heard, listening) is not None:
        return pieces, None  # "no, never been before": neither of the two is the answer alone
    but = lex.pattern("but").match(heard.low[answer.end :].strip(" ,."))
    if with_exception(heard, answer, lex) and not but:
        return pieces, None
    if not answer.whole and not _stands_apart(first.said, answer, lex):
        return pieces, None
    denied = 0 if answer.yes else _plan_denied(first.said, listening)
    whole = answer.whole and len(pieces) <= len(asked)
    if first_asked not in YES_NO_ONLY and whole and _takes_yes_no(first_asked):
        return pieces, None
    rest = Piece(first.whole, first.start + (denied or answer.end), first.end)
    return ([rest] if rest.said.words else []) + pieces[1:], answer.yes


def _plan_denied(said: Said, listening: Listening) -> int:
    """Where "no es Oxford" ends in "no es Oxford, es Aetna": the no is of the insurer too; 0 where none is denied."""
    practice, lex = listening.context.practice, listening.lex
    end = said.low.find(",") if "," in said.low else len(said.low)
    clause = said.cut(0, end)
    denied = names_insurer(clause, practice, lex) and not find_insurer(clause, practice, lex, asked=False)
    return end if denied else 0


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


def _as_correction(act: Act, target: Target, listening: Listening) -> Act:
    if not (target.correction and isinstance(act, Give)):
        return act
    value = act.value
    if act.detail in {Detail.FIRST_NAME, Detail.LAST_NAME}:
        value = " ".join(titled(word, within=bool(i)) for i, word in enumerate(value.split()))
    return replace(act, value=value, correction=True)
