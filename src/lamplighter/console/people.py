"""People who work here: an owner invites them, says what they may do, and lets them go."""

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from lamplighter.console.access import link
from lamplighter.console.accounts import (
    EmailTaken,
    EmailWrong,
    LastOwner,
    NameTaken,
    NameWrong,
    NoAccount,
    NoRole,
)
from lamplighter.console.enrolling import NAMES_TAKEN, NAMES_WRONG, fields
from lamplighter.console.gate import Gate, form_of, session_of, site_of
from lamplighter.console.pages import draw
from lamplighter.console.roles import Place, only
from lamplighter.console.wording import when
from lamplighter.desk.ports import Account
from lamplighter.practice.model import Practice

OWNER = only("owner")
LAST_OWNER = (
    "A practice keeps an owner who can sign in, and nobody shuts the door on themselves. Nothing was changed."
)
NO_ROLE = "Whoever works here has at least one role. Nothing was changed."
GONE = "There is no such account. Nothing was changed."
WRONG: dict[type[Exception], str] = {
    EmailTaken: "Somebody else here is expected under this email. Nothing was changed.",
    EmailWrong: "That is no email address. Nothing was changed.",
    LastOwner: LAST_OWNER,
    NameTaken: NAMES_TAKEN,
    NameWrong: NAMES_WRONG,
    NoAccount: GONE,
    NoRole: NO_ROLE,
}
REFUSED = tuple(WRONG)


class People:
    """`shut_out` ends somebody's sessions and gives back the floors that they have; `signed_out` notes by whom, too."""

    def __init__(
        self,
        gate: Gate,
        practice: Practice,
        shut_out: Callable[[Account], None],
        signed_out: Callable[[Account, Account], None],
    ) -> None:
        self._gate, self._practice, self._shut_out, self._signed_out = gate, practice, shut_out, signed_out
        self._accounts = gate.accounts

    def places(self) -> list[Place]:
        place = self._gate.place
        return [
            place("/people", only("owner", "auditor"), self.page),
            place("/people/invite", OWNER, self.invite, "POST", fresh=True),
            place("/people/{account}/roles", OWNER, self.roles, "POST", fresh=True),
            place("/people/{account}/link", OWNER, self.new_link, "POST", fresh=True),
            *(
                [place("/people/{account}/email", OWNER, self.email, "POST", fresh=True)]
                if self._gate.provider
                else []
            ),
            place("/people/{account}/revoke", OWNER, self.revoke, "POST"),
            place("/people/{account}/sign-out", OWNER, self.sign_out, "POST"),
        ]

    async def page(self, request: Request) -> Response:
        return await self._page(request)

    async def _page(self, request: Request, *, wrong: str = "", new: str = "", whose: str = "") -> Response:
        """`new` is a one-time link that was just made, shown this once."""
        everybody = await asyncio.to_thread(self._accounts.all)
        page = draw(
            "people.html",
            practice=self._practice,
            session=session_of(request),
            fresh=self._gate.may_change(session_of(request)),
            staff=[each for each in everybody if each.works_here],
            gone=[each for each in everybody if not each.works_here],
            names={each.id: each.name for each in everybody},
            day=lambda at: when(at, self._practice.timezone),
            signed_in={each.id: self._gate.access.open_for(each.id) for each in everybody},
            provider=self._gate.provider,
            wrong=wrong,
            new=new,
            whose=whose,
        )
        return HTMLResponse(page, 422 if wrong else 200)

    async def invite(self, request: Request) -> Response:
        form = await form_of(request)
        given = str(form.get("name") or ""), fields(form, "role"), str(form.get("clinician") or "")
        try:
            account, token = await asyncio.to_thread(self._accounts.invite, self._owner(request), *given)
        except REFUSED as refused:
            return await self._page(request, wrong=WRONG[type(refused)])
        return await self._page(request, new=link(site_of(request).origin, token), whose=account.name)

    async def roles(self, request: Request) -> Response:
        form, account = await form_of(request), request.path_params["account"]
        given = fields(form, "role"), str(form.get("clinician") or "")
        return await self._changed(request, self._accounts.give_roles, account, *given)

    async def new_link(self, request: Request) -> Response:
        await form_of(request)
        account = request.path_params["account"]
        try:
            token = await asyncio.to_thread(self._accounts.new_link, self._owner(request).id, account)
        except REFUSED as refused:
            return await self._page(request, wrong=WRONG[type(refused)])
        found = await asyncio.to_thread(self._accounts.get, account)
        assert found is not None
        await asyncio.to_thread(self._shut_out, found)
        return await self._page(request, new=link(site_of(request).origin, token), whose=found.name)

    async def email(self, request: Request) -> Response:
        """Under which the identity provider may name them the first time; they are signed out everywhere."""
        form, account = await form_of(request), request.path_params["account"]
        given = str(form.get("email") or "")
        try:
            found = await asyncio.to_thread(self._accounts.expect, self._owner(request), account, given)
        except REFUSED as refused:
            return await self._page(request, wrong=WRONG[type(refused)])
        if account != self._owner(request).id:
            await asyncio.to_thread(self._shut_out, found)
        return RedirectResponse("/people", 303)

    async def revoke(self, request: Request) -> Response:
        await form_of(request)
        account = request.path_params["account"]
        try:
            found = await asyncio.to_thread(self._accounts.revoke, self._owner(request), account)
        except REFUSED as refused:
            return await self._page(request, wrong=WRONG[type(refused)])
        await asyncio.to_thread(self._shut_out, found)
        return RedirectResponse("/people", 303)

    async def sign_out(self, request: Request) -> Response:
        """Everywhere, at once; they still work here and can sign in again."""
        await form_of(request)
        found = await asyncio.to_thread(self._accounts.get, request.path_params["account"])
        if found is None:
            return await self._page(request, wrong=GONE)
        await asyncio.to_thread(self._signed_out, found, self._owner(request))
        return RedirectResponse("/people", 303)

    async def _changed(
        self, request: Request, change: Callable[..., Account], account: str, *given: object
    ) -> Response:
        try:
            await asyncio.to_thread(change, self._owner(request), account, *given)
        except REFUSED as refused:
            return await self._page(request, wrong=WRONG[type(refused)])
        return RedirectResponse("/people", 303)

    def _owner(self, request: Request) -> Account:
        account = session_of(request).account
        assert account is not None
        return account
