"""What a month needs from the house: one desk in memory with jobs that are tried again. `wiring` builds it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from lamplighter.desk.ports import Carrier, Clock, Pager, Records, Ring
from lamplighter.desk.replies import Reply
from lamplighter.practice.model import Practice
from lamplighter.rehearsal.stage import RungAnswer


class MonthScene(Protocol):
    @property
    def records(self) -> Records: ...

    def take(self, sender: str, text: str, inbound: str) -> Reply:
        """A text that came in."""
        ...

    def close(self, contact: str) -> None:
        """Somebody at the desk has seen to it."""
        ...

    def answered(self, ring: Ring, answer: RungAnswer) -> bool:
        """Whether they were rung to take over the contact, and not to do something about a visit, which is done now."""
        ...

    def render(self, locale: str, phrase: str, args: Mapping[str, str]) -> str: ...

    def next_due(self) -> datetime | None: ...

    def run_due(self, now: datetime) -> int: ...


class MonthStage(Protocol):
    def fresh(
        self, practice: Practice, clock: Clock, carrier: Carrier, pager: Pager, seed: int
    ) -> MonthScene: ...
