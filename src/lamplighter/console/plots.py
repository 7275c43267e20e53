"""Plots as values: bars on a field of a hundred, drawn as SVG by a template with the numbers in a table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

WIDE: Final = 10.0
"""A bar's share of the width; the drawing is stretched to its page."""
GAP: Final = 1.6
MOST_LABELS: Final = 8
FEW_SHOWN: Final = 4.0  # how high the mark of a count stands that is not shown


@dataclass(frozen=True, slots=True)
class Bar:
    """`label` says which; `said` its number in words. `few`: the number is not shown, and a mark stands for it."""

    label: str
    said: str
    x: float
    y: float
    width: float
    height: float
    few: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """`top`: what a bar of full height is. `ticks`: the labels under it, all of them or first, middle and last."""

    which: str
    title: str
    of: str  # what its bars are along: "Week", "Hour"
    unit: str
    top: str
    bars: tuple[Bar, ...]
    ticks: tuple[str, ...]
    spread: bool
    summary: str

    @property
    def width(self) -> float:
        return max(len(self.bars), 1) * WIDE


Values = Sequence[tuple[str, float | None]]
"""By label; None where the number is not shown."""


def plot(which: str, title: str, of: str, unit: str, values: Values, full: float | None = None) -> Plot:
    """`full`: what a bar of full height is; absent: a round number that none goes over."""
    known = [value for _, value in values if value is not None]
    top = full or rounded_up(max(known, default=0))
    bars = tuple(_bar(place, label, value, top, unit) for place, (label, value) in enumerate(values))
    labels = [label for label, _ in values]
    spread = len(labels) > MOST_LABELS
    ticks = (labels[0], labels[len(labels) // 2], labels[-1]) if spread else tuple(labels)
    return Plot(
        which, title, of, unit, f"{top:g}{unit}", bars, ticks, spread, _summary(title, of, unit, values)
    )


def _bar(place: int, label: str, value: float | None, top: float, unit: str) -> Bar:
    height = FEW_SHOWN if value is None else 100 * value / top if top else 0.0
    said = "fewer than 5, not shown" if value is None else f"{value:g}{unit}"
    return Bar(
        label,
        said,
        round(place * WIDE + GAP / 2, 2),
        round(100 - height, 2),
        WIDE - GAP,
        round(height, 2),
        value is None,
    )


def _summary(title: str, of: str, unit: str, values: Values) -> str:
    known = [(value, label) for label, value in values if value is not None]
    if not any(value for value, _ in known):
        return f"{title}: nothing to show yet."
    most, where = max(known, key=lambda each: each[0])
    trend = ""
    if len(known) > 2:
        ups = sum(later > before for (before, _), (later, _) in pairwise(known))
        trend = f" It rose {ups} times of {len(known) - 1}."
    return f"{title}: at most {most:g}{unit}, {of.lower()} {where}.{trend} The numbers are in the table below it."


def rounded_up(value: float) -> float:
    """To one, two or five and noughts; ten at least."""
    step = 10.0
    while step < value:
        for factor in (2, 2.5, 2):
            step *= factor
            if step >= value:
                break
    return step
