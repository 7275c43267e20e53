"""The page that a link in a text of ours opens, at the width of a telephone, without an account. It shows the time and
the practice's neutral name, and names nobody.

A GET changes nothing, whoever follows the link. The token is all that says who may act: a page that leaves no trace of
where it came from has no origin to compare.
"""

import asyncio
from collections import OrderedDict, deque
from datetime import datetime, timedelta
from typing import Any, Final

from babel.dates import format_datetime
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from lamplighter.channels.web.pages import TEMPLATES, national
from lamplighter.channels.web.site import Site
from lamplighter.channels.web.words import Words, all_words, words_for
from lamplighter.desk.link_acts import ACTS, LinkPages, Shown
from lamplighter.practice.model import Practice

UNSEEN: Final = {
    "x-robots-tag": "noindex, nofollow, noarchive, nosnippet",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
A_MINUTE: Final = timedelta(minutes=1)
MOST_A_MINUTE: Final = 40
"""Requests of one link, and links that open nothing from one address; whoever reads and taps stays far below it."""

MOST_FROM_ONE: Final = 1_200
"""Requests of one address: all of a practice's people may come by the same proxy."""

KEPT: Final = 2_000


class Pace:
    """How often one address, or one link, may come. For one event loop."""

    def __init__(self, most: int = MOST_A_MINUTE) -> None:
        self._most = most
        self._came: OrderedDict[str, deque[datetime]] = OrderedDict()

    def allows(self, who: str, now: datetime) -> bool:
        came = self._came.setdefault(who, deque())
        self._came.move_to_end(who)
        while len(self._came) > KEPT:
            self._came.popitem(last=False)
        while came and came[0] <= now - A_MINUTE:
            came.popleft()
        if len(came) >= self._most:
            return False
        came.append(now)
        return True


class VisitPage:
    def __init__(self, site: Site, links: LinkPages) -> None:
        self._site, self._links = site, links
        self._coming, self._of_link, self._wrong = Pace(MOST_FROM_ONE), Pace(), Pace()

    def routes(self) -> list[Route]:
        return [
            Route("/v/{token}", self.look, methods=["GET"], name="visit"),
            Route("/v/{token}", self.act, methods=["POST"]),
        ]

    async def look(self, request: Request) -> Response:
        practice = self._site.practice(request)
        if not self._may_come(request):
            return self._busy(request, practice)
        shown = await asyncio.to_thread(self._links.look, practice.id, request.path_params["token"])
        return self._page(request, practice, shown, request.query_params.get("lang", ""))

    async def act(self, request: Request) -> Response:
        practice = self._site.practice(request)
        if not self._may_come(request):
            return self._busy(request, practice)
        form = await request.form(max_files=0, max_fields=4)
        act = next((each for each in ACTS if each == form.get("do")), None)
        token, chosen = request.path_params["token"], str(form.get("start") or "")
        if act is None:
            shown = await asyncio.to_thread(self._links.look, practice.id, token)
        else:
            shown = await asyncio.to_thread(self._links.act, practice.id, token, act, chosen)
        return self._page(request, practice, shown, str(form.get("lang") or ""))

    def _may_come(self, request: Request) -> bool:
        now, token = self._site.clock.now(), request.path_params["token"]
        return self._coming.allows(address_of(request), now) and self._of_link.allows(token, now)

    def _busy(self, request: Request, practice: Practice) -> Response:
        said = {"title": "visit_busy_title", "lead": "visit_busy"}
        return self._drawn(words_for(request), practice, Shown("over"), said, 429)

    def _page(self, request: Request, practice: Practice, shown: Shown, lang: str) -> Response:
        """In the language of the text, until another is picked. Whoever tries many links that open nothing waits; a
        link that opens something is not held up by them."""
        if shown.step == "over" and not self._wrong.allows(address_of(request), self._site.clock.now()):
            return self._busy(request, practice)
        locale = next((each for each in (lang, shown.locale) if each in all_words()), None)
        words = all_words()[locale] if locale else words_for(request)
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

        given: dict[str, Any] = {
            "t": words,
            "sender": practice.sender_name,
            "shown": shown,
            "at": at,
            "title": words(said["title"]),
            "lead": words(
                said["lead"], phone=national(practice.phone), due=at(shown.due) if shown.due else ""
            ),
            "phone": practice.phone,
            "phone_written": national(practice.phone),
            "others": [each for each in all_words().values() if each.locale != words.locale],
        }
        page = TEMPLATES.get_template("visit.html").render(given)
        return HTMLResponse(page, status, headers=UNSEEN)


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""
