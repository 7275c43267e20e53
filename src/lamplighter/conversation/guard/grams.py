"""Runs of letters and of words as numbered buckets: how a text is spelled, whatever its language.

No table of words is kept: a run's bucket is a hash of it, so that a language the encoder has never
seen, a misspelling or a slip of recognition costs nothing but its training cases.
"""

from collections.abc import Iterator
from zlib import crc32

import numpy as np
import numpy.typing as npt

BUCKETS = 1 << 17
_LETTERS, _WORDS = range(2, 6), range(1, 4)  # how long the runs are
_ODD = np.uint64(0x9E3779B97F4A7C15)
_HALF, _KEEP = np.uint64(29), np.uint64(64 - 17)

Buckets = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float32]
_Hashes = npt.NDArray[np.uint64]


def grams(reading: str) -> tuple[Buckets, Weights]:
    """The buckets of a reading (see text.words) and how much each weighs: letters length 1, words length 1."""
    letters = np.frombuffer(reading.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    spoken = [crc32(word.encode("utf-8", "surrogatepass")) for word in reading.split()]
    parts = [
        _weighed(list(_runs(letters, _LETTERS, 0))),
        _weighed(list(_runs(np.array(spoken, dtype=np.uint64), _WORDS, 16))),
    ]
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def _runs(symbols: _Hashes, lengths: range, salt: int) -> Iterator[_Hashes]:
    for length in lengths:
        count = len(symbols) - length + 1
        if count <= 0:
            return
        mixed = np.full(count, length + salt, dtype=np.uint64)
        for place in range(length):
            mixed = (mixed ^ symbols[place : place + count]) * _ODD
            mixed ^= mixed >> _HALF
        yield mixed


def _weighed(runs: list[_Hashes]) -> tuple[Buckets, Weights]:
    if not runs:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    buckets, counts = np.unique((np.concatenate(runs) >> _KEEP).astype(np.int64), return_counts=True)
    weights = 1 + np.log(counts)
    return buckets, (weights / np.linalg.norm(weights)).astype(np.float32)
