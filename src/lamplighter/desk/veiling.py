"""Small counts in a table that breaks a number down: nothing is shown from which one person could be told.

A count under five is not shown, and never one alone: what is missing from the sum would tell it. A nought goes with
it where nothing else is there to go.
"""

from collections.abc import Sequence
from typing import Final

FEW: Final = 5


def is_few(count: int) -> bool:
    return 0 < count < FEW


def veiled(counts: Sequence[int]) -> tuple[int | None, ...]:
    """The counts of one column, None in place of those that are not shown. Where what is left out comes to less than
    five, or is one alone, the next smallest goes with it."""
    hidden = {place for place, count in enumerate(counts) if is_few(count)}
    others = (place for place in range(len(counts)) if place not in hidden)
    rest = sorted(others, key=lambda place: (counts[place] == 0, counts[place]))
    while hidden and rest and (len(hidden) < 2 or sum(counts[place] for place in hidden) < FEW):
        hidden.add(rest.pop(0))
    return tuple(None if place in hidden else count for place, count in enumerate(counts))
