"""Chat: a thread that is read from the log, and words that are handed to the conversation."""

import asyncio
from collections.abc import Coroutine
from secrets import token_hex
from typing import Any

from starlette.websockets import WebSocket

from lamplighter import logs
from lamplighter.channels.calls.gone import together
from lamplighter.channels.web.limits import BadFrame, id_of, words_of
from lamplighter.channels.web.site import Site
from lamplighter.channels.web.sockets import Line
from lamplighter.channels.web.thread import entries_of
from lamplighter.channels.web.tickets import NotYours
from lamplighter.desk.contacts import NoSuchContact, NotStored
from lamplighter.desk.feed import Changes
from lamplighter.practice.model import Practice

log = logs.get(__name__)
AGAIN = 2.0  # seconds until words that are held are looked after again


async def serve(site: Site, practice: Practice, socket: WebSocket, line: Line) -> None:
    """The first frame says which contact: `{"type": "hello", "ticket": ...}`, without a ticket a new one."""
    found: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    chat = _Chat(site, practice, line, found)
    await together(chat.listen(), chat.follow())


class _Chat:
    def __init__(self, site: Site, practice: Practice, line: Line, found: asyncio.Future[str]) -> None:
        self._site, self._practice, self._line, self._found = site, practice, line, found
        self._tasks: set[asyncio.Task[None]] = set()

    async def listen(self) -> None:
        try:
            await self._line.take_all(self._take)
        finally:
            for task in self._tasks:
                task.cancel()

    async def _take(self, frame: dict[str, Any]) -> None:
        match frame["type"]:
            case "hello":
                await self._hello(frame)
            case "say" if self._found.done():
                await self._say(frame)
            case _:
                raise BadFrame("malformed")

    async def _hello(self, frame: dict[str, Any]) -> None:
        if self._found.done():
            raise BadFrame("malformed")
        ticket = frame.get("ticket")
        if ticket is None:
            contact = await asyncio.to_thread(self._open, frame.get("locale"))
        else:
            contact = await self._reopen(ticket)
        await self._line.send(type="hello", ticket=self._site.tickets.issue(self._practice.id, contact))
        self._found.set_result(contact)

    def _open(self, locale: object) -> str:
        contacts, practice = self._site.contacts, self._practice
        contact = f"chat-{token_hex(12)}"
        chosen = locale if isinstance(locale, str) else None
        contacts.open(
            practice.id, channel="chat", dialled=practice.phone, address=None, contact=contact, locale=chosen
        )
        return contact

    async def _reopen(self, ticket: object) -> str:
        if not isinstance(ticket, str):
            raise BadFrame("malformed")
        try:
            contact = self._site.tickets.contact(self._practice.id, ticket)
            await asyncio.to_thread(self._site.contacts.state, self._practice.id, contact)
        except (NotYours, NoSuchContact):
            raise BadFrame("not_yours") from None
        return contact

    async def _say(self, frame: dict[str, Any]) -> None:
        """The words are in the log when this is answered; sent again under the same id they count once."""
        text, name, contact = words_of(frame), id_of(frame), self._found.result()
        inbound = f"{contact}:{name}"
        try:
            await asyncio.to_thread(self._hear, contact, text, inbound)
        except NotStored as held:
            log.warning("words_held", practice=self._practice.id, contact=contact, channel="chat")
            self._spawn(self._say_later(frame))
            return await self._line.send(type="entries", entries=entries_of(held), whole=False)
        except Exception:
            log.exception("words_not_taken", practice=self._practice.id, contact=contact, channel="chat")
            return await self._line.send(type="error", code="failed", id=name)
        await self._line.send(type="taken", id=name)

    async def _say_later(self, frame: dict[str, Any]) -> None:
        """They are told that it is taken once it is."""
        await asyncio.sleep(AGAIN)
        await self._say(frame)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _hear(self, contact: str, text: str, inbound: str) -> None:
        self._site.contacts.hear(self._practice.id, contact, text, inbound=inbound)

    async def follow(self) -> None:
        contact = await self._found
        with self._site.feed.watching(self._practice.id, contact) as changes:
            await self._follow(contact, changes)

    async def _follow(self, contact: str, changes: Changes) -> None:
        seq = 0
        while True:
            news = await asyncio.to_thread(self._site.threads.news, self._practice.id, contact, seq)
            if news.entries or not seq:
                entries = [entry.as_json() for entry in news.entries]
                await self._line.send(type="entries", entries=entries, whole=not seq)
            seq = news.seq
            await changes.next()
