"""A browser's end of a line, without a browser."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

PATIENCE = 90.0  # seconds: machines that run tests are busy


class Closed(Exception):
    """The other end has closed the line."""


class End:
    """`until(kind)` gives the next frame of a kind; raises Closed."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    def send(self, **frame: object) -> None:
        self.send_raw(json.dumps(frame))

    def send_raw(self, raw: str | bytes) -> None:
        self._connection.send(raw)

    def say(self, text: str, name: str = "message-one") -> None:
        self.send(type="say", id=name, text=text)

    def next(self) -> dict[str, Any] | bytes:
        try:
            raw = self._connection.recv(PATIENCE)
        except ConnectionClosed:
            raise Closed from None
        return raw if isinstance(raw, bytes) else json.loads(raw)

    def until(self, kind: str) -> dict[str, Any]:
        while True:
            frame = self.next()
            if isinstance(frame, dict) and frame["type"] == kind:
                return frame

    def sound(self) -> bytes:
        """The next piece of sound, its rate in front."""
        while True:
            frame = self.next()
            if isinstance(frame, bytes):
                return frame

    def until_said(self, words: str) -> list[tuple[str, str]]:
        """Everything that came into the thread, up to something of ours with these words in it."""
        thread: list[tuple[str, str]] = []
        while not any(words in text for who, text in thread if who != "person"):
            thread += said(self.until("entries"))
        return thread


def said(frame: dict[str, Any]) -> list[tuple[str, str]]:
    return [(entry["who"], entry["text"]) for entry in frame["entries"]]


@contextmanager
def line_to(address: str, path: str, *, host: str | None = None, origin: str | None = None) -> Iterator[End]:
    """An open line. `host` is what the browser believes it asked."""
    to = urlsplit(address)
    sock = socket.create_connection((to.hostname, to.port))
    uri = f"ws://{host or to.netloc}{path}"
    headers = {"Origin": origin} if origin else {}
    with connect(
        uri,
        sock=sock,
        additional_headers=headers,
        max_size=None,
        proxy=None,
        compression=None,
        open_timeout=PATIENCE,
        close_timeout=2,
        ping_interval=None,
    ) as connection:
        yield End(connection)
