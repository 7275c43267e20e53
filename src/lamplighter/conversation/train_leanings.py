"""Trains the head of `leanings.py`: `python -m lamplighter.conversation.train_leanings`, some minutes.

Deterministic: the same cases give the same file. It learns from what the trained cases of a crisis are of, in all
languages at once; held-out scenarios are never read. Limits by cross-validation over whole scenarios: as many as may
take a way wrongly, over the kinds that have nothing to do with it. A kind that is often that way as well ("teen": a
father's belt) counts neither as the one nor as the other, but a little against it.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy import sparse

from lamplighter.conversation.guard.cases import Case, load_cases, written_locales
from lamplighter.conversation.guard.glossing import in_english
from lamplighter.conversation.guard.grams import MORE_BUCKETS
from lamplighter.conversation.guard.lessons import joined, middle
from lamplighter.conversation.guard.ridge import Task, inverse, judged_by_the_rest, solve
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
}
"""How many of the other kinds may take the way."""
SPELLING, RIDGE, WEIGHT = 0.8, 4.0, 3.0
STEPS = 15


def train() -> dict[str, float]:
    """Writes the file beside this one; answers the limits."""
    trained = [case for case in load_cases(written_locales()) if not case.held]
    own = [case for case in trained if case.verdict == "crisis"]
    cases = own + [case for case in joined(trained) if case.verdict == "crisis"]
    rows = middle([in_english(case.text, case.locale) for case in cases])
    mean = rows.mean(axis=0)
    lesson = _lesson(cases, rows - mean)
    alone = inverse(lesson)
    limits = _limits(own, judged_by_the_rest(cases, lesson, alone)[: len(own)])
    _store(mean, solve(lesson, alone), lesson.meaning.shape[1], limits)
    return limits


def _lesson(cases: Sequence[Case], rows: Vectors) -> Task:
    target = np.array([[_wanted(name, case.of) for name in LEARNED] for case in cases], dtype=np.float32)
    share = np.where((target > 0).any(axis=1), WEIGHT, 1.0).astype(np.float32)
    constant = np.ones((len(rows), 1), dtype=np.float32)
    return Task(np.hstack([rows, constant]), SPELLING * _runs(cases), share, target, RIDGE, STEPS)


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


def _limits(cases: Sequence[Case], said: Vectors) -> dict[str, float]:
    limits = {}
    for name, share in WRONGLY.items():
        other = [WAY_OF.get(case.of or "") != name and case.of not in MAY_BE[name] for case in cases]
        limits[name] = round(float(np.quantile(said[other, LEARNED.index(name)], 1 - share)), 3)
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
