"""The page that a link in a text of ours opens, at the width of a telephone, without an account. It shows the time and
the practice's neutral name, and names nobody.

A GET changes nothing, whoever follows the link. The token is all that says who may act: a page that leaves no trace of
where it came from has no origin to compare.
"""

import asyncio
from datetime import datetime

from babel.dates import format_datetime
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lamplighter.channels.web.linked_page import Doorstep, drawn, spoken
from lamplighter.channels.web.pages import national
from lamplighter.channels.web.site import Site
from lamplighter.channels.web.words import Words, all_words, words_for
from lamplighter.desk.link_acts import ACTS, LinkPages, Shown
from lamplighter.practice.model import Practice


class VisitPage:
    def __init__(self, site: Site, links: LinkPages) -> None:
        self._site, self._links = site, links
        self._doorstep = Doorstep(site.clock)

    def routes(self) -> list[Route]:
        return [
            Route("/v/{token}", self.look, methods=["GET"], name="visit"),
            Route("/v/{token}", self.act, methods=["POST"]),
        ]

    async def look(self, request: Request) -> Response:
        practice = self._site.practice(request)
        if not self._doorstep.may_come(request):
            return self._busy(request, practice)
        shown = await asyncio.to_thread(self._links.look, practice.id, request.path_params["token"])
        return self._page(request, practice, shown, request.query_params.get("lang", ""))

    async def act(self, request: Request) -> Response:
        practice = self._site.practice(request)
        if not self._doorstep.may_come(request):
            return self._busy(request, practice)
        form = await request.form(max_files=0, max_fields=4)
        act = next((each for each in ACTS if each == form.get("do")), None)
        token, chosen = request.path_params["token"], str(form.get("start") or "")
        if act is None:
            shown = await asyncio.to_thread(self._links.look, practice.id, token)
        else:
            shown = await asyncio.to_thread(self._links.act, practice.id, token, act, chosen)
        return self._page(request, practice, shown, str(form.get("lang") or ""))

    def _busy(self, request: Request, practice: Practice) -> Response:
        said = {"title": "visit_busy_title", "lead": "visit_busy"}
        return self._drawn(words_for(request), practice, Shown("over"), said, 429)

    def _page(self, request: Request, practice: Practice, shown: Shown, lang: str) -> Response:
        """Whoever tries many links that open nothing waits."""
        if shown.step == "over" and not self._doorstep.may_try_another(request):
            return self._busy(request, practice)
        words = spoken(request, lang, shown.locale)
        said = {"title": f"visit_{shown.step}_title", "lead": f"visit_{shown.step}_lead"}
        if shown.purpose == "missed" and shown.step == "first":
            said = {"title": "visit_missed_title", "lead": "visit_missed_lead"}
        return self._drawn(words, practice, shown, said, 410 if shown.step == "over" else 200)

    def _drawn(
        self, words: Words, practice: Practice, shown: Shown, said: dict[str, str], status: int
    ) -> Response:
        def at(moment: datetime) -> str:
            local = moment.astimezone(practice.timezone)
            return str(format_datetime(local, words("visit_format"), locale=words.locale))

        due = at(shown.due) if shown.due else ""
        lead = words(said["lead"], phone=national(practice.phone), due=due)
        return drawn(
            "visit.html", words, practice, status, all_words().values(),
            shown=shown, at=at, title=words(said["title"]), lead=lead,
        )  # fmt: skip
