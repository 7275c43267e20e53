"""States of contacts that go on, so that a turn folds only what was added since the last one of this worker.

A state that is kept is only ever a beginning: whoever uses it reads the log from its last event on, and that event
must come back as it was. Another worker's turns follow it; a store put back, a contact forgotten or its last words
destroyed change it, and then the whole log counts.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from lamplighter.conversation.events import Event
from lamplighter.conversation.state import State, fold
from lamplighter.desk.ports import Log
from lamplighter.practice.model import PracticeId

AT_MOST = 256
KEPT_FOR = timedelta(minutes=30)
"""After the last event, counted by the events themselves: what a quiet contact told is not held in memory for long."""


@dataclass(frozen=True, slots=True)
class _Kept:
    last: Event
    state: State
    lapse: datetime | None


class Folded:
    """Safe under threads. What is kept must have been committed."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[PracticeId, str], _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def state(self, practice: PracticeId, contact: str, log: Log) -> State | None:
        """The contact's state as the log stands; None when there is no such contact."""
        with self._lock:
            kept = self._kept.get((practice, contact))
        if kept is not None:
            events = log.read(contact, after=kept.last.seq - 1)
            if events and events[0] == kept.last:
                return fold(events[1:], kept.state)
            self.drop(practice, contact)
        events = log.read(contact)
        return fold(events) if events else None

    def last_known(self, practice: PracticeId, contact: str) -> State | None:
        """Without a look at the log, which may have gone on: for when it can't be read."""
        with self._lock:
            kept = self._kept.get((practice, contact))
        return kept.state if kept is not None else None

    def lapse(self, practice: PracticeId, contact: str) -> datetime | None:
        """When a job looks whether the contact has gone quiet, where that is known; asked after `state`."""
        with self._lock:
            kept = self._kept.get((practice, contact))
        return kept.lapse if kept is not None else None

    def keep(self, last: Event, state: State, lapse: datetime | None = None) -> None:
        """After commit. A contact that has ended is let go."""
        place = last.practice, last.contact
        with self._lock:
            self._kept.pop(place, None)
            if state.ended is None:
                self._kept[place] = _Kept(last, state, lapse)
            while self._kept and self._is_over(next(iter(self._kept.values())), last):
                self._kept.popitem(last=False)

    def drop(self, practice: PracticeId, contact: str) -> None:
        with self._lock:
            self._kept.pop((practice, contact), None)

    def places(self) -> tuple[tuple[PracticeId, str], ...]:
        """Whose states are kept, the longest unused first."""
        with self._lock:
            return tuple(self._kept)

    def _is_over(self, oldest: _Kept, newest: Event) -> bool:
        return len(self._kept) > AT_MOST or newest.at - oldest.last.at > KEPT_FOR
