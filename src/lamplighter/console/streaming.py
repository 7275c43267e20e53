"""What an open page is sent by itself: whatever changed since its last look, and after every look a sign of life."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Final

from lamplighter.desk.feed import LiveFeed
from lamplighter.practice.model import PracticeId

LOOK_EVERY: Final = 1.0  # seconds; what belongs to no contact (a message sent, a task) is announced by nobody
STILL_HERE_EVERY: Final = 20.0  # seconds after which an open page says again that somebody is at it
MELT: Final = 0.03  # seconds in which changes are taken together
HERE: Final = (
    "event: here\nretry: 1000\ndata: here\n\n"  # after every look; a page that hears none opens a new stream
)


async def follow(
    feed: LiveFeed, practice: PracticeId, is_open: Callable[[], bool], look: Callable[[], list[str] | None]
) -> AsyncIterator[str]:
    """`look` gives the pieces to put in place; None once its reader has no business here any more."""
    with feed.watching(practice) as changes:
        while is_open():
            pieces = await asyncio.to_thread(look)
            if pieces is None:
                break
            yield "".join(_event(piece) for piece in pieces) + HERE
            if await changes.next(LOOK_EVERY):
                await asyncio.sleep(MELT)


def _event(piece: str) -> str:
    return "".join(f"data: {line}\n" for line in piece.splitlines()) + "\n"
