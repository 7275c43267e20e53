"""One person's page for whoever's role does not see it: asked for with a reason, open for a quarter of an hour, told to
the owners at once. It is read and never written.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from lamplighter.console.access import Session
from lamplighter.console.gate import Gate, form_of, session_of
from lamplighter.console.on_file import PersonShown, person_shown
from lamplighter.console.pages import draw
from lamplighter.console.reading import Reading
from lamplighter.console.roles import AT_THE_DESK, Place, only
from lamplighter.console.wording import when
from lamplighter.desk.breaking_glass import REASONS, open_page
from lamplighter.desk.eligibility import Plans
from lamplighter.desk.feed import LiveFeed
from lamplighter.desk.ports import Clock, Records
from lamplighter.practice.model import Practice

MAY_BREAK = only("biller", "auditor")
"""Those who see no person on file, and may have to."""


@dataclass(frozen=True, slots=True)
class GlassPages:
    gate: Gate
    practice: Practice
    records: Records
    clock: Clock
    reading: Reading
    plans: Plans
    feed: LiveFeed

    def places(self) -> list[Place]:
        place = self.gate.place
        return [
            place("/glass/{person}", MAY_BREAK, self.page),
            place("/glass/{person}", MAY_BREAK, self.open, "POST"),
        ]

    async def page(self, request: Request) -> Response:
        session, person = session_of(request), request.path_params["person"]
        if session.account is not None and AT_THE_DESK.lets(session.account):
            return RedirectResponse(f"/persons/{person}", 303)
        until = session.broken.get(person)
        if until is None or until <= self.clock.now():
            return self._ask(session, person)
        shown = await asyncio.to_thread(self._shown, session, person)
        await asyncio.to_thread(self.reading.opened, session, f"person/{person}")
        zone = self.practice.timezone
        given = {"practice": self.practice, "session": session, "person": shown, "until": when(until, zone)}
        return HTMLResponse(draw("glass.html", **given))

    def _ask(self, session: Session, person: str, wrong: str = "") -> Response:
        given = {
            "practice": self.practice,
            "session": session,
            "asked": person,
            "reasons": REASONS,
            "wrong": wrong,
        }
        return HTMLResponse(draw("glass-ask.html", **given), 422 if wrong else 200)

    async def open(self, request: Request) -> Response:
        session, form = session_of(request), await form_of(request)
        person, why = request.path_params["person"], str(form.get("reason") or "")
        if why not in REASONS:
            return self._ask(session, person, "Say why: nothing was opened.")
        until = await asyncio.to_thread(self._opened, session, person, why)
        if until is None:
            raise HTTPException(404, "person")
        session.broken[person] = until
        self.feed.publish(self.practice.id, f"person/{person}", 0)
        return RedirectResponse(f"/glass/{person}", 303)

    def _opened(self, session: Session, person: str, why: str) -> datetime | None:
        """None where nobody of this name is on file."""
        assert session.account is not None
        with self.records.transaction(self.practice.id) as tx:
            if tx.people.get(person) is None:
                return None
            return open_page(tx, person, by=session.account.id, why=why, now=self.clock.now())

    def _shown(self, session: Session, person_id: str) -> PersonShown:
        assert session.account is not None
        with self.records.transaction(self.practice.id, session.account.id) as tx:
            person = tx.people.get(person_id)
            if person is None:
                raise HTTPException(404, "person")
            return person_shown(tx, self.practice, self.plans, person, self.clock.now())
