"""The page of a practice that can't be answered at all: one sentence, with the number of a person."""

from collections.abc import Mapping

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from lamplighter.channels.web.pages import LAMP, TEMPLATES
from lamplighter.channels.web.words import words_for
from lamplighter.conversation.phrasebook import Phrasebook

PHRASE = "before_signing.page"
FIRST = "en"
LOOKS = ("/assets/", "/static/")


class ClosedDoors:
    """Stands before the public pages. `phones` by host; every page of such a host shows the sentence."""

    def __init__(self, app: ASGIApp, phones: Mapping[str, str]) -> None:
        self._app, self._phones = app, dict(phones)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        phone = self._phone(scope)
        if phone is None or scope["path"].startswith(LOOKS):
            return await self._app(scope, receive, send)
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 1013})
        await closed_page(HTTPConnection(scope), phone)(scope, receive, send)

    def _phone(self, scope: Scope) -> str | None:
        if scope["type"] not in ("http", "websocket"):
            return None
        host = HTTPConnection(scope).headers.get("host", "").strip().lower()
        name, colon, port = host.rpartition(":")
        return self._phones.get(name if colon and port.isdigit() else host)


def closed_page(connection: HTTPConnection, phone: str) -> HTMLResponse:
    words, book = words_for(connection), Phrasebook.before_signing()
    locale = words.locale if book.has(words.locale, PHRASE) else FIRST
    said = book.render(locale, PHRASE, {"practice_phone": phone})
    page = TEMPLATES.get_template("problem.html").render(t=words, said=said, lamp=LAMP, home=False)
    return HTMLResponse(page, 503)
