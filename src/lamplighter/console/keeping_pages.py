"""What is kept how long, on one page; and of one person: taken away as a file, erased, or held against erasure."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from lamplighter.console.access import Session
from lamplighter.console.gate import Gate, form_of, session_of
from lamplighter.console.pages import draw
from lamplighter.console.reading import Reading
from lamplighter.console.roles import Place, only
from lamplighter.console.wording import on
from lamplighter.desk import erasing, holding
from lamplighter.desk.auditing import KEPT_FOR as SAMPLE
from lamplighter.desk.ports import Clock, LegalHold, Records, Transaction
from lamplighter.desk.waitlist_openings import KEPT as OPENINGS
from lamplighter.practice.model import Practice

OWNER: Final = only("owner")
NOTHING: Final = "Nothing was erased."
NOT_THE_NAME: Final = "That is not the last name on file. Nothing was erased."
HELD: Final = "A legal hold stands for them. Nothing was erased."
HELD_BESIDE: Final = (
    "A legal hold stands for somebody else whom a contact of theirs belongs to as well, and who would lose it. "
    "They can be erased once that hold is lifted; the page Retention names those that stand. Nothing was erased."
)
EXPECTED: Final = (
    "They have visits ahead. Call those off first, so that everybody is told. Nothing was erased."
)

OPEN: Final[Mapping[str | None, str]] = MappingProxyType(
    {
        "handoff": "A hand-over of theirs is still open, and somebody may have to reach them. Close it first.",
        "clinical": "A clinician has still to see to something of theirs. First that.",
        "review": "A clinician has still to look over a contact in which they may have been in danger. First that.",
        "follow_up": "Somebody is still to follow up with them. First that, or its task is closed.",
        "marked_wrong": "Something that went wrong in a contact of theirs is still to be put right. First that.",
        None: "A contact of theirs has not ended. Wait until it is over.",
    }
)


def kept_how_long(practice: Practice) -> tuple[tuple[str, str], ...]:
    """What, and until when. Only what happens by itself is said to expire."""
    words = (
        "Until the person is erased: the practice's protocol keeps transcripts."
        if practice.transcripts
        else f"Until the contact is over; {SAMPLE.days} days where it is one of the daily sample. Words in which "
        "a person was asked for, or somebody may have been in danger, until the person is erased."
    )
    return (
        ("What was said and written, word for word", words),
        (
            "What was understood, asked and done in a contact",
            "Until the person is erased; of somebody who is not on file, for good.",
        ),
        ("Sound of calls", "Never kept."),
        ("People on file, their visits, consents and messages", "Until the person is erased."),
        (
            "Pictures of insurance cards",
            "Until somebody has typed what stands on them, or their days are over.",
        ),
        ("What became of times that came free", f"{OPENINGS.days} days."),
        ("What is counted of a contact, without words and names", "For good."),
        ("The ledger: who did what to which record", "For good, at least six years. It has no content."),
    )


@dataclass(frozen=True, slots=True)
class Held:
    person: str
    since: str
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class KeepingPages:
    gate: Gate
    practice: Practice
    records: Records
    clock: Clock
    reading: Reading

    def places(self) -> list[Place]:
        place = self.gate.place
        return [
            place("/retention", only("owner", "auditor"), self.page),
            place("/persons/{person}/records", OWNER, self.of_person),
            place("/persons/{person}/records.json", OWNER, self.export, fresh=True),
            place("/persons/{person}/records/hold", OWNER, self.hold, "POST"),
            place("/persons/{person}/records/lift", OWNER, self.lift, "POST", fresh=True),
            place("/persons/{person}/records/erase", OWNER, self.erase, "POST", fresh=True),
        ]

    async def page(self, request: Request) -> Response:
        session = session_of(request)
        held = await asyncio.to_thread(self._everybody_held)
        kept = kept_how_long(self.practice)
        given = {"practice": self.practice, "session": session, "kept": kept, "held": held}
        return HTMLResponse(draw("retention.html", **given))

    def _everybody_held(self) -> list[Held]:
        with self.records.transaction(self.practice.id) as tx:
            return [self._held(tx, each) for each in holding.everybodys(tx)]

    def _held(self, tx: Transaction, hold: holding.Hold) -> Held:
        account = tx.staff.get(hold.by)
        return Held(
            hold.person, on(hold.at, self.practice.timezone), account.name if account else hold.by, hold.why
        )

    async def of_person(self, request: Request) -> Response:
        return await self._of_person(request)

    async def _of_person(self, request: Request, wrong: str = "", contact: str | None = None) -> Response:
        """`wrong`: why something was not done, and in which `contact` the reason is."""
        session, person = session_of(request), request.path_params["person"]
        name, held = await asyncio.to_thread(self._looked_up, session, person)
        await asyncio.to_thread(self.reading.opened, session, f"person/{person}")
        page = draw(
            "records.html",
            practice=self.practice,
            session=session,
            person=person,
            name=name,
            held=held,
            reasons=holding.REASONS,
            fresh=self.gate.may_change(session),
            wrong=wrong,
            contact=contact,
        )
        return HTMLResponse(page, 422 if wrong else 200)

    def _looked_up(self, session: Session, person: str) -> tuple[str, Held | None]:
        with self._transaction(session) as tx:
            found = tx.people.get(person)
            if found is None:
                raise HTTPException(404, "person")
            hold = holding.of(tx, person)
            return f"{found.first_name} {found.last_name}", self._held(tx, hold) if hold else None

    async def export(self, request: Request) -> Response:
        session, person = session_of(request), request.path_params["person"]
        written = await asyncio.to_thread(self._exported, session, person)
        headers = {"content-disposition": 'attachment; filename="records.json"', "cache-control": "no-store"}
        return Response(written, media_type="application/json", headers=headers)

    def _exported(self, session: Session, person: str) -> str:
        assert session.account is not None
        with self._transaction(session) as tx:
            try:
                written = erasing.export(tx, person, clinical=session.clinical)
            except erasing.NoPerson as none:
                raise HTTPException(404, "person") from none
            tx.ledger.note(
                at=self.clock.now(), who=session.account.id, what="exported", about=f"person/{person}"
            )
        return written

    async def hold(self, request: Request) -> Response:
        form = await form_of(request)
        why = str(form.get("reason") or "")
        if why not in holding.REASONS:
            raise HTTPException(422, "choice")
        return await self._changed(request, lambda *a, **how: holding.stand(*a, why=why, **how))

    async def lift(self, request: Request) -> Response:
        await form_of(request)
        return await self._changed(request, lambda tx, *a, **how: erasing.lift(tx, self.practice, *a, **how))

    async def _changed(self, request: Request, change: Callable[..., None]) -> Response:
        session, person = session_of(request), request.path_params["person"]
        await asyncio.to_thread(self._change, session, person, change)
        return RedirectResponse(f"/persons/{person}/records", 303)

    def _change(self, session: Session, person: str, change: Callable[..., None]) -> None:
        assert session.account is not None
        with self._transaction(session) as tx:
            if tx.people.get(person) is None:
                raise HTTPException(404, "person")
            change(tx, person, by=session.account.id, now=self.clock.now())

    async def erase(self, request: Request) -> Response:
        form, session, person = await form_of(request), session_of(request), request.path_params["person"]
        try:
            named = await asyncio.to_thread(self._erased, session, person, str(form.get("last_name") or ""))
        except erasing.HeldBeside as beside:
            return await self._of_person(request, HELD_BESIDE, beside.contact)
        except erasing.BeingSeenTo as seen_to:
            return await self._of_person(request, f"{OPEN[seen_to.kind]} {NOTHING}", seen_to.contact)
        except LegalHold:
            return await self._of_person(request, HELD)
        except erasing.HasVisits:
            return await self._of_person(request, EXPECTED)
        except erasing.NoPerson as none:
            raise HTTPException(404, "person") from none
        return RedirectResponse("/retention", 303) if named else await self._of_person(request, NOT_THE_NAME)

    def _erased(self, session: Session, person: str, last_name: str) -> bool:
        """False where that is not their last name."""
        assert session.account is not None
        now: datetime = self.clock.now()
        with self._transaction(session) as tx:
            found = tx.people.get(person)
            if found is not None and found.last_name.casefold() != " ".join(last_name.split()).casefold():
                return False
            erasing.erase(tx, person, by=session.account.id, now=now)
        return True

    def _transaction(self, session: Session) -> AbstractContextManager[Transaction]:
        assert session.account is not None
        return self.records.transaction(self.practice.id, session.account.id)
