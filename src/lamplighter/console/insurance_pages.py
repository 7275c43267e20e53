"""Somebody's insurance: what their plan said and when, why it is not asked, what is on file, and *Check now*."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from lamplighter.console.access import Session
from lamplighter.console.gate import Gate, form_of, session_of
from lamplighter.console.insurance_shown import InsuranceShown, insurance_shown
from lamplighter.console.of_a_person import Change, changed
from lamplighter.console.pages import draw
from lamplighter.console.reading import Reading
from lamplighter.console.roles import Place, only
from lamplighter.console.task_words import WHOSE
from lamplighter.desk import chart_kept, charting, eligibility, plan_card_kept, plan_gates, plan_kept
from lamplighter.desk.chart_paper import paper
from lamplighter.desk.eligibility import Begun, Plans
from lamplighter.desk.plan_gates import PURPOSES
from lamplighter.desk.ports import Clock, Person, Records, Transaction
from lamplighter.desk.ports.coverage import Insured
from lamplighter.practice.model import Practice

LONGEST_NAME, LONGEST_NUMBER = 60, 30
INLINE = {"content-disposition": 'inline; filename="plan.pdf"'}
SEES = only("owner", "clinician", "desk", "biller")


class InsurancePages:
    def __init__(
        self, gate: Gate, practice: Practice, records: Records, clock: Clock, reading: Reading, plans: Plans
    ) -> None:
        self._gate, self._practice, self._records = gate, practice, records
        self._clock, self._reading, self._plans = clock, reading, plans

    def places(self) -> list[Place]:
        place, here = self._gate.place, "/persons/{person}/insurance"
        return [
            place(here, SEES, self.page),
            place(f"{here}/now", SEES, self.now),
            place(f"{here}/check", SEES, self.check, "POST"),
            place(f"{here}/plan", SEES, self.plan, "POST"),
            place(f"{here}/said", SEES, self.said, "POST"),
            place(f"{here}/restrict", SEES, self.restrict, "POST"),
            place(f"{here}/chart", SEES, self.chart, "POST"),
            place(f"{here}/paper/{{question}}", SEES, self.paper),
        ]

    # -- looking -------------------------------------------------------------------------------------------------------

    async def page(self, request: Request) -> Response:
        session, person = session_of(request), request.path_params["person"]
        shown = await asyncio.to_thread(self._shown, session, person)
        if shown is None:
            raise HTTPException(404, "person")
        await asyncio.to_thread(self._reading.opened, session, f"person/{person}")
        return HTMLResponse(self._draw("insurance.html", session, shown))

    async def now(self, request: Request) -> Response:
        """What changes while a plan is asked."""
        session, person = session_of(request), request.path_params["person"]
        shown = await asyncio.to_thread(self._shown, session, person)
        if shown is None:
            raise HTTPException(404, "person")
        return HTMLResponse(self._draw("insurance-now.html", session, shown))

    def _draw(self, page: str, session: Session, shown: InsuranceShown) -> str:
        return draw(page, practice=self._practice, session=session, plan=shown, whose=WHOSE)

    def _shown(self, session: Session, person_id: str) -> InsuranceShown | None:
        assert session.account is not None
        with self._records.transaction(self._practice.id, session.account.id) as tx:
            person = tx.people.get(person_id)
            if person is None:
                return None
            return insurance_shown(tx, self._practice, self._plans, person, self._clock.now())

    # -- doing ---------------------------------------------------------------------------------------------------------

    async def check(self, request: Request) -> Response:
        """Asks now, unless it is being asked, or was just now: then what came stands on the page."""
        await form_of(request)

        def asked(tx: Transaction, person: Person, by: str) -> None:
            self._check(tx, person, by)

        return await self._change(request, asked)

    async def plan(self, request: Request) -> Response:
        """What is on file of it, put right; it is asked anew by itself."""
        form = await form_of(request)
        fields, holder, card = self._changed_by(form), _holder_in(form), str(form.get("card") or "")

        def written(tx: Transaction, person: Person, by: str) -> None:
            now = self._clock.now()
            changed = fields(person)
            own = changed.subscriber in (None, plan_gates.OWN)
            plan_kept.keep_holder(tx, person.id, None if own else holder, by=by, now=now)
            tx.people.update(changed)
            eligibility.plan_anew(tx, self._practice, person.id, now)
            self._read_from(tx, changed, card, by)

        return await self._change(request, written)

    def _read_from(self, tx: Transaction, person: Person, card: str, by: str) -> None:
        """What was kept was typed from the picture of their card: it is asked at once, or nobody can."""
        there, now = plan_card_kept.of(tx, person.id), self._clock.now()
        if there is None or there.id != card:
            return
        if person.member_id is not None:
            plan_card_kept.typed(tx, there, person.id, by=by, now=now)
        begun = self._check(tx, person, by)
        if begun.reason is not None and person.member_id is not None:
            plan_card_kept.looked_at(tx, person.id, by)
        asked = [plan_kept.latest(tx, each) for each in begun.questions]
        if any(each is not None and each.outcome == "answered" for each in asked):
            plan_card_kept.done_with(tx, person.id, by=by, now=now)

    def _check(self, tx: Transaction, person: Person, by: str) -> Begun:
        now = self._clock.now()
        ahead = tx.schedule.visits_of(person.id, now)
        visit = next((each for each in ahead if each.status in eligibility.STANDS), None)
        return self._plans.begin(tx, person, visit, now, by)

    def _changed_by(self, form: FormData) -> Callable[[Person], Person]:
        """What was drawn otherwise than it came back; all else stays as it is on file by now."""
        insurer, whose = str(form.get("insurer") or ""), str(form.get("whose") or "")
        changed: dict[str, Any] = {}
        if _is_new(form, "insurer", insurer):
            changed["insurer"] = _one_of(insurer, {each.id for each in self._practice.insurers})
        if _is_new(form, "member_id", str(form.get("member_id") or "")):
            changed["member_id"] = _number_in(form, "member_id")
        if "group_number" in form and _is_new(form, "group_number", str(form.get("group_number") or "")):
            changed["group_number"] = _number_in(form, "group_number")
        if _is_new(form, "whose", whose):
            changed["subscriber"] = _one_of(whose, WHOSE)
        pays = str(form.get("self_pay") or "")
        if _is_new(form, "self_pay", pays):
            changed["self_pay"] = pays == "yes"
        return lambda person: replace(person, **changed)

    async def said(self, request: Request) -> Response:
        form = await form_of(request)
        purpose = next((each for each in PURPOSES if each == form.get("purpose")), None)
        answer = {"yes": True, "no": False}.get(str(form.get("answer")))
        if purpose is None or answer is None:
            raise HTTPException(422, "choice")

        def kept(tx: Transaction, person: Person, by: str) -> None:
            now = self._clock.now()
            plan_gates.keep_answer(tx, person.id, purpose, answer, wording=f"told:{by}", now=now)
            eligibility.plan_anew(tx, self._practice, person.id, now)

        return await self._change(request, kept)

    async def restrict(self, request: Request) -> Response:
        """They pay themselves, and asked that their plan be told nothing (45 CFR 164.522); or it is lifted."""
        form = await form_of(request)
        on = {"on": True, "off": False}.get(str(form.get("restrict")))
        if on is None:
            raise HTTPException(422, "choice")

        def stated(tx: Transaction, person: Person, by: str) -> None:
            now = self._clock.now()
            if on:
                return plan_kept.restrict(tx, person.id, by=by, now=now)
            plan_kept.lift_restriction(tx, person.id, by=by, now=now)
            return eligibility.plan_anew(tx, self._practice, person.id, now)

        return await self._change(request, stated)

    # -- the chart -----------------------------------------------------------------------------------------------------

    async def paper(self, request: Request) -> Response:
        """What a plan answered, on one page."""
        session, person = session_of(request), request.path_params["person"]
        made = await asyncio.to_thread(self._paper, session, person, request.path_params["question"])
        if made is None:
            raise HTTPException(404, "page")
        await asyncio.to_thread(self._reading.opened, session, f"person/{person}")
        return Response(made, media_type="application/pdf", headers=INLINE)

    def _paper(self, session: Session, person_id: str, name: str) -> bytes | None:
        assert session.account is not None
        with self._records.transaction(self._practice.id, session.account.id) as tx:
            person, question = tx.people.get(person_id), plan_kept.question(tx, name)
            if person is None or question is None or question.person != person.id:
                return None
            reading = plan_kept.latest(tx, question)
            if reading is None or reading.outcome != "answered":
                return None
            note = chart_kept.note_of(tx, self._practice, person, question, reading)
        return paper(note, self._practice.name) if note is not None else None

    async def chart(self, request: Request) -> Response:
        """An answer is in the chart by somebody's hand, or is tried once more."""
        form = await form_of(request)
        act, name = form.get("act"), str(form.get("question") or "")
        if act not in ("again", "done", "look"):
            raise HTTPException(422, "choice")

        def acted(tx: Transaction, person: Person, by: str) -> None:
            question, now = plan_kept.question(tx, name), self._clock.now()
            standing = chart_kept.stands(tx, question) if question is not None else None
            mine = question is not None and question.person == person.id
            if question is None or not mine or standing is None:
                return None
            if standing.step == "written":
                return charting.look_again(tx, question, now) if act == "look" else None
            if standing.step == "done" or act == "look":
                return None
            if act == "done":
                return charting.done_by_hand(tx, question, now, by)
            return charting.ask(tx, question, now, by)

        return await self._change(request, acted)

    async def _change(self, request: Request, change: Change) -> Response:
        session, person = session_of(request), request.path_params["person"]
        if not await asyncio.to_thread(changed, self._records, self._practice, session, person, change):
            raise HTTPException(404, "person")
        return RedirectResponse(f"/persons/{person}/insurance", 303)


def _is_new(form: FormData, name: str, value: str) -> bool:
    """Whether it came back otherwise than the page had it, as far as the form tells."""
    drawn = form.get(f"drawn_{name}")
    return drawn is None or str(drawn) != value


def _one_of(value: str, known: Collection[str]) -> str | None:
    """Raises HTTPException for what the page does not offer."""
    if value and value not in known:
        raise HTTPException(422, "choice")
    return value or None


def _number_in(form: FormData, name: str) -> str | None:
    number = "".join(str(form.get(name) or "").split()).upper()[:LONGEST_NUMBER]
    if number and not number.replace("-", "").isalnum():
        raise HTTPException(422, "choice")
    return number or None


def _holder_in(form: FormData) -> Insured | None:
    """Who holds the plan, where it is somebody else. Raises HTTPException where their birth date can't be read."""
    first, last = (
        " ".join(str(form.get(name) or "").split())[:LONGEST_NAME] for name in ("holder_first", "holder_last")
    )
    written = str(form.get("holder_born") or "")
    try:
        born = date.fromisoformat(written) if written else None
    except ValueError as wrong:
        raise HTTPException(422, "choice") from wrong
    return Insured(first, last, born) if first and last else None
