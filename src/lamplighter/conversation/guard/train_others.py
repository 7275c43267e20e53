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
from .lessons import Learned, joined, middle, space, store, word_weights
from .ridge import Task, inverse, judged_by_the_rest, solve
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
MODEL = Path(__file__).with_name("others.npz")


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
    task = Task(_alike(places, support) @ basis, runs, _shares(cases), _target(cases), RIDGE)
    alone = inverse(task)
    margins, short = _margins(cases[: len(written)], judged_by_the_rest(cases, task, alone)[: len(written)])
    solved = solve(task, alone)
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


def _target(cases: Sequence[Case]) -> Vectors:
    hit = np.array([[case.verdict == kind for kind in ORDER] for case in cases], dtype=np.float32)
    return hit[:, :-1] - hit[:, -1:]


def _margins(cases: Sequence[Case], margin: Vectors) -> tuple[dict[str, list[float]], list[float]]:
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
