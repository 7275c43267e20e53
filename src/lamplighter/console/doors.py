"""Coming in: by a one-time link, by passkey, or by a code of the app together with a recovery code."""

import asyncio
import json

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from lamplighter.console import passkeys
from lamplighter.console.access import LinkUsed, LinkWrong, Session
from lamplighter.console.enrolling import Enrolling
from lamplighter.console.gate import Gate, answer_of, form_of, session_of, site_of
from lamplighter.console.pages import draw
from lamplighter.console.passkeys import NotProven
from lamplighter.console.patience import Patience
from lamplighter.console.roles import OPEN, Place
from lamplighter.console.trying import Trying
from lamplighter.desk.ports import Account
from lamplighter.practice.model import Practice

NOT_RIGHT = "That was not right. Check the name and both codes; each code opens once."
NOT_THIS_PASSKEY = "This passkey opens nothing here. It may have been removed, or belong to another practice."


class Doors:
    def __init__(self, gate: Gate, practice: Practice, enrolling: Enrolling, trying: Trying | None) -> None:
        self._gate, self._practice, self._enrolling, self._trying = gate, practice, enrolling, trying
        self._access, self._accounts = gate.access, gate.accounts
        self._patience = Patience(gate.access.elapsed)

    def places(self) -> list[Place]:
        place = self._gate.place
        return [
            place("/open/{token}", OPEN, self.door),
            place("/open/{token}", OPEN, self.enter, "POST"),
            place("/sign-in", OPEN, self.sign_in),
            place("/sign-in", OPEN, self.by_codes, "POST"),
            place("/sign-in/passkey/options", OPEN, self.passkey_options, "POST"),
            place("/sign-in/passkey", OPEN, self.by_passkey, "POST"),
            place("/sign-in/app", OPEN, self.app_page),
            place("/sign-in/app", OPEN, self.by_app, "POST"),
        ]

    # -- links ---------------------------------------------------------------------------------------------------------

    async def door(self, request: Request) -> Response:
        """A link is followed by previews and scanners too: only the button on this page uses it up."""
        token = request.path_params["token"]
        try:
            self._access.look(token)
        except LinkUsed:
            raise HTTPException(410, "used") from None
        except LinkWrong:
            if await asyncio.to_thread(self._accounts.invited, token) is None:
                raise HTTPException(404, "wrong") from None
        return HTMLResponse(draw("open.html", practice=self._practice, trying=self._trying is not None))

    async def enter(self, request: Request) -> Response:
        """Answers with the next page itself: a redirect would lose the strict cookie where the link was in a page."""
        token = request.path_params["token"]
        try:
            session = self._access.enter(token)
        except LinkUsed:
            raise HTTPException(410, "used") from None
        except LinkWrong:
            return await self._invited(request, token)
        if self._trying is not None:
            session = await asyncio.to_thread(self._trying.owner, session)
            return self._gate.keeps(
                HTMLResponse(await asyncio.to_thread(self._trying.page, session)), session
            )
        if await asyncio.to_thread(self._accounts.has_owner):
            raise HTTPException(404, "wrong")
        session.enrolling = ""
        return await self._begin(request, session)

    async def _invited(self, request: Request, token: str) -> Response:
        account = await asyncio.to_thread(self._accounts.use_invitation, token)
        if account is None:
            raise HTTPException(404, "wrong")
        self._access.used_up(token)
        if not self._gate.own_way(account):
            return self.again(request, await self._only_vouched(account), 403)
        session = self._access.arrive()
        session.enrolling = account.id
        return await self._begin(request, session)

    async def _begin(self, request: Request, session: Session) -> Response:
        page = await asyncio.to_thread(self._enrolling.step, session, site_of(request))
        return self._gate.keeps(HTMLResponse(page), session)

    # -- signing in ----------------------------------------------------------------------------------------------------

    async def sign_in(self, request: Request) -> Response:
        found = request.state.session
        if found is not None and found.account is not None:
            return RedirectResponse("/", 303)
        session = found or self._access.arrive()
        idle = self._access.lapsed(self._gate.cookie(request)) is not None
        return self._gate.keeps(HTMLResponse(self._sign_in(request, session, idle=idle)), session)

    def _sign_in(self, request: Request, session: Session, *, wrong: str = "", idle: bool = False) -> str:
        site = site_of(request)
        return draw(
            "sign-in.html", practice=self._practice, session=session, wrong=wrong, idle=idle, site=site,
            provider=self._gate.provider,
        )  # fmt: skip

    def again(self, request: Request, wrong: str, status: int) -> Response:
        """The page of signing in, after a way that led elsewhere came to nothing."""
        session = self._access.arrive()
        page = self._sign_in(request, session, wrong=wrong)
        return self._gate.keeps(HTMLResponse(page, status), session)

    async def _only_vouched(self, account: Account) -> str:
        """What is said to somebody who came by a way that is not theirs here."""
        assert self._gate.provider is not None
        await asyncio.to_thread(self._accounts.refused, account.id, "provider_required")
        return f"Here you sign in by {self._gate.provider.name}. Owners alone come in by another way."

    async def by_codes(self, request: Request) -> Response:
        session, form = _at_the_door(request), await form_of(request)
        name, app, recovery = (str(form.get(field) or "") for field in ("name", "app", "recovery"))
        if (seconds := self._patience.seconds(name)) > 0:
            return HTMLResponse(self._sign_in(request, session, wrong=_wait(seconds)), 429)
        try:
            account = await asyncio.to_thread(self._accounts.by_codes, name, app, recovery)
        except NotProven:
            self._patience.was_wrong(name)
            await asyncio.to_thread(self._accounts.refused, None, "codes")
            return HTMLResponse(self._sign_in(request, session, wrong=NOT_RIGHT), 401)
        self._patience.was_right(name)
        if not self._gate.own_way(account):
            wrong = await self._only_vouched(account)
            return HTMLResponse(self._sign_in(request, session, wrong=wrong), 403)
        return self._gate.keeps(RedirectResponse("/", 303), self._access.admit(session, account))

    async def passkey_options(self, request: Request) -> Response:
        session = _at_the_door(request)
        await answer_of(request)
        session.challenge = passkeys.new_challenge()
        wanted = await asyncio.to_thread(passkeys.to_use, site_of(request), session.challenge)
        return Response(wanted, media_type="application/json")

    async def by_passkey(self, request: Request) -> Response:
        session, answer = _at_the_door(request), await answer_of(request)
        challenge, session.challenge = session.challenge, None
        try:
            account, verified = await asyncio.to_thread(self._holder, request, challenge, answer)
        except NotProven:
            await asyncio.to_thread(self._accounts.refused, None, "passkey")
            return JSONResponse({"wrong": NOT_THIS_PASSKEY}, 401)
        if not self._gate.own_way(account):
            return JSONResponse({"wrong": await self._only_vouched(account)}, 401)
        if not verified:
            session.half = account.id
            return JSONResponse({"to": "/sign-in/app"})
        return self._gate.keeps(JSONResponse({"to": "/"}), self._access.admit(session, account))

    def _holder(self, request: Request, challenge: bytes | None, answer: str) -> tuple[Account, bool]:
        if challenge is None:
            raise NotProven
        given = _answer_in(answer)
        account, passkey = self._accounts.holder(passkeys.named_in(given))
        proven = passkeys.used(site_of(request), challenge, given, passkey)
        account = self._accounts.passkey_used(
            account.id, passkey, proven.sign_count, verified=proven.verified
        )
        return account, proven.verified

    async def app_page(self, request: Request) -> Response:
        session = _halfway(request)
        return HTMLResponse(draw("sign-in-app.html", practice=self._practice, session=session, wrong=""))

    async def by_app(self, request: Request) -> Response:
        session, form = _halfway(request), await form_of(request)
        half = session.half or ""
        if (seconds := self._patience.seconds(half)) > 0:
            return self._app_again(session, _wait(seconds), 429)
        try:
            account = await asyncio.to_thread(self._accounts.by_app, half, str(form.get("app") or ""))
        except NotProven:
            self._patience.was_wrong(half)
            await asyncio.to_thread(self._accounts.refused, half, "app")
            return self._app_again(session, "That code is not right, or was used before.", 401)
        if not self._gate.own_way(account):
            return self._app_again(session, await self._only_vouched(account), 403)
        return self._gate.keeps(RedirectResponse("/", 303), self._access.admit(session, account))

    def _app_again(self, session: Session, wrong: str, status: int) -> Response:
        page = draw("sign-in-app.html", practice=self._practice, session=session, wrong=wrong)
        return HTMLResponse(page, status)


def _at_the_door(request: Request) -> Session:
    if request.state.session is None:
        raise HTTPException(403, "form")
    return session_of(request)


def _halfway(request: Request) -> Session:
    session = _at_the_door(request)
    if session.half is None:
        raise HTTPException(403, "form")
    return session


def _answer_in(posted: str) -> str:
    """The browser's answer in what the page posted, as JSON again. Raises NotProven."""
    try:
        return json.dumps(json.loads(posted)["answer"])
    except (ValueError, KeyError, TypeError) as wrong:
        raise NotProven from wrong


def _wait(seconds: float) -> str:
    minutes = max(1, round(seconds / 60))
    return f"Too many wrong tries. Wait {minutes} minute{'' if minutes == 1 else 's'}, or use a passkey."
