"""Staying and leaving: a page that nobody touches signs out by itself, warned a minute before."""

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from lamplighter.console.access import Session
from lamplighter.console.gate import Gate, answer_of, form_of, session_of
from lamplighter.console.pages import draw, notice
from lamplighter.console.roles import ANYBODY_HERE, Place
from lamplighter.practice.model import Practice


class Staying:
    """`trying`: whoever leaves may come back with a click. `elsewhere` ends their other sessions."""

    def __init__(
        self,
        gate: Gate,
        practice: Practice,
        on_leaving: Callable[[Session], None],
        elsewhere: Callable[[Session], None],
        *,
        trying: bool,
    ) -> None:
        self._gate, self._practice, self._on_leaving, self._trying = gate, practice, on_leaving, trying
        self._elsewhere = elsewhere
        self._access = gate.access

    def places(self) -> list[Place]:
        place = self._gate.place
        return [
            place("/idle", ANYBODY_HERE, self.idle, counts=False),
            place("/here", ANYBODY_HERE, self.here, "POST", counts=False),
            place("/leave", ANYBODY_HERE, self.leave, "POST"),
            place("/me/sign-out-elsewhere", ANYBODY_HERE, self.only_here, "POST"),
        ]

    async def idle(self, request: Request) -> Response:
        """How long the session goes on if nobody touches it. To ask is no touch."""
        return JSONResponse({"left": int(self._access.seconds_left(session_of(request)))})

    async def here(self, request: Request) -> Response:
        """Somebody pressed a key or a button on a page that had nothing to ask of us."""
        session = session_of(request)
        await answer_of(request)
        self._access.acts(session)
        return await self.idle(request)

    async def only_here(self, request: Request) -> Response:
        await form_of(request)
        await asyncio.to_thread(self._elsewhere, session_of(request))
        return RedirectResponse("/me", 303)

    async def leave(self, request: Request) -> Response:
        session = session_of(request)
        await form_of(request)
        self._access.leave(session, coming_back=self._trying)
        await asyncio.to_thread(self._on_leaving, session)
        answer = HTMLResponse(self._left(session))
        if not self._trying:
            answer.delete_cookie(self._access.cookie, path="/")
        return answer

    def _left(self, session: Session) -> str:
        if session.ends_at is not None:
            return draw("going-on.html", practice=self._practice, to=session.ends_at, leaving=True)
        return notice(self._practice.name, "left", again=self._trying)
