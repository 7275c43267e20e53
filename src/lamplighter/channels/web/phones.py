"""The telephones on the screen: a thread of texts for every number, read from the log and from the messages sent."""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket

from lamplighter import logs
from lamplighter.channels.calls.gone import together
from lamplighter.channels.web.limits import BadFrame, id_of, words_of
from lamplighter.channels.web.site import Site
from lamplighter.channels.web.sockets import Line
from lamplighter.channels.web.thread import Entry
from lamplighter.practice.model import Practice

log = logs.get(__name__)
INVENTED = re.compile(r"\+1[2-9]\d{2}55501\d{2}")
LOOK_EVERY = 1.0  # seconds: a message that belongs to no contact (a reminder) is announced by nobody
THREADS_KEPT = 20  # contacts of one number that are shown


async def serve(site: Site, practice: Practice, socket: WebSocket, line: Line) -> None:
    """`{"type": "hello", "number": ...}` first; the number is an invented one that the page chose."""
    found: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    phone = _Phone(site, practice, line, found)
    await together(phone.listen(), phone.follow())


@dataclass(slots=True)
class Shown:
    """What a telephone has shown already."""

    seqs: dict[str, int] = field(default_factory=dict)
    messages: set[str] = field(default_factory=set)


class _Phone:
    def __init__(self, site: Site, practice: Practice, line: Line, found: asyncio.Future[str]) -> None:
        self._site, self._practice, self._line, self._found = site, practice, line, found

    async def listen(self) -> None:
        await self._line.take_all(self._take)

    async def _take(self, frame: dict[str, Any]) -> None:
        match frame["type"]:
            case "hello" if not self._found.done():
                number = frame.get("number")
                if not isinstance(number, str) or not INVENTED.fullmatch(number):
                    raise BadFrame("malformed")
                await self._line.send(type="hello")
                self._found.set_result(number)
            case "say" if self._found.done():
                await self._say(frame)
            case _:
                raise BadFrame("malformed")

    async def _say(self, frame: dict[str, Any]) -> None:
        text, name, number = words_of(frame), id_of(frame), self._found.result()
        try:
            await asyncio.to_thread(self._receive, number, text, name)
        except Exception:
            log.exception("words_not_taken", practice=self._practice.id, channel="sms")
            return await self._line.send(type="error", code="failed", id=name)
        await self._line.send(type="taken", id=name)

    def _receive(self, number: str, text: str, name: str) -> None:
        practice = self._practice
        self._site.inbound.take(
            practice.id, dialled=practice.phone, sender=number, text=text, inbound=f"{number}:{name}"
        )

    async def follow(self) -> None:
        number = await self._found
        shown = Shown()
        whole = True
        with self._site.feed.watching(self._practice.id) as changes:
            while True:
                entries = await asyncio.to_thread(new_texts, self._site, self._practice, number, shown)
                if entries or whole:
                    await self._line.send(
                        type="entries", entries=[entry.as_json() for entry in entries], whole=whole
                    )
                whole = False
                await changes.next(LOOK_EVERY)


def new_texts(site: Site, practice: Practice, number: str, shown: Shown) -> list[Entry]:
    """What came since, in both directions, oldest first; `shown` is brought up to date."""
    with site.records.transaction(practice.id) as tx:
        contacts = [c for c in tx.log.contacts() if c.channel == "sms" and c.address == number]
        messages = [m for m in tx.outbox.recent() if m.to == number and m.status in ("sent", "delivered")]
    entries: list[Entry] = []
    for contact in contacts[:THREADS_KEPT]:
        if contact.last_seq > shown.seqs.get(contact.id, 0):
            news = site.threads.news(practice.id, contact.id, shown.seqs.get(contact.id, 0))
            shown.seqs[contact.id] = news.seq
            entries += [entry for entry in news.entries if entry.who != "note"]
    for message in messages:
        if message.id not in shown.messages:
            shown.messages.add(message.id)
            text = site.phrasebook.render(message.locale, message.phrase, dict(message.args))
            entries.append(Entry(f"message:{message.id}", message.at, "agent", text))
    return sorted(entries, key=lambda entry: entry.at)
