"""Setting up the ways in which somebody signs in: a passkey, an authenticator app, recovery codes.

Step by step for whoever comes by a link, and at any time for whoever is signed in.
"""

import asyncio
import json

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from lamplighter.console import codes, passkeys
from lamplighter.console.access import Session
from lamplighter.console.accounts import LastOwner, NameTaken, NameWrong, NoAccount, OwnerThere
from lamplighter.console.gate import Gate, answer_of, form_of, session_of, site_of
from lamplighter.console.pages import draw
from lamplighter.console.passkeys import NotProven, Site
from lamplighter.console.roles import ANYBODY_HERE, OWN, Place
from lamplighter.desk.ports import Account
from lamplighter.practice.model import Practice

NAMES_WRONG = "A name is needed, of at most 60 letters."
NAMES_TAKEN = "Somebody here has this name, or had it. Add a middle name or an initial."
NOT_THE_CODE = "That is not the code that the app shows now. Wait for the next one and try again."
NOT_MADE = "The passkey could not be kept. Try again, or go on without one."


class Enrolling:
    def __init__(self, gate: Gate, practice: Practice) -> None:
        self._gate, self._practice = gate, practice
        self._access, self._accounts = gate.access, gate.accounts

    def places(self) -> list[Place]:
        place = self._gate.place
        return [
            place("/enrol", OWN, self.page),
            place("/enrol/name", OWN, self.name, "POST"),
            place("/enrol/without-passkey", OWN, self.without_passkey, "POST"),
            place("/enrol/done", OWN, self.done, "POST"),
            place("/me", ANYBODY_HERE, self.me),
            place("/me/app", ANYBODY_HERE, self.new_app, fresh=True),
            place("/me/app", OWN, self.app, "POST", fresh=True),
            place("/me/codes", OWN, self.recovery, "POST", fresh=True),
            place("/me/passkeys/options", OWN, self.passkey_options, "POST", fresh=True),
            place("/me/passkeys", OWN, self.passkey, "POST", fresh=True),
            place("/me/passkeys/{credential}/remove", ANYBODY_HERE, self.remove_passkey, "POST", fresh=True),
        ]

    # -- step by step --------------------------------------------------------------------------------------------------

    def step(self, session: Session, site: Site, wrong: str = "") -> str:
        """The page of the next thing to set up."""
        given = {"practice": self._practice, "session": session, "wrong": wrong, "site": site}
        account = self._own(session)
        if account is None:
            return draw("enrol-name.html", **given)
        given["account"] = account
        if not account.passkeys and not session.without_passkey and site.has_passkeys:
            return draw("enrol-passkey.html", **given)
        if account.totp_secret is None:
            return draw("enrol-app.html", **given, **self._app_to_read(session, account))
        return draw("enrol-codes.html", **given, shown=())

    def _own(self, session: Session) -> Account | None:
        if session.account is not None:
            return session.account
        return self._accounts.get(session.enrolling) if session.enrolling else None

    def _app_to_read(self, session: Session, account: Account) -> dict[str, str]:
        if session.app_secret is None:
            session.app_secret = codes.new_secret()
        address = codes.address(session.app_secret, account.name, self._practice.name)
        spelled = " ".join(session.app_secret[at : at + 4] for at in range(0, len(session.app_secret), 4))
        return {"picture": codes.picture(address), "spelled": spelled}

    async def page(self, request: Request) -> Response:
        session = session_of(request)
        if session.account is not None:
            return RedirectResponse("/me", 303)
        return await self._step(request, session)

    async def _step(self, request: Request, session: Session, wrong: str = "") -> Response:
        page = await asyncio.to_thread(self.step, session, site_of(request), wrong)
        return HTMLResponse(page, 422 if wrong else 200)

    async def name(self, request: Request) -> Response:
        """The first owner's; whoever is invited has a name already."""
        session, form = session_of(request), await form_of(request)
        if session.enrolling != "":
            return RedirectResponse("/enrol", 303)
        name, clinician = str(form.get("name") or ""), str(form.get("clinician") or "")
        known = next((each.id for each in self._practice.clinicians if each.id == clinician), None)
        try:
            account = await asyncio.to_thread(self._accounts.first_owner, name, known)
        except NameWrong:
            return await self._step(request, session, NAMES_WRONG)
        except NameTaken:
            return await self._step(request, session, NAMES_TAKEN)
        except OwnerThere:
            raise HTTPException(404, "wrong") from None
        session.enrolling = account.id
        return RedirectResponse("/enrol", 303)

    async def without_passkey(self, request: Request) -> Response:
        await form_of(request)
        session_of(request).without_passkey = True
        return RedirectResponse("/enrol", 303)

    async def done(self, request: Request) -> Response:
        session = session_of(request)
        await form_of(request)
        account = await asyncio.to_thread(self._own, session)
        if account is None or not account.enrolled or not account.works_here:
            return RedirectResponse("/enrol", 303)
        if session.account is None:
            await asyncio.to_thread(
                self._accounts.note, account.id, "signed_in", f"staff/{account.id}", "enrolled"
            )
            session = self._access.admit(session, account)
        return self._gate.keeps(RedirectResponse("/", 303), session)

    # -- at any time ---------------------------------------------------------------------------------------------------

    async def me(self, request: Request) -> Response:
        return HTMLResponse(self._me(request))

    def _me(self, request: Request, wrong: str = "") -> str:
        session = session_of(request)
        given = {"practice": self._practice, "session": session, "account": session.account}
        fresh = self._gate.may_change(session)
        elsewhere = self._gate.access.open_for(session.account.id) - 1 if session.account is not None else 0
        return draw("me.html", **given, site=site_of(request), wrong=wrong, fresh=fresh, elsewhere=elsewhere)

    async def new_app(self, request: Request) -> Response:
        return self._app_page(session_of(request))

    def _app_page(self, session: Session, wrong: str = "") -> Response:
        assert session.account is not None
        read = self._app_to_read(session, session.account)
        page = draw("me-app.html", practice=self._practice, session=session, wrong=wrong, **read)
        return HTMLResponse(page, 422 if wrong else 200)

    async def app(self, request: Request) -> Response:
        session, form = session_of(request), await form_of(request)
        secret, account = session.app_secret, self._named(session)
        if secret is None:
            return self._back(session)
        try:
            await asyncio.to_thread(self._accounts.set_app, account, secret, str(form.get("app") or ""))
        except NotProven:
            if session.account is not None:
                return self._app_page(session, NOT_THE_CODE)
            return await self._step(request, session, NOT_THE_CODE)
        session.app_secret = None
        return self._back(session)

    async def recovery(self, request: Request) -> Response:
        session = session_of(request)
        await form_of(request)
        shown = await asyncio.to_thread(self._accounts.new_recovery, self._named(session))
        return HTMLResponse(
            draw("enrol-codes.html", practice=self._practice, session=session, shown=shown, wrong="")
        )

    async def passkey_options(self, request: Request) -> Response:
        session = session_of(request)
        await answer_of(request)
        account = await asyncio.to_thread(self._own, session)
        if account is None or not site_of(request).has_passkeys:
            raise HTTPException(403, "form")
        session.challenge = passkeys.new_challenge()
        wanted = await asyncio.to_thread(
            passkeys.to_make, site_of(request), self._practice.name, account, session.challenge
        )
        return Response(wanted, media_type="application/json")

    async def passkey(self, request: Request) -> Response:
        session, posted = session_of(request), await answer_of(request)
        challenge, session.challenge = session.challenge, None
        try:
            await asyncio.to_thread(self._keep, request, self._named(session), challenge, posted)
        except (NotProven, NoAccount):
            return JSONResponse({"wrong": NOT_MADE}, 422)
        return JSONResponse({"to": "/me" if session.account is not None else "/enrol"})

    def _keep(self, request: Request, account: str, challenge: bytes | None, posted: str) -> None:
        try:
            given = json.loads(posted)
            answer, label = json.dumps(given["answer"]), str(given.get("label") or "")
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            raise NotProven from wrong
        if challenge is None:
            raise NotProven
        self._accounts.add_passkey(account, passkeys.made(site_of(request), challenge, answer), label)

    async def remove_passkey(self, request: Request) -> Response:
        session = session_of(request)
        await form_of(request)
        credential = request.path_params["credential"]
        try:
            await asyncio.to_thread(self._accounts.remove_passkey, self._named(session), credential)
        except LastOwner:
            return HTMLResponse(
                self._me(request, "It is the only way in of the only owner. Add another first."), 409
            )
        return RedirectResponse("/me", 303)

    def _named(self, session: Session) -> str:
        """Whose own account this is about. Raises HTTPException before there is one."""
        account = session.account.id if session.account is not None else session.enrolling
        if not account:
            raise HTTPException(403, "form")
        return account

    def _back(self, session: Session) -> Response:
        return RedirectResponse("/me" if session.account is not None else "/enrol", 303)


def fields(form: FormData, name: str) -> list[str]:
    """Every value of a field that may stand several times."""
    return [str(value) for value in form.getlist(name)]
