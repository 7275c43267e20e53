"""What a clearinghouse knows us by: a key that never changes, or a token that is got with a secret."""

import math
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import httpx

from lamplighter.connectors.clearinghouse.asking_over_http import Deadline, asked
from lamplighter.connectors.clearinghouse.objects import first
from lamplighter.desk.ports import Clock
from lamplighter.desk.ports.clearinghouse import Refused, Why

_LONGEST_TOKEN = 86_400
_BEFORE_ITS_END = timedelta(seconds=30)  # a token that is about to end is not used


class Keys(Protocol):
    """What goes into the Authorization header."""

    def header(self, client: httpx.Client, deadline: Deadline) -> str | Refused: ...


@dataclass(frozen=True, slots=True)
class Key:
    """One key that never changes (Stedi)."""

    key: str = field(repr=False)

    def header(self, client: httpx.Client, deadline: Deadline) -> str | Refused:
        return self.key


@dataclass(slots=True)
class OAuthKey:
    """A token by client credentials (Optum, Availity), kept until shortly before it ends."""

    url: str
    client_id: str
    secret: str = field(repr=False)
    clock: Clock = field(repr=False)
    scope: str = ""
    _token: str = field(default="", repr=False)
    _until: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def header(self, client: httpx.Client, deadline: Deadline) -> str | Refused:
        with self._lock:
            if self._until is None or self.clock.now() > self._until:
                request = client.build_request("POST", self.url, data=self._asking())
                told = asked(client, request, deadline)
                if isinstance(told, Refused):
                    return told
                body = first(told.body)
                token = body.get("access_token")
                if told.status != 200 or not isinstance(token, str):
                    return Refused(Why.NOT_ALLOWED)
                self._token = token
                self._until = self.clock.now() + _lasting(body.get("expires_in")) - _BEFORE_ITS_END
            return f"Bearer {self._token}"

    def _asking(self) -> dict[str, str]:
        return {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.secret,
            **({"scope": self.scope} if self.scope else {}),
        }


def _lasting(value: object) -> timedelta:
    """How long a token holds, a day at the most; one that does not say so in a number of seconds is used once."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        return timedelta()
    return timedelta(seconds=min(value, _LONGEST_TOKEN))
