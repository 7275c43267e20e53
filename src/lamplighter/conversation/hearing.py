"""What was said, where the recogniser was in doubt: its first text that answers what was asked, and what the others
add that the first left out."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Final

from lamplighter.conversation import acts as a
from lamplighter.conversation.details import Detail, Key, key
from lamplighter.conversation.understanding.lexicon import anywhere, words_anywhere
from lamplighter.conversation.understanding.spelling import looks_like
from lamplighter.conversation.understanding.text import fold

_ANY_WORD: Final = frozenset({Detail.FIRST_NAME, Detail.LAST_NAME, Detail.CALLER_NAME, Detail.PREFERRED_NAME,
                       Detail.ORGANISATION, Detail.MESSAGE})  # fmt: skip
"""Details that any words are an answer to, so that a likelier text is never left for them."""
_HAS_A_FORM: Final = frozenset(
    {
        Detail.PHONE,
        Detail.DATE_OF_BIRTH,
        Detail.EMAIL,
        Detail.IDENTITY_CODE,
        Detail.STATE,
        Detail.CONTACT_CHANNEL,
        Detail.MODALITY,
    }
)
"""Details that no other words are taken for, so that a less likely text may add them."""
CUT_OFF: Final = 1  # letters that a line swallows at the end of a row
BEGUN: Final = 7  # digits that are a telephone number rather than a date
_HYPHENED: Final = r"(?=(?:[A-Z]{1,2}-)*[A-Z]-[A-Z]\b)[A-Z]{1,2}(?:-[A-Z]{1,2}){2,}"
_DOTTED: Final = r"[A-Z](?:(?:[.,] ?|\., | )[A-Z](?![^\W\d_])){2,}"
_ROW: Final = re.compile(
    r"(?:\b(?P<name>[^\W\d_][^\W\d_]{2,})(?:[,.]? |-))?"
    rf"(?<![^\W_])(?P<row>{_HYPHENED}|{_DOTTED})(?![^\W\d_])(?P<glued>-(?=\d)| (?=[A-Z\d]))?"
)
_LAST_WORD: Final = re.compile(r"\b([A-Z][a-z]+)[,.]? ?$")
ALIKE: Final = 0.5
_ALIKE: Final = ("BCDEGPTVZ", "MN", "FSX", "AHJK", "IY", "QUW", "LO")
"""Letters whose names a telephone line mixes up."""

Acts = tuple[a.Act, ...]


@cache
def _letter_for() -> re.Pattern[str]:
    between = rf"[,.]? {anywhere('letter_like')} "
    return re.compile(rf"\b(?P<heard>[^\W\d_])(?P<between>{between})(?P<word>[^\W\d_][\w-]+)", re.IGNORECASE)


@cache
def _worded_row() -> re.Pattern[str]:
    word, and_ = r"[^\W\d_]+", anywhere("and_between_letters")
    as_in = rf"(?:\b[^\W\d_]{{1,4}}[,.]? )?\b{anywhere('as_in')} {word}"
    worded = rf"(?:{as_in}|\b[^\W\d_][,.]? {anywhere('letter_of')} {word})"
    return re.compile(rf"{worded}(?:[.,;]? (?:{and_} )?{worded}){{2,}}", re.IGNORECASE)


@cache
def _begins() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{anywhere('as_in')}|{anywhere('letter_of')}) ([^\W\d_])", re.IGNORECASE)


@cache
def _heard_for_no() -> re.Pattern[str]:
    return re.compile(f"^{anywhere('heard_for_no')}")


def _mending() -> str:
    return rf"\b(?:{anywhere('no')}|{anywhere('name_is')})[,.]?"


@cache
def _mends() -> re.Pattern[str]:
    return re.compile(rf"{_mending()} ?$", re.IGNORECASE)


@cache
def _said_too() -> re.Pattern[str]:
    """A name of several words before its letters, where it is mended: the letters say it."""
    row = r"(?=[A-Z](?:-[A-Z]){3,}(?![\w-]))"
    return re.compile(rf"((?i:{_mending()}) )(?:[A-Z][^\W\d_]+[,. -]+){{1,3}}{row}")


def best_hearing(
    text: str, others: Iterable[str], asked: tuple[Key, ...], understand: Callable[[str], Acts]
) -> Acts:
    """The acts of `text`, or of the first of `others` (likeliest first) that answers where `text` means nothing; with
    a number or a date that was asked for from the first of `others` that has one, where `text` has none."""
    acts = understand(text)
    others = tuple(others)
    if not others:
        return acts
    means = any(_means_something(act) for act in acts)
    if not means and not any(key.detail in _ANY_WORD for key in asked):
        readings = (understand(other) for other in others)
        return next((reading for reading in readings if _answers(reading, asked)), acts)
    missing = _missing(acts, asked, text)
    if not missing or not any(isinstance(act, a.Give | a.Deny) for act in acts):
        return acts
    return acts + _first_of(missing, [understand(other) for other in others])


def spelling_mended(text: str) -> str:
    """A recogniser's letters as they were meant: parted from what it ran them into ("Menon-M-E-N-O-N-646..."), and as a
    word has them where the line garbles them: "S as in Frank" is an F, "Voss, Z-O-S-S" begins with V."""
    text = _worded_row().sub(_as_the_words_begin, _heard_for_no().sub("No", text))
    if len(_letter_for().findall(text)) > 1:
        text = _letter_for().sub(_as_the_word_begins, text)
    return _said_too().sub(r"\1", _ROW.sub(_as_the_name_goes, text))


def _as_the_words_begin(found: re.Match[str]) -> str:
    """ "R as in Robert. A as in apple. As in house": R-A-H."""
    words = _begins().findall(found.group())
    return "-".join(word.upper() for word in words)


def _as_the_word_begins(found: re.Match[str]) -> str:
    letter = found["word"][0]
    return (
        f"{letter.upper() if found['heard'].isupper() else letter.lower()}{found['between']}{found['word']}"
    )


def _as_the_name_goes(found: re.Match[str]) -> str:
    """The row in single letters with marks around it; of the name said before it what the letters don't say better."""
    letters = [letter for letter in found["row"] if letter.isalpha()]
    name = found["name"] or ""
    alike = all(map(_mixed_up, name.upper(), letters))
    if alike and len(letters) <= len(name) <= len(letters) + CUT_OFF:
        letters = list(name.upper())
    elif name and _spells(letters, name, found.string[: found.start()]):
        name = ""
    before, after = (f"{name}, " if name else ""), (", " if found["glued"] else "")
    return f"{before}{'-'.join(letters)}{after}"


def _spells(letters: Sequence[str], name: str, before: str) -> bool:
    """Whether the letters are this name's, misheard: after "no" or which name it is, after another, or much alike."""
    spelled = "".join(letters)
    if fold(name) == fold(spelled):
        return False
    last = _LAST_WORD.search(before)
    after_a_name = last is not None and last.group(1).casefold() not in words_anywhere(
        "no_name_before_letters"
    )
    surely = len(letters) > 3 and (after_a_name or _mends().search(before) is not None)
    return surely or looks_like(name, spelled) >= ALIKE


def _mixed_up(one: str, other: str) -> bool:
    return one == other or any(one in alike and other in alike for alike in _ALIKE)


def _missing(acts: Acts, asked: tuple[Key, ...], text: str) -> frozenset[Key]:
    """What was asked or, as a telephone number, begun; has a form of its own; and was neither given nor declined."""
    met = {Key(act.subject, act.detail) for act in acts if isinstance(act, a.Give | a.Decline)}
    begun = (key(Detail.PHONE),) if sum(c.isdigit() for c in text) >= BEGUN else ()
    return frozenset(each for each in (*asked, *begun) if each.detail in _HAS_A_FORM and each not in met)


def _first_of(missing: frozenset[Key], readings: Sequence[Acts]) -> Acts:
    found: dict[Key, a.Act] = {}
    for reading in readings:
        for act in reading:
            if isinstance(act, a.Give) and act.key in missing:
                found.setdefault(act.key, act)
    return tuple(found.values())


def _means_something(act: a.Act) -> bool:
    return not (isinstance(act, a.Unmatched) or act == a.Interject(a.Aside.NOISE))


def _answers(acts: Acts, asked: tuple[Key, ...]) -> bool:
    return any(_is_answer(act, asked) for act in acts)


def _is_answer(act: a.Act, asked: tuple[Key, ...]) -> bool:
    details = {key.detail for key in asked}
    match act:
        case a.Give():
            return act.key in asked
        case a.Decline(detail, subject):
            return Key(subject, detail) in asked
        case a.Affirm() | a.Deny():
            return bool(details)
        case a.Choose() | a.NoneOfThose():
            return Detail.CHOICE in details
        case a.Intend():
            return act.sure and Detail.ERRAND in details
        case _:
            return False
