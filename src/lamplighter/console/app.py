"""The staff page as an ASGI application, for one practice. Bind it to loopback: it opens by a one-time link."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from starlette.applications import Starlette
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from lamplighter import logs
from lamplighter.console.access import COOKIE, LONGEST_NAME, Access, LinkUsed, LinkWrong, Session, may_post
from lamplighter.console.guarding import OnlyThisMachine
from lamplighter.console.live import TEMPLATES, Sent, Walls
from lamplighter.console.stepping_in import NotYourFloor, SteppingIn, TakenBy
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk.contacts import Contacts, NoSuchContact
from lamplighter.desk.feed import LiveFeed
from lamplighter.desk.handoffs import Handoffs
from lamplighter.desk.ports import Clock, Records
from lamplighter.practice.model import Practice, Rung

log = logs.get(__name__)
STATIC = Path(__file__).with_name("static")
SHARED = Path(__file__).parents[1] / "assets"
LOOK_EVERY = 1.0  # seconds; what belongs to no contact (a message sent, a task) is announced by nobody
STILL_HERE_EVERY = 20.0  # seconds after which an open page says again that somebody is at it
MELT = 0.03  # seconds in which changes are taken together
LONGEST_REPLY = 2000
HERE = (
    "event: here\nretry: 1000\ndata: here\n\n"  # after every look; a page that hears none opens a new stream
)

Answer = Callable[[Request], Awaitable[Response]]
T = TypeVar("T")


def staff_app(
    *,
    practice: Practice,
    contacts: Contacts,
    handoffs: Handoffs,
    records: Records,
    feed: LiveFeed,
    phrasebook: Phrasebook,
    clock: Clock,
    access: Access,
) -> Starlette:
    """`access.new_link(...)` makes the link that opens it."""
    console = Console(
        practice, SteppingIn(practice, contacts, handoffs, records), records, feed, phrasebook, clock, access
    )
    return Starlette(
        routes=console.routes(),
        middleware=[Middleware(OnlyThisMachine)],
        exception_handlers={HTTPException: _refused, Exception: _failed},
    )


class Console:
    def __init__(
        self,
        practice: Practice,
        stepping_in: SteppingIn,
        records: Records,
        feed: LiveFeed,
        phrasebook: Phrasebook,
        clock: Clock,
        access: Access,
    ) -> None:
        self._practice, self._stepping_in, self._feed, self._access = practice, stepping_in, feed, access
        self._walls = Walls(practice, records, phrasebook, clock)

    def routes(self) -> list[Route | Mount]:
        return [
            Route("/open/{token}", self.door, methods=["GET"]),
            Route("/open/{token}", self.enter, methods=["POST"]),
            Route("/who", self.who, methods=["POST"]),
            Route("/", self.page),
            Route("/live", self.live),
            Route("/leave", self.leave, methods=["POST"]),
            Route("/contacts/{contact}/{act}", self.act, methods=["POST"]),
            Route("/tasks/{task}/done", self.task_done, methods=["POST"]),
            Mount("/assets", StaticFiles(directory=SHARED)),
            Mount("/static", StaticFiles(directory=STATIC)),
        ]

    # -- coming and going ----------------------------------------------------------------------------------------------

    async def door(self, request: Request) -> Response:
        """A link is followed by previews and scanners too: only the button on this page uses it up."""
        _with_link(self._access.look, request)
        return HTMLResponse(TEMPLATES.get_template("open.html").render(practice=self._practice))

    async def enter(self, request: Request) -> Response:
        """Answers with the next page itself: a redirect would lose the strict cookie where the link was in a page."""
        session = _with_link(self._access.enter, request)
        answer = HTMLResponse(self._who(session))
        answer.set_cookie(COOKIE, session.id, httponly=True, samesite="strict", path="/")
        return answer

    def _who(self, session: Session) -> str:
        names = [(each.name, False) for each in _people(self._practice)]
        names += [(clinician.spoken_name, True) for clinician in self._practice.clinicians]
        return TEMPLATES.get_template("who.html").render(
            session=session, practice=self._practice, names=names
        )

    async def who(self, request: Request) -> Response:
        session, form = await self._post(request, named=False)
        name = " ".join(str(form.get("other") or form.get("name") or "").split())[:LONGEST_NAME]
        if not name or not name.isprintable():
            return HTMLResponse(self._who(session), 422)
        session.name = name
        session.clinical = name in {clinician.spoken_name for clinician in self._practice.clinicians}
        return RedirectResponse("/", 303)

    async def leave(self, request: Request) -> Response:
        session, _ = await self._post(request)
        await asyncio.to_thread(self._stepping_in.give_back_all, _name(session))
        self._access.leave(session)
        answer = HTMLResponse(_notice(self._practice.name, "left"))
        answer.delete_cookie(COOKIE, path="/")
        return answer

    # -- looking -------------------------------------------------------------------------------------------------------

    async def page(self, request: Request) -> Response:
        session = self._session(request)
        if session.name is None:
            return HTMLResponse(self._who(session))
        wall = await asyncio.to_thread(
            self._walls.look, session, request.query_params.get("contact"), fresh=True
        )
        return HTMLResponse(self._walls.page(wall, session))

    async def live(self, request: Request) -> Response:
        session = self._session(request)
        _name(session)
        if request.method == "HEAD":
            return Response(media_type="text/event-stream")
        stream = self._changes(session, request.query_params.get("contact") or None)
        return StreamingResponse(stream, media_type="text/event-stream", headers={"x-accel-buffering": "no"})

    async def _changes(self, session: Session, chosen: str | None) -> AsyncIterator[str]:
        sent = Sent()
        with self._feed.watching(self._practice.id) as changes:
            while self._access.session(session.id) is session:
                pieces = await asyncio.to_thread(self._look, session, chosen, sent)
                yield "".join(_event(piece) for piece in pieces) + HERE
                if await changes.next(LOOK_EVERY):
                    await asyncio.sleep(MELT)

    def _look(self, session: Session, chosen: str | None, sent: Sent) -> list[str]:
        wall = self._walls.look(session, chosen)
        if sent.sign_is_due(STILL_HERE_EVERY):
            self._stepping_in.still_there(_name(session), wall.floors_of(_name(session)))
        return self._walls.pieces(wall, session, sent)

    # -- acting --------------------------------------------------------------------------------------------------------

    async def act(self, request: Request) -> Response:
        session, form = await self._post(request)
        contact, act = request.path_params["contact"], request.path_params["act"]
        text = str(form.get("text") or "").replace("\x00", " ").encode("utf-8", "replace").decode().strip()
        if act == "say" and not 0 < len(text) <= LONGEST_REPLY:
            raise HTTPException(413 if text else 422, "reply")
        try:
            known = await asyncio.to_thread(self._stepping_in.act, act, contact, _name(session), text)
        except NoSuchContact:
            raise HTTPException(404, "contact") from None
        except NotYourFloor:
            raise HTTPException(409, "floor") from None
        except TakenBy as taken:
            return HTMLResponse(_notice(self._practice.name, "has_it", taken.name), 409)
        if not known:
            raise HTTPException(404, "page")
        return _done(request, f"/?contact={contact}#detail")

    async def task_done(self, request: Request) -> Response:
        session, _ = await self._post(request)
        await asyncio.to_thread(self._stepping_in.task_done, request.path_params["task"], _name(session))
        return _done(request, "/#tasks")

    # -- who asks ------------------------------------------------------------------------------------------------------

    def _session(self, request: Request) -> Session:
        session = self._access.session(request.cookies.get(COOKIE))
        if session is None:
            raise HTTPException(403, "closed")
        return session

    async def _post(self, request: Request, *, named: bool = True) -> tuple[Session, FormData]:
        session = self._session(request)
        form = await request.form(max_files=0, max_fields=8, max_part_size=64 * 1024)
        if not may_post(session, form.get("csrf")):
            raise HTTPException(403, "form")
        if named:
            _name(session)
        return session, form


def _with_link(use: Callable[[str], T], request: Request) -> T:
    try:
        return use(request.path_params["token"])
    except LinkUsed:
        raise HTTPException(410, "used") from None
    except LinkWrong:
        raise HTTPException(404, "wrong") from None


def _people(practice: Practice) -> list[Rung]:
    """Those of the ladder who work the desk."""
    rungs = (
        rung
        for side in (practice.ladder.by_day, practice.ladder.after_hours)
        for each in side.values()
        for rung in each
    )
    return list({rung.id: rung for rung in rungs if rung.kind == "staff" and rung.clinician is None}.values())


def _name(session: Session) -> str:
    if session.name is None:
        raise HTTPException(403, "nameless")
    return session.name


def _done(request: Request, back: str) -> Response:
    """A script needs no page; a form without one goes back to where it was."""
    quiet = request.headers.get("x-quiet") == "1"
    return Response(status_code=204) if quiet else RedirectResponse(back, 303)


def _event(piece: str) -> str:
    return "".join(f"data: {line}\n" for line in piece.splitlines()) + "\n"


def _notice(practice: str, what: str, name: str = "") -> str:
    return TEMPLATES.get_template("notice.html").render(practice=practice, what=what, name=name)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    what = error.detail if error.detail in WHAT else ("page" if error.status_code == 404 else "failed")
    return HTMLResponse(_notice("Lamplighter", what), error.status_code)


WHAT = ("used", "wrong", "closed", "form", "nameless", "contact", "floor", "reply", "page", "failed")


async def _failed(request: Request, error: Exception) -> Response:
    log.error("staff_page_failed", exc_info=error)
    return HTMLResponse(_notice("Lamplighter", "failed"), 500)
