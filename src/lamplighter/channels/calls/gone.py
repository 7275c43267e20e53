"""A line whose other end has gone, and what runs beside it until then."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class Gone(Exception):
    """The other end has gone, or is too slow to be waited for."""


async def together(*works: Coroutine[Any, Any, None]) -> None:
    """Runs them until the first ends, then ends the others. The first one's exception is passed on, but for Gone."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        error = task.exception()
        if error is not None and not isinstance(error, Gone):
            raise error
