"""Sentences in the order in which somebody reads them, each with what an earlier one has word for word already."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

PACE: Final = 250  # words a minute, of somebody who reads with care but not aloud
AGAIN: Final = 4  # so many words in a row that stood before are not new
_NEARBY: Final = 4  # earlier sentences that one is held against


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence as its file has it, under the heading that it stands below."""

    heading: str
    id: str
    words: tuple[str, ...]
    spoken: bool = False
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a sentence. `again`: word for word in the sentence that `Sentence.like` names."""

    words: str
    again: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """`spoken`: said so where it is heard rather than read. `channels` is empty where all of them say it."""

    id: str
    spoken: bool
    channels: tuple[str, ...]
    pieces: tuple[Piece, ...]
    like: str

    @property
    def whole(self) -> str:
        return " ".join(piece.words for piece in self.pieces)

    @property
    def new_words(self) -> int:
        return sum(len(piece.words.split()) for piece in self.pieces if not piece.again)


@dataclass(frozen=True, slots=True)
class Chapter:
    """What stands under one heading of the file; the heading is empty before the first."""

    heading: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class ToRead:
    chapters: tuple[Chapter, ...]

    @property
    def words(self) -> int:
        """Those that stand nowhere before."""
        return sum(each.new_words for chapter in self.chapters for each in chapter.sentences)

    @property
    def minutes(self) -> int:
        return max(1, round(self.words / PACE))


def chapters(drafts: Sequence[Draft]) -> Iterator[Chapter]:
    """Each held against those before it, by heading in the order of the first of each."""
    before = _Before()
    by_heading: dict[str, list[Sentence]] = {}
    for draft in drafts:
        by_heading.setdefault(draft.heading, []).append(before.held_against(draft))
    for heading, sentences in by_heading.items():
        yield Chapter(heading, tuple(sentences))


class _Before:
    """What somebody has read so far."""

    def __init__(self) -> None:
        self._read: list[Draft] = []
        self._with: dict[tuple[str, ...], set[int]] = defaultdict(set)

    def held_against(self, draft: Draft) -> Sentence:
        pieces, like = self._best(draft.words)
        for run in _runs(draft.words):
            self._with[run].add(len(self._read))
        self._read.append(draft)
        return Sentence(draft.id, draft.spoken, draft.channels, pieces, like)

    def _best(self, words: tuple[str, ...]) -> tuple[tuple[Piece, ...], str]:
        shared = Counter(place for run in _runs(words) for place in self._with.get(run, ()))
        nearby = sorted(shared, key=lambda place: (-shared[place], place))[:_NEARBY]
        best: tuple[Piece, ...] = (Piece(" ".join(words), False),)
        like, most = "", 0
        for place in nearby:
            pieces = tuple(_pieces(self._read[place].words, words))
            again = sum(len(piece.words.split()) for piece in pieces if piece.again)
            if again > most:
                best, like, most = pieces, self._read[place].id, again
        return best, like


def _runs(words: tuple[str, ...]) -> set[tuple[str, ...]]:
    return {words[place : place + AGAIN] for place in range(len(words) - AGAIN + 1)}


def _pieces(before: tuple[str, ...], words: tuple[str, ...]) -> Iterator[Piece]:
    done = 0
    for block in SequenceMatcher(None, before, words, autojunk=False).get_matching_blocks():
        if block.size < AGAIN:
            continue
        if block.b > done:
            yield Piece(" ".join(words[done : block.b]), False)
        done = block.b + block.size
        yield Piece(" ".join(words[block.b : done]), True)
    if done < len(words):
        yield Piece(" ".join(words[done:]), False)
