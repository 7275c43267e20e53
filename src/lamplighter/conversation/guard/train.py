"""Trains the classifier from the written cases: `python -m lamplighter.conversation.guard.train`.

Deterministic: the same cases give the same model. Held-out scenarios are never read. Margins are set
per locale by cross-validation over whole scenarios.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import numpy as np

from .cases import Case, load_cases
from .classifier import Vectors, encode, kernel, unit
from .guard import ORDER

WIDTH, RIDGE, FOLDS = 1.0, 0.1, 5
FALSE_ALARMS = 0.01  # of ordinary clear cases, in cross-validation
SHORT_FALSE_ALARMS = 0.0
MODEL = Path(__file__).with_name("model.npz")


def train() -> dict[str, float]:
    """Writes the model beside this file; answers the margins per locale."""
    cases = [case for case in load_cases() if not case.held]
    vectors = _vectors([case.text for case in cases])
    careless = [_carelessly(case.text) for case in cases]
    extra = [n for n, case in enumerate(cases) if careless[n] not in ("", case.text)]
    rows = np.vstack([vectors, _vectors([careless[n] for n in extra])])
    origin = np.array([*range(len(cases)), *extra])
    margins, short = _margins(cases, rows, origin)
    _write(rows, _weights(rows, [cases[n] for n in origin]), margins, short, _word_weights(cases))
    return margins


def _vectors(texts: Sequence[str]) -> Vectors:
    return unit(np.vstack([encode(list(texts[i : i + 64])) for i in range(0, len(texts), 64)]))


def _carelessly(text: str) -> str:
    """As it comes from a recogniser or a hurried thumb: small letters and no marks."""
    return " ".join(re.sub(r"[^\w\s']", " ", text.lower()).split())


def _weights(rows: Vectors, cases: Sequence[Case]) -> Vectors:
    count = Counter(case.verdict for case in cases)
    balance = np.array([len(cases) / len(ORDER) / count[case.verdict] for case in cases])
    target = np.array([[float(case.verdict == kind) for kind in ORDER] for case in cases])
    system = kernel(rows, rows, WIDTH).astype(np.float64) + np.diag(2 * RIDGE / np.sqrt(balance))
    return np.asarray(np.linalg.solve(system, target), dtype=np.float32)


def _margins(cases: Sequence[Case], rows: Vectors, origin: np.ndarray) -> tuple[dict[str, float], float]:
    """The margin over `clear` that lets through FALSE_ALARMS of what is clear, per locale."""
    fold = np.array([crc32(f"{case.locale} {case.scenario}".encode()) % FOLDS for case in cases])
    margin = np.zeros(len(cases))
    for number in range(FOLDS):
        learn, judge = fold[origin] != number, np.flatnonzero(fold == number)
        weights = _weights(rows[learn], [cases[n] for n in origin[learn]])
        scores = kernel(rows[judge], rows[learn], WIDTH) @ weights
        margin[judge] = scores[:, :-1].max(axis=1) - scores[:, -1]
    plain = np.array([case.verdict == "clear" and not case.hard for case in cases])
    locales = np.array([case.locale for case in cases])
    margins = {
        str(locale): round(float(np.quantile(margin[plain & (locales == locale)], 1 - FALSE_ALARMS)), 3)
        for locale in sorted(set(locales))
    }
    brief = np.array([case.verdict == "clear" and len(case.text.split()) <= 2 for case in cases])
    return margins, round(float(np.quantile(margin[brief], 1 - SHORT_FALSE_ALARMS)) + 0.1, 3)


def _word_weights(cases: Sequence[Case]) -> dict[str, float]:
    """How much more often a word stands in a case that is not clear: which windows to read first."""
    danger: Counter[str] = Counter()
    ordinary: Counter[str] = Counter()
    for case in cases:
        (ordinary if case.verdict == "clear" else danger).update(set(_carelessly(case.text).split()))
    found = {w: math.log((danger[w] + 0.5) / (ordinary[w] + 0.5)) for w in danger if danger[w] > 1}
    return {word: round(weight, 2) for word, weight in sorted(found.items()) if weight > 0}


def _write(
    rows: Vectors, weights: Vectors, margins: dict[str, float], short: float, words: dict[str, float]
) -> None:
    scale = np.abs(rows).max(axis=1) / 127
    about = {"kinds": ORDER, "width": WIDTH, "margins": margins, "short_margin": short, "words": list(words)}
    np.savez_compressed(
        MODEL,
        support=np.round(rows / scale[:, None]).astype(np.int8),
        scale=scale.astype(np.float32),
        weights=weights.astype(np.float16),
        word_weights=np.array(list(words.values()), dtype=np.float32),
        about=np.array(json.dumps(about, ensure_ascii=False)),
    )


if __name__ == "__main__":
    print(f"wrote {MODEL.name}; margins {train()}")
