"""The clocks of the running product: the wall clock, and the demo's, which can be moved to tomorrow."""

from datetime import UTC, datetime, timedelta
from threading import Lock


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class DemoClock:
    """The wall clock plus what it was moved ahead. Only ever moves forward."""

    def __init__(self) -> None:
        self._ahead = timedelta()
        self._lock = Lock()

    def now(self) -> datetime:
        with self._lock:
            return datetime.now(UTC) + self._ahead

    def forward(self, by: timedelta) -> None:
        with self._lock:
            self._ahead += max(by, timedelta())
