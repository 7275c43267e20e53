"""What changed, told to whoever watches in this process. Ids only; whoever listens reads the log.

A watcher that is slow misses nothing: changes of one contact melt into the latest, so nothing piles up.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Lock

from lamplighter.practice.model import PracticeId

Listener = Callable[[str, int], None]


class Changes:
    """The contacts that changed since they were last taken, each with its latest seq. One reader, on one loop."""

    def __init__(self, only: Callable[[str], bool]) -> None:
        self._only = only
        self._loop = asyncio.get_running_loop()
        self._latest: dict[str, int] = {}
        self._lock = Lock()
        self._some = asyncio.Event()

    def hear(self, contact: str, seq: int) -> None:
        """From any thread."""
        if not self._only(contact):
            return
        with self._lock:
            self._latest[contact] = max(seq, self._latest.get(contact, 0))
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._some.set)

    async def next(self, within: float | None = None) -> dict[str, int]:
        """Waits for a change, `within` seconds at most; empty when none came."""
        try:
            await asyncio.wait_for(self._some.wait(), within)
        except TimeoutError:
            return {}
        self._some.clear()
        with self._lock:
            taken, self._latest = self._latest, {}
        return taken


class LiveFeed:
    """The Feed of one process. Publishing never waits and never fails because of a listener that went away."""

    def __init__(self) -> None:
        self._listeners: dict[PracticeId, set[Listener]] = {}
        self._lock = Lock()

    def publish(self, practice: PracticeId, contact: str, seq: int) -> None:
        with self._lock:
            listeners = tuple(self._listeners.get(practice, ()))
        for listener in listeners:
            listener(contact, seq)

    def subscribe(self, practice: PracticeId) -> Iterator[tuple[str, int]]:
        """Every change from now on, in order; waits for each. Ends with its reader."""
        changes: SimpleQueue[tuple[str, int]] = SimpleQueue()
        with self._listening(practice, lambda contact, seq: changes.put((contact, seq))):
            while True:
                yield changes.get()

    @contextmanager
    def watching(self, practice: PracticeId, contact: str | None = None) -> Iterator[Changes]:
        """Changes for a coroutine: of one contact, or of all. Begin to watch, then read, and nothing is missed."""
        changes = Changes(lambda changed: contact is None or changed == contact)
        with self._listening(practice, changes.hear):
            yield changes

    @contextmanager
    def _listening(self, practice: PracticeId, listener: Listener) -> Iterator[None]:
        with self._lock:
            self._listeners.setdefault(practice, set()).add(listener)
        try:
            yield
        finally:
            with self._lock:
                self._listeners[practice].discard(listener)
