"""Runs of letters and words in hashed buckets: how a text is spelled, for the small models."""

from functools import lru_cache
from itertools import pairwise
from zlib import crc32

import numpy as np

from lamplighter.conversation.understanding.encoder import Vector
from lamplighter.conversation.understanding.text import fold

BUCKETS = 4096
_LENGTHS = (3, 4)


@lru_cache(maxsize=256)
def runs_of(text: str) -> dict[int, float]:
    """The weight of each bucket that the runs of a text fall into; the squares of the weights add up to 1."""
    words = "".join(char if char.isalnum() else " " for char in fold(text)).split()
    found: dict[int, float] = {}
    for run in (*_letters(words), *words, *map(" ".join, pairwise(words))):
        bucket = crc32(run.encode()) % BUCKETS
        found[bucket] = found.get(bucket, 0.0) + 1.0
    length = sum(weight * weight for weight in found.values()) ** 0.5 or 1.0
    return {bucket: weight / length for bucket, weight in found.items()}


def spelling(text: str) -> Vector:
    """The same as a row of BUCKETS numbers."""
    row = np.zeros(BUCKETS, dtype=np.float32)
    for bucket, weight in runs_of(text).items():
        row[bucket] = weight
    return row


def _letters(words: list[str]) -> list[str]:
    text = f" {' '.join(words)} "
    return [text[at : at + n] for n in _LENGTHS for at in range(len(text) - n + 1)]
