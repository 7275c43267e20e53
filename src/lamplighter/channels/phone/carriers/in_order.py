"""Frames of sound in the order in which they were said, whatever the order in which they come."""

from collections.abc import Iterator
from typing import Final

from lamplighter.channels.phone.carriers.carrier import Heard

MOST_WAITING: Final = 5
"""Frames after one that is missing; then it counts as lost."""


class InOrder:
    """One that comes again, or after its turn was given up, is dropped."""

    def __init__(self) -> None:
        self._next: int | None = None
        self._early: dict[int, bytes] = {}

    def __call__(self, heard: Heard) -> Iterator[bytes]:
        """What can be listened to now."""
        if self._next is None:
            self._next = heard.at
        if heard.at >= self._next:
            self._early[heard.at] = heard.code
        if len(self._early) > MOST_WAITING:
            self._next = min(self._early)
        while self._next in self._early:
            yield self._early.pop(self._next)
            self._next += 1
