"""What the trainings of both classifiers share: cases said in other ways, their vectors, and their parts."""

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt

from .cases import Case
from .classifier import Space, Vectors, encode, unit
from .guard import ORDER

DIRECTIONS = 256  # of the encoder's 512: as good in cross-validation, and half as long to read
FOLDS = 5
JOINED_LENGTH = 14  # words; a longer case is seldom said in one breath with something else


def joined(cases: Sequence[Case]) -> list[Case]:
    """Half of the dangers and a quarter of the rest, in one breath with an ordinary errand.

    Both halves lie in the same fold, so that cross-validation never meets a half it was trained on.
    """
    errands: dict[tuple[str, int], list[Case]] = {}
    for case in cases:
        if case.verdict == "clear" and not case.hard and 3 <= len(case.text.split()) <= JOINED_LENGTH:
            errands.setdefault((case.locale, fold_of(case)), []).append(case)
    found = []
    for case in cases:
        chance = crc32(f"join {case.text}".encode())
        if len(case.text.split()) > JOINED_LENGTH or chance % 4 >= (2 if case.verdict == "crisis" else 1):
            continue
        choice = errands.get((case.locale, fold_of(case)), [])
        if choice:
            errand = choice[chance // 4 % len(choice)].text
            pair = (errand, case.text) if chance % 3 else (case.text, errand)
            found.append(replace(case, text=", ".join(pair)))
    return found


def fold_of(case: Case) -> int:
    """Which part of cross-validation a case is in: the same one as the whole of its scenario."""
    return crc32(f"{case.locale} {case.scenario}".encode()) % FOLDS


def middle(texts: Sequence[str]) -> Vectors:
    """Vectors halfway between a text as written and as it comes from a recogniser or a hurried thumb."""
    return unit(_vectors(texts) + _vectors([carelessly(text) or text for text in texts]))


def _vectors(texts: Sequence[str]) -> Vectors:
    return unit(np.vstack([encode(list(texts[i : i + 64])) for i in range(0, len(texts), 64)]))


def carelessly(text: str) -> str:
    """A text without capitals and punctuation."""
    return " ".join(re.sub(r"[^\w\s']", " ", text.lower()).split())


def space(rows: Vectors) -> Space:
    """The main directions of some vectors."""
    mean = rows.mean(axis=0)
    _, directions = np.linalg.eigh(np.cov((rows - mean).T.astype(np.float64)))
    kept = directions[:, ::-1][:, :DIRECTIONS]
    return Space(mean.astype(np.float32), kept.astype(np.float16).astype(np.float32))


def word_weights(cases: Sequence[Case]) -> dict[str, float]:
    """How much more often a word stands in a case that is not clear: which windows to read first."""
    danger: Counter[str] = Counter()
    ordinary: Counter[str] = Counter()
    for case in cases:
        (ordinary if case.verdict == "clear" else danger).update(set(carelessly(case.text).split()))
    found = {w: math.log((danger[w] + 0.5) / (ordinary[w] + 0.5)) for w in danger if danger[w] > 1}
    return {word: round(weight, 2) for word, weight in sorted(found.items()) if weight > 0}


@dataclass(frozen=True, slots=True)
class Learned:
    """What a training makes: how wide a likeness reaches, the space, what texts are compared with there, and what
    each of those and each bucket of runs says for each verdict."""

    width: float
    space: Space
    support: Vectors
    weights: Vectors | npt.NDArray[np.float16]
    runs: Vectors


def store(
    model: Path,
    learned: Learned,
    margins: dict[str, list[float]],
    short: list[float],
    alarms: dict[str, float],
) -> None:
    """Writes the file that Classifier.load reads; what is large is kept in bytes."""
    scale = np.abs(learned.support).max(axis=1) / 127
    run_scale = np.abs(learned.runs).max() / 127
    about = {
        "kinds": ORDER,
        "width": learned.width,
        "margins": margins,
        "short_margins": short,
        "words": list(alarms),
    }
    np.savez_compressed(
        model,
        mean=learned.space.mean,
        directions=learned.space.directions.astype(np.float16),
        support=np.round(learned.support / scale[:, None]).astype(np.int8),
        scale=scale.astype(np.float32),
        weights=learned.weights,
        runs=np.round(learned.runs / run_scale).astype(np.int8),
        run_scale=np.float32(run_scale),
        word_weights=np.array(list(alarms.values()), dtype=np.float32),
        about=np.array(json.dumps(about, ensure_ascii=False)),
    )
