"""What every clearinghouse behind HTTP has in common: a deadline, and what a status means."""

import contextlib
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

import httpx

from lamplighter import logs
from lamplighter.desk.ports.clearinghouse import Refused, Why

log = logs.get("clearinghouse")

_NOT_ALLOWED = (401, 403, 407)
_LATER = (408, 425, 429)
_LONGEST = 8_000_000


class TooMuch(ValueError):
    """An answer longer than any that a payer gives."""


@dataclass(frozen=True, slots=True)
class Came:
    """What came back, whole."""

    status: int
    content_type: str
    body: bytes
    location: str = ""  # where to look for the answer, if it is elsewhere


@dataclass(slots=True)
class Deadline:
    """A time for all that one question takes, its token too. At its end every connection is hung up, so that nobody
    waits longer for a server that sends a byte now and then."""

    seconds: float
    over: bool = False
    _streams: list[Any] = field(default_factory=list, repr=False)
    _timer: threading.Timer | None = field(default=None, repr=False)

    def __enter__(self) -> Self:
        self._timer = threading.Timer(max(0.0, self.seconds), self._hang_up)
        self._timer.daemon = True
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def noted(self, event: str, told: dict[str, Any]) -> None:
        """What httpx tells of a request: the connections that it makes."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._streams.append(told["return_value"])
            if self.over:
                self._hang_up()

    def _hang_up(self) -> None:
        self.over = True
        for stream in list(self._streams):
            connection = stream.get_extra_info("socket")
            with contextlib.suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)


def asked(
    client: httpx.Client, request: httpx.Request, deadline: Deadline, *, reads_500: bool = False
) -> Came | Refused:
    """Sends a request and reads all of the answer, or says why there is none. Never raises, never logs a word of it.
    With `reads_500` a failure that says what failed comes back as it is (SOAP)."""
    request.extensions["trace"] = deadline.noted
    try:
        response = client.send(request, stream=True)
        try:
            body = _whole(response, deadline)
        finally:
            response.close()
    except (httpx.HTTPError, TooMuch, OSError) as problem:
        too_much = isinstance(problem, TooMuch | httpx.DecodingError)
        return Refused(Why.UNREADABLE if too_much and not deadline.over else Why.UNREACHABLE)
    if deadline.over:
        return Refused(Why.UNREACHABLE)
    if response.status_code in _NOT_ALLOWED:
        return Refused(Why.NOT_ALLOWED)
    if response.status_code in _LATER or response.status_code > (500 if reads_500 else 499):
        return Refused(Why.UNREACHABLE)
    headers = response.headers
    return Came(response.status_code, headers.get("content-type", ""), body, headers.get("location", ""))


def _whole(response: httpx.Response, deadline: Deadline) -> bytes:
    found = bytearray()
    for piece in response.iter_bytes():
        found += piece
        if len(found) > _LONGEST:
            raise TooMuch
        if deadline.over:
            break
    return bytes(found)


Said = TypeVar("Said")


def without_raising(ask: Callable[[], Said]) -> Said | Refused:
    """The reply, whatever an answer does to the code that reads it: then it is unreadable."""
    try:
        return ask()
    except Exception as problem:  # the port promises a reply; what the answer held stays out of the log
        log.warning("clearinghouse_answer_unreadable", problem=type(problem).__name__)
        return Refused(Why.UNREADABLE)
