"""Ridge regression over what a text means and how it is spelt, which is how the guard's second model and the head of
what a crisis is about are trained."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .cases import Case
from .classifier import Vectors
from .lessons import FOLDS, fold_of

STEPS, NEAR_ENOUGH = 20, 1e-3


@dataclass(frozen=True, slots=True)
class Task:
    """A row a case: `meaning` dense, `runs` a sparse matrix, how much the case counts, and what is wanted of it.
    `ridge` is how strongly small weights are preferred."""

    meaning: Vectors = field(repr=False)
    runs: Any = field(repr=False)
    share: Vectors = field(repr=False)
    target: Vectors = field(repr=False)
    ridge: float
    steps: int = STEPS

    def part(self, rows: np.ndarray) -> "Task":
        own = self.meaning[rows], self.runs[rows], self.share[rows], self.target[rows]
        return Task(*own, self.ridge, self.steps)

    def said_by(self, solved: Vectors) -> Vectors:
        """What a solution says of each case."""
        split = self.meaning.shape[1]
        return np.asarray(self.meaning @ solved[:split] + self.runs @ solved[split:])


def inverse(task: Task) -> Vectors:
    """Of meaning alone."""
    square = (task.meaning * task.share[:, None]).T @ task.meaning
    return np.asarray(np.linalg.inv(square + task.ridge * np.eye(len(square))), dtype=np.float32)


def solve(task: Task, inverse: Vectors) -> Vectors:
    """By conjugate gradients, which meaning alone (`inverse`) brings near before they begin."""
    split, share, across = task.meaning.shape[1], task.share[:, None], task.runs.T.tocsr()
    squared = task.runs.multiply(task.runs)
    sizes = (np.asarray(squared.T @ task.share) + task.ridge)[:, None].astype(np.float32)

    def back(rest: Vectors) -> Vectors:
        return np.vstack([task.meaning.T @ rest, across @ rest])

    def nearer(rest: Vectors) -> Vectors:
        return np.vstack([inverse @ rest[:split], rest[split:] / sizes])

    rest = back(share * task.target)
    enough = NEAR_ENOUGH * np.linalg.norm(rest, axis=0)
    found, step = np.zeros_like(rest), nearer(rest)
    gain = (rest * step).sum(axis=0)
    for _ in range(task.steps):
        change = back(share * task.said_by(step)) + task.ridge * step
        length = gain / (step * change).sum(axis=0)
        found, rest = found + length * step, rest - length * change
        if (np.linalg.norm(rest, axis=0) < enough).all():
            break
        tried = nearer(rest)
        gained = (rest * tried).sum(axis=0)
        step, gain = tried + (gained / gain) * step, gained
    return np.asarray(found, dtype=np.float32)


def judged_by_the_rest(cases: Sequence[Case], task: Task, inverse: Vectors) -> Vectors:
    """For each case what a solution says of it that never saw its scenario."""
    fold = np.array([fold_of(case) for case in cases])
    found = np.zeros_like(task.target)
    for number in range(FOLDS):
        solved = solve(task.part(np.flatnonzero(fold != number)), inverse)
        rows = np.flatnonzero(fold == number)
        found[rows] = task.part(rows).said_by(solved)
    return found
