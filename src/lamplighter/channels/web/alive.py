"""`/alive`, for a checker outside this machine: whether contacts can be taken. It names no practice and no person."""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lamplighter import logs

log = logs.get(__name__)
LOOKS_EVERY: Final = 5.0  # seconds; whoever asks meanwhile hears what was found
PATIENCE: Final = 5.0  # seconds for the store to answer

Lacks = Callable[[], str | None]
"""What fails, "store" or "jobs"; None where all is well. May wait for the store, and is called in a thread."""


def nothing() -> str | None:
    return None


class Alive:
    """One look at a time, however many ask. For one event loop."""

    def __init__(
        self, lacks: Lacks, *, elapsed: Callable[[], float] = monotonic, patience: float = PATIENCE
    ) -> None:
        self._lacks, self._elapsed, self._patience = lacks, elapsed, patience
        self._looking: asyncio.Task[str | None] | None = None
        self._looked = 0.0

    async def page(self, _: Request) -> Response:
        lacks = await self._found()
        headers = {"cache-control": "no-store"}
        if lacks is None:
            return JSONResponse({"alive": True}, 200, headers)
        log.error("not_alive", kind=lacks)
        return JSONResponse({"alive": False, "lacks": lacks}, 503, headers)

    async def _found(self) -> str | None:
        looking, now = self._looking, self._elapsed()
        if looking is None or (looking.done() and now - self._looked >= LOOKS_EVERY):
            self._looking = looking = asyncio.create_task(asyncio.to_thread(self._look))
            self._looked = now
        done, _ = await asyncio.wait({looking}, timeout=self._patience)
        return looking.result() if done else "store"

    def _look(self) -> str | None:
        try:
            return self._lacks()
        except Exception:
            log.exception("store_does_not_answer")
            return "store"
