"""The door by which a mail program, or a person, takes an address off at one click (RFC 8058).

Looking changes nothing, since programs look ahead: it shows one question and one button. The id of the message is the
key; nobody has it but who got the message.
"""

import asyncio
from collections.abc import Callable, Mapping
from html import escape
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from lamplighter.channels.email.inbound import Books
from lamplighter.desk import opting_out
from lamplighter.desk.ports import Clock, Message, Records
from lamplighter.practice.model import Practice, PracticeId

DOOR: Final = "/mail/leave/"
WORDS: Final = "List-Unsubscribe"
"""Kept as the words that said so."""

_PAGE: Final = """<!doctype html>
<html lang="{locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>{title}</title></head>
<body><main><p>{said}</p>{form}</main></body></html>
"""
_FORM: Final = '<form method="post"><button>{yes}</button></form>'


def address_of(public: str | None, practice: PracticeId, message: str) -> str | None:
    """None where there is no sealed way to the door: a mail program asks for one."""
    if public is None or not public.startswith("https://"):
        return None
    return f"{public.rstrip('/')}{DOOR}{practice}/{message}"


class LeavingDoor:
    """ASGI: stands before the public pages."""

    def __init__(
        self,
        app: ASGIApp,
        records: Records,
        practices: Mapping[PracticeId, Practice | None],
        clock: Clock,
        books: Books,
    ) -> None:
        self._app, self._records, self._practices = app, records, practices
        self._clock, self._books = clock, books

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(DOOR):
            return await self._app(scope, receive, send)
        request = Request(scope, receive)
        answered = self._left if request.method == "POST" else self._asked
        name, _, message = scope["path"].removeprefix(DOOR).partition("/")
        response = await asyncio.to_thread(self._answer, name, message, answered)
        await response(scope, receive, send)

    def _answer(
        self, name: str, message_id: str, answered: Callable[[Practice, Message], Response]
    ) -> Response:
        practice = self._practices.get(name)
        message = self._message(practice, message_id) if practice is not None else None
        if practice is None or message is None:
            return Response("", 404)
        return answered(practice, message)

    def _message(self, practice: Practice, message_id: str) -> Message | None:
        with self._records.transaction(practice.id) as tx:
            found = tx.outbox.get(message_id)
        return found if found is not None and found.channel == "email" else None

    def _asked(self, practice: Practice, message: Message) -> Response:
        yes = self._said(practice, message, "email.leave.yes")
        return self._page(practice, message, "email.leave.ask", _FORM.format(yes=escape(yes)))

    def _left(self, practice: Practice, message: Message) -> Response:
        with self._records.transaction(practice.id) as tx:
            opting_out.opt_out(tx, message.to, words=WORDS, contact=message.id, now=self._clock.now())
        return self._page(practice, message, "email.leave.left", "")

    def _page(self, practice: Practice, message: Message, phrase: str, form: str) -> Response:
        said = escape(self._said(practice, message, phrase))
        title = escape(practice.sender_name)
        page = _PAGE.format(locale=message.locale, title=title, said=said, form=form)
        headers = {"referrer-policy": "no-referrer", "cache-control": "no-store", "x-robots-tag": "noindex"}
        return HTMLResponse(page, headers=headers)

    def _said(self, practice: Practice, message: Message, phrase: str) -> str:
        book, first = self._books(practice), practice.languages_signed[0]
        locale = message.locale if book.has(message.locale, phrase) else first
        given = {"sender": practice.sender_name, "practice_phone": practice.phone}
        return book.render(
            locale, phrase, {name: given[name] for name in book.phrase(locale, phrase).arguments}
        )
