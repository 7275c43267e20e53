"""Trains the classifier from the written cases: `python -m lamplighter.conversation.guard.train`.

Deterministic: the same cases give the same model. Held-out scenarios are never read. The margins are
set per locale and verdict by cross-validation over whole scenarios: the lowest that keep false alarms
on plain and on hard `clear` cases under the limits below.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer

from .cases import Case, load_cases
from .classifier import SHORT, Vectors, likeness, squares
from .grams import BUCKETS, grams
from .guard import ORDER
from .lessons import FOLDS, Learned, fold_of, joined, middle, space, store, word_weights
from .text import fold, words

WIDTH, RIDGE, SPELLING = 1.0, 0.05, 0.35
LESSER_ALARMS = 0.015  # of all that is clear, for each verdict but crisis; crisis has what is left of:
PLAIN_FALSE_ALARMS, HARD_FALSE_ALARMS = 0.02, 0.1
LEEWAY = {"en": (0.303, 0.03, -0.02), "es": (0.467, 0.05, -0.02)}
"""How far those of crisis, clinical and human lie below what the limits on false alarms would set: a danger missed
weighs more. Set so that both languages ring for nothing about equally often on lines of other authors, and in no more
than one in twenty plain lines that are held out."""
SHORT_SPARE = 0.1
MODEL = Path(__file__).with_name("model.npz")


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is learned from: texts, their places in the two views, and their verdicts."""

    cases: Sequence[Case]
    places: Vectors
    runs: Any  # a sparse matrix, a row a case and a column a bucket
    columns: Sequence[int]
    fold: np.ndarray

    def likeness(self) -> Vectors:
        spelled = (self.runs @ self.runs.T).toarray()
        lengths = squares(self.places)
        apart = lengths[:, None] + lengths[None] - 2 * (self.places @ self.places.T)
        return np.asarray(likeness(apart, WIDTH) + SPELLING * spelled, dtype=np.float32)


def train() -> dict[str, list[float]]:
    """Writes the model beside this file; answers the margins per locale."""
    written = [case for case in load_cases() if not case.held]
    cases = written + joined(written)
    rows = middle([case.text for case in cases])
    around = space(rows[: len(written)])
    lesson = _lesson(cases, around.place(rows))
    alike = lesson.likeness()
    margins, short = _margins(lesson, alike, len(written))
    weights = _weights(alike, cases)
    learned = Learned(WIDTH, around, lesson.places, weights.astype(np.float16), _spelling(lesson, weights))
    store(MODEL, learned, margins, short, word_weights(written))
    return margins


def _lesson(cases: Sequence[Case], places: Vectors) -> Lesson:
    table = DictVectorizer(dtype=np.float32, sort=True)
    runs = table.fit_transform([_grams(case.text) for case in cases])
    fold = np.array([fold_of(case) for case in cases])
    return Lesson(cases, places, runs, [int(name) for name in table.get_feature_names_out()], fold)


def _grams(text: str) -> dict[str, float]:
    total: dict[str, float] = {}
    for bucket, weight in zip(*(found.tolist() for found in grams(words(fold(text)))), strict=True):
        total[str(bucket)] = total.get(str(bucket), 0.0) + weight
    return total


def _weights(alike: Vectors, cases: Sequence[Case]) -> Vectors:
    """One weight a case and verdict, so that likeness times weights is the margin over `clear`."""
    count = Counter(case.verdict for case in cases)
    balance = np.array([len(cases) / len(ORDER) / count[case.verdict] for case in cases])
    target = np.array([[float(case.verdict == kind) for kind in ORDER] for case in cases])
    system = alike + np.diag(2 * RIDGE / np.sqrt(balance)).astype(np.float32)
    return np.asarray(np.linalg.solve(system, target[:, :-1] - target[:, -1:]), dtype=np.float32)


def _margins(lesson: Lesson, alike: Vectors, written: int) -> tuple[dict[str, list[float]], list[float]]:
    cases = lesson.cases[:written]
    margin = np.zeros((written, len(ORDER) - 1), dtype=np.float32)
    for number in range(FOLDS):
        learn, judge = np.flatnonzero(lesson.fold != number), np.flatnonzero(lesson.fold[:written] == number)
        weights = _weights(alike[np.ix_(learn, learn)], [lesson.cases[n] for n in learn.tolist()])
        margin[judge] = alike[np.ix_(judge, learn)] @ weights
    clear = np.array([case.verdict == "clear" for case in cases])
    hard = np.array([case.hard for case in cases])
    locales = np.array([case.locale for case in cases])
    margins = {
        str(locale): _limits(
            margin[clear & ~hard & (locales == locale)],
            margin[hard & (locales == locale)],
            LEEWAY[str(locale)],
        )
        for locale in sorted(set(locales))
    }
    brief = np.array([len(case.text.split()) <= SHORT for case in cases]) & clear
    return margins, [round(float(most) + SHORT_SPARE, 3) for most in margin[brief].max(axis=0)]


def _limits(plain: Vectors, hard: Vectors, leeway: Sequence[float]) -> list[float]:
    """A margin for each verdict; that of crisis as low as both limits allow, and all lower by their leeway."""
    everything = np.vstack([plain, hard])
    limits = np.quantile(everything, 1 - LESSER_ALARMS, axis=0)
    crisis = ORDER.index("crisis")
    for quantile in np.arange(0.999, 0.9, -0.001):
        tried = limits.copy()
        tried[crisis] = np.quantile(everything[:, crisis], quantile)
        plainly, hardly = ((some > tried).any(axis=1).mean() for some in (plain, hard))
        if plainly > PLAIN_FALSE_ALARMS or hardly > HARD_FALSE_ALARMS:
            break
        limits = tried
    return [round(float(limit - less), 3) for limit, less in zip(limits, leeway, strict=True)]


def _spelling(lesson: Lesson, weights: Vectors) -> Vectors:
    runs = np.zeros((BUCKETS, weights.shape[1]), dtype=np.float32)
    runs[lesson.columns] = SPELLING * np.asarray(lesson.runs.T @ weights)
    return runs


if __name__ == "__main__":
    print(f"wrote {MODEL.name}; margins {train()}")
