"""The door at which carriers bring what people wrote, and what became of what we wrote.

Nothing is read before its signature was found good over the address that the carrier was given. What comes twice, or is
brought again by somebody else, is answered and changes nothing: a text is taken once by its id, and a receipt only
moves a message forward.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from lamplighter import logs
from lamplighter.channels.sms.carriers.account import DOOR, Account
from lamplighter.channels.sms.carriers.bodies import short_body
from lamplighter.channels.sms.carriers.hooks import Came, Forged, Hooks, Malformed, ReceiptIn
from lamplighter.channels.sms.inbound import Inbound, TooLong
from lamplighter.desk import notices
from lamplighter.desk.ports import Clock, Records
from lamplighter.practice.directory import Directory, UnknownPractice
from lamplighter.practice.model import PracticeId

log = logs.get(__name__)


@dataclass(frozen=True, slots=True)
class Entrance:
    """Of one account: what checks and reads what it brings, and the numbers of ours that are in it, by practice."""

    account: Account
    hooks: Hooks
    numbers: Mapping[str, PracticeId]


class CarrierDoor:
    """ASGI: carriers come in here, everybody else goes on to the public pages."""

    def __init__(
        self,
        app: ASGIApp,
        entrances: Mapping[str, Entrance],
        inbound: Inbound,
        records: Records,
        directory: Directory,
        clock: Clock,
    ) -> None:
        self._app, self._entrances = app, entrances
        self._inbound, self._records = inbound, records
        self._directory, self._clock = directory, clock
        self._door = Starlette(
            routes=[
                Route(f"{DOOR}{{name}}/texts", self._answering(self._text), methods=["POST"]),
                Route(
                    f"{DOOR}{{name}}/receipts/{{practice}}/{{message}}",
                    self._answering(self._receipt),
                    methods=["POST"],
                ),
            ]
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        ours = scope["type"] == "http" and scope["path"].startswith(DOOR)
        await (self._door if ours else self._app)(scope, receive, send)

    # -- whoever knocks --------------------------------------------------------------------------------------------

    def _answering(
        self, take: Callable[[Entrance, Request, Mapping[str, object]], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            entrance = self._entrances.get(request.path_params["name"])
            if entrance is None:
                return Response(status_code=404)
            if (
                request.headers.get("content-type", "").partition(";")[0].strip()
                != entrance.hooks.content_type
            ):
                return Response(status_code=415)
            body = await short_body(request)
            if body is None:
                return Response(status_code=413)
            try:
                return await take(entrance, request, self._verified(entrance, request, body))
            except Forged:
                log.warning("carrier_not_believed", kind=entrance.account.kind)
                return Response(status_code=403)
            except (Malformed, ValueError):
                log.warning("carrier_not_understood", kind=entrance.account.kind)
                return Response(status_code=400)

        return answer

    def _verified(self, entrance: Entrance, request: Request, body: bytes) -> Mapping[str, object]:
        """Over the address that the carrier was given, whatever a proxy in between made of it."""
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        url = entrance.account.public_url.rstrip("/") + path
        return entrance.hooks.verified(Came(url, request.headers, body, self._clock.now()))

    # -- what they bring -------------------------------------------------------------------------------------------

    async def _text(self, entrance: Entrance, _: Request, said: Mapping[str, object]) -> Response:
        text = entrance.hooks.text(said)
        if text is not None:
            try:
                practice = self._directory.by_number(text.dialled).id
            except UnknownPractice:
                practice = ""
            if not practice or entrance.numbers.get(text.dialled) != practice:
                log.warning("text_for_nobody", kind=entrance.account.kind)
                return Response(status_code=404)
            try:
                await asyncio.to_thread(
                    self._inbound.take,
                    practice,
                    dialled=text.dialled,
                    sender=text.sender,
                    text=text.text,
                    inbound=f"{entrance.account.kind}:{text.id}",
                    carrier=text.keyword,
                )
            except TooLong:
                return Response(status_code=413)
            except Exception:
                log.exception("words_not_taken", practice=practice, channel="sms")
                return Response(status_code=503)
        return _thanks(entrance)

    async def _receipt(self, entrance: Entrance, request: Request, said: Mapping[str, object]) -> Response:
        practice, message = request.path_params["practice"], request.path_params["message"]
        if practice not in entrance.numbers.values():
            return Response(status_code=404)
        receipt = entrance.hooks.receipt(said)
        known = await asyncio.to_thread(self._move, practice, message, receipt)
        return _thanks(entrance) if known else Response(status_code=404)

    def _move(self, practice: PracticeId, name: str, receipt: ReceiptIn) -> bool:
        with self._records.transaction(practice) as tx:
            message = tx.outbox.get(name)
            if message is None:
                return False
            told = self._directory.by_id(practice)
            notices.receipt(
                tx,
                told,
                message,
                receipt.status,
                receipt.carrier_id,
                self._clock.now(),
                opted_out=receipt.opted_out,
            )
        return True


def _thanks(entrance: Entrance) -> Response:
    body, kind = entrance.hooks.thanks()
    return Response(body, media_type=kind)
