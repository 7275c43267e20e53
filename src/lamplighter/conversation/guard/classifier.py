"""The trained detector: how near a text's vector is to the written cases of each verdict.

A kernel ridge over sentence vectors. The model is what `train.py` wrote: the vectors of the training
cases, one weight per verdict for each of them, and per locale the margin over `clear` from which a
text counts. Margins are decided on and forgotten: nothing outside this file sees one.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from io import BytesIO

import numpy as np
import numpy.typing as npt

from .text import windows

Vectors = npt.NDArray[np.float32]
Embed = Callable[[list[str]], Vectors]

WHOLE = 240  # characters of a text that is read as one
_WINDOW, _STEP = 24, 12  # words
_MOST_WINDOWS = 48
_SENTENCE_END = re.compile(r"[.!?\n。！？]+")
_SHORT = 2  # words; so little says little, and is most often a name


@dataclass(frozen=True, slots=True)
class Classifier:
    """The model, and where it gets its vectors from."""

    kinds: tuple[str, ...]
    support: Vectors = field(repr=False)
    weights: Vectors = field(repr=False)
    width: float
    margins: dict[str, float]
    short_margin: float
    word_weights: dict[str, float] = field(repr=False)

    @classmethod
    def load(cls) -> "Classifier":
        """The model that ships in the package."""
        stored = np.load(BytesIO((files(__package__) / "model.npz").read_bytes()), allow_pickle=False)
        about = json.loads(str(stored["about"]))
        support = stored["support"].astype(np.float32) * stored["scale"][:, None]
        return cls(
            kinds=tuple(about["kinds"]),
            support=support,
            weights=stored["weights"].astype(np.float32),
            width=about["width"],
            margins=about["margins"],
            short_margin=about["short_margin"],
            word_weights=dict(zip(about["words"], stored["word_weights"].tolist(), strict=True)),
        )

    def verdict(self, text: str, locale: str, embed: Embed, vector: Vectors | None = None) -> str:
        """The verdict on a text. `vector` spares the encoder a text of at most WHOLE characters."""
        if len(text) <= WHOLE:
            rows = embed([text]) if vector is None else vector.reshape(1, -1)
        else:
            rows = embed(self._windows(text))
        found = {self._decide(row, locale, text) for row in self.scores(rows)}
        return next((kind for kind in self.kinds if kind in found), "clear")

    def scores(self, rows: Vectors) -> Vectors:
        """One row of scores, in the order of `kinds`, for each vector."""
        return kernel(unit(rows), self.support, self.width) @ self.weights

    def _decide(self, scores: Vectors, locale: str, text: str) -> str:
        best = int(scores[:-1].argmax())
        margin = float(scores[best] - scores[-1])
        limit = self.margins.get(locale.partition("-")[0], max(self.margins.values()))
        if len(text) < WHOLE and len(text.split()) <= _SHORT:
            limit = max(limit, self.short_margin)
        return self.kinds[best] if margin > limit else self.kinds[-1]

    def _windows(self, text: str) -> list[str]:
        sentences = (part for part in _SENTENCE_END.split(text) if part.strip())
        pieces = [piece for sentence in sentences for piece in windows(sentence, _WINDOW, _STEP)]
        if len(pieces) <= _MOST_WINDOWS:
            return pieces
        return sorted(pieces, key=self._alarm, reverse=True)[:_MOST_WINDOWS]

    def _alarm(self, piece: str) -> float:
        weights = (self.word_weights.get(word.strip(".,!?;:¿¡\"'"), 0.0) for word in piece.casefold().split())
        return sum(sorted(weights, reverse=True)[:6])


def unit(rows: Vectors) -> Vectors:
    """Vectors brought to length 1."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), dtype=np.float32)


def kernel(rows: Vectors, others: Vectors, width: float) -> Vectors:
    """Likeness of vectors of length 1, with a constant part."""
    return np.asarray(np.exp(-width * (2 - 2 * rows @ others.T)) + 1, dtype=np.float32)


def encode(texts: Sequence[str]) -> Vectors:
    """Vectors from the process's shared encoder, which is loaded on first use."""
    from ..understanding.encoder import embed, embed_all

    if len(texts) == 1:
        return np.asarray(embed(texts[0]), dtype=np.float32).reshape(1, -1)
    return embed_all(list(texts))
