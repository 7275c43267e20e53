"""A rehearsal is made of a contact: drafted by one click, edited beside what was said, read by a second person."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from lamplighter import logs
from lamplighter.console import wording
from lamplighter.console.access import Session
from lamplighter.console.contact_course import Course, Courses
from lamplighter.console.gate import Gate, form_of, session_of
from lamplighter.console.pages import draw
from lamplighter.console.reading import Reading
from lamplighter.console.roles import AT_THE_DESK, Place
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk import rehearsals, told_apart
from lamplighter.desk.ports import Account, Records, Transaction
from lamplighter.desk.rehearsals import Draft, Files, NeverOfThis, NoSuchDraft, NotAnother, NotYet, Rehearsal
from lamplighter.desk.reviewing import NothingToMark
from lamplighter.practice.model import Practice

log = logs.get(__name__)
NOT_KEPT = (
    "It could not be written into the practice's folder. Nothing was changed: tell whoever runs this machine."
)


@dataclass(frozen=True, slots=True)
class Made:
    """One that waits or is kept, in words."""

    name: str
    text: str
    by: str
    at: str
    kept: bool
    approved_by: str | None
    theirs: bool  # whoever looks drafted it


class RehearsalPages:
    def __init__(
        self,
        gate: Gate,
        practice: Practice,
        records: Records,
        reading: Reading,
        phrasebook: Phrasebook,
        files: Files,
    ) -> None:
        self._gate, self._practice, self._records, self._reading = gate, practice, records, reading
        self._courses, self._files = Courses(practice, phrasebook), files

    def places(self) -> list[Place]:
        place, here = self._gate.place, "/contacts/{contact}/rehearsal"
        return [
            place(here, AT_THE_DESK, self.page),
            place(f"{here}/draft", AT_THE_DESK, self.draft, "POST"),
            place(f"{here}/propose", AT_THE_DESK, self.propose, "POST"),
            place(f"{here}/{{name}}/approve", AT_THE_DESK, self.approve, "POST"),
            place(f"{here}/{{name}}/drop", AT_THE_DESK, self.drop, "POST"),
        ]

    async def page(self, request: Request) -> Response:
        return await self._shown(request, session_of(request))

    async def draft(self, request: Request) -> Response:
        """Nothing is stored yet: a draft that nobody asks a second person to read is forgotten with the page."""
        session, _ = session_of(request), await form_of(request)
        name = rehearsals.new_name(secrets.token_hex(4))
        draft = await asyncio.to_thread(self._draft, request.path_params["contact"], name)
        return await self._shown(request, session, name=name, draft=draft)

    def _draft(self, contact: str, name: str) -> Draft:
        with self._records.transaction(self._practice.id) as tx:
            events = tx.log.read(contact)
            if not events:
                raise HTTPException(404, "contact")
            if not rehearsals.may_become(events):
                raise HTTPException(403, "never")
            known = {
                part for _, value in told_apart.values_of(tx, events) for part in (value, *value.split())
            }
        try:
            return self._files.draft(self._practice, events, name, known)
        except NeverOfThis:
            raise HTTPException(403, "never") from None

    async def propose(self, request: Request) -> Response:
        session, form = session_of(request), await form_of(request)
        name, text = str(form.get("name") or ""), str(form.get("text") or "").replace("\r\n", "\n")
        if not rehearsals.is_name(name):
            raise HTTPException(422, "choice")
        contact, account = request.path_params["contact"], _account(session)

        def act(tx: Transaction) -> None:
            now = self._reading.clock.now()
            rehearsals.propose(tx, self._practice, self._files, contact, name, text, account, now)

        try:
            await asyncio.to_thread(self._do, act)
        except NotYet as stands:
            return await self._shown(request, session, name=name, draft=Draft(text, ()), why=stands.why)
        return RedirectResponse(f"/contacts/{contact}/rehearsal", 303)

    async def approve(self, request: Request) -> Response:
        session, _ = session_of(request), await form_of(request)
        contact, name = request.path_params["contact"], request.path_params["name"]

        def act(tx: Transaction) -> None:
            now = self._reading.clock.now()
            rehearsals.approve(tx, self._practice, self._files, contact, name, _account(session), now)

        try:
            await asyncio.to_thread(self._do, act)
        except NotYet as stands:
            return await self._shown(request, session, why=stands.why)
        except OSError:
            log.error("rehearsal_not_kept", exc_info=True)
            return await self._shown(request, session, why=(NOT_KEPT,))
        return RedirectResponse(f"/contacts/{contact}/rehearsal", 303)

    async def drop(self, request: Request) -> Response:
        session, _ = session_of(request), await form_of(request)
        contact, name = request.path_params["contact"], request.path_params["name"]

        def act(tx: Transaction) -> None:
            rehearsals.drop(tx, self._files, contact, name, session.name, self._reading.clock.now())

        await asyncio.to_thread(self._do, act)
        return RedirectResponse(f"/contacts/{contact}/rehearsal", 303)

    def _do(self, act: Callable[[Transaction], None]) -> None:
        """What the desk refuses, as the page that says so. Raises NotYet or OSError as they are."""
        try:
            with self._records.transaction(self._practice.id) as tx:
                act(tx)
        except (NothingToMark, NoSuchDraft):
            raise HTTPException(404, "contact") from None
        except NeverOfThis:
            raise HTTPException(403, "never") from None
        except NotAnother:
            raise HTTPException(403, "second") from None

    async def _shown(
        self,
        request: Request,
        session: Session,
        *,
        name: str = "",
        draft: Draft | None = None,
        why: tuple[str, ...] = (),
    ) -> Response:
        course, made, never = await asyncio.to_thread(self._look, session, request.path_params["contact"])
        if course is None:
            raise HTTPException(404, "contact")
        page = draw(
            "rehearsal.html",
            practice=self._practice,
            session=session,
            course=course,
            made=made,
            never=never,
            name=name,
            draft=draft,
            why=why,
            to_write=rehearsals.TO_WRITE,
        )
        return HTMLResponse(page, 422 if why else 200)

    def _look(self, session: Session, contact: str) -> tuple[Course | None, tuple[Made, ...], bool]:
        with self._records.transaction(self._practice.id) as tx:
            course = self._courses.course(tx, contact, _account(session), self._reading.clock.now())
            events = tx.log.read(contact)
        if course is not None:
            self._reading.opened(session, f"contact/{contact}")
        made = tuple(self._made(each, session) for each in rehearsals.of(events))
        return course, made, not rehearsals.may_become(events)

    def _made(self, each: Rehearsal, session: Session) -> Made:
        at = wording.when(each.at, self._practice.timezone)
        kept, theirs = each.status == "kept", each.by == session.name
        return Made(each.name, each.text, each.by, at, kept, each.approved_by, theirs)


def _account(session: Session) -> Account:
    assert session.account is not None
    return session.account
