"""What the pages have in common that a link in a message of ours opens: how often somebody may come, in which language
it speaks, and that it leaves no trace."""

from collections import OrderedDict, deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from lamplighter.channels.web.pages import TEMPLATES, national
from lamplighter.channels.web.words import Words, all_words, words_for
from lamplighter.desk.ports import Clock
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


class Doorstep:
    """Who may come now, and who may still try links that open nothing. A link that opens something is not held up by
    them."""

    def __init__(self, clock: Clock, most_of_one: int = MOST_A_MINUTE) -> None:
        self._clock = clock
        self._coming, self._of_link, self._wrong = Pace(MOST_FROM_ONE), Pace(most_of_one), Pace()

    def may_come(self, request: Request) -> bool:
        now, token = self._clock.now(), request.path_params["token"]
        return self._coming.allows(_address(request), now) and self._of_link.allows(token, now)

    def may_try_another(self, request: Request) -> bool:
        return self._wrong.allows(_address(request), self._clock.now())


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def spoken(request: Request, picked: str, told: str | None) -> Words:
    """In the language of the message, until another is picked."""
    locale = next((each for each in (picked, told) if each in all_words()), None)
    return all_words()[locale] if locale else words_for(request)


def drawn(
    template: str, words: Words, practice: Practice, status: int, others: Iterable[Words], **given: Any
) -> Response:
    """A page that is kept, indexed and referred from by nobody."""
    shown = {
        "t": words,
        "sender": practice.sender_name,
        "phone": practice.phone,
        "phone_written": national(practice.phone),
        "others": [each for each in others if each.locale != words.locale],
        **given,
    }
    return HTMLResponse(TEMPLATES.get_template(template).render(shown), status, headers=UNSEEN)
