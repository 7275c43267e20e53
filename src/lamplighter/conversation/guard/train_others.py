"""Trains the classifier of the other languages: `python -m lamplighter.conversation.guard.train_others`.

Deterministic, and held-out scenarios are never read. It learns from the cases of every language at
once, English and Spanish too: what the encoder hears alike in two languages is learned from both.
One ridge regression a verdict over landmarks of meaning and runs of letters; margins per locale and
verdict by cross-validation over whole scenarios, as low as the limits on false alarms allow. Here
these are wider than in English and Spanish: there are few cases, and a danger missed weighs more
than a person who is rung for nothing.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from sklearn.feature_extraction import DictVectorizer

from .cases import TRAINED, Case, load_cases, written_locales
from .classifier import SHORT, Vectors, likeness, squares
from .glossing import in_english
from .grams import MORE_BUCKETS, grams_both_ways
from .guard import ORDER
from .lessons import FOLDS, Learned, fold_of, joined, middle, space, store, word_weights
from .text import spoken_length

WIDTH, RIDGE, SPELLING = 1.0, 0.1, 0.5
LANDMARKS, LANDMARKS_BEFORE = 2200, 800  # of the other languages; of English and Spanish
PLAIN_CLEAR = (
    3  # of so many plain clear cases in English and Spanish, one: they are many, and judged elsewhere
)
PLAIN_FALSE_ALARMS, HARD_FALSE_ALARMS = 0.025, 0.11
FOR_CRISIS = 0.7  # of these; what is left is for the lesser verdicts
LEEWAY = (0.23, 0.15, 0.15)
"""How far the margins lie below what these limits would set: what is missed weighs more."""
LEEWAY_OF = {"pa": (0.2, 0.15, 0.15), "zh-Hant-HK": (0.18, 0.15, 0.15)}
"""Where more would ring for over a tenth of plain sentences."""
SHORT_SPARE = 0.2
STEPS, NEAR_ENOUGH = 20, 1e-3
MODEL = Path(__file__).with_name("others.npz")


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is learned from: cases, where they lie in meaning and in spelling, and how much each counts."""

    cases: Sequence[Case]
    meaning: Vectors = field(repr=False)
    runs: Any = field(repr=False)  # a sparse matrix, a row a case
    share: Vectors = field(repr=False)

    def part(self, rows: np.ndarray) -> "Lesson":
        cases = [self.cases[row] for row in rows.tolist()]
        return Lesson(cases, self.meaning[rows], self.runs[rows], self.share[rows])

    def target(self) -> Vectors:
        hit = np.array([[case.verdict == kind for kind in ORDER] for case in self.cases], dtype=np.float32)
        return hit[:, :-1] - hit[:, -1:]


def train() -> dict[str, list[float]]:
    """Writes the model beside this file; answers the margins per locale."""
    written = [case for case in load_cases(written_locales()) if not case.held and _kept(case)]
    cases = written + joined([case for case in written if case.locale not in TRAINED])
    rows = middle([in_english(case.text, case.locale) for case in cases])
    around = space(rows[: len(written)])
    places = around.place(rows)
    support = _rounded(places[_landmarks(written)])
    basis = _basis(support)
    runs, columns = _runs(cases)
    lesson = Lesson(cases, _alike(places, support) @ basis, runs, _shares(cases))
    inverse = _inverse(lesson)
    margins, short = _margins(lesson, inverse, len(written))
    solved = _solve(lesson, inverse)
    spelling = np.zeros((MORE_BUCKETS, solved.shape[1]), dtype=np.float32)
    spelling[columns] = SPELLING * solved[basis.shape[1] :]
    others = word_weights([case for case in written if case.locale not in TRAINED])
    learned = Learned(WIDTH, around, support, basis @ solved[: basis.shape[1]], spelling)
    store(MODEL, learned, margins, short, others)
    return margins


def _kept(case: Case) -> bool:
    plain = case.locale in TRAINED and case.verdict == "clear" and not case.hard
    return not plain or crc32(case.text.encode()) % PLAIN_CLEAR == 0


def _landmarks(cases: Sequence[Case]) -> list[int]:
    """The cases that all others are measured from, by chance but always the same ones."""
    order = sorted(range(len(cases)), key=lambda at: crc32(f"landmark {cases[at].text}".encode()))
    first = [at for at in order if cases[at].locale not in TRAINED][:LANDMARKS]
    return first + [at for at in order if cases[at].locale in TRAINED][:LANDMARKS_BEFORE]


def _rounded(rows: Vectors) -> Vectors:
    """As the model keeps them, so that what is learned fits what is read."""
    scale = np.abs(rows).max(axis=1, keepdims=True) / 127
    return np.asarray(np.round(rows / scale) * scale, dtype=np.float32)


def _alike(places: Vectors, support: Vectors) -> Vectors:
    parts = []
    for at in range(0, len(places), 4096):
        some = places[at : at + 4096]
        apart = squares(some)[:, None] + squares(support)[None] - 2 * (some @ support.T)
        parts.append(likeness(apart, WIDTH))
    return np.vstack(parts)


def _basis(support: Vectors) -> Vectors:
    """What makes likeness to the landmarks stand for likeness to everything (after Nyström)."""
    alike = _alike(support, support).astype(np.float64) + 1e-4 * np.eye(len(support))
    return np.asarray(np.linalg.inv(np.linalg.cholesky(alike)).T, dtype=np.float32)


def _runs(cases: Sequence[Case]) -> tuple[Any, list[int]]:
    table = DictVectorizer(dtype=np.float32, sort=True)
    runs = table.fit_transform(_grams(cases))
    runs.data *= SPELLING
    return runs, [int(name) for name in table.get_feature_names_out()]


def _grams(cases: Sequence[Case]) -> Iterator[dict[int, float]]:
    for case in cases:
        total: dict[int, float] = {}
        for bucket, weight in zip(*(found.tolist() for found in grams_both_ways(case.text)), strict=True):
            total[bucket] = total.get(bucket, 0.0) + weight
        yield total


def _shares(cases: Sequence[Case]) -> Vectors:
    count = Counter(case.verdict for case in cases)
    return np.array([(len(cases) / len(ORDER) / count[c.verdict]) ** 0.5 for c in cases], dtype=np.float32)


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

    rest = back(share * lesson.target())
    enough = NEAR_ENOUGH * np.linalg.norm(rest, axis=0)
    found, step = np.zeros_like(rest), nearer(rest)
    gain = (rest * step).sum(axis=0)
    for _ in range(STEPS):
        seen = lesson.meaning @ step[:split] + lesson.runs @ step[split:]
        change = back(share * seen) + RIDGE * step
        length = gain / (step * change).sum(axis=0)
        found, rest = found + length * step, rest - length * change
        if (np.linalg.norm(rest, axis=0) < enough).all():
            break
        tried = nearer(rest)
        gained = (rest * tried).sum(axis=0)
        step, gain = tried + (gained / gain) * step, gained
    return np.asarray(found, dtype=np.float32)


def _margins(lesson: Lesson, inverse: Vectors, written: int) -> tuple[dict[str, list[float]], list[float]]:
    margin = _judged_by_the_rest(lesson, inverse)[:written]
    cases = lesson.cases[:written]
    clear = np.array([case.verdict == "clear" for case in cases])
    hard = np.array([case.hard for case in cases])
    locales = np.array([case.locale for case in cases])
    others = sorted(set(locales.tolist()) - set(TRAINED))
    margins = {
        name: _limits(margin[clear & ~hard & (locales == name)], margin[hard & (locales == name)])
        for name in others
    }
    _steady(margins)
    for name, own in margins.items():
        leeway = LEEWAY_OF.get(name, LEEWAY)
        own[:] = [round(limit - less, 3) for limit, less in zip(own, leeway, strict=True)]
    brief = np.array([spoken_length(case.text) <= SHORT for case in cases]) & clear & np.isin(locales, others)
    return margins, [round(float(most) + SHORT_SPARE, 3) for most in margin[brief].max(axis=0)]


def _steady(margins: dict[str, list[float]]) -> None:
    """Draws each halfway to the middle of all: a few cases of a locale decide it, and chance has its part."""
    middle = np.median(np.array(list(margins.values())), axis=0)
    for own in margins.values():
        own[:] = [round((limit + float(most)) / 2, 3) for limit, most in zip(own, middle, strict=True)]


def _judged_by_the_rest(lesson: Lesson, inverse: Vectors) -> Vectors:
    """For each case the margins of a model that never saw its scenario."""
    fold = np.array([fold_of(case) for case in lesson.cases])
    margin = np.zeros((len(lesson.cases), len(ORDER) - 1), dtype=np.float32)
    for number in range(FOLDS):
        solved = _solve(lesson.part(np.flatnonzero(fold != number)), inverse)
        part, split = lesson.part(np.flatnonzero(fold == number)), len(inverse)
        margin[fold == number] = part.meaning @ solved[:split] + part.runs @ solved[split:]
    return margin


def _limits(plain: Vectors, hard: Vectors) -> list[float]:
    """A margin for each verdict, as low as the false alarms allow: crisis first, then the others with what is left."""
    everything = np.vstack([plain, hard])
    limits = everything.max(axis=0)
    for kinds, part in (([0], FOR_CRISIS), ([1, 2], 1.0)):
        for quantile in np.arange(0.999, 0.8, -0.002):
            tried = limits.copy()
            tried[kinds] = np.quantile(everything[:, kinds], quantile, axis=0)
            plainly, hardly = ((some > tried).any(axis=1).mean() for some in (plain, hard))
            if plainly > PLAIN_FALSE_ALARMS * part or hardly > HARD_FALSE_ALARMS * part:
                break
            limits = tried
    return [round(float(limit), 3) for limit in limits]


if __name__ == "__main__":
    print(f"wrote {MODEL.name}; margins {train()}")
