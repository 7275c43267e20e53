"""Whether the ledger is what was written, as a page asks it: the store proves it, and tells how far it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Proof:
    """`proven` entries from the first on are exactly what was written, the last of them at `until`; `anchored` signed
    heads outside agree. `problem`: what is wrong with the next one, "" where nothing is."""

    proven: int
    until: datetime | None
    anchored: int
    problem: str = ""


Told = Callable[[int], None]
"""Hears the number of the last entry that was looked at."""

Prove = Callable[[Told], Proof]
