"""Whether a name is read out of the whole answer rather than piece by piece, and what it gives then."""

from dataclasses import dataclass

from lamplighter.conversation.acts import Act, Give
from lamplighter.conversation.details import Detail, Key, Subject
from lamplighter.conversation.understanding.details import read_detail
from lamplighter.conversation.understanding.name_doubt import doubt
from lamplighter.conversation.understanding.names import joined
from lamplighter.conversation.understanding.reading import Listening
from lamplighter.conversation.understanding.spelling import spelled
from lamplighter.conversation.understanding.text import Said
from lamplighter.conversation.understanding.told import tells_letters
from lamplighter.conversation.understanding.whole_names import WholeName, whole_name

_NUMBERS = (Key(Subject.PATIENT, Detail.DATE_OF_BIRTH), Key(Subject.PATIENT, Detail.PHONE))
_SHORT = 6


@dataclass(frozen=True, slots=True)
class Told:
    acts: tuple[Act, ...]
    rest: Said


def told_name(said: Said, first: str, last: str, listening: Listening) -> Told | None:
    """The name as the whole answer tells it, where that is to be trusted more than `first` and `last`, which its pieces
    gave; None where it isn't."""
    lex = listening.lex
    whole = whole_name(said, lex, _numbers_in(said, listening))
    if whole is None or (not first and not last and _unasked(said, listening)):
        return None
    if (joined(whole.first), joined(whole.last)) == (first, last):
        return Told(tuple(_acts(whole)), whole.rest) if whole.called else None
    mine, pieces = doubt(joined(whole.first), joined(whole.last), said, lex), doubt(first, last, said, lex)
    if mine > pieces or (mine == pieces and _in_parts(said, whole, first, last, listening)):
        return None
    return Told(tuple(_acts(whole)), whole.rest)


def told_caller(said: Said, pieces: str, listening: Listening) -> Told | None:
    """The same for whoever speaks and was asked who they are: one name, first and last together."""
    lex = listening.lex
    whole = whole_name(said, lex, _numbers_in(said, listening), own=True)
    if whole is None or (not pieces and _unasked(said, listening)):
        return None
    first, _, last = pieces.partition(" ")
    mine = joined((*whole.first, *whole.last))
    if mine == pieces or doubt(joined(whole.first), joined(whole.last), said, lex) >= doubt(
        first, last, said, lex
    ):
        return None
    spelled_out = any(word.spelled for word in (*whole.first, *whole.last))
    return Told((Give(Detail.CALLER_NAME, mine, spelled=spelled_out),), whole.rest)


def _numbers_in(said: Said, listening: Listening) -> tuple[tuple[int, int], ...]:
    """Where a birth date or a telephone number stands: in all that was said, or else in a sentence of it."""
    spans: list[tuple[int, int]] = []
    for key in _NUMBERS:
        at = 0
        for piece in (said, *said.sentences):
            start = 0 if piece is said else said.text.index(piece.text, at)
            at = start if piece is said else start + len(piece.text)
            found = read_detail(piece, key, listening)
            if found and found.sure >= 0.9:
                spans.append((start + found.start, start + found.end))
                break
    return tuple(spans)


def _unasked(said: Said, listening: Listening) -> bool:
    """Capitals in the middle of talk, with no word of a name: "is this Harbor Lane?"."""
    names = listening.lex.pattern("name_label").search(said.low) or listening.lex.pattern("name_cue").search(
        said.low
    )
    letters = spelled(said, listening.lex) or tells_letters(said, listening.lex)
    return not names and not letters and len(said.words) > _SHORT


def _in_parts(said: Said, whole: WholeName, first: str, last: str, listening: Listening) -> bool:
    """Names with a hyphen, or spelled in several rows, which are put together better piece by piece."""
    names = f"{first} {last} {joined(whole.first)} {joined(whole.last)}"
    rows = [row for row in spelled(said, listening.lex) if len(row.letters) > 1]
    return "-" in names or len(rows) > 2 or bool(listening.lex.pattern("spoken_mark").search(said.low))


def _acts(whole: WholeName) -> list[Act]:
    parts = (
        (Detail.FIRST_NAME, whole.first),
        (Detail.LAST_NAME, whole.last),
        (Detail.PREFERRED_NAME, whole.called),
    )
    return [
        Give(detail, joined(words), spelled=any(word.spelled for word in words))
        for detail, words in parts
        if words
    ]
