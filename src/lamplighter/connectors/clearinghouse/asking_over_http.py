"""What every clearinghouse behind HTTP has in common: a deadline, and what a status means."""

from dataclasses import dataclass

import httpx

from lamplighter.desk.ports.clearinghouse import Refused, Why

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


def asked(client: httpx.Client, request: httpx.Request) -> Came | Refused:
    """Sends a request and reads all of the answer, or says why there is none. Never raises, never logs a word of it."""
    try:
        response = client.send(request, stream=True)
        try:
            body = _whole(response)
        finally:
            response.close()
    except (httpx.HTTPError, TooMuch, OSError) as problem:
        return Refused(
            Why.UNREADABLE if isinstance(problem, TooMuch | httpx.DecodingError) else Why.UNREACHABLE
        )
    if response.status_code in _NOT_ALLOWED:
        return Refused(Why.NOT_ALLOWED)
    if response.status_code in _LATER or response.status_code >= 500:
        return Refused(Why.UNREACHABLE)
    return Came(response.status_code, response.headers.get("content-type", ""), body)


def _whole(response: httpx.Response) -> bytes:
    found = bytearray()
    for piece in response.iter_bytes():
        found += piece
        if len(found) > _LONGEST:
            raise TooMuch
    return bytes(found)
