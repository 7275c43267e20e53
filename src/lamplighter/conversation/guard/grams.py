"""Runs of letters and of words as numbered buckets: how a text is spelled, whatever its language.

No table of words is kept: a run's bucket is a hash of it, so that a language the encoder has never
seen, a misspelling or a slip of recognition costs nothing but its training cases.
"""

from collections.abc import Iterator
from zlib import crc32

import numpy as np
import numpy.typing as npt

from .romanised import romanised
from .text import fold, words

BUCKETS = 1 << 17
MORE_BUCKETS = 1 << 19
_LETTERS, _WORDS = range(2, 6), range(1, 4)  # how long the runs are
_ROMAN_WORDS, _ROMAN_SALT, _ROMAN_SHARE = range(1, 3), 64, 0.7
_ODD = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(29)

Buckets = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float32]
_Hashes = npt.NDArray[np.uint64]


def grams(reading: str) -> tuple[Buckets, Weights]:
    """The buckets of a reading (see text.words) and how much each weighs: letters length 1, words length 1."""
    return _of(reading, _WORDS, 0, BUCKETS)


def grams_both_ways(text: str) -> tuple[Buckets, Weights]:
    """The buckets of a text as written and, weighing less, as it would be written in Latin letters."""
    written = _of(words(fold(text)), _WORDS, 0, MORE_BUCKETS)
    roman = _of(romanised(text), _ROMAN_WORDS, _ROMAN_SALT, MORE_BUCKETS)
    return np.concatenate([written[0], roman[0]]), np.concatenate([written[1], roman[1] * _ROMAN_SHARE])


def _of(reading: str, lengths: range, salt: int, buckets: int) -> tuple[Buckets, Weights]:
    letters = np.frombuffer(reading.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    spoken = [crc32(word.encode("utf-8", "surrogatepass")) for word in reading.split()]
    parts = [
        _weighed(list(_runs(letters, _LETTERS, salt)), buckets),
        _weighed(list(_runs(np.array(spoken, dtype=np.uint64), lengths, salt + 16)), buckets),
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


def _weighed(runs: list[_Hashes], buckets: int) -> tuple[Buckets, Weights]:
    if not runs:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    dropped = np.uint64(65 - buckets.bit_length())
    found, counts = np.unique((np.concatenate(runs) >> dropped).astype(np.int64), return_counts=True)
    weights = 1 + np.log(counts)
    return found, (weights / np.linalg.norm(weights)).astype(np.float32)
