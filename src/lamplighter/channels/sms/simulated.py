"""A messenger without a carrier: what it sends appears on the telephones that are on the screen, and nowhere else."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from lamplighter import logs
from lamplighter.desk.ports import MessageRefused

log = logs.get(__name__)
INVENTED = re.compile(r"\+1[2-9]\d{2}55501\d{2}")
KEPT = 5000


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as the telephone got it."""

    id: str
    channel: str
    to: str
    sender: str
    text: str


class SimulatedMessenger:
    """Messenger for the demo, for rehearsals and for tests. No message of it ever leaves this machine.

    It sends to invented numbers (555-01xx) and refuses all others, so that nobody takes it for a carrier.
    `on_sent` is told each message once, after it was sent.
    """

    def __init__(self, on_sent: Callable[[Sent], None] | None = None) -> None:
        self._sent: dict[str, Sent] = {}
        self._lock = Lock()
        self._on_sent = on_sent
        log.warning("messages_are_simulated")

    def __repr__(self) -> str:
        return f"<SimulatedMessenger: {len(self._sent)} messages, none of which left this machine>"

    def send(self, message_id: str, channel: str, to: str, sender: str, text: str) -> None:
        """Raises MessageRefused for a text to a number that could be somebody's."""
        if channel == "sms" and not INVENTED.fullmatch(to):
            raise MessageRefused("the simulated carrier sends to invented numbers (555-01xx) only")
        sent = Sent(message_id, channel, to, sender, text)
        with self._lock:
            if message_id in self._sent:
                return
            self._sent[message_id] = sent
            while len(self._sent) > KEPT:
                self._sent.pop(next(iter(self._sent)))
        if self._on_sent is not None:
            self._on_sent(sent)

    def sent_to(self, number: str) -> tuple[Sent, ...]:
        """What a telephone got, oldest first."""
        with self._lock:
            return tuple(sent for sent in self._sent.values() if sent.to == number)
