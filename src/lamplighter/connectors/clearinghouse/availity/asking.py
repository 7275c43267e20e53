"""What every question to Availity has in common: a token, a form or JSON, and an answer that may not be there yet."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from lamplighter.connectors.clearinghouse.asking_over_http import Came, Deadline, asked
from lamplighter.connectors.clearinghouse.keys import Keys
from lamplighter.connectors.clearinghouse.objects import first
from lamplighter.desk.ports.clearinghouse import Refused

ACCEPTED: Final = 202
GONE: Final = 404
_ALSO: Final = {"Accept": "application/json"}


@dataclass(frozen=True, slots=True)
class Asking:
    """One question with its deadline. `pause` seconds lie between two looks."""

    client: httpx.Client = field(repr=False)
    url: str
    keys: Keys
    until: Deadline
    pause: float

    def send(self, method: str, path: str, **body: Any) -> Came | Refused:
        header = self.keys.header(self.client, self.until)
        if isinstance(header, Refused):
            return header
        headers = {"Authorization": header, **_ALSO}
        request = self.client.build_request(method, self.url.rstrip("/") + path, headers=headers, **body)
        return asked(self.client, request, self.until)

    def looks(self, path: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """Each answer under the path as (status, object), until its time is over or nothing comes."""
        while True:
            came = self.send("GET", path)
            if isinstance(came, Refused):
                return
            yield came.status, first(came.body)
            threading.Event().wait(self.pause)
            if self.until.over:
                return


@contextmanager
def asking(url: str, keys: Keys, deadline: float, pause: float) -> Iterator[Asking]:
    with (
        Deadline(deadline) as until,
        httpx.Client(timeout=httpx.Timeout(deadline), trust_env=False) as client,
    ):
        yield Asking(client, url, keys, until, pause)
