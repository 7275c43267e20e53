"""The trained detectors: how near a text is, in meaning and in spelling, to the written cases of each verdict.

One for English and Spanish (`train.py`), one for the other languages (`train_others.py`). Each is a
kernel machine over two views that fail differently: the vectors of the shared encoder, and the runs
of letters and words in `grams.py`, which also read misspellings and languages that the encoder never
saw. A model is what its training wrote: the vectors of cases with a weight per verdict, a weight per
bucket of runs, and per locale and verdict the margin over `clear` from which a text counts. Margins
are decided on and forgotten: nothing outside this file sees one.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from io import BytesIO

import numpy as np
import numpy.typing as npt

from .glossing import in_english
from .grams import Buckets, Weights, grams, grams_both_ways
from .text import fold, spoken_length, windows, words

Vectors = npt.NDArray[np.float32]
Embed = Callable[[list[str]], Vectors]
Spell = Callable[[str], tuple[Buckets, Weights]]
Translate = Callable[[str, str], str]
Margins = Mapping[str, Sequence[float]]  # per locale, one for each verdict but `clear`

WHOLE = 240  # characters of a text that is read as one
_WINDOW, _STEP = 24, 12  # words
_MOST_WINDOWS = 48
_SENTENCE_END = re.compile(r"[.!?\n。！？]+")
SHORT = 2  # words; so little says little, and is most often a name


@dataclass(frozen=True, slots=True)
class Space:
    """The encoder's vectors with fewer numbers: around their mean, along their main directions."""

    mean: Vectors = field(repr=False)
    directions: Vectors = field(repr=False)

    def place(self, rows: Vectors) -> Vectors:
        return np.asarray((unit(rows) - self.mean) @ self.directions, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Classifier:
    """The model, and where it gets its vectors from."""

    kinds: tuple[str, ...]
    space: Space
    support: Vectors = field(repr=False)  # a column a case: a product with it reads memory from end to end
    squares: Vectors = field(repr=False)
    weights: Vectors = field(repr=False)  # a row a verdict
    runs: Vectors = field(repr=False)
    width: float
    margins: Margins
    short_margins: tuple[float, ...]
    word_weights: dict[str, float] = field(repr=False)
    spell: Spell = field(repr=False)
    translate: Translate = field(repr=False)  # a text and its locale, into words that the encoder knows

    @classmethod
    def load(cls) -> "Classifier":
        """The model for English and Spanish that ships in the package."""
        return cls._read("model.npz", _as_written, _as_said)

    @classmethod
    def load_others(cls) -> "Classifier":
        """The model for every other language that ships in the package."""
        return cls._read("others.npz", grams_both_ways, in_english)

    @classmethod
    def _read(cls, name: str, spell: Spell, translate: Translate) -> "Classifier":
        stored = np.load(BytesIO((files(__package__) / name).read_bytes()), allow_pickle=False)
        about = json.loads(str(stored["about"]))
        support = stored["support"].astype(np.float32) * stored["scale"][:, None]
        return cls(
            kinds=tuple(about["kinds"]),
            space=Space(stored["mean"].astype(np.float32), stored["directions"].astype(np.float32)),
            support=np.ascontiguousarray(support.T),
            squares=squares(support),
            weights=np.ascontiguousarray(stored["weights"].astype(np.float32).T),
            runs=stored["runs"].astype(np.float32) * stored["run_scale"],
            width=about["width"],
            margins=about["margins"],
            short_margins=tuple(about["short_margins"]),
            word_weights=dict(zip(about["words"], stored["word_weights"].tolist(), strict=True)),
            spell=spell,
            translate=translate,
        )

    def verdict(self, text: str, locale: str, embed: Embed, vector: Vectors | None = None) -> str:
        """The verdict on a text. `vector` spares the encoder a text of at most WHOLE characters."""
        pieces = [text] if len(text) <= WHOLE else self._windows(text)
        known = [self.translate(piece, locale) for piece in pieces]
        rows = embed(known) if vector is None or known != [text] else vector.reshape(1, -1)
        limits = self._limits(text, locale)
        found = {decide(row, limits, self.kinds) for row in self.scores(pieces, rows)}
        return next((kind for kind in self.kinds if kind in found), self.kinds[-1])

    def danger(self, text: str, locale: str, embed: Embed) -> float:
        """By how much the margin of `crisis` passes its limit, for a text of at most WHOLE characters."""
        known = self.translate(text[:WHOLE], locale)
        row = self.scores([text[:WHOLE]], embed([known]))[0]
        return float((row - self._limits(text, locale))[self.kinds.index("crisis")])

    def scores(self, texts: Sequence[str], rows: Vectors) -> Vectors:
        """For each text and its vector, the margin of every verdict over `clear`."""
        places = self.space.place(rows)
        apart = squares(places)[:, None] + self.squares[None] - 2 * (places @ self.support)
        meaning = np.einsum("ij,kj->ik", likeness(apart, self.width), self.weights)
        return np.asarray(meaning + np.vstack([self._spelling(text) for text in texts]), dtype=np.float32)

    def _spelling(self, text: str) -> Vectors:
        buckets, weights = self.spell(text)
        return np.asarray(weights @ self.runs[buckets], dtype=np.float32)

    def _limits(self, text: str, locale: str) -> Vectors:
        own = self.margins.get(locale) or self._of_language(locale.partition("-")[0])
        limits = np.array(own or np.max(list(self.margins.values()), axis=0), dtype=np.float32)
        if len(text) < WHOLE and spoken_length(text) <= SHORT:
            return np.maximum(limits, np.array(self.short_margins, dtype=np.float32))
        return limits

    def _of_language(self, language: str) -> list[float]:
        """The lower margins of the locales of a language."""
        found = [own for locale, own in self.margins.items() if locale.partition("-")[0] == language]
        return [min(column) for column in zip(*found, strict=True)]

    def _windows(self, text: str) -> list[str]:
        sentences = (part for part in _SENTENCE_END.split(text) if part.strip())
        pieces = list(dict.fromkeys(p for s in sentences for p in windows(s, _WINDOW, _STEP)))
        if len(pieces) <= _MOST_WINDOWS:
            return pieces
        return sorted(pieces, key=self._alarm, reverse=True)[:_MOST_WINDOWS]

    def _alarm(self, piece: str) -> float:
        weights = (self.word_weights.get(word.strip(".,!?;:¿¡\"'"), 0.0) for word in piece.casefold().split())
        return sum(sorted(weights, reverse=True)[:6])


def _as_written(text: str) -> tuple[Buckets, Weights]:
    return grams(words(fold(text)))


def _as_said(text: str, _locale: str) -> str:
    return text


def decide(margins: Vectors, limits: Vectors, kinds: Sequence[str]) -> str:
    """The verdict whose margin is widest among those that passed their limit; the last kind if none did."""
    passed = np.flatnonzero(margins > limits)
    if not passed.size:
        return kinds[-1]
    return kinds[int(passed[np.argmax(margins[passed])])]


def unit(rows: Vectors) -> Vectors:
    """Vectors brought to length 1."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), dtype=np.float32)


def squares(rows: Vectors) -> Vectors:
    """The square of each vector's length."""
    return np.asarray((rows * rows).sum(axis=1), dtype=np.float32)


def likeness(apart: Vectors, width: float) -> Vectors:
    """How alike vectors are by the square of their distance, with a constant part."""
    return np.asarray(np.exp(-width * np.maximum(apart, 0)) + 1, dtype=np.float32)


def encode(texts: Sequence[str]) -> Vectors:
    """Vectors from the process's shared encoder, which is loaded on first use."""
    from ..understanding.encoder import embed, embed_all

    if len(texts) == 1:
        return np.asarray(embed(texts[0]), dtype=np.float32).reshape(1, -1)
    return embed_all(list(texts))
