"""Requests by value: what is asked again in the same words has one answer."""

import hashlib
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter

from lamplighter.conversation.actions import (
    Book,
    FindSlots,
    FindToday,
    Hold,
    PageForVisit,
    Request,
    SeeByVideo,
)
from lamplighter.conversation.bill_actions import SendPayLink
from lamplighter.conversation.codes import SendCode


@cache
def _requests() -> TypeAdapter[Any]:
    return TypeAdapter(Request)


ADDED_LATER: Final[dict[type, dict[str, object]]] = {
    Book: {"held": False, "often": "", "every_weeks": 0},
    FindSlots: {"apart": ()},
    FindToday: {"visit": None},
    Hold: {"who": None},
    PageForVisit: {"texts": True},
    SendPayLink: {"payment": ""},
    SeeByVideo: {"sits_in": None, "texts": True},
    SendCode: {"by": "text"},
}
"""Keys that older logs hold stay: what these have by default is no part of them."""


def request_key(request: Request) -> str:
    """The key by value: kind and a digest of the arguments."""
    usual = ADDED_LATER.get(type(request), {})
    added = {each for each, value in usual.items() if getattr(request, each) == value}
    digest = hashlib.sha256(_requests().dump_json(request, exclude=added or None)).hexdigest()[:24]
    return f"{request.kind}:{digest}"
