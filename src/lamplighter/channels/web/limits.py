"""How much one browser, and all of them together, may ask of us."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

LONGEST_TEXT: Final = 8_000  # characters of one message
LONGEST_FRAME: Final = 64_000  # bytes of one frame of text or sound
FRAMES_AHEAD: Final = 8  # frames of a line that wait while one is taken
BAD_FRAMES: Final = 20  # malformed frames until the line is closed
SLOWEST_SEND: Final = 10.0  # seconds for a browser to take what we send
MOST_LINES: Final = 400
MOST_LINES_EACH: Final = 40


class TooMany(Exception):
    """No more lines are taken at the moment."""


class Doors:
    """Counts the open lines: all of them, and those of each address. For one event loop."""

    def __init__(self, most: int = MOST_LINES, each: int = MOST_LINES_EACH) -> None:
        self._most, self._each = most, each
        self._open: dict[str, int] = {}

    @contextmanager
    def entered(self, address: str) -> Iterator[None]:
        """Raises TooMany."""
        if sum(self._open.values()) >= self._most or self._open.get(address, 0) >= self._each:
            raise TooMany
        self._open[address] = self._open.get(address, 0) + 1
        try:
            yield
        finally:
            self._open[address] -= 1
            if not self._open[address]:
                del self._open[address]


class BadFrame(ValueError):
    """What came over the line is not what a page of ours sends. `code` names it in the page's words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.id: str | None = None  # the browser's id of the message, where it could be read


def read_frame(raw: str) -> dict[str, Any]:
    """A JSON object with a `type`. Raises BadFrame."""
    if len(raw) > LONGEST_FRAME:
        raise BadFrame("too_long")
    try:
        frame = json.loads(raw)
    except (ValueError, RecursionError):
        raise BadFrame("malformed") from None
    if not isinstance(frame, dict) or not isinstance(frame.get("type"), str):
        raise BadFrame("malformed")
    return frame


def words_of(frame: dict[str, Any], name: str = "text", longest: int = LONGEST_TEXT) -> str:
    """The words in a frame, without what no store can keep (NUL, halves of characters). Raises BadFrame."""
    text = frame.get(name)
    if not isinstance(text, str):
        raise BadFrame("malformed")
    if len(text) > longest:
        raise BadFrame("too_long")
    clean = text.replace("\x00", " ").encode("utf-8", "replace").decode().strip()
    if not clean:
        raise BadFrame("empty")
    return clean


def id_of(frame: dict[str, Any]) -> str:
    """The browser's own id of a message, by which a repeated one is known. Raises BadFrame."""
    name = frame.get("id")
    if not isinstance(name, str) or not 8 <= len(name) <= 64 or not name.isascii() or not name.isprintable():
        raise BadFrame("malformed")
    return name
