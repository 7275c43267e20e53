"""What is counted of each contact, so that a page of figures need not read two years of events."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol


class Tally(NamedTuple):
    """Of one contact, as it stood at event `seq`. `counted` is one line of `desk/tallying.py`, of the shape `version`:
    times, kinds and outcomes, and nothing of a person. It stays when the contact is forgotten,
    under a name that leads to nothing."""

    contact: str
    seq: int
    opened: datetime
    version: int
    counted: str


class Behind(NamedTuple):
    """A contact that is to be counted, whose last event is `seq`."""

    contact: str
    seq: int
    opened: datetime


class Tallies(Protocol):
    def keep(self, tallies: Sequence[Tally]) -> None:
        """In place of what was counted of these contacts before."""
        ...

    def behind(self, version: int, limit: int) -> tuple[Behind, ...]:
        """Contacts that have events which are not counted yet, or not in this shape; the oldest first."""
        ...

    def between(self, start: datetime, end: datetime) -> tuple[Tally, ...]:
        """Of the contacts that were opened from `start` on and before `end`, the oldest first."""
        ...
