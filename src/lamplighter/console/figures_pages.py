"""What reminders and the wait list came to, each figure with how it is computed."""

import asyncio

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from lamplighter.console.gate import Gate, session_of
from lamplighter.console.pages import draw
from lamplighter.console.roles import AT_THE_DESK, Place
from lamplighter.desk.figures import figures
from lamplighter.desk.ports import Clock, Records
from lamplighter.practice.model import Practice


class FiguresPages:
    def __init__(self, gate: Gate, practice: Practice, records: Records, clock: Clock) -> None:
        self._gate, self._practice, self._records, self._clock = gate, practice, records, clock

    def places(self) -> list[Place]:
        return [self._gate.place("/figures", AT_THE_DESK, self.page)]

    async def page(self, request: Request) -> Response:
        found = await asyncio.to_thread(figures, self._records, self._practice, self._clock.now())
        given = {"practice": self._practice, "session": session_of(request), "figures": found}
        return HTMLResponse(draw("figures.html", **given))
