"""The people on the ladder, simulated: who picks up, and when."""

from datetime import datetime, timedelta
from typing import Final

from lamplighter.desk.ports import Clock, Ring
from lamplighter.rehearsal.scenario import LadderAnswer
from lamplighter.rehearsal.stage import RungAnswer

SECONDS: Final[dict[LadderAnswer, int]] = {"answers": 8, "declines": 8, "busy": 1}
ANSWERS: Final[dict[LadderAnswer, RungAnswer]] = {
    "answers": "accepted",
    "declines": "declined",
    "busy": "busy",
}


class SimulatedLadder:
    """A pager: notes each ring, and when its answer is due. `nobody` never answers."""

    def __init__(self, behaviour: LadderAnswer, clock: Clock) -> None:
        self._behaviour = behaviour
        self._clock = clock
        self._waiting: list[tuple[datetime, Ring]] = []
        self.rings: list[Ring] = []

    def ring(self, ring: Ring) -> None:
        self.rings.append(ring)
        if self._behaviour != "nobody":
            due = self._clock.now() + timedelta(seconds=SECONDS[self._behaviour])
            self._waiting.append((due, ring))

    def call_off(self, ring: Ring, by: str) -> None:
        self._waiting = [(due, each) for due, each in self._waiting if each != ring]

    def next_due(self) -> datetime | None:
        return min((due for due, _ in self._waiting), default=None)

    def take_due(self, now: datetime) -> list[tuple[Ring, RungAnswer]]:
        """The answers due by `now`; each is given once."""
        due = [(ring, ANSWERS[self._behaviour]) for at, ring in self._waiting if at <= now]
        self._waiting = [(at, ring) for at, ring in self._waiting if at > now]
        return due
