"""The page of contacts, live; what staff do on it; and the page of those who bill."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from lamplighter.console.access import Session
from lamplighter.console.gate import Gate, MayNot, form_of, session_of
from lamplighter.console.live import Sent, Wall, Walls
from lamplighter.console.pages import notice
from lamplighter.console.reading import Reading
from lamplighter.console.roles import ANYBODY_HERE, AT_THE_DESK, Place, only
from lamplighter.console.stepping_in import GIVEN, NotForAnErrand, NotYourFloor, SteppingIn, TakenBy
from lamplighter.console.streaming import STILL_HERE_EVERY, follow
from lamplighter.desk.calling_back import CAME_TO, DoNotCallBack
from lamplighter.desk.card import REASONS
from lamplighter.desk.contacts import NoSuchContact
from lamplighter.desk.feed import LiveFeed
from lamplighter.practice.model import Practice

LONGEST_REPLY = 2000
TASKS = only("owner", "clinician", "desk", "biller")


class BoardPages:
    def __init__(
        self,
        gate: Gate,
        practice: Practice,
        feed: LiveFeed,
        stepping_in: SteppingIn,
        walls: Walls,
        reading: Reading,
    ) -> None:
        self._gate, self._access, self._practice, self._feed = gate, gate.access, practice, feed
        self._stepping_in, self._walls, self._reading = stepping_in, walls, reading

    def places(self) -> list[Place]:
        place = self._gate.place
        return [
            place("/", ANYBODY_HERE, self.home),
            place("/live", AT_THE_DESK, self.live, counts=False),
            place("/contacts/{contact}/glass", AT_THE_DESK, self.glass, "POST"),
            place("/contacts/{contact}/{act}", AT_THE_DESK, self.act, "POST"),
            place("/tasks/{task}/done", TASKS, self.task_done, "POST"),
            place("/looks/{look}/seen", only("owner"), self.look_seen, "POST"),
        ]

    # -- looking -------------------------------------------------------------------------------------------------------

    async def home(self, request: Request) -> Response:
        """The page of contacts, and for those whose work is elsewhere the page of theirs."""
        session = session_of(request)
        assert session.account is not None
        if not AT_THE_DESK.lets(session.account):
            return RedirectResponse("/billing" if "biller" in session.account.roles else "/ledger", 303)
        chosen = request.query_params.get("contact")
        wall = await asyncio.to_thread(self._opened, session, chosen)
        return HTMLResponse(self._walls.page(wall, session))

    def _opened(self, session: Session, chosen: str | None) -> Wall:
        wall = self._walls.look(session, chosen, fresh=True)
        if wall.chosen is not None:
            note = self._reading.followed if wall.by_itself else self._reading.opened
            note(session, f"contact/{wall.chosen.id}")
        self._reading.listed(session, wall.about)
        return wall

    async def live(self, request: Request) -> Response:
        session = session_of(request)
        if request.method == "HEAD":
            return Response(media_type="text/event-stream")
        stream = self._changes(session, request.query_params.get("contact") or None)
        return StreamingResponse(stream, media_type="text/event-stream", headers={"x-accel-buffering": "no"})

    async def _changes(self, session: Session, chosen: str | None) -> AsyncIterator[str]:
        sent = Sent()
        look = partial(self._look, session, chosen, sent)

        def is_open() -> bool:
            return self._access.session(session.id) is session

        async for pieces in follow(self._feed, self._practice.id, is_open, look):
            yield pieces
        await asyncio.to_thread(self._gate.tell_of_the_ended)

    def _look(self, session: Session, chosen: str | None, sent: Sent) -> list[str] | None:
        """None once its person has no business here any more."""
        wall = self._walls.look(session, chosen)
        if sent.sign_is_due(STILL_HERE_EVERY):
            again = self._gate.refreshed(session)
            if again is None or again.account is None or not AT_THE_DESK.lets(again.account):
                return None
            self._stepping_in.still_there(session.name, wall.floors_of(session.name))
        if wall.chosen is not None:
            self._reading.followed(session, f"contact/{wall.chosen.id}")
        self._reading.listed(session, wall.about)
        return self._walls.pieces(wall, session, sent)

    # -- acting --------------------------------------------------------------------------------------------------------

    async def act(self, request: Request) -> Response:
        session, form = session_of(request), await form_of(request)
        contact, act = request.path_params["contact"], request.path_params["act"]
        text = str(form.get("text") or "").replace("\x00", " ").encode("utf-8", "replace").decode().strip()
        if act == "say" and not 0 < len(text) <= LONGEST_REPLY:
            raise HTTPException(413 if text else 422, "reply")
        unknown = (act == "called-back" and text not in CAME_TO) or (
            act == "give" and text not in ("", *GIVEN)
        )
        if unknown:
            raise HTTPException(422, "choice")
        try:
            known = await asyncio.to_thread(self._stepping_in.act, act, contact, session.name, text)
        except NoSuchContact:
            raise HTTPException(404, "contact") from None
        except NotYourFloor:
            raise HTTPException(409, "floor") from None
        except DoNotCallBack:
            raise HTTPException(409, "no_call") from None
        except NotForAnErrand:
            raise HTTPException(409, "errand") from None
        except TakenBy as taken:
            return HTMLResponse(notice(self._practice.name, "has_it", taken.name), 409)
        if not known:
            raise HTTPException(404, "page")
        at = {"take": f"reply-{contact}", "called-back": "detail-card"}.get(act, "detail")
        return _done(request, f"/?contact={contact}#{at}")

    async def glass(self, request: Request) -> Response:
        """Where somebody lives, opened by one click that says why; it stays open for this session's card."""
        session, form = session_of(request), await form_of(request)
        contact, why = request.path_params["contact"], str(form.get("why") or "")
        if why not in REASONS:
            raise HTTPException(422, "reason")
        try:
            opened = await asyncio.to_thread(self._reading.behind_glass, session, contact, why)
        except NoSuchContact:
            raise HTTPException(404, "contact") from None
        if not opened:
            raise HTTPException(403, "glass")
        return _done(request, f"/?contact={contact}#detail-card")

    async def look_seen(self, request: Request) -> Response:
        session, _ = session_of(request), await form_of(request)
        if not await asyncio.to_thread(self._reading.look_seen, session, request.path_params["look"]):
            raise HTTPException(404, "page")
        return _done(request, "/")

    async def task_done(self, request: Request) -> Response:
        session = session_of(request)
        await form_of(request)
        assert session.account is not None
        bills = not AT_THE_DESK.lets(session.account)
        task = request.path_params["task"]
        if not await asyncio.to_thread(self._stepping_in.task_done, task, session.name, only_billing=bills):
            raise MayNot(AT_THE_DESK)
        return _done(request, "/billing" if bills else "/#tasks")


def _done(request: Request, back: str) -> Response:
    """A script needs no page; a form without one goes back to where it was."""
    quiet = request.headers.get("x-quiet") == "1"
    return Response(status_code=204) if quiet else RedirectResponse(back, 303)
