"""A page's line, frame by frame, without a network."""

import asyncio
import json
from typing import Any

from starlette.websockets import WebSocket

from lamplighter.channels.web.limits import FRAMES_AHEAD, LONGEST_FRAME
from lamplighter.channels.web.sockets import Line


class Browser:
    """Sends these frames and goes; says when all of them were read."""

    def __init__(self, *frames: str) -> None:
        self._frames, self.gone, self.told = list(frames), asyncio.Event(), list[str]()

    def line(self) -> Line:
        return Line(WebSocket({"type": "websocket", "headers": []}, self._give, self._take))

    async def _give(self) -> dict[str, Any]:
        if self._frames:
            return {"type": "websocket.receive", "text": self._frames.pop(0)}
        self.gone.set()
        return {"type": "websocket.disconnect", "code": 1001}

    async def _take(self, message: Any) -> None:
        self.told.append(message.get("text") or "")


async def opened(browser: Browser) -> Line:
    line = browser.line()
    socket = line._socket
    socket.client_state = socket.application_state = socket.client_state.CONNECTED
    return line


def test_what_comes_in_is_read_while_an_earlier_frame_is_still_being_taken_and_keeps_its_order() -> None:
    taken: list[str] = []

    async def run() -> None:
        browser = Browser(*(json.dumps({"type": str(n)}) for n in range(FRAMES_AHEAD)))
        line = await opened(browser)

        async def take(frame: dict[str, Any]) -> None:
            await browser.gone.wait()
            taken.append(frame["type"])

        await asyncio.wait_for(line.take_all(take), 120)

    asyncio.run(run())
    assert taken == [str(n) for n in range(FRAMES_AHEAD)]


def test_a_frame_that_is_too_long_is_called_too_long_and_the_next_one_is_taken() -> None:
    taken: list[str] = []
    browser_told: list[str] = []

    async def run() -> None:
        browser = Browser("x" * (3 * LONGEST_FRAME), json.dumps({"type": "say"}))
        line = await opened(browser)

        async def take(frame: dict[str, Any]) -> None:
            taken.append(frame["type"])

        await asyncio.wait_for(line.take_all(take), 120)
        browser_told.extend(browser.told)

    asyncio.run(run())
    assert taken == ["say"]
    assert [json.loads(told)["code"] for told in browser_told] == ["too_long"]
