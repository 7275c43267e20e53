"""The month's carrier: what reaches a telephone, in which order, whatever we were told about it.

It remembers nothing of ours and sends whatever it gets, as carriers do: that nobody gets anything twice is our doing.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lamplighter.desk.ports import Clock, MessageRefused, OutcomeUnknown, Outgoing, Taken
from lamplighter.rehearsal.month_plan import Trouble

SETTLES: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Delivered:
    to: str
    text: str
    at: datetime
    carrier_id: str


class MonthCarrier:
    """In trouble now and then. Of what it takes without saying so, every other text is lost on the way to it.
    `on_delivered` is told what a telephone got."""

    def __init__(
        self,
        number: str,
        clock: Clock,
        troubles: Sequence[Trouble],
        on_delivered: Callable[[Delivered], None],
    ) -> None:
        self._number, self._clock, self._troubles, self._tell = number, clock, troubles, on_delivered
        self.delivered: list[Delivered] = []
        self.failed: Counter[str] = Counter()
        self.asked = 0

    @property
    def numbers(self) -> tuple[str, ...]:
        return (self._number,)

    @property
    def settles(self) -> timedelta:
        return SETTLES

    def send(self, message: Outgoing) -> Taken:
        """Raises MessageRefused, OutcomeUnknown, ConnectionError."""
        trouble = self._trouble()
        if trouble is not None:
            self.failed[trouble] += 1
        if trouble == "unreachable":
            raise ConnectionError("the carrier can't be reached")
        if trouble == "refused":
            raise MessageRefused("the carrier refuses")
        if trouble != "unknown":
            return self._deliver(message)
        if self.failed["unknown"] % 2:
            self._deliver(message)
        raise OutcomeUnknown("the carrier did not answer")

    def ask(self, message: Outgoing, others: Callable[[str], bool]) -> Taken | None:
        """Raises ConnectionError."""
        if self._trouble() == "unreachable":
            raise ConnectionError("the carrier can't be reached")
        self.asked += 1
        return next(
            (
                Taken(each.carrier_id)
                for each in self.delivered
                if (each.to, each.text) == (message.to, message.text)
                and each.at >= message.at
                and not others(each.carrier_id)
            ),
            None,
        )

    def _trouble(self) -> str | None:
        now = self._clock.now()
        return next((each.kind for each in self._troubles if each.start <= now < each.end), None)

    def _deliver(self, message: Outgoing) -> Taken:
        delivered = Delivered(message.to, message.text, self._clock.now(), f"t{len(self.delivered)}")
        self.delivered.append(delivered)
        self._tell(delivered)
        return Taken(delivered.carrier_id)
