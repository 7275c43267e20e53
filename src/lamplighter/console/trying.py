"""Trying the desk out, in a demonstration: its link signs in as an owner, and the other roles are a click away.

Nobody proves anything here, and its door says so. A real practice has no such door.
"""

import asyncio
from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from lamplighter.console.access import Session
from lamplighter.console.gate import Gate, form_of, session_of
from lamplighter.console.pages import draw
from lamplighter.console.roles import ANYBODY_HERE, OPEN, Place
from lamplighter.desk.ports import Account, Role
from lamplighter.practice.model import Practice, Rung

OWNER = "demo-owner"
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
BY = "demo"


class Trying:
    def __init__(self, gate: Gate, practice: Practice) -> None:
        self._gate, self._practice = gate, practice
        self._access, self._accounts = gate.access, gate.accounts

    def places(self) -> list[Place]:
        return [
            self._gate.place("/who", ANYBODY_HERE, self.chooser),
            self._gate.place("/who", ANYBODY_HERE, self.who, "POST"),
            self._gate.place("/again", OPEN, self.again, "POST"),
        ]

    def owner(self, at_the_door: Session) -> Session:
        """Signs in as the demonstration's owner."""
        self._accounts.keep(_accounts(self._practice))
        return self._admit(at_the_door, OWNER)

    def _admit(self, session: Session, account: str) -> Session:
        found = self._accounts.get(account)
        if found is None or not found.works_here:
            raise HTTPException(403, "closed")
        self._accounts.note(found.id, "signed_in", f"staff/{found.id}", "demonstration")
        return self._access.admit(session, found)

    def page(self, session: Session) -> str:
        there = {each.id: each for each in self._accounts.all() if each.works_here}
        ours = [there[each.id] for each in _accounts(self._practice) if each.id in there]
        return draw("who.html", session=session, practice=self._practice, accounts=ours)

    async def chooser(self, request: Request) -> Response:
        return HTMLResponse(await asyncio.to_thread(self.page, session_of(request)))

    async def who(self, request: Request) -> Response:
        session, form = session_of(request), await form_of(request)
        name = str(form.get("name") or "")
        ours = {each.name: each.id for each in _accounts(self._practice)}
        if name not in ours:
            return HTMLResponse(await asyncio.to_thread(self.page, session), 422)
        session = await asyncio.to_thread(self._admit, session, ours[name])
        return self._gate.keeps(RedirectResponse("/", 303), session)

    async def again(self, request: Request) -> Response:
        """A browser that was signed out because nobody touched it comes back with a click, in a demonstration."""
        account = self._access.lapsed(self._gate.cookie(request))
        if account is None:
            raise HTTPException(403, "closed")
        session = await asyncio.to_thread(self._admit, self._access.arrive(), account.id)
        return self._gate.keeps(RedirectResponse("/", 303), session)


def _accounts(practice: Practice) -> list[Account]:
    """Everybody who may be tried: an owner, who works the desk, the clinicians, a biller and an auditor."""
    desk = [_account(f"demo-{each.id}", each.name, "desk") for each in _people(practice)]
    seeing = [
        Account(f"demo-{each.id}", each.spoken_name, ("clinician",), SINCE, BY, clinician=each.id)
        for each in practice.clinicians
    ]
    others = [
        _account("demo-biller", "Demo biller", "biller"),
        _account("demo-auditor", "Demo auditor", "auditor"),
    ]
    return [_account(OWNER, "Demo owner", "owner"), *desk, *seeing, *others]


def _account(account: str, name: str, role: Role) -> Account:
    return Account(account, name, (role,), SINCE, BY)


def _people(practice: Practice) -> list[Rung]:
    """Those of the ladder who work the desk."""
    rungs = (
        rung
        for side in (practice.ladder.by_day, practice.ladder.after_hours)
        for each in side.values()
        for rung in each
    )
    return list({rung.id: rung for rung in rungs if rung.kind == "staff" and rung.clinician is None}.values())
