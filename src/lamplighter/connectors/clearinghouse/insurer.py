"""An insurer that is none, behind the stand-ins: it knows some plans, and answers a question as a payer's 271 does."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

Fault = Literal[
    "busy", "broken", "silent", "malformed", "half_open", "cut_off", "twice", "someone_else", "dripping"
]
"""Too much at once; failed; no answer at all; no X12 and no JSON; a body that ends before its length; an answer whose
end is missing; the same answer twice in one body; an answer about another member; a byte now and then, for long."""

_DROPS, _BETWEEN_DROPS = 200, 0.05

ACTIVE = (
    "EB*1**30**LANTERN OPEN",
    "EB*B*IND*A6***27*20****N*Y",
    "III*ZZ*11",
    "EB*C*IND*30***23*1500*****Y",
    "EB*C*IND*30***29*300*****Y",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """Somebody's plan: their particulars as the payer has them, and its benefit segments."""

    last_name: str
    first_name: str
    born: str  # CCYYMMDD
    segments: tuple[str, ...] = ACTIVE


@dataclass(slots=True)
class Insurer:
    """`plans` are by member id. `asked` counts every question that reached it, under its trace."""

    plans: dict[str, Plan] = field(default_factory=dict)
    faults: deque[Fault] = field(default_factory=deque)
    refuses_with: str = ""  # an AAA reason for everybody: 42 down, 51 not enrolled
    waits: int = 0  # how often somebody has to look again before there is an answer
    asked: list[str] = field(default_factory=list)

    def answer(self, member: str, trace: str, born: str, fault: Fault | None = None) -> str:
        """A 271 about a member, or one that says why there is none."""
        self.asked.append(trace)
        plan = self.plans.get(member)
        if self.refuses_with:
            inside = [*heads(trace), f"AAA*N**{self.refuses_with}*C"]
        elif plan is None or (born and born != plan.born):
            inside = [
                *heads(trace),
                "HL*3*2*22*0",
                f"TRN*2*{trace}*9LANTERN00",
                "NM1*IL*1*UNKNOWN",
                "AAA*N**75*C",
            ]
        else:
            first, day = (plan.first_name, plan.born) if fault != "someone_else" else ("SOMEBODY", "19000101")
            inside = [
                *heads(trace), "HL*3*2*22*0", f"TRN*2*{trace}*9LANTERN00",
                f"NM1*IL*1*{plan.last_name}*{first}****MI*{member}", f"DMG*D8*{day}", *plan.segments,
            ]  # fmt: skip
        text = enveloped(inside)
        return text[: len(text) * 2 // 3] if fault == "cut_off" else text * 2 if fault == "twice" else text

    def next_fault(self) -> Fault | None:
        return self.faults.popleft() if self.faults else None


def heads(trace: str) -> list[str]:
    return [
        f"BHT*0022*11*{trace}*20261201*0900", "HL*1**20*1", "NM1*PR*2*LANTERN HEALTH*****PI*LAN01",
        "HL*2*1*21*1", "NM1*1P*2*WHOEVER ASKS*****XX*1000000004",
    ]  # fmt: skip


def enveloped(inside: list[str]) -> str:
    lines = [
        "ISA*00*          *00*          *ZZ*LANTERN        *ZZ*WHOEVERASKS    *261201*0900*^*00501*000000001*0*T*:",
        "GS*HB*LANTERN*WHOEVERASKS*20261201*0900*1*X*005010X279A1", "ST*271*0001*005010X279A1", *inside,
        f"SE*{len(inside) + 2}*0001", "GE*1*1", "IEA*1*000000001",
    ]  # fmt: skip
    return "~".join(lines) + "~"


class HalfOpen(Response):
    """An answer that promises more than it sends, and hangs up."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"99999"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"benefitsInformation": [', "more_body": True})
        raise ConnectionResetError


async def _drops() -> AsyncIterator[bytes]:
    for _ in range(_DROPS):
        yield b" "
        await asyncio.sleep(_BETWEEN_DROPS)


class Faulty(Protocol):
    def next_fault(self) -> Fault | None: ...


async def answered(
    insurer: Faulty, request: Request, answer: Callable[[Fault | None], Awaitable[Response]]
) -> Response:
    """The answer to a question, unless something is to go wrong with it."""
    fault = insurer.next_fault()
    match fault:
        case "busy":
            return Response(status_code=429)
        case "broken":
            return Response("something broke", status_code=500)
        case "malformed":
            return Response(b"<<<\x00 no answer >>>", media_type="application/json")
        case "half_open":
            return HalfOpen()
        case "dripping":
            return StreamingResponse(_drops(), media_type="application/json")
        case "silent":
            while (await request.receive())["type"] != "http.disconnect":
                """Nobody hears anything until they give up."""
            return Response(status_code=499)
    return await answer(fault)
