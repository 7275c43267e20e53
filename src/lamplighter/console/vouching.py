"""Coming in by the practice's own identity provider: sent there, and back with a code that says who somebody is.

The strict cookie of the desk does not come along from another site: one of its own, lax and for this path alone,
ties what comes back to the browser that was sent.
"""

import asyncio
import hmac
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from secrets import token_urlsafe
from threading import BoundedSemaphore, Lock
from typing import ParamSpec, TypeVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from lamplighter import logs
from lamplighter.console.access import NEVER, digest
from lamplighter.console.gate import Gate, site_of
from lamplighter.console.pages import draw
from lamplighter.console.passkeys import NotProven
from lamplighter.console.roles import OPEN, Place
from lamplighter.desk.ports.identity import (
    Begun,
    IdentityProvider,
    NotVouchedFor,
    ProviderUnreachable,
    Vouched,
)
from lamplighter.practice.model import Practice

log = logs.get(__name__)
FLOW_LIVES = timedelta(minutes=10)
MOST_FLOWS = 500
AT_ONCE = 2
"""Who may wait for the provider at once, on threads that are not the desk's: calls are heard while it hangs."""
WAY = "/sign-in/provider"
NOBODY = (
    "You are signed in there, but nobody here is bound to that account. An owner lets it in on the page of who "
    "works here, under an email that it has verified."
)
TOO_OLD = "That sign-in was begun in another browser, or too long ago, or came back before. Begin it again."
NOT_VOUCHED = "What came back does not prove who you are. Begin again, or use a passkey."
BROKEN_OFF = "The sign-in was broken off there. Begin again, or use a passkey."

Given = ParamSpec("Given")
Said = TypeVar("Said")


@dataclass(frozen=True, slots=True)
class Flow:
    begun: Begun
    browser: str = field(repr=False)
    until: float


class Flows:
    """Sign-ins under way, by the digest of their state; each is taken once. Safe from several threads."""

    def __init__(self, elapsed: Callable[[], float]) -> None:
        self._elapsed, self._lock = elapsed, Lock()
        self._flows: dict[str, Flow] = {}

    def keep(self, begun: Begun, browser: str) -> None:
        with self._lock:
            while len(self._flows) >= MOST_FLOWS:
                self._flows.pop(next(iter(self._flows)))
            until = self._elapsed() + FLOW_LIVES.total_seconds()
            self._flows[digest(begun.state)] = Flow(begun, digest(browser), until)

    def take(self, state: str, browser: str) -> Begun | None:
        """None where another browser began it, and then it stays for that one."""
        with self._lock:
            flow = self._flows.get(digest(state))
            if flow is None or not hmac.compare_digest(flow.browser, digest(browser)):
                return None
            del self._flows[digest(state)]
            return flow.begun if flow.until >= self._elapsed() else None


class Vouching:
    """`again` shows the page of signing in anew, with what was wrong and the status."""

    def __init__(
        self,
        gate: Gate,
        practice: Practice,
        provider: IdentityProvider,
        again: Callable[[Request, str, int], Response],
    ) -> None:
        self._gate, self._practice, self._provider, self._again = gate, practice, provider, again
        self._access, self._accounts = gate.access, gate.accounts
        self._flows = Flows(gate.access.elapsed)
        self._cookie = f"{gate.access.cookie}_sent"
        self._threads, self._free = ThreadPoolExecutor(AT_ONCE, "provider"), BoundedSemaphore(AT_ONCE)

    def places(self) -> list[Place]:
        place = self._gate.place
        return [place(WAY, OPEN, self.sent), place(f"{WAY}/back", OPEN, self.back)]

    async def sent(self, request: Request) -> Response:
        found = request.state.session
        if found is not None and found.account is not None:
            return RedirectResponse("/", 303)
        try:
            begun = await self._asked(self._provider.begin, f"{site_of(request).origin}{WAY}/back")
        except ProviderUnreachable as wrong:
            return self._unreachable(request, wrong)
        browser = request.cookies.get(self._cookie) or token_urlsafe(32)
        self._flows.keep(begun, browser)
        answer = RedirectResponse(begun.address, 303)
        lives = int(FLOW_LIVES.total_seconds())
        answer.set_cookie(self._cookie, browser, max_age=lives, httponly=True, samesite="lax", path=WAY)
        return answer

    async def back(self, request: Request) -> Response:
        """Answers with a page that goes on by itself: a redirect would lose the strict cookie."""
        given = request.query_params
        begun = self._flows.take(given.get("state", ""), request.cookies.get(self._cookie, ""))
        if begun is None:
            return await self._refused(request, "provider_state", TOO_OLD)
        if given.get("error") or not given.get("code"):
            return await self._refused(request, "provider_broken_off", BROKEN_OFF)
        if given.get("iss", begun.issuer) != begun.issuer:
            return await self._refused(request, "provider_issuer", NOT_VOUCHED)
        try:
            vouched = await self._asked(self._provider.vouched, begun, given["code"])
            return await self._admitted(request, begun, vouched)
        except ProviderUnreachable as wrong:
            return self._unreachable(request, wrong)
        except NotVouchedFor as wrong:
            return await self._refused(request, f"provider_{wrong.why}", NOT_VOUCHED)
        except NotProven:
            return await self._refused(request, "provider_unknown", NOBODY)

    async def _asked(self, ask: Callable[Given, Said], *given: Given.args, **named: Given.kwargs) -> Said:
        """Raises what `ask` does, and ProviderUnreachable at once where as many wait for it as may."""
        if not self._free.acquire(blocking=False):
            raise ProviderUnreachable(f"{AT_ONCE} wait for it already")
        under_way = self._threads.submit(ask, *given, **named)
        under_way.add_done_callback(lambda _: self._free.release())
        return await asyncio.wrap_future(under_way)

    async def _admitted(self, request: Request, begun: Begun, vouched: Vouched) -> Response:
        account = await asyncio.to_thread(self._accounts.by_provider, vouched)
        session = self._access.admit(self._access.arrive(), account)
        if not vouched.fresh:
            session.proven = NEVER
        session.ends_at = self._provider.leaving(begun, vouched.hint, f"{site_of(request).origin}/sign-in")
        page = draw("going-on.html", practice=self._practice, to="/", leaving=False)
        return self._gate.keeps(HTMLResponse(page), session)

    async def _refused(self, request: Request, why: str, wrong: str) -> Response:
        await asyncio.to_thread(self._accounts.refused, None, why)
        return self._again(request, wrong, 401)

    def _unreachable(self, request: Request, wrong: ProviderUnreachable) -> Response:
        log.warning("identity_provider_unreachable", practice=self._practice.id, reason=str(wrong))
        told = f"{self._provider.name} can't be reached, or does not answer as it should. "
        own = "Owners come in by a passkey or both codes." if self._provider.required else ""
        return self._again(
            request, told + (own or "Sign in by a passkey or both codes, or try again later."), 503
        )
