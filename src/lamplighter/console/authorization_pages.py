"""Authorizations: the board, one of them in full, and what each role does about it. A clinician confirms codes, a
biller lets it go and writes down what the plan says; the desk and the owner look."""

import asyncio
import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from lamplighter.console.access import Session
from lamplighter.console.authorization_shown import Board, Shown, board, insurer_name, name_of, shown
from lamplighter.console.authorization_words import NOT_DONE, TRACKED, VERDICTS
from lamplighter.console.gate import Gate, form_of, session_of
from lamplighter.console.pages import draw
from lamplighter.console.reading import Reading
from lamplighter.console.roles import Place, only
from lamplighter.desk.authorizations import kept, need, units
from lamplighter.desk.authorizations.acts import Acts, NotNow
from lamplighter.desk.authorizations.fax import fax
from lamplighter.desk.authorizations.model import Authorization, Codes
from lamplighter.desk.authorizations.work import Authorizations
from lamplighter.desk.ports import Person, Records, Transaction
from lamplighter.desk.ports.authorizations import ApprovedService, Ruled, Verdict
from lamplighter.desk.ports.coverage import AskedService
from lamplighter.practice.calendar import at_local, local_date
from lamplighter.practice.model import Practice

SEES: Final = only("owner", "clinician", "desk", "biller")
ACTS: Final = only("biller")
CONFIRMS: Final = only("clinician")
READS: Final = only("clinician", "biller")
MOST_DIAGNOSES, MOST_SERVICES, LONGEST = 12, 12, 60
DIAGNOSIS: Final = re.compile(r"[A-TV-Z]\d[0-9A-Z](\.?[0-9A-Z]{1,4})?")
SERVICE: Final = re.compile(r"(\d{4}[0-9A-Z]|[A-V]\d{4})(?:\s*[xX×*]\s*(\d{1,3}))?")
Done = Authorization | NotNow
Act = Callable[[Transaction, Person, Authorization, str], Done]


class AuthorizationPages:
    def __init__(
        self, gate: Gate, practice: Practice, records: Records, reading: Reading, duty: Authorizations
    ) -> None:
        self._gate, self._practice, self._records = gate, practice, records
        self._reading, self._clock, self._duty = reading, reading.clock, duty
        self._acts = Acts(duty, practice)

    def places(self) -> list[Place]:
        place, here, theirs = self._gate.place, "/authorizations/{authorization}", "/persons/{person}"
        return [
            place("/authorizations", SEES, self.board),
            place(f"{theirs}/authorizations", SEES, self.of_person),
            place(f"{theirs}/authorizations", SEES, self.track, "POST"),
            place(here, SEES, self.page),
            place(f"{here}/fax.pdf", READS, self.fax),
            place(f"{here}/codes", CONFIRMS, self.codes, "POST"),
            place(f"{here}/bridge", CONFIRMS, self.bridge, "POST"),
            place(f"{here}/act", ACTS, self.act, "POST"),
            place(f"{here}/told", ACTS, self.told, "POST"),
            place(f"{here}/undo", READS, self.undo, "POST"),
        ]

    # -- looking -------------------------------------------------------------------------------------------------------

    async def board(self, request: Request) -> Response:
        session = session_of(request)
        found = await asyncio.to_thread(self._board, None)
        await asyncio.to_thread(
            self._reading.listed, session, [each.about for each in found.open + found.over]
        )
        page = draw("authorizations.html", practice=self._practice, session=session, board=found)
        return HTMLResponse(page)

    def _board(self, person: str | None) -> Board:
        with self._records.transaction(self._practice.id) as tx:
            return board(tx, self._practice, self._clock.now(), person)

    async def of_person(self, request: Request) -> Response:
        return await self._theirs(session_of(request), request.path_params["person"], "")

    async def _theirs(self, session: Session, person: str, wrong: str, status: int = 200) -> Response:
        found = await asyncio.to_thread(self._person, person)
        if found is None:
            raise HTTPException(404, "person")
        await asyncio.to_thread(self._reading.opened, session, f"person/{person}")
        lines = await asyncio.to_thread(self._board, person)
        page = draw(
            "authorizations-of.html",
            practice=self._practice,
            session=session,
            board=lines,
            person=person,
            name=name_of(found),
            insurer=insurer_name(self._practice, need.insurer_of(self._practice, found)),
            tracked=TRACKED,
            wrong=wrong,
        )
        return HTMLResponse(page, status)

    def _person(self, person: str) -> Person | None:
        with self._records.transaction(self._practice.id) as tx:
            return tx.people.get(person)

    async def page(self, request: Request) -> Response:
        return await self._one(session_of(request), request.path_params["authorization"], "")

    async def _one(self, session: Session, name: str, wrong: str, status: int = 200) -> Response:
        found = await asyncio.to_thread(self._shown, session, name)
        if found is None:
            raise HTTPException(404, "page")
        await asyncio.to_thread(self._reading.opened, session, f"person/{found.person}")
        page = draw(
            "authorization.html",
            practice=self._practice,
            session=session,
            one=found,
            wrong=wrong,
            verdicts=VERDICTS,
            not_done=NOT_DONE,
        )
        return HTMLResponse(page, status)

    def _shown(self, session: Session, name: str) -> Shown | None:
        assert session.account is not None
        with self._records.transaction(self._practice.id, session.account.id) as tx:
            found = kept.get(tx, name)
            if found is None:
                return None
            roles = session.account.roles
            return shown(tx, self._practice, self._duty, found, roles, self._clock.now())

    async def fax(self, request: Request) -> Response:
        session, name = session_of(request), request.path_params["authorization"]
        content = await asyncio.to_thread(self._faxed, session, name)
        if content is None:
            raise HTTPException(404, "page")
        headers = {"Content-Disposition": 'inline; filename="authorization.pdf"', "Cache-Control": "no-store"}
        return Response(content, media_type="application/pdf", headers=headers)

    def _faxed(self, session: Session, name: str) -> bytes | None:
        assert session.account is not None
        now = self._clock.now()
        with self._records.transaction(self._practice.id, session.account.id) as tx:
            found = kept.get(tx, name)
            person = tx.people.get(found.request.person) if found is not None else None
            if found is None or person is None:
                return None
            is_notice = found.request.is_tracked and self._practice.eligibility.part_2
            if not is_notice and (found.codes is None or found.released is None):
                return None
            if self._duty.why_not(tx, person, found, now):
                return None
            about = f"authorization/{found.id}"
            tx.ledger.note(at=now, who=session.account.id, what="printed", about=about)
            return fax(tx, self._practice, person, found, now)

    # -- doing ---------------------------------------------------------------------------------------------------------

    async def codes(self, request: Request) -> Response:
        form = await form_of(request)
        codes = codes_in(form)

        def confirmed(tx: Transaction, person: Person, found: Authorization, by: str) -> Done:
            if codes is None:
                return "codes"
            return self._acts.confirm(tx, found, codes, by, self._clock.now())

        return await self._change(request, confirmed)

    async def bridge(self, request: Request) -> Response:
        answer = str((await form_of(request)).get("answer"))
        if answer not in ("yes", "no"):
            raise HTTPException(422, "choice")

        def noted(tx: Transaction, person: Person, found: Authorization, by: str) -> Done:
            return self._acts.note(tx, found, by, self._clock.now(), bridge=answer)

        return await self._change(request, noted)

    async def act(self, request: Request) -> Response:
        form = await form_of(request)
        what, paper = str(form.get("what")), str(form.get("paper") or "")
        if what not in self._plain():
            raise HTTPException(422, "choice")

        def done(tx: Transaction, person: Person, found: Authorization, by: str) -> Done:
            now = self._clock.now()
            if what == "release":
                return self._acts.release(tx, person, found, by, now)
            if what == "attach":
                return self._acts.attach(tx, found, paper, by, now)
            return self._plain()[what](tx, found, by, now)  # type: ignore[no-any-return]

        return await self._change(request, done)

    def _plain(self) -> dict[str, Callable[..., Any]]:
        acts = self._acts
        return {
            "release": acts.release,
            "attach": acts.attach,
            "sent": acts.sent_by_hand,
            "chased": acts.chased,
            "ask": acts.ask,
            "cancel": acts.cancel,
            "cancelled": acts.cancelled_by_hand,
            "appeal": acts.appeal,
            "let_stand": acts.let_stand,
            "take": acts.take,
        }

    async def told(self, request: Request) -> Response:
        form = await form_of(request)
        verdict = next((each for each in VERDICTS if each == form.get("verdict")), None)
        if verdict is None:
            raise HTTPException(422, "choice")

        def written(tx: Transaction, person: Person, found: Authorization, by: str) -> Done:
            ruled, now = ruled_in(form, verdict, found), self._clock.now()
            dated = self._dated(form, now)
            if ruled is None or dated == "wrong":
                return "codes"
            return self._acts.told(tx, found, ruled, by, now, None if isinstance(dated, str) else dated)

        return await self._change(request, written)

    def _dated(self, form: FormData, now: datetime) -> datetime | Literal["", "wrong"]:
        """At noon of the day of the plan's letter; none of a day to come."""
        written = str(form.get("dated") or "")
        try:
            found = at_local(self._practice, date.fromisoformat(written), time(12)) if written else None
        except ValueError:
            return "wrong"
        if found is None:
            return ""
        return "wrong" if found.date() > local_date(self._practice, now) else min(found, now)

    async def undo(self, request: Request) -> Response:
        step = str((await form_of(request)).get("step"))
        clinician_only = "biller" not in _roles(session_of(request))

        def taken_back(tx: Transaction, person: Person, found: Authorization, by: str) -> Done:
            last = found.steps[-1] if found.steps else None
            theirs = last is not None and (last.kind == "codes" or bool(last.value("bridge")))
            if clinician_only and not theirs:
                return "state"
            return self._acts.undo(tx, found, step, by, self._clock.now())

        return await self._change(request, taken_back)

    async def _change(self, request: Request, act: Act) -> Response:
        session, name = session_of(request), request.path_params["authorization"]
        done = await asyncio.to_thread(self._changed, session, name, act)
        if done is None:
            raise HTTPException(404, "page")
        if isinstance(done, Authorization):
            return RedirectResponse(f"/authorizations/{name}", 303)
        return await self._one(session, name, NOT_DONE[done], 409)

    def _changed(self, session: Session, name: str, act: Act) -> Done | None:
        assert session.account is not None
        with self._records.transaction(self._practice.id, session.account.id) as tx:
            found = kept.get(tx, name)
            person = tx.people.get(found.request.person) if found is not None else None
            return act(tx, person, found, session.name) if found is not None and person is not None else None

    async def track(self, request: Request) -> Response:
        """By staff: a draft for the next visit, or work that goes by somebody's hands."""
        session, person = session_of(request), request.path_params["person"]
        form = await form_of(request)
        what, key = str(form.get("what")), " ".join(str(form.get("portal_key") or "").split())[:LONGEST]
        if what != "visits" and what not in TRACKED:
            raise HTTPException(422, "choice")
        made = await asyncio.to_thread(self._begun, session, person, what, key)
        if made is None:
            raise HTTPException(404, "person")
        if not made:
            return await self._theirs(session, person, "No visit of theirs stands ahead.", 409)
        return RedirectResponse(f"/authorizations/{made}", 303)

    def _begun(self, session: Session, person_id: str, what: str, key: str) -> str | None:
        """The id; "" where there is no visit to draft it for, None where nobody is on record."""
        assert session.account is not None
        now = self._clock.now()
        with self._records.transaction(self._practice.id, session.account.id) as tx:
            person = tx.people.get(person_id)
            if person is None:
                return None
            visit = units.next_visit(tx, person.id, now)
            clinician = visit.slot.clinician if visit is not None else person.clinician or ""
            if what == "visits":
                if visit is None:
                    return ""
                return self._duty.draft(tx, person, visit, now, by=session.name).id
            insurer = need.insurer_of(self._practice, person)
            made = self._acts.track(
                tx, person, what, insurer, session.name, now, portal_key=key, clinician=clinician  # type: ignore[arg-type]
            )  # fmt: skip
            return made.id


def _roles(session: Session) -> tuple[str, ...]:
    return session.account.roles if session.account is not None else ()


def codes_in(form: FormData) -> Codes | None:
    """What a clinician typed; None where a code or a day can't be one."""
    diagnoses = tuple(dict.fromkeys(_split(form, "diagnoses")))
    services = [SERVICE.fullmatch(each) for each in _split(form, "services")]
    try:
        first, last = (date.fromisoformat(str(form.get(name) or "")) for name in ("first_day", "last_day"))
    except ValueError:
        return None
    right = all(DIAGNOSIS.fullmatch(each) for each in diagnoses) and all(services) and first <= last
    few = 0 < len(diagnoses) <= MOST_DIAGNOSES and 0 < len(services) <= MOST_SERVICES
    if not right or not few:
        return None
    asked = tuple(AskedService(found[1], units=Decimal(found[2] or 1)) for found in services if found)
    return Codes(diagnoses, asked, first, last, form.get("expedited") == "yes")


def _split(form: FormData, name: str) -> list[str]:
    written = re.split(r"[,;\n]", str(form.get(name) or "").upper())
    return [each for each in (" ".join(part.split()) for part in written) if each]


def ruled_in(form: FormData, verdict: Verdict, found: Authorization) -> Ruled | None:
    """What a biller was told. Units are of all that was asked for together; "" is not said."""
    number = " ".join(str(form.get("number") or "").split())[:LONGEST]
    reason = " ".join(str(form.get("reason") or "").split())[:LONGEST]
    wants = tuple(each.capitalize() for each in _split(form, "wants"))[:MOST_SERVICES]
    try:
        first, last = (
            date.fromisoformat(said) if (said := str(form.get(name) or "")) else None
            for name in ("first_day", "last_day")
        )
        count = Decimal(said) if (said := str(form.get("units") or "").strip()) else None
    except (ValueError, InvalidOperation):
        return None
    if (count is not None and not 0 <= count <= 999) or (first and last and last < first):
        return None
    codes = found.codes.services if found.codes else ()
    named = codes[0].procedure if len(codes) == 1 else ""
    services = (ApprovedService(named, count),) if count is not None else ()
    because = ((reason, ""),) if reason else ()
    return Ruled(verdict, number, "", first, last, services, because, wants)
