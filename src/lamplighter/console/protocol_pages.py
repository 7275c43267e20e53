"""The protocol under review: each section beside what was signed last, who approved it, what stops it, and signing."""

import asyncio
from typing import Protocol

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from lamplighter.console.gate import Gate, form_of, session_of
from lamplighter.console.pages import draw
from lamplighter.console.roles import Place, only
from lamplighter.console.wording import on
from lamplighter.desk.ports import Account
from lamplighter.practice.approvals import ApprovalWrong
from lamplighter.practice.model import Practice
from lamplighter.practice.review import Reviewed
from lamplighter.practice.sections import CLINICIAN, OWNER, READ
from lamplighter.practice.sentences import ToRead
from lamplighter.practice.standing import NotKept, NotSignable, Rehearsing, Stale, Standing
from lamplighter.practice.to_read import time_told, to_read

HASH = 64  # digits of a version; the name of what an unsigned practice is answered under is shorter
READERS = only("owner", "clinician")
STATES = {"new": "New", "changed": "Changed", "unchanged": "Unchanged", "gone": "No longer there"}


class Review(Protocol):
    """What the page needs of the practice's folder; wiring gives it. `answering` is the version that callers hear."""

    @property
    def answering(self) -> str: ...

    @property
    def rehearsing(self) -> Rehearsing | None:
        """None where it can't be started from here."""
        ...

    def rehearse(self) -> None:
        """Starts the safety rehearsal, unless it is being played; returns at once."""
        ...

    def look(self) -> Standing: ...

    def approve(
        self, account: Account, role: str, section: str, digest: str, *, note: str, reads: bool
    ) -> None:
        """Raises ApprovalWrong, NotKept or Stale."""
        ...

    def sign(self, account: Account, protocol_hash: str) -> None:
        """Raises NotSignable, NotKept or Stale."""
        ...


class ProtocolPages:
    """`trying`: a demonstration, signed with the key that everybody knows."""

    def __init__(self, gate: Gate, practice: Practice, review: Review, *, trying: bool) -> None:
        self._gate, self._practice, self._review, self._trying = gate, practice, review, trying

    def places(self) -> list[Place]:
        place = self._gate.place
        return [
            place("/protocol", READERS, self.page),
            place("/protocol/section", READERS, self.section),
            place("/protocol/rehearsal", READERS, self.rehearsal),
            place("/protocol/rehearse", READERS, self.rehearse, "POST"),
            place("/protocol/rehearsing", READERS, self.rehearsing, counts=False),
            place("/protocol/approve", READERS, self.approve, "POST", fresh=True),
            place("/protocol/sign", only("owner"), self.sign, "POST", fresh=True),
        ]

    async def page(self, request: Request) -> Response:
        return await self._page(request)

    async def _page(self, request: Request, *, wrong: str = "", status: int = 200) -> Response:
        standing = await asyncio.to_thread(self._review.look)
        return self._drawn(request, "protocol.html", standing, wrong=wrong, status=status)

    async def section(self, request: Request) -> Response:
        return await self._section(request, request.query_params.get("name", ""))

    async def _section(self, request: Request, name: str, *, wrong: str = "", status: int = 200) -> Response:
        standing = await asyncio.to_thread(self._review.look)
        each = standing.section(name)
        if each is None:
            raise HTTPException(404, "page")
        reading = await asyncio.to_thread(to_read, each.after)
        more = {
            "each": each,
            "files": each.side_by_side(),
            "reading": reading,
            "by_sentence": _by_sentence(each, reading, request.query_params.get("as", "")),
            "role": _role(_account(request), each),
        }
        return self._drawn(request, "protocol-section.html", standing, wrong=wrong, status=status, **more)

    async def rehearsal(self, request: Request) -> Response:
        standing = await asyncio.to_thread(self._review.look)
        if standing.rehearsed is None:
            raise HTTPException(404, "page")
        return self._drawn(request, "protocol-rehearsal.html", standing)

    async def rehearse(self, request: Request) -> Response:
        await form_of(request)
        if self._review.rehearsing is None:
            raise HTTPException(404, "page")
        await asyncio.to_thread(self._review.rehearse)
        return RedirectResponse("/protocol#rehearsal", 303)

    async def rehearsing(self, _: Request) -> Response:
        """How far it is, for the page that shows it."""
        stands = self._review.rehearsing
        if stands is None:
            raise HTTPException(404, "page")
        return JSONResponse({"running": stands.running, "played": stands.played, "scenes": stands.scenes})

    def _drawn(
        self,
        request: Request,
        page: str,
        standing: Standing,
        *,
        wrong: str = "",
        status: int = 200,
        **more: object,
    ) -> Response:
        session = session_of(request)
        return HTMLResponse(
            draw(
                page,
                practice=self._practice,
                session=session,
                standing=standing,
                rehearsing=self._review.rehearsing,
                answering=self._review.answering,
                answered=len(self._review.answering) == HASH,
                fresh=self._gate.may_change(session),
                owner=OWNER in _account(request).roles,
                states=STATES,
                needs_reading=READ,
                to_read=to_read,
                time_told=time_told,
                trying=self._trying,
                day=lambda at: on(at, self._practice.timezone),
                wrong=wrong,
                **more,
            ),
            status,
        )

    async def approve(self, request: Request) -> Response:
        """In the role that the section takes where they have it, else as the owner that they are."""
        form = await form_of(request)
        name, digest, note = (str(form.get(field) or "") for field in ("section", "digest", "note"))
        account = _account(request)
        each = (await asyncio.to_thread(self._review.look)).section(name)
        role = _role(account, each) if each is not None else ""
        if each is None or not role:
            raise HTTPException(404, "page")
        reads = form.get("reads") == "yes"
        try:
            await asyncio.to_thread(self._review.approve, account, role, name, digest, note=note, reads=reads)
        except (ApprovalWrong, NotKept, Stale) as refused:
            status = 422 if isinstance(refused, ApprovalWrong) else 409
            return await self._section(request, name, wrong=_sentence(refused), status=status)
        return RedirectResponse("/protocol#sections", 303)

    async def sign(self, request: Request) -> Response:
        form = await form_of(request)
        try:
            await asyncio.to_thread(self._review.sign, _account(request), str(form.get("version") or ""))
        except (NotKept, Stale) as refused:
            return await self._page(request, wrong=_sentence(refused), status=409)
        except NotSignable:
            wrong = "This can't be signed yet; below is what is missing. Nothing was signed."
            return await self._page(request, wrong=wrong, status=422)
        return RedirectResponse("/protocol", 303)


def _account(request: Request) -> Account:
    account = session_of(request).account
    assert account is not None
    return account


def _role(account: Account, each: Reviewed) -> str:
    """In which role they would approve it; none where it takes an owner and they are none, or nothing is left of it."""
    if each.state == "gone":
        return ""
    roles = {*account.roles} & {OWNER, CLINICIAN}
    return each.section.approved_by if each.section.approved_by in roles else OWNER if OWNER in roles else ""


def _by_sentence(each: Reviewed, reading: ToRead | None, asked: str) -> bool:
    """What changed is read beside what was signed, unless somebody asks otherwise."""
    return reading is not None and (asked == "sentences" if each.state == "changed" else asked != "file")


def _sentence(error: Exception) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."
