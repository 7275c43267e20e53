"""The telephone by a carrier's media streams: its webhooks and sockets in this process, and calls of ours by REST.

Nothing is read before its signature was found good over the address that the carrier was given. A stream is opened only
with what was given for that call, once, within seconds. A webhook that comes again, or is brought again by somebody
else, makes no second call, and no call that the carrier does not know as one that goes on is kept.
"""

import asyncio
import secrets
import socket
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from lamplighter import logs
from lamplighter.channels.phone.carriers.carrier import (
    Answer,
    Carrier,
    Ended,
    News,
    NobodyKnows,
    NotDone,
    PickedUp,
    Rang,
    Ringing,
    Started,
    StreamOver,
    Why,
)
from lamplighter.channels.phone.carriers.leg import OPENS_WITHIN, StreamLeg
from lamplighter.channels.phone.carriers.our_lines import OurLines
from lamplighter.channels.phone.carriers.setup import DOOR, CarrierSetup
from lamplighter.channels.phone.carriers.stream import CallStream, NotUnderstood, StreamGone
from lamplighter.channels.phone.numbers import refuse_undialable
from lamplighter.channels.phone.ports import Events, Leg, NotReached
from lamplighter.channels.sms.carriers.bodies import short_body
from lamplighter.channels.sms.carriers.hooks import Came, Forged, Malformed
from lamplighter.channels.web.quiet_server import QuietServer
from lamplighter.desk.ports import Clock

log = logs.get(__name__)
LONGEST_MESSAGE: Final = 1 << 16  # bytes of a stream's message
STARTS_WITHIN: Final = 5.0  # seconds that an open stream may take to say whose it is
MOST_STRANGERS: Final = 64  # streams that have not said it yet
REMEMBERED: Final = 20_000  # calls whose webhook makes no second one
A = TypeVar("A")
MOST_UNNAMED: Final = 100  # calls that are not wanted any more, and that the carrier has not named yet
NO_ANSWER, FAILED = 408, 503
ENDS: Final = 0.2  # seconds in which a server that is told to stop lets go


@dataclass(frozen=True, slots=True)
class _Awaited:
    """A stream that may come until then."""

    leg: StreamLeg
    token: str
    until: float


class CarrierTelephone:
    """Telephone over one account. `bound` is the socket to answer at, where there is one already."""

    def __init__(
        self,
        setup: CarrierSetup,
        carrier: Carrier,
        lines: OurLines,
        clock: Clock,
        *,
        bound: socket.socket | None = None,
    ) -> None:
        self._setup, self._carrier, self._lines, self._clock = setup, carrier, lines, clock
        self._bound = bound
        self._legs: dict[str, StreamLeg] = {}  # by our own id
        self._awaited: dict[str, _Awaited] = {}  # by the name of a stream
        self._answered: OrderedDict[str, Answer | None] = OrderedDict()
        self._moved: OrderedDict[str, Answer] = OrderedDict()  # calls that nobody heard, put through
        self._unnamed: deque[str] = deque(maxlen=MOST_UNNAMED)
        self._strangers = 0
        self._events: Events | None = None
        self._server: QuietServer | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def app(self) -> Starlette:
        webhooks = ("voice", "again", "status", "fallback", "status/{ours}", "answered/{ours}")
        return Starlette(
            routes=[
                *(Route(f"{DOOR}{each}", self._webhook, methods=["POST"]) for each in webhooks),
                WebSocketRoute(f"{DOOR}media/{{name}}", self._media),
            ]
        )

    # -- Telephone --------------------------------------------------------------------------------------------------

    async def start(self, events: Events, on_dead: Callable[[], None]) -> None:
        """Raises OSError where it can't listen there."""
        self._events = events
        bound = self._bound or _listen(self._setup.listen)
        self._server = QuietServer(
            uvicorn.Config(
                self.app,
                log_config=None,
                log_level="warning",
                access_log=False,
                lifespan="off",
                proxy_headers=False,
                server_header=False,
                ws_max_size=LONGEST_MESSAGE,
                ws_per_message_deflate=False,
                timeout_graceful_shutdown=ENDS,  # type: ignore[arg-type]
            )
        )
        serving = self._spawn(self._server.serve(sockets=[bound]))
        serving.add_done_callback(lambda _: on_dead())
        await self._server.open.wait()

    async def dial(self, number: str, *, seconds: float, shown: str = "") -> Leg:
        """`shown` is in the account, since a call to it came from there."""
        refuse_undialable(number)
        leg = self._leg(caller=number)
        name, token = self._awaits(leg, within=seconds + OPENS_WITHIN)
        asking = self._spawn(self._ring(leg, number, shown or self._setup.number, name, token, seconds))
        try:
            if not await leg.opened(seconds):
                raise NotReached(leg.status or NO_ANSWER)
        except BaseException:
            self._awaited.pop(name, None)
            self._spawn(self._ring_no_more(leg, asking))
            raise
        return leg

    async def _ring_no_more(self, leg: StreamLeg, asking: asyncio.Future[None]) -> None:
        """What is on its way to the carrier can't be called back: it is ended once its name is known."""
        await asyncio.wait([asking])
        await leg.hang_up()

    async def _ring(
        self, leg: StreamLeg, number: str, shown: str, name: str, token: str, seconds: float
    ) -> None:
        """Where the carrier does not answer it may ring all the same: then it tells so."""
        try:
            leg.call = await self._carrier.dial(
                number, shown=shown, ours=leg.ours, name=name, token=token, seconds=seconds
            )
        except NotDone as why:
            log.warning("carrier_rings_nobody", status=why.status)
            leg.ended(FAILED)
        except NobodyKnows:
            log.warning("carrier_does_not_answer")

    async def close(self) -> None:
        if self._server is not None:
            self._server.should_exit = self._server.force_exit = True
        await asyncio.wait([*self._tasks, asyncio.create_task(asyncio.sleep(0))], timeout=5 * ENDS)
        for task in self._tasks:
            task.cancel()
        await self._carrier.close()

    # -- calls ------------------------------------------------------------------------------------------------------

    def _leg(self, *, call: str = "", dialled: str = "", caller: str = "") -> StreamLeg:
        assert self._events is not None
        leg = StreamLeg(
            secrets.token_hex(12),
            call=call,
            dialled=dialled,
            caller=caller,
            hang_up_at=self._hang_up,
            put_through_at=self._put_through,
            on_key=self._events.key,
            on_over=self._forget,
        )
        self._legs[leg.ours] = leg
        return leg

    def _of(self, call: str) -> StreamLeg | None:
        return next((each for each in self._legs.values() if each.call == call), None)

    def _forget(self, leg: StreamLeg) -> None:
        self._legs.pop(leg.ours, None)
        if leg.is_ending and leg.call:
            _remember(self._answered, leg.call, None)  # we have ended it
        assert self._events is not None
        self._events.over(leg)

    async def _hang_up(self, leg: StreamLeg) -> None:
        """Where the carrier can't be told, it asks what to do once the stream is closed, and is told then."""
        if not leg.call:
            self._unnamed.append(leg.ours)
            return
        await self._end(leg.call)

    async def _put_through(self, leg: StreamLeg) -> None:
        """A caller whose stream does not open, as one whose call is not taken. Where the carrier does not do that, they
        are hung up on, and not left in silence."""
        log.error("stream_did_not_open")
        answer = await self._carrier.put_through(leg.call, self._lines.of(leg.dialled))
        _remember(self._moved, leg.call, answer)
        try:
            await self._carrier.move(leg.call, answer)
        except (NotDone, NobodyKnows):
            log.warning("carrier_does_not_put_through")
            await self._end(leg.call)

    async def _end(self, call: str) -> None:
        try:
            await self._carrier.end(call)
        except (NotDone, NobodyKnows):
            log.warning("carrier_does_not_hang_up")

    def _awaits(self, leg: StreamLeg, *, within: float) -> tuple[str, str]:
        now = asyncio.get_running_loop().time()
        self._awaited = {name: each for name, each in self._awaited.items() if each.until > now}
        name, token = secrets.token_hex(16), secrets.token_hex(24)
        self._awaited[name] = _Awaited(leg, token, now + within)
        return name, token

    # -- webhooks ---------------------------------------------------------------------------------------------------

    async def _webhook(self, request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0].strip() != self._carrier.content_type:
            return Response(status_code=415)
        try:
            body = await short_body(request)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return Response(status_code=413)
        try:
            said = self._carrier.verified(self._came(request, body))
            about = request.url.path.removeprefix(DOOR).partition("/")[0]
            if about == "fallback":
                return await self._not_taken(self._carrier.news("voice", said))
            news = self._carrier.news(about, said)
        except Forged:
            log.warning("carrier_not_believed")
            return Response(status_code=403)
        except (Malformed, ValueError):
            log.warning("carrier_not_understood")
            return Response(status_code=400)
        return await self._answer(news, request.path_params.get("ours", ""))

    def _came(self, connection: HTTPConnection, body: bytes) -> Came:
        """With the address that the carrier was given, whatever a proxy in between made of it."""
        public = self._setup.public_url.rstrip("/")
        if connection.scope["type"] == "websocket":
            public = public.replace("http", "ws", 1)
        query = f"?{connection.url.query}" if connection.url.query else ""
        return Came(f"{public}{connection.url.path}{query}", connection.headers, body, self._clock.now())

    async def _answer(self, news: News | None, ours: str) -> Response:
        match news:
            case Rang():
                return await self._rang(news)
            case StreamOver():
                return await self._stream_over(news)
            case Ringing() if ours in self._unnamed:
                self._spawn(self._end(news.call))
            case Ringing() if (leg := self._legs.get(ours)) is not None:
                leg.call = news.call
            case PickedUp():
                return await self._picked_up(news.call, self._legs.get(ours))
            case Ended():
                leg = self._legs.get(ours) or self._of(news.call)
                if leg is not None:
                    leg.ended(news.status)
        return _response(self._carrier.thanks())

    async def _picked_up(self, call: str, leg: StreamLeg | None) -> Response:
        """Nobody may wait for them any more."""
        if leg is None or leg.is_ending:
            self._spawn(self._end(call))
            return _response(self._carrier.thanks())
        leg.call = call
        return _response(await self._opens(leg, "picked_up"))

    async def _rang(self, rang: Rang) -> Response:
        if rang.call in self._answered:
            log.warning("webhook_came_again")
            leg = self._of(rang.call)
            before = self._answered[rang.call]
            return _response(before if before and leg and not leg.is_open else self._carrier.thanks())
        if not self._lines.of(rang.dialled).may_carry or len(self._legs) >= self._setup.most_calls:
            return await self._not_taken(rang)
        answer = await self._take(rang)
        _remember(self._answered, rang.call, answer)
        return _response(answer)

    async def _take(self, rang: Rang) -> Answer:
        """The desk is told while the stream is still on its way."""
        assert self._events is not None
        leg = self._leg(call=rang.call, dialled=rang.dialled, caller=rang.caller)
        self._events.rang(leg)
        self._spawn(self._doubted(leg))
        return await self._opens(leg, "rang", rang)

    async def _opens(self, leg: StreamLeg, why: Why, rang: Rang | None = None) -> Answer:
        name, token = self._awaits(leg, within=OPENS_WITHIN)
        return await self._carrier.opens(leg.call, name, token, why=why, rang=rang)

    async def _doubted(self, leg: StreamLeg) -> None:
        """A webhook that somebody kept is signed as well as it was: its call is over."""
        if await self._is_over(leg.call):
            leg.ended(0)

    async def _is_over(self, call: str) -> bool:
        """Where the carrier does not say, it goes on."""
        try:
            return await self._carrier.is_over(call)
        except (NotDone, NobodyKnows):
            return False

    async def _not_taken(self, news: News | None) -> Response:
        """Too many call, or their practice has no agreement with the carrier, or nothing else answers."""
        if not isinstance(news, Rang):
            return _response(self._carrier.thanks())
        line = self._lines.of(news.dialled)
        log.error("call_not_taken", calls=len(self._legs), may_carry=line.may_carry)
        return _response(await self._carrier.put_through(news.call, line))

    async def _stream_over(self, over: StreamOver) -> Response:
        """Whoever is on the line still goes on where they were, or is answered anew where that is not known."""
        if over.call in self._moved:
            return _response(self._moved[over.call] if over.goes_on else self._carrier.thanks())
        leg = self._of(over.call)
        if leg is not None and not leg.is_ending:
            return _response(await self._opens(leg, "again", over.rang))
        ended_by_us = over.call in self._answered and self._answered[over.call] is None
        if leg is not None or over.rang is None or ended_by_us:
            if leg is None and not over.goes_on:  # this carrier keeps a call that nobody ends
                self._spawn(self._end(over.call))
            return _response(self._carrier.thanks())
        if not over.goes_on and (over.call in self._answered or await self._is_over(over.call)):
            return _response(self._carrier.thanks())
        self._answered.pop(over.call, None)
        return await self._rang(over.rang)

    # -- streams ----------------------------------------------------------------------------------------------------

    async def _media(self, socket: WebSocket) -> None:
        """Whoever names no stream that is awaited is refused before anything of theirs is kept or counted."""
        name = socket.path_params["name"]
        if not self._may_come(name) or not self._carrier.opened_by_it(self._came(socket, b"")):
            log.warning("stream_refused")
            return await socket.close()
        await socket.accept()
        stream = CallStream(socket, self._carrier.dialect)
        leg = await self._whose(stream, name)
        if leg is None:
            log.warning("stream_of_nobody_refused")
            return await stream.close()
        await leg.carry(stream)

    def _may_come(self, name: str) -> bool:
        awaited = self._awaited.get(name)
        in_time = awaited is not None and asyncio.get_running_loop().time() <= awaited.until
        return in_time and self._strangers < MOST_STRANGERS

    async def _whose(self, stream: CallStream, name: str) -> StreamLeg | None:
        """The leg that this stream is for; None where nobody awaits it."""
        self._strangers += 1
        try:
            async with asyncio.timeout(STARTS_WITHIN):
                while not isinstance(started := await stream.read(), Started):
                    pass
        except (TimeoutError, StreamGone, NotUnderstood):
            return None
        finally:
            self._strangers -= 1
        awaited = self._awaited.pop(name, None)
        token = awaited.token if awaited is not None and started.token is None else started.token
        if awaited is None or not secrets.compare_digest(awaited.token.encode(), (token or "").encode()):
            return None
        if awaited.leg.call not in ("", started.call):
            return None
        stream.name, awaited.leg.call = started.stream, started.call
        return None if awaited.leg.is_over or awaited.leg.is_ending else awaited.leg

    def _spawn(self, work: Awaitable[Any]) -> asyncio.Task[Any]:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _response(answer: Answer) -> Response:
    body, kind = answer
    return Response(body, media_type=kind)


def _remember(where: OrderedDict[str, A], call: str, answer: A) -> None:
    where[call] = answer
    while len(where) > REMEMBERED:
        where.popitem(last=False)


def _listen(address: str) -> socket.socket:
    """Raises OSError."""
    host, _, port = address.rpartition(":")
    host = host.strip("[]")
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, int(port)))
    except OSError:
        bound.close()
        raise
    return bound
