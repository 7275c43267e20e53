"""The page with the practice's papers that a link in a message of ours opens, at the width of a telephone, without an
account.

It names nobody and says nothing of the visit. A GET changes nothing: what follows links of itself sees a list of
titles and one button. There is no field to write in.
"""

import asyncio
from typing import Final

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from lamplighter.channels.web.linked_page import UNSEEN, Doorstep, drawn, spoken
from lamplighter.channels.web.pages import national
from lamplighter.channels.web.site import Site
from lamplighter.channels.web.words import Words, all_words, words_for
from lamplighter.desk.packet_acts import PacketPages, PacketShown
from lamplighter.practice import packet
from lamplighter.practice.model import Practice

MOST_OF_ONE: Final = 60
"""Requests of one link in a minute; whoever reads and taps stays far below it."""


class PacketPage:
    def __init__(self, site: Site, papers: PacketPages) -> None:
        self._site, self._papers = site, papers
        self._doorstep = Doorstep(site.clock, MOST_OF_ONE)

    def routes(self) -> list[Route]:
        return [
            Route("/p/{token}", self.look, methods=["GET"], name="papers"),
            Route("/p/{token}", self.act, methods=["POST"]),
        ]

    async def look(self, request: Request) -> Response:
        practice, lang = self._site.practice(request), request.query_params.get("lang", "")
        if not self._doorstep.may_come(request):
            return self._busy(request, practice)
        token = request.path_params["token"]
        shown = await asyncio.to_thread(self._papers.look, practice.id, token, lang)
        return self._page(request, practice, shown, lang)

    async def act(self, request: Request) -> Response:
        """Answers with an address, so that going back or loading again does nothing twice."""
        practice = self._site.practice(request)
        if not self._doorstep.may_come(request):
            return self._busy(request, practice)
        form = await request.form(max_files=0, max_fields=6)
        lang = str(form.get("lang") or "")
        shown = await asyncio.to_thread(self._acted, practice.id, request.path_params["token"], form, lang)
        if shown.step == "over" or shown.untold is not None:
            return self._page(request, practice, shown, lang)
        where = shown.next or "ready"
        known = lang if lang in all_words() else shown.locale
        return RedirectResponse(f"?lang={known}#{where}", 303, headers=UNSEEN)

    def _acted(self, practice: str, token: str, form: FormData, lang: str) -> PacketShown:
        if form.get("do") == "open":
            return self._papers.open(practice, token, lang)
        if form.get("do") != "paper":
            return self._papers.look(practice, token, lang)
        piece, digest = str(form.get("paper") or ""), str(form.get("words") or "")
        return self._papers.do(practice, token, piece, digest, ticked=form.get("tick") == "yes", lang=lang)

    def _busy(self, request: Request, practice: Practice) -> Response:
        said = {"title": "visit_busy_title", "lead": "visit_busy"}
        return self._drawn(words_for(request), practice, PacketShown("over"), said, 429)

    def _page(self, request: Request, practice: Practice, shown: PacketShown, lang: str) -> Response:
        """Whoever tries many links that open nothing waits."""
        if shown.step == "over" and not self._doorstep.may_try_another(request):
            return self._busy(request, practice)
        words = spoken(request, lang, shown.locale)
        step = "ready" if shown.step == "papers" and shown.is_done else shown.step
        said = {"title": f"papers_{step}_title", "lead": f"papers_{step}_lead"}
        status = 410 if shown.step == "over" else 422 if shown.untold else 200
        return self._drawn(words, practice, shown, said, status)

    def _drawn(
        self, words: Words, practice: Practice, shown: PacketShown, said: dict[str, str], status: int
    ) -> Response:
        others = [each for each in all_words().values() if each.locale in packet.locales(practice)]
        lead = words(said["lead"], phone=national(practice.phone))
        return drawn(
            "papers.html", words, practice, status, others, shown=shown, title=words(said["title"]), lead=lead
        )
