"""The people of every carrier's stand-in: who calls, presses, breaks off and hangs up, and the faults it is given."""

import asyncio
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, Final, Generic, Protocol, TypeVar

import httpx
from starlette.requests import Request
from starlette.responses import Response

from lamplighter.channels.phone.standins.far_end import FarEnd
from lamplighter.channels.phone.standins.stream import PacedStream

NEVER: Final = -1
"""What nobody picking up is, and no carrier's word for it."""

LOST: Final = -1
"""A fault: it does what it was asked, and its answer is lost."""

LOOKS_EVERY: Final = 0.01
BUSY: Final = frozenset({486, 600, 603})

Answers = Callable[[Request], Awaitable[Response]]


class ACall(Protocol):
    id: str
    end: FarEnd
    stream: PacedStream | None
    over: asyncio.Event
    moved: asyncio.Event


Call = TypeVar("Call", bound=ACall)


class WithPeople(ABC, Generic[Call]):
    """`picks_up` says how whoever is rung behaves: 0 takes the call, NEVER lets it ring, anything else is a status as
    of SIP. `faults` are statuses with which it answers what it is asked next, without having done it. It opens no
    stream, and tells nobody so, where `streams` is not."""

    def __init__(self, picks_up: Callable[[str], int]) -> None:
        self._picks_up = picks_up
        self._http = httpx.AsyncClient(timeout=15, trust_env=False)
        self._tasks: set[asyncio.Task[None]] = set()
        self.calls: dict[str, Call] = {}
        self.dialled: list[str] = []
        self.rung: list[FarEnd] = []
        self.faults: deque[int] = deque()
        self.streams = True

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._http.aclose()

    async def presses(self, end: FarEnd, key: str) -> None:
        """Once there is anything to press it for."""
        call = self.of(end)
        while call.stream is None and not call.over.is_set():  # noqa: ASYNC110
            await asyncio.sleep(LOOKS_EVERY)
        if call.stream is not None:
            await call.stream.opened.wait()
            await call.stream.press(key)

    async def cut(self, end: FarEnd) -> None:
        """Breaks off the stream of their call, as a network does; the call itself goes on."""
        stream = self.of(end).stream
        if stream is not None:
            await stream.break_off()

    def of(self, end: FarEnd) -> Call:
        return next(each for each in self.calls.values() if each.end is end)

    def _keep(self, call: Call) -> Call:
        call.end.on_hang_up = lambda: self._hang_up(call)
        self.calls[call.id] = call
        return call

    def _hang_up(self, call: Call) -> None:
        call.over.set()
        if call.stream is not None:
            call.stream.stop()

    async def _streamed(self, call: Call, stream: PacedStream, url: str, headers: Mapping[str, str]) -> None:
        """Until it is over, or the call is told to do something else."""
        if not self.streams:
            ends = [asyncio.ensure_future(each.wait()) for each in (call.over, call.moved)]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            return
        call.stream = stream
        await stream.run(url, headers)
        call.stream = None

    def _move(self, call: Call) -> None:
        """It is told to do something else now."""
        call.moved.set()
        if call.stream is not None:
            call.stream.stop()

    def _asked(self, answer: Answers) -> Answers:
        async def asked(request: Request) -> Response:
            if not self._lets_in(request):
                return self._refused()
            fault = self.faults.popleft() if self.faults else 0
            if fault > 0:
                return self._failed(fault)
            answered = await answer(request)
            return Response("<html>", 200) if fault == LOST else answered

        return asked

    @abstractmethod
    def _lets_in(self, request: Request) -> bool: ...

    @abstractmethod
    def _refused(self) -> Response: ...

    @abstractmethod
    def _failed(self, status: int) -> Response: ...

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
