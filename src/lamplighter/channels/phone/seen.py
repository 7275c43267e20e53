"""Where a call truly comes from: the address that its packets have, which no header of the caller's can claim.

The engine tells who calls as the caller writes it. Its trace of every message names the address that it came from; this
reads it there, keeps that for a moment, and lets no line of it go on to any log.
"""

import logging
import re
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final

TRACE: Final = "baresip.native.sip"
KEPT: Final = 512
_RECEIVED = re.compile(
    r"RX \w+ \[?([0-9A-Fa-f.:]+?)\]?:\d+ -> \S+\r?\nINVITE (\S+) SIP/2\.0\r?\n(.*)", re.DOTALL
)
_FOLDED = re.compile(r"\r?\n[ \t]+")
_SHORT: Final = {"i": "call-id", "t": "to", "f": "from"}


@dataclass(frozen=True, slots=True)
class Invite:
    """`source` is an IP address; the rest is as the message has it."""

    source: str
    to: str
    headers: dict[str, str]


class Seen(logging.Handler):
    """The invitations that came last, by Call-ID."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self._kept: OrderedDict[str, Invite] = OrderedDict()
        self._guard = Lock()
        trace = logging.getLogger(TRACE)
        trace.setLevel(logging.DEBUG)
        trace.propagate = False
        trace.handlers = [self]

    def emit(self, record: logging.LogRecord) -> None:
        invite = read(record.getMessage())
        call = invite.headers.get("call-id") if invite else None
        if invite is None or not call:
            return
        with self._guard:
            self._kept.setdefault(call, invite)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)

    def of(self, call_id: str) -> Invite | None:
        """The first that came with this Call-ID: a later one is no news of where the call comes from."""
        with self._guard:
            return self._kept.get(call_id)


def read(line: str) -> Invite | None:
    """The invitation in a line of the trace; None for anything else."""
    found = _RECEIVED.match(line)
    if found is None:
        return None
    head = re.split(r"\r?\n\r?\n", found.group(3), maxsplit=1)[0]
    headers: dict[str, str] = {}
    for each in _FOLDED.sub(" ", head).splitlines():
        name, colon, value = each.partition(":")
        if colon:
            key = name.strip().lower()
            headers.setdefault(_SHORT.get(key, key), value.strip())
    return Invite(found.group(1), found.group(2), headers)
