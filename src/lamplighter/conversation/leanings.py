"""What a crisis is about where the words of `ways.yaml` do not say it: a small trained head over a sentence's vector
and its runs of letters, in every language that the guard has cases in. `train_leanings.py` writes it.

Rules of this room: it is asked only of a text that is a crisis already, it only ever adds a way, and what it reckons is
decided on and forgotten: nothing outside this file sees a number.
"""

import json
import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Final

import numpy as np
import numpy.typing as npt

from lamplighter.conversation.guard.glossing import in_english
from lamplighter.conversation.guard.grams import Buckets, Weights, grams_both_ways
from lamplighter.conversation.understanding.encoder import embed

Vectors = npt.NDArray[np.float32]

MODEL: Final = "leanings.npz"
LEARNED: Final = ("medical", "home", "licensed", "assault")
DROPPED: Final = 2
"""Bits of a bucket's number that are let go: far fewer buckets than the guard's, for far fewer cases."""
LONG, MOST = 160, 12
"""Characters from which a text is read sentence by sentence as well, and how many of these at most."""
_SENTENCE_END: Final = re.compile(r"[.!?\n।。！？؟]+")


@dataclass(frozen=True, slots=True)
class Leanings:
    """A number a way: above `sure` it is that way."""

    mean: Vectors = field(repr=False)
    meaning: Vectors = field(repr=False)
    runs: Vectors = field(repr=False)
    sure: Vectors

    def about(self, text: str, locale: str) -> tuple[str, ...]:
        """The ways of a text that is a crisis."""
        reached = np.max([self._reckon(piece, locale) for piece in pieces(text)], axis=0)
        return tuple(name for name, on in zip(LEARNED, reached > self.sure, strict=True) if on)

    def _reckon(self, piece: str, locale: str) -> Vectors:
        buckets, weights = runs_of(piece)
        vector = embed(in_english(piece, locale)) - self.mean
        return np.asarray(vector @ self.meaning[:-1] + self.meaning[-1] + weights @ self.runs[buckets])


def pieces(text: str) -> list[str]:
    """The text, and where it is long its sentences as well."""
    if len(text) <= LONG:
        return [text]
    return [text, *[part.strip() for part in _SENTENCE_END.split(text) if part.strip()][:MOST]]


def runs_of(text: str) -> tuple[Buckets, Weights]:
    buckets, weights = grams_both_ways(text)
    return buckets >> DROPPED, weights


@cache
def load() -> Leanings:
    """What ships in the package."""
    stored = np.load(BytesIO((files(__package__) / MODEL).read_bytes()), allow_pickle=False)
    limits = json.loads(str(stored["limits"]))
    return Leanings(
        mean=stored["mean"],
        meaning=stored["meaning"],
        runs=stored["runs"].astype(np.float32) * stored["run_scale"],
        sure=np.array([limits[name] for name in LEARNED], dtype=np.float32),
    )
