"""Wrong tries make whoever makes them wait."""

from collections.abc import Callable
from threading import Lock

TRIES = 5
TRIES_OF_ALL = 30
WITHIN = 15 * 60.0  # seconds
EVERYBODY = ""
_MOST_NAMES = 1000


class Patience:
    """Counts wrong tries by name and of all names together. Safe from several threads."""

    def __init__(self, elapsed: Callable[[], float]) -> None:
        self._elapsed = elapsed
        self._wrong: dict[str, list[float]] = {}
        self._lock = Lock()

    def seconds(self, name: str) -> float:
        """Until this name may be tried again; 0 when it may be now."""
        with self._lock:
            return max(self._wait(_key(name), TRIES), self._wait(EVERYBODY, TRIES_OF_ALL))

    def was_wrong(self, name: str) -> None:
        with self._lock:
            for key in (_key(name), EVERYBODY):
                self._wrong.setdefault(key, []).append(self._elapsed())
            while len(self._wrong) > _MOST_NAMES:
                self._wrong.pop(next(key for key in self._wrong if key != EVERYBODY))

    def was_right(self, name: str) -> None:
        with self._lock:
            self._wrong.pop(_key(name), None)

    def _wait(self, key: str, tries: int) -> float:
        since = self._elapsed() - WITHIN
        recent = [at for at in self._wrong.get(key, ()) if at > since]
        if recent:
            self._wrong[key] = recent
        else:
            self._wrong.pop(key, None)
        return recent[-tries] - since if len(recent) >= tries else 0.0


def _key(name: str) -> str:
    return " ".join(name.casefold().split()) or " "
