"""The page that takes a picture of an insurance card, opened by a link in a message of ours, without an account.

It names nobody, and there is no field to write in. A GET changes nothing. What is sent is read into memory alone, never
into a file, and is either kept whole or not at all: whoever's network breaks may send it again by the same link.
"""

import asyncio
from collections import Counter
from typing import Final

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from lamplighter.channels.sms.inbound import TooLong
from lamplighter.channels.web.bodies import LONGEST_PICTURES
from lamplighter.channels.web.linked_page import UNSEEN, Doorstep, drawn, spoken
from lamplighter.channels.web.pages import national
from lamplighter.channels.web.site import Site
from lamplighter.channels.web.words import Words, all_words, words_for
from lamplighter.desk.plan_card_acts import CardPages, CardShown
from lamplighter.desk.plan_card_kept import SIDES
from lamplighter.desk.plan_card_pictures import LARGEST, NoPicture, readied
from lamplighter.practice.model import Practice

MOST_AT_ONCE: Final = 4
"""Pictures that are being sent or made ready at a time; whoever comes beyond that tries again in a while."""

MOST_OF_ONE: Final = 2
"""By one link: whoever presses twice is not turned away, and no link takes the room of all others."""

PATIENCE: Final = 300.0
"""Seconds for a slow telephone to send two pictures."""

STATUS: Final = {"too_large": 413, "busy": 503}


class CardPage:
    def __init__(self, site: Site, cards: CardPages) -> None:
        self._site, self._cards = site, cards
        self._doorstep = Doorstep(site.clock)
        self._under_way: Counter[str] = Counter()

    def routes(self) -> list[Route]:
        return [
            Route("/c/{token}", self.look, methods=["GET"], name="card"),
            Route("/c/{token}", self.send, methods=["POST"]),
        ]

    async def look(self, request: Request) -> Response:
        practice, lang = self._site.practice(request), request.query_params.get("lang", "")
        if not self._doorstep.may_come(request):
            return self._busy(request, practice)
        shown = await asyncio.to_thread(self._cards.look, practice.id, request.path_params["token"])
        return self._page(request, practice, shown, lang)

    async def send(self, request: Request) -> Response:
        """Nothing is read of what comes by a link that opens nothing. Answers with an address, so that loading again
        sends nothing twice."""
        practice, lang = self._site.practice(request), request.query_params.get("lang", "")
        if not self._doorstep.may_come(request):
            return self._busy(request, practice)
        shown = await asyncio.to_thread(self._cards.look, practice.id, request.path_params["token"])
        wrong = ""
        if shown.step == "first":
            shown, wrong = await self._taken(request, practice, shown)
        if shown.step == "over" or wrong:
            return self._page(request, practice, shown, lang, wrong)
        known = lang if lang in all_words() else shown.locale
        return RedirectResponse(f"?lang={known}", 303, headers=UNSEEN)

    async def _taken(self, request: Request, practice: Practice, shown: CardShown) -> tuple[CardShown, str]:
        """What the page shows then, and what was wrong."""
        token = request.path_params["token"]
        if self._under_way.total() >= MOST_AT_ONCE or self._under_way[token] >= MOST_OF_ONE:
            return shown, "busy"
        self._under_way[token] += 1
        try:
            async with asyncio.timeout(PATIENCE):
                sides = await _sides(request)
            if not sides:
                return shown, "none"
            return await asyncio.to_thread(self._kept, practice, token, sides), ""
        except NoPicture as no:
            return shown, no.why
        except TooLong:
            return shown, "too_large"
        except (ClientDisconnect, MultiPartException, TimeoutError):
            return shown, "cut_off"
        finally:
            self._under_way -= Counter({token: 1})

    def _kept(self, practice: Practice, token: str, sides: tuple[bytes, ...]) -> CardShown:
        return self._cards.keep(practice.id, token, tuple(map(readied, sides)))

    def _busy(self, request: Request, practice: Practice) -> Response:
        words = words_for(request)
        title, lead = words("visit_busy_title"), words("visit_busy", phone=national(practice.phone))
        return self._drawn(words, practice, CardShown("over"), title, lead, 429)

    def _page(
        self, request: Request, practice: Practice, shown: CardShown, lang: str, wrong: str = ""
    ) -> Response:
        """Whoever tries many links that open nothing waits."""
        if shown.step == "over" and not self._doorstep.may_try_another(request):
            return self._busy(request, practice)
        words = spoken(request, lang, shown.locale)
        title = words(f"card_{shown.step}_title")
        lead = words(f"card_{shown.step}_lead", phone=national(practice.phone), days=shown.days)
        status = 410 if shown.step == "over" else STATUS.get(wrong, 422) if wrong else 200
        return self._drawn(words, practice, shown, title, lead, status, wrong)

    def _drawn(
        self,
        words: Words,
        practice: Practice,
        shown: CardShown,
        title: str,
        lead: str,
        status: int,
        wrong: str = "",
    ) -> Response:
        megabytes = LARGEST // 1_000_000
        told = words(f"card_{wrong}", megabytes=megabytes) if wrong else ""
        return drawn(
            "card.html",
            words,
            practice,
            status,
            all_words().values(),
            shown=shown,
            title=title,
            lead=lead,
            wrong=told,
            sides=SIDES,
            megabytes=megabytes,
        )


async def _sides(request: Request) -> tuple[bytes, ...]:
    """The front, and the back where there is one. Raises TooLong, MultiPartException and ClientDisconnect."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise MultiPartException("no form with files")
    parser = MultiPartParser(request.headers, request.stream(), max_files=len(SIDES), max_fields=1)
    parser.spool_max_size = LONGEST_PICTURES + 1
    form = await parser.parse()
    try:
        found = [await _content(form, side) for side in SIDES]
    finally:
        await form.close()
    return tuple(each for each in found if each) if found[0] else ()


async def _content(form: FormData, side: str) -> bytes:
    sent = form.get(side)
    return await sent.read() if isinstance(sent, UploadFile) else b""
