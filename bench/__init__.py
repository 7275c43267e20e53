"""Budgets, measured. A module here with a `budgets()` is found by `python -m bench`; the rest are what they share."""

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Budget:
    """One promise about cost. `limit` and `measured` are in `unit`; `how` says in a few words what was run."""

    name: str
    limit: float
    measured: float
    unit: str
    how: str
    bound: Literal["at most", "at least"] = "at most"

    @property
    def holds(self) -> bool:
        return self.measured <= self.limit if self.bound == "at most" else self.measured >= self.limit


class CannotMeasure(Exception):
    """Raised by `budgets()` where a part is missing here; the message says which and how to get it."""


@dataclass(slots=True)
class Stopwatch:
    """CPU milliseconds of this process (all its threads), one entry a call of `time`."""

    samples: list[float] = field(default_factory=list)

    def time(self, work: Callable[[], T]) -> T:
        began = time.process_time_ns()
        result = work()
        self.samples.append((time.process_time_ns() - began) / 1e6)
        return result

    def percentile(self, share: float) -> float:
        """The smallest sample that `share` (0 to 1) of all samples do not exceed."""
        ordered = sorted(self.samples)
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)]

    @property
    def total(self) -> float:
        return math.fsum(self.samples)


def median_cpu(work: Callable[[], object], *, times: int, warm_up: int = 1) -> float:
    """CPU milliseconds of the middle one of `times` calls."""
    for _ in range(warm_up):
        work()
    watch = Stopwatch()
    for _ in range(times):
        watch.time(work)
    return watch.percentile(0.5)


def calibration() -> float:
    """CPU milliseconds of a fixed piece of plain Python, so that figures from two machines can be set side by side."""

    def fixed_work() -> int:
        words = {f"word {number}": number for number in range(20_000)}
        return sum(len(word) * number % 7 for word, number in sorted(words.items()))

    return median_cpu(fixed_work, times=9, warm_up=2)


Budgets = Iterable[Budget]
