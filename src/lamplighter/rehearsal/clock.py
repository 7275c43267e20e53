"""A clock that only moves when it is told to."""

from datetime import UTC, datetime


class SimulatedClock:
    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Forward only: an earlier moment leaves the clock where it is."""
        self._now = max(self._now, moment.astimezone(UTC))
