"""Trains the head of `leanings.py`: `python -m lamplighter.conversation.train_leanings`, some minutes.

Deterministic: the same cases give the same file. It learns from what the trained cases of a crisis are of, in all
languages at once; held-out scenarios are never read. Limits by cross-validation over whole scenarios: as many as may
take a way wrongly, over the kinds that have nothing to do with it. A kind that is often that way as well ("teen": a
father's belt) counts neither as the one nor as the other, but a little against it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy import sparse

from lamplighter.conversation.guard.cases import Case, load_cases, written_locales
from lamplighter.conversation.guard.glossing import in_english
from lamplighter.conversation.guard.grams import MORE_BUCKETS
from lamplighter.conversation.guard.lessons import FOLDS, fold_of, joined, middle
from lamplighter.conversation.leanings import DROPPED, LEARNED, MODEL, Vectors, runs_of
from lamplighter.conversation.ways_report import WAY_OF

MAY_BE: Final[Mapping[str, frozenset[str]]] = {
    "medical": frozenset({"teen", "mid-booking", "frightened-parent", "third-party", "self-harm"}),
    "home": frozenset({"teen", "mid-booking", "abuse", "sexual-assault", "danger-to-others"}),
    "licensed": frozenset(
        {
            "teen",
            "mid-booking",
            "sexual-assault",
            "postpartum",
            "voices",
            "frightened-parent",
            "third-party",
            "violence-at-home",
        }
    ),
    "assault": frozenset({"abuse", "teen", "mid-booking", "violence-at-home"}),
}
"""The kinds that are often that way as well."""
A_LITTLE: Final = -0.4
WRONGLY: Final[Mapping[str, float]] = {
    "medical": 0.03,
    "home": 0.03,
    "licensed": 0.03,
    "assault": 0.015,
    "near": 0.06,
}
"""How many of the other kinds may take the way; "near": may have nothing sent to them."""
SPELLING, RIDGE, WEIGHT = 0.8, 4.0, 3.0
STEPS, ENOUGH = 15, 1e-3


@dataclass(frozen=True, slots=True)
class Lesson:
    meaning: Vectors = field(repr=False)
    runs: Any = field(repr=False)  # a sparse matrix, a row a case
    share: Vectors = field(repr=False)
    target: Vectors = field(repr=False)

    def part(self, rows: np.ndarray) -> "Lesson":
        return Lesson(self.meaning[rows], self.runs[rows], self.share[rows], self.target[rows])


def train() -> dict[str, float]:
    """Writes the file beside this one; answers the limits."""
    trained = [case for case in load_cases(written_locales()) if not case.held]
    own = [case for case in trained if case.verdict == "crisis"]
    cases = own + [case for case in joined(trained) if case.verdict == "crisis"]
    rows = middle([in_english(case.text, case.locale) for case in cases])
    mean = rows.mean(axis=0)
    lesson = _lesson(cases, rows - mean)
    inverse = _inverse(lesson)
    limits = _limits(own, _by_the_rest(cases, lesson, inverse)[: len(own)])
    _store(mean, _solve(lesson, inverse), lesson.meaning.shape[1], limits)
    return limits


def _lesson(cases: Sequence[Case], rows: Vectors) -> Lesson:
    target = np.array([[_wanted(name, case.of) for name in LEARNED] for case in cases], dtype=np.float32)
    share = np.where((target > 0).any(axis=1), WEIGHT, 1.0).astype(np.float32)
    constant = np.ones((len(rows), 1), dtype=np.float32)
    return Lesson(np.hstack([rows, constant]), SPELLING * _runs(cases), share, target)


def _wanted(way: str, kind: str | None) -> float:
    if WAY_OF.get(kind or "") == way:
        return 1.0
    return A_LITTLE if kind in MAY_BE[way] else -1.0


def _runs(cases: Sequence[Case]) -> Any:
    found = [runs_of(case.text) for case in cases]
    at = np.repeat(np.arange(len(found)), [len(buckets) for buckets, _ in found])
    where = np.concatenate([buckets for buckets, _ in found])
    weights = np.concatenate([weights for _, weights in found])
    shape = (len(found), MORE_BUCKETS >> DROPPED)
    return sparse.csr_matrix((weights, (at, where)), shape=shape, dtype=np.float32)


def _inverse(lesson: Lesson) -> Vectors:
    square = (lesson.meaning * lesson.share[:, None]).T @ lesson.meaning
    return np.asarray(np.linalg.inv(square + RIDGE * np.eye(len(square))), dtype=np.float32)


def _solve(lesson: Lesson, inverse: Vectors) -> Vectors:
    """Ridge regression by conjugate gradients, which meaning alone (`inverse`) brings near before they begin."""
    split, share, across = lesson.meaning.shape[1], lesson.share[:, None], lesson.runs.T.tocsr()
    squared = lesson.runs.multiply(lesson.runs)
    sizes = (np.asarray(squared.T @ lesson.share) + RIDGE)[:, None].astype(np.float32)

    def back(rest: Vectors) -> Vectors:
        return np.vstack([lesson.meaning.T @ rest, across @ rest])

    def nearer(rest: Vectors) -> Vectors:
        return np.vstack([inverse @ rest[:split], rest[split:] / sizes])

    rest = back(share * lesson.target)
    small = ENOUGH * np.linalg.norm(rest, axis=0)
    found, step = np.zeros_like(rest), nearer(rest)
    gain = (rest * step).sum(axis=0)
    for _ in range(STEPS):
        change = back(share * _seen(lesson, step)) + RIDGE * step
        length = gain / (step * change).sum(axis=0)
        found, rest = found + length * step, rest - length * change
        if (np.linalg.norm(rest, axis=0) < small).all():
            break
        tried = nearer(rest)
        gained = (rest * tried).sum(axis=0)
        step, gain = tried + (gained / gain) * step, gained
    return np.asarray(found, dtype=np.float32)


def _seen(lesson: Lesson, solved: Vectors) -> Vectors:
    split = lesson.meaning.shape[1]
    return np.asarray(lesson.meaning @ solved[:split] + lesson.runs @ solved[split:])


def _by_the_rest(cases: Sequence[Case], lesson: Lesson, inverse: Vectors) -> Vectors:
    """For each case what one says of it that never saw its scenario."""
    fold = np.array([fold_of(case) for case in cases])
    found = np.zeros_like(lesson.target)
    for number in range(FOLDS):
        solved = _solve(lesson.part(np.flatnonzero(fold != number)), inverse)
        rows = np.flatnonzero(fold == number)
        found[rows] = _seen(lesson.part(rows), solved)
    return found


def _limits(cases: Sequence[Case], said: Vectors) -> dict[str, float]:
    limits = {}
    for name, share in WRONGLY.items():
        way = "home" if name == "near" else name
        other = [WAY_OF.get(case.of or "") != way and case.of not in MAY_BE[way] for case in cases]
        limits[name] = round(float(np.quantile(said[other, LEARNED.index(way)], 1 - share)), 3)
    return limits


def _store(mean: Vectors, solved: Vectors, split: int, limits: dict[str, float]) -> None:
    runs = SPELLING * solved[split:]
    scale = np.abs(runs).max() / 127
    np.savez_compressed(
        Path(__file__).with_name(MODEL),
        mean=mean,
        meaning=solved[:split],
        runs=np.round(runs / scale).astype(np.int8),
        run_scale=np.float32(scale),
        limits=np.array(json.dumps(limits)),
    )


if __name__ == "__main__":
    train()
