"""The gate that every route's request passes: whose session it is, whether its rule lets them, whether a form is ours.

Whoever is stopped meets one of these: the closed door, the way to sign in, or a page that says who can.
"""

import asyncio
from collections.abc import Callable

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lamplighter import logs
from lamplighter.console.access import Access, Session, may_post
from lamplighter.console.accounts import Accounts
from lamplighter.console.kept_sessions import KeptSessions
from lamplighter.console.passkeys import LONGEST_ANSWER, Site
from lamplighter.console.roles import Answer, Place, Rule
from lamplighter.desk.ports import Account
from lamplighter.desk.ports.identity import IdentityProvider

log = logs.get(__name__)
MOST_FIELDS = 16
LONGEST_FIELD = 64 * 1024


class MayNot(HTTPException):
    """Somebody who is signed in has no role for this; the rule says who has."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(403, "role")
        self.rule = rule


class Gate:
    """`on_lapse` hears of every session that ended because nobody touched its page. `kept`: those of before a restart;
    absent: a restart ends them all. `provider` vouches for staff, where the practice has one."""

    def __init__(
        self,
        access: Access,
        accounts: Accounts,
        on_lapse: Callable[[Session], None],
        kept: KeptSessions | None = None,
        provider: IdentityProvider | None = None,
    ) -> None:
        self.access, self.accounts, self._on_lapse, self.kept = access, accounts, on_lapse, kept
        self.provider = provider

    def own_way(self, account: Account) -> bool:
        """Whether they may come in by what they hold themselves. Owners always may: nothing shuts them out."""
        return self.provider is None or not self.provider.required or "owner" in account.roles

    def cookie(self, request: Request) -> str | None:
        return request.cookies.get(self.access.cookie)

    def keeps(self, answer: Response, session: Session) -> Response:
        """The answer, after which the browser holds this session."""
        answer.set_cookie(self.access.cookie, session.id, httponly=True, samesite="strict", path="/")
        return answer

    def place(
        self, path: str, rule: Rule, answer: Answer, *methods: str, counts: bool = True, fresh: bool = False
    ) -> Place:
        """`fresh`: whoever has an account that can be proven must have proven it just now."""

        async def ruled(request: Request) -> Response:
            turned_away = await self._turned_away(request, rule, counts)
            if fresh and turned_away is None and not self.may_change(session_of(request)):
                raise HTTPException(403, "prove")
            return turned_away or await answer(request)

        return Place(path, rule, ruled, methods or ("GET",), counts=counts)

    async def _turned_away(self, request: Request, rule: Rule, counts: bool) -> Response | None:
        session = self.access.session(self.cookie(request))
        await asyncio.to_thread(self.tell_of_the_ended)
        if session is None:
            session = await asyncio.to_thread(self._found, self.cookie(request))
        if session is not None and session.account is not None:
            session = await asyncio.to_thread(self.refreshed, session)
        if rule.who == "open":
            request.state.session = session
            return None
        if session is None or not _known(session, rule):
            return await self._closed(request)
        if session.account is not None and not rule.lets(session.account):
            raise MayNot(rule)
        if counts:
            self.access.acts(session)
            await self._keep(session)
        request.state.session = session
        return None

    def _found(self, cookie: str | None) -> Session | None:
        if self.kept is None or not cookie:
            return None
        found = self.kept.found(cookie)
        self.tell_of_the_ended()
        return found

    async def _keep(self, session: Session) -> None:
        if self.kept is not None and session.account is not None and self.kept.due(session):
            await asyncio.to_thread(self.kept.keep, session)

    def may_change(self, session: Session) -> bool:
        """Whether how somebody signs in may be changed here: a page left open must not make a stranger a way in."""
        account = session.account
        return account is None or not account.provable or self.access.just_proven(session)

    def tell_of_the_ended(self) -> None:
        """What a store that takes nothing did not take of one is tried again at the next look."""
        for session in self.access.take_ended():
            try:
                if self.kept is None or self.kept.lapsed(session):
                    self._on_lapse(session)
            except Exception:
                log.exception("lapse_not_told")
                self.access.tell_again(session)

    def refreshed(self, session: Session) -> Session | None:
        """The session with the account as it stands now; none once they no longer work here, or somebody ended it."""
        assert session.account is not None
        now = self.accounts.get(session.account.id)
        if now is None or not now.works_here:
            self.access.end_all_of(session.account.id)
            if self.kept is not None:
                self.kept.forget_all_of(session.account.id)
            return None
        if self.kept is not None and self.kept.ended(session):
            self.access.leave(session)
            return None
        session.account = now
        return session

    async def _closed(self, request: Request) -> Response:
        page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
        if page and await asyncio.to_thread(self.accounts.has_owner):
            return RedirectResponse("/sign-in", 303)
        raise HTTPException(403, "closed")


def _known(session: Session, rule: Rule) -> bool:
    if session.account is not None:
        return True
    return rule.who == "own" and session.enrolling is not None


def session_of(request: Request) -> Session:
    """The session that the gate let through."""
    session = request.state.session
    assert isinstance(session, Session)
    return session


async def form_of(request: Request) -> FormData:
    """A form from a page that was drawn for this session. Raises HTTPException."""
    form = await request.form(max_files=0, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD)
    if not may_post(session_of(request), form.get("csrf")):
        raise HTTPException(403, "form")
    return form


async def answer_of(request: Request) -> str:
    """What a script of ours posts, as JSON. Raises HTTPException."""
    if not may_post(session_of(request), request.headers.get("x-csrf")):
        raise HTTPException(403, "form")
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LONGEST_ANSWER:
            raise HTTPException(413, "form")
    return body.decode("utf-8", "replace")


def site_of(request: Request) -> Site:
    """The page's own address; the host was checked before anything else looked."""
    host = request.headers.get("host", "")
    return Site(host.rpartition(":")[0] if ":" in host else host, f"{request.url.scheme}://{host}")
