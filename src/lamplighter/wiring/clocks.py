"""The clocks of the running product: the wall clock, and the demo's, which can be moved to tomorrow."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class DemoClock:
    """The wall clock plus what it was moved ahead. Only ever moves forward.

    `kept` is the file that remembers, over a restart, how far ahead it runs: what was booked "tomorrow" stays so."""

    def __init__(self, kept: Path) -> None:
        self._kept = kept
        self._ahead = _read(kept)
        self._lock = Lock()

    def now(self) -> datetime:
        with self._lock:
            return datetime.now(UTC) + self._ahead

    def forward(self, by: timedelta) -> None:
        with self._lock:
            self._ahead += max(by, timedelta())
            fresh = self._kept.with_suffix(".new")
            fresh.write_text(f"{self._ahead.total_seconds()}\n")
            fresh.replace(self._kept)


def _read(kept: Path) -> timedelta:
    """What was kept; nothing, where there is no such file or it can't be read."""
    try:
        return max(timedelta(seconds=float(kept.read_text())), timedelta())
    except (OSError, ValueError, OverflowError):
        return timedelta()
