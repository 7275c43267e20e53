"""What was said, cut into pieces that can be laid along the questions: at its sentences, and at commas where needed."""

import re
from dataclasses import dataclass
from functools import cache

from lamplighter.conversation.understanding.lexicon import Lexicon, anywhere
from lamplighter.conversation.understanding.spelling import looks_like, spelled
from lamplighter.conversation.understanding.text import Said

MOST_PIECES = 12


@cache
def _weak() -> re.Pattern[str]:
    but, and_ = anywhere("but"), anywhere("and")
    return re.compile(rf",?\s+{but}\s+|,\s+(?:{and_} )?|\s+{and_}\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """`whole.text[start:end]`, which is laid along the questions; neighbours join to what was really said."""

    whole: Said
    start: int
    end: int

    @property
    def said(self) -> Said:
        return self.whole.cut(self.start, self.end)


def pieces_of(said: Said, wanted: int, lex: Lexicon) -> list[Piece]:
    """Its sentences; cut at commas too where there are fewer than `wanted`, and never more than MOST_PIECES."""
    pieces: list[Piece] = []
    at = 0
    for sentence in said.sentences:
        start = said.text.index(sentence.text, at)
        at = start + len(sentence.text)
        bare = re.sub(r"^[\W_]+", "", lex.pattern("hesitation").sub(" ", sentence.low))
        if pieces and lex.pattern("takes_back").match(bare):
            start = pieces.pop().start
        pieces.append(Piece(said, start, at))
    pieces = _with_spellings([piece for piece in pieces if piece.said.words], lex)
    if len(pieces) < wanted:
        finer = [cut for piece in pieces for cut in _cuts(piece, lex)]
        pieces = finer if len(finer) <= MOST_PIECES else pieces
    if len(pieces) > MOST_PIECES:
        pieces = [*pieces[: MOST_PIECES - 1], Piece(said, pieces[MOST_PIECES - 1].start, len(said.text))]
    return pieces


def _cuts(piece: Piece, lex: Lexicon) -> list[Piece]:
    """At commas and "and", except between letters."""
    cuts, start, low = [], piece.start, piece.whole.low
    rows = [row for row in spelled(piece.whole, lex) if len(row.letters) > 2]
    for match in _weak().finditer(low, piece.start, piece.end):
        if any(row.start < match.start() < row.end for row in rows):
            continue
        before, after = low[: match.start()], low[match.end() :]
        if re.search(r"(?:^|\W)\w$", before) and (
            match.group().strip() == "e" or re.match(r"\w(?:\W|$)", after)
        ):
            continue
        if before.split()[-1:] and before.split()[-1] in lex.table("tens") and "," not in match.group():
            continue  # "ochenta y seis"
        if match.group().strip() == "y" and re.match(r"(?:media|cuarto|pico|cinco|diez|veinte)(?!\w)", after):
            continue  # "a las dos y media"
        cuts.append(Piece(piece.whole, start, match.start()))
        start = match.end()
    cuts.append(Piece(piece.whole, start, piece.end))
    return _with_spellings([cut for cut in cuts if cut.said.words], lex)


def _with_spellings(cuts: list[Piece], lex: Lexicon) -> list[Piece]:
    """ "Brayan, be ere a...": the letters of a word belong to the word before them."""
    kept: list[Piece] = []
    for cut in cuts:
        rows = spelled(cut.said, lex) if kept else ()
        letters = (
            rows[0].letters if rows and rows[0].start <= 2 and rows[0].end >= len(cut.said.text) - 1 else ""
        )
        if letters and any(looks_like(word, letters) >= 0.5 for word in kept[-1].said.words[-3:]):
            cut = Piece(cut.whole, kept.pop().start, cut.end)
        kept.append(cut)
    return kept


def said_from(piece: Piece) -> Said:
    """From its beginning to the end of all that was said."""
    return piece.whole.cut(piece.start, len(piece.whole.text))


def joined_from(pieces: list[Piece], group: tuple[int, int]) -> Said:
    """What was really said from the first to the last of the group."""
    first, last = pieces[group[0]], pieces[group[1] - 1]
    return first.whole.cut(first.start, last.end)
