"""Under which protocol a contact is answered: a new one under the last that was signed, any other under the one it
began with, as long as that can be had.

So nobody's words change halfway, and a yes is to what was read out. Who is rung, what is sent and what waits for the
office goes by the version in force, whenever the contact began.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, TypeVar

from lamplighter.conversation.before_signing import PROTOCOL as UNSIGNED
from lamplighter.desk.one_turn import Line
from lamplighter.practice.model import PracticeId

T = TypeVar("T")
KEPT: Final = 32
"""Earlier versions that are held ready: a contact ends a day after its last message."""
Stored = Callable[[PracticeId, str], Line | None]
"""The line under an earlier version, by the hash that stands in a contact's events; None where it is not kept."""


def nothing_stored(_: PracticeId, __: str) -> Line | None:
    return None


class Lines(Mapping[PracticeId, Line]):
    """The line in force of every practice that is answered. Safe under threads."""

    def __init__(self, lines: Iterable[Line], stored: Stored = nothing_stored) -> None:
        self._now = {line.conversation.practice.id: line for line in lines}
        self._stored = stored
        self._earlier: OrderedDict[tuple[PracticeId, str], Line | None] = OrderedDict()
        self._lock = threading.Lock()

    def __getitem__(self, practice: PracticeId) -> Line:
        return self._now[practice]

    def __iter__(self) -> Iterator[PracticeId]:
        return iter(self._now)

    def __len__(self) -> int:
        return len(self._now)

    def under(self, practice: PracticeId, protocol_hash: str) -> Line:
        """The line of a contact whose last event names this version. Raises KeyError for a practice that is not
        answered."""
        now = self._now[practice]
        if protocol_hash in ("", UNSIGNED, now.protocol_hash) or now.protocol_hash == UNSIGNED:
            return now
        with self._lock:
            place = practice, protocol_hash
            if place not in self._earlier:
                self._keep(place, self._stored(practice, protocol_hash))
            return self._earlier[place] or now

    def take_up(self, line: Line) -> None:
        """From now on new contacts are answered under this one; those that go on keep theirs."""
        practice = line.conversation.practice.id
        with self._lock:
            before = self._now[practice]
            self._keep((practice, before.protocol_hash), before)
            self._now = {**self._now, practice: line}

    def _keep(self, place: tuple[PracticeId, str], line: Line | None) -> None:
        self._earlier[place] = line
        while len(self._earlier) > KEPT:
            self._earlier.popitem(last=False)


class Now(Mapping[PracticeId, T]):
    """Something of the line in force of every practice, as it is at the moment of asking."""

    def __init__(self, lines: Lines, of: Callable[[Line], T]) -> None:
        self._lines, self._of = lines, of

    def __getitem__(self, practice: PracticeId) -> T:
        return self._of(self._lines[practice])

    def __iter__(self) -> Iterator[PracticeId]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)
