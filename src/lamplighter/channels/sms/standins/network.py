"""What the stand-ins have in common: telephones, what was carried to them, and what goes wrong on purpose."""

import base64
import uuid
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from lamplighter.desk.ports import Clock

Fault = Literal["busy", "broken", "broken_after", "silent", "silent_after"]
"""Too much at once; failed without having taken it, or after; no answer without having taken it, or after."""

Post = Callable[[str, Mapping[str, str], bytes], int]
"""Sends what a carrier would: an address, headers, a body. Gives the status that came back."""


@dataclass(slots=True)
class Carried:
    """A text that was taken, from which number, and where its receipts go."""

    id: str
    to: str
    sent_from: str
    text: str
    at: datetime
    receipts: str
    status: str = "queued"


@dataclass(slots=True)
class Network:
    """`numbers` are those of ours that it knows. It refuses texts to `landlines`, and to whoever has `stopped`."""

    clock: Clock
    numbers: frozenset[str]
    landlines: set[str] = field(default_factory=set)
    stopped: set[str] = field(default_factory=set)
    keywords: dict[str, Literal["stop", "start", "help"]] = field(default_factory=dict)
    """Words that it acts on and answers by itself, where it was set up to: in small letters."""

    faults: deque[Fault] = field(default_factory=deque)
    last: Fault | None = None
    carried: list[Carried] = field(default_factory=list)

    def take(self, *, to: str, sent_from: str, text: str, receipts: str) -> Carried:
        taken = Carried(uuid.uuid4().hex, to, sent_from, text, self.clock.now(), receipts)
        self.carried.append(taken)
        return taken

    def acts_on(self, sender: str, text: str) -> Literal["stop", "start", "help"] | None:
        """Whether it takes this text for a word to itself; then it stops, or starts, by that telephone."""
        word = self.keywords.get(text.strip().lower())
        if word == "stop":
            self.stopped.add(sender)
        elif word == "start":
            self.stopped.discard(sender)
        return word

    def on(self, number: str) -> list[str]:
        """What a telephone got, oldest first."""
        return [each.text for each in self.carried if each.to == number]

    def between(self, sent_from: str | None, to: str | None) -> list[Carried]:
        """The newest first."""
        return [
            each
            for each in reversed(self.carried)
            if sent_from in (None, each.sent_from) and to in (None, each.to)
        ]


class StandIn(Protocol):
    """A carrier's side: what it answers, and what it brings. `texts` is where the texts that people write go."""

    network: Network

    @property
    def app(self) -> Starlette: ...

    def writes(
        self, sender: str, dialled: str, text: str, *, named: str | None = None, pictures: int = 0
    ) -> int:
        """Somebody writes to one of our numbers, with so many pictures. `named` brings one again under its id."""
        ...

    def tells(self, carried: Carried, how: Literal["sent", "delivered", "failed"]) -> int:
        """What became of a text."""
        ...


async def faulty(
    network: Network, request: Request, take: Callable[[], Response], failed: Response, busy: Response
) -> Response:
    """The answer to a request for a text, unless something is to go wrong with it. `failed` and `busy` are how this
    carrier says so."""
    fault = network.last = network.faults.popleft() if network.faults else None
    if fault in (None, "broken_after", "silent_after"):
        taken = take()
    match fault:
        case None:
            return taken
        case "busy":
            return busy
        case "silent" | "silent_after":
            while (await request.receive())["type"] != "http.disconnect":
                """Nobody hears anything until they give up."""
    return failed


def post(url: str, headers: Mapping[str, str], body: bytes) -> int:
    import httpx

    return httpx.post(url, headers=dict(headers), content=body, timeout=30).status_code


def signed_in(request: Request, user: str, secret: str) -> bool:
    """Whether it comes with this account's name and secret (HTTP basic)."""
    wanted = base64.b64encode(f"{user}:{secret}".encode()).decode()
    return request.headers.get("authorization") == f"Basic {wanted}"
