"""The month's carrier: what reaches a telephone, in which order, whatever we were told about it."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from lamplighter.desk.ports import Clock, MessageRefused
from lamplighter.rehearsal.month_plan import Trouble


@dataclass(frozen=True, slots=True)
class Delivered:
    to: str
    text: str
    at: datetime


class MonthCarrier:
    """A Messenger, idempotent by message id as the port asks. `on_delivered` is told what a telephone got."""

    def __init__(
        self, clock: Clock, troubles: Sequence[Trouble], on_delivered: Callable[[Delivered], None]
    ) -> None:
        self._clock, self._troubles, self._tell = clock, troubles, on_delivered
        self._known: set[str] = set()
        self.delivered: list[Delivered] = []
        self.failed: Counter[str] = Counter()
        self.asked_again = 0

    def send(self, message_id: str, channel: str, to: str, sender: str, text: str) -> None:
        """Raises MessageRefused, or ConnectionError: nobody was there, or it was taken and no answer came."""
        now = self._clock.now()
        if message_id in self._known:
            self.asked_again += 1
            return
        trouble = next((each.kind for each in self._troubles if each.start <= now < each.end), None)
        if trouble is not None:
            self.failed[trouble] += 1
        if trouble == "unreachable":
            raise ConnectionError("the carrier can't be reached")
        if trouble == "refused":
            raise MessageRefused("the carrier refuses")
        self._known.add(message_id)
        delivered = Delivered(to, text, now)
        self.delivered.append(delivered)
        self._tell(delivered)
        if trouble == "unknown":
            raise ConnectionError("the carrier did not answer")
