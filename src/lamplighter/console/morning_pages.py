"""The first page of the day: what happened while the practice was closed, and what needs a person first."""

import asyncio

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from lamplighter.console.access import Session
from lamplighter.console.gate import Gate, session_of
from lamplighter.console.morning import Morning, Mornings
from lamplighter.console.pages import draw
from lamplighter.console.pause_words import PauseLine, pause_lines
from lamplighter.console.reading import Reading
from lamplighter.console.roles import AT_THE_DESK, Place
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk.ports import Records
from lamplighter.practice.calendar import NeverOpen
from lamplighter.practice.model import Practice


class MorningPages:
    def __init__(
        self, gate: Gate, practice: Practice, records: Records, reading: Reading, phrasebook: Phrasebook
    ) -> None:
        self._gate, self._practice, self._records, self._reading = gate, practice, records, reading
        self._mornings = Mornings(practice)

    def places(self) -> list[Place]:
        return [self._gate.place("/morning", AT_THE_DESK, self.page)]

    async def page(self, request: Request) -> Response:
        session = session_of(request)
        found = await asyncio.to_thread(self._look, session)
        paused = await asyncio.to_thread(self._paused)
        given = {"practice": self._practice, "session": session, "morning": found, "paused": paused}
        return HTMLResponse(draw("morning.html", **given))

    def _paused(self) -> tuple[PauseLine, ...]:
        with self._records.transaction(self._practice.id) as tx:
            return pause_lines(tx, self._practice, self._reading.clock.now())

    def _look(self, session: Session) -> Morning | None:
        """None where the practice's files say that it is never open."""
        now = self._reading.clock.now()
        try:
            with self._records.transaction(self._practice.id) as tx:
                found = self._mornings.look(tx, now, clinical=session.clinical)
        except NeverOpen:
            return None
        self._reading.listed(session, found.about)
        return found
