"""The public pages as an ASGI application: home, chat, text and call."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from secrets import token_bytes

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from lamplighter import logs
from lamplighter.channels.calls.speech_desk import SpeechDesk
from lamplighter.channels.sms.inbound import Inbound, TooLong
from lamplighter.channels.web import call, chat, phones
from lamplighter.channels.web.alive import Alive, Lacks, nothing
from lamplighter.channels.web.bodies import ShortBodies
from lamplighter.channels.web.card_page import CardPage
from lamplighter.channels.web.headers import SafeHeaders
from lamplighter.channels.web.limits import LONGEST_TEXT, Doors
from lamplighter.channels.web.packet_page import PacketPage
from lamplighter.channels.web.pages import Pages, problem
from lamplighter.channels.web.site import Counts, Demo, Site, StillPlaying, UnknownPractice, no_counts
from lamplighter.channels.web.sockets import endpoint
from lamplighter.channels.web.thread import Threads
from lamplighter.channels.web.tickets import Tickets
from lamplighter.channels.web.visit_page import VisitPage
from lamplighter.channels.web.words import COOKIE, all_words
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk.contacts import Contacts
from lamplighter.desk.feed import LiveFeed
from lamplighter.desk.link_acts import LinkPages
from lamplighter.desk.packet_acts import PacketPages
from lamplighter.desk.plan_card_acts import CardPages
from lamplighter.desk.ports import Clock, Records
from lamplighter.practice.directory import Directory
from lamplighter.practice.model import PracticeId

log = logs.get(__name__)
HERE = Path(__file__).parent
SHARED = HERE.parents[1] / "assets"
YEAR = 365 * 24 * 3600


def public_app(
    *,
    contacts: Contacts,
    records: Records,
    directory: Directory,
    feed: LiveFeed,
    phrasebook: Phrasebook,
    clock: Clock,
    secret: bytes | None = None,
    speech: SpeechDesk | None = None,
    demo: Demo | None = None,
    doors: Doors | None = None,
    approved: Mapping[PracticeId, frozenset[str]] | None = None,
    counts: Counts = no_counts,
    links: LinkPages | None = None,
    papers: PacketPages | None = None,
    cards: CardPages | None = None,
    lacks: Lacks = nothing,
) -> Starlette:
    """The pages of every practice in `directory`, told apart by host.

    `secret` (32 bytes or more) lets a browser return to its chat after a restart; without one a new one is drawn.
    The on-screen telephones, whose numbers anybody may pick, exist with `demo` only. `approved`: of each practice the
    languages whose words its own people approved by name; any other is called a draft. `counts`: what it has published.
    `links`: what whoever opens a link in a text may do; `papers`: the same for the practice's papers; `cards`:
    for a picture of an insurance card. `lacks`: what a checker outside is told to fail.
    """
    site = Site(
        contacts=contacts,
        records=records,
        directory=directory,
        feed=feed,
        phrasebook=phrasebook,
        clock=clock,
        tickets=Tickets(secret or token_bytes(32)),
        threads=Threads(contacts, records),
        inbound=Inbound(contacts, records),
        doors=doors or Doors(),
        speech=speech or SpeechDesk(),
        demo=demo,
        approved={} if approved is None else approved,
        counts=counts,
    )
    return Starlette(
        routes=[
            *_routes(site),
            Route("/alive", Alive(lacks).page, name="alive"),
            *(VisitPage(site, links).routes() if links is not None else ()),
            *(PacketPage(site, papers).routes() if papers is not None else ()),
            *(CardPage(site, cards).routes() if cards is not None else ()),
        ],
        middleware=[Middleware(SafeHeaders), Middleware(ShortBodies)],
        exception_handlers={UnknownPractice: _nobody, TooLong: _too_long, 404: _missing, 500: _failed},
    )


def _routes(site: Site) -> list[Route | Mount | WebSocketRoute]:
    pages = Pages(site)
    routes: list[Route | Mount | WebSocketRoute] = [
        Route("/", pages.home, name="home"),
        Route("/chat", pages.chat, name="chat"),
        Route("/in-a-crisis", pages.crisis, name="crisis"),
        Route("/ai-notice", pages.notice, name="notice"),
        Route("/call", pages.call, name="call"),
        Route("/speech", _speech(site), name="speech"),
        Route("/language/{locale}", _language, methods=["POST"], name="language"),
        WebSocketRoute("/chat/line", endpoint(site, chat.serve)),
        WebSocketRoute("/call/line", endpoint(site, call.serve)),
        Mount("/assets", StaticFiles(directory=SHARED), name="assets"),
        Mount("/static", StaticFiles(directory=HERE / "static"), name="static"),
    ]
    if site.demo is not None:
        routes += [
            Route("/text", pages.text, name="text"),
            WebSocketRoute("/text/line", endpoint(site, phones.serve)),
            Route("/play", _act(site, _play), methods=["POST"], name="play"),
            Route("/tomorrow", _act(site, _tomorrow), methods=["POST"], name="tomorrow"),
        ]
    return routes


def _speech(site: Site) -> Callable[[Request], Awaitable[Response]]:
    async def speech(_: Request) -> Response:
        status = site.speech.status
        return JSONResponse({"state": status.state, "percent": status.percent, "remedy": status.remedy})

    return speech


async def _language(request: Request) -> Response:
    """Keeps the picked language and goes back to a page of ours."""
    form = await request.form(max_files=0, max_fields=4)
    back = str(form.get("back") or "/")
    response = RedirectResponse(back if _is_ours(back) else "/", 303)
    if request.path_params["locale"] in all_words():
        response.set_cookie(COOKIE, request.path_params["locale"], YEAR, httponly=True, samesite="lax")
    return response


def _is_ours(path: str) -> bool:
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()


# -- what only a demonstration does --------------------------------------------------------------------------------


def _act(site: Site, act: Callable[[Demo, str | None], None]) -> Callable[[Request], Awaitable[Response]]:
    async def acted(request: Request) -> Response:
        assert site.demo is not None
        if not site.same_origin(request):
            return Response(status_code=403)
        form = await request.form(max_files=0, max_fields=4)
        which = form.get("which")
        name = request.url.path.strip("/")
        try:
            await asyncio.to_thread(act, site.demo, which if isinstance(which, str) and which else None)
        except StillPlaying:
            return RedirectResponse("/?done=playing#acts", 303)
        except Exception:
            log.exception("demo_button_failed", kind=name)
            return RedirectResponse("/?done=not#acts", 303)
        return RedirectResponse(f"/?done={name}#acts", 303)

    return acted


def _play(demo: Demo, which: str | None) -> None:
    if demo.play is not None and (which is None or which in {caller.id for caller in demo.callers}):
        demo.play(which)


def _tomorrow(demo: Demo, _: str | None) -> None:
    if demo.to_tomorrow is not None:
        demo.to_tomorrow()


# -- when there is nothing to show ---------------------------------------------------------------------------------


async def _nobody(request: Request, _: Exception) -> Response:
    return problem(request, "nobody_here", 421)


async def _missing(request: Request, _: Exception) -> Response:
    return problem(request, "not_found", 404)


async def _too_long(request: Request, _: Exception) -> Response:
    return problem(request, "too_long", 413, limit=f"{LONGEST_TEXT:,}")


async def _failed(request: Request, error: Exception) -> Response:
    log.error("page_failed", exc_info=error)
    return problem(request, "not_done", 500)
