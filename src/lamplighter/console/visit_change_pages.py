"""Moving a visit and calling it off: the free times, the words that its people get, a reason, and the way back."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from lamplighter.console import wording
from lamplighter.console.access import Session
from lamplighter.console.gate import Gate, form_of, session_of
from lamplighter.console.pages import draw
from lamplighter.console.roles import Place
from lamplighter.console.visit_room import CHANGES, VisitRoom, day_in, found, named, view_in, who
from lamplighter.console.visit_shown import NOT_DONE, REASONS, asked_slot, value_of
from lamplighter.conversation.slots import Slot
from lamplighter.desk import rearranging, rearranging_kept
from lamplighter.desk.ports import Transaction, Visit
from lamplighter.desk.rearranging import NotDone, Wanted
from lamplighter.desk.rearranging_kept import REASONS as REASONS_KEPT
from lamplighter.desk.rearranging_kept import Change
from lamplighter.desk.rearranging_told import Telling
from lamplighter.desk.rearranging_undo import CanNotBeUndone, undo
from lamplighter.practice.calendar import local_date

LOOKED_AT: Final = timedelta(days=21)
DAYS, OF_A_DAY = 5, 8
"""How many days with free times are listed, and how many times of each."""

NOT_UNDONE: Final = (
    "It could not be taken back: something stands in the old time by now, or it was changed again."
)
TOO_LATE: Final = (
    "It is too late to take that back: the two minutes are over, or somebody has done so already."
)
SAY_WHY: Final = "Choose a time and a reason. Nothing was changed."
Again = Callable[[Request, Mapping[str, object], str, int], Awaitable[Response]]


class VisitChangePages:
    def __init__(self, gate: Gate, room: VisitRoom) -> None:
        self._gate, self._room = gate, room

    def places(self) -> list[Place]:
        place, visit = self._gate.place, "/schedule/visits/{visit}"
        return [
            place(f"{visit}/move", CHANGES, self.move_page),
            place(f"{visit}/move", CHANGES, self.move, "POST"),
            place(f"{visit}/cancel", CHANGES, self.cancel_page),
            place(f"{visit}/cancel", CHANGES, self.cancel, "POST"),
            place("/schedule/changes/{change}/undo", CHANGES, self.undo, "POST"),
        ]

    # -- moving --------------------------------------------------------------------------------------------------------

    async def move_page(self, request: Request) -> Response:
        return await self._moving(request, request.query_params)

    async def _moving(
        self, request: Request, form: Mapping[str, object], wrong: str = "", status: int = 200
    ) -> Response:
        session, name = session_of(request), named(request)
        given = await asyncio.to_thread(self._to_move, session, name, form, wrong)
        return HTMLResponse(draw("visit-move.html", **given), status)

    def _to_move(
        self, session: Session, name: str, form: Mapping[str, object], wrong: str
    ) -> dict[str, object]:
        """The free times and, where one is chosen, what would come of it."""
        now, practice = self._room.clock.now(), self._room.practice
        anybody, first = form.get("anybody") == "yes", day_in(str(form.get("from") or ""))
        with self._room.records.transaction(practice.id) as tx:
            visit = self._room.visit(tx, session, name)
            shown = self._room.words.visit(tx, visit, now)
            chosen, told = asked_slot(practice, visit, str(form.get("to") or "")), tuple[Telling, ...]()
            begins = max(first or local_date(practice, visit.slot.start), local_date(practice, now))
            slots = self._next(tx, visit, begins, anybody=anybody)
            if chosen is not None and shown.may_change:
                chosen, missing = self._had(tx, visit, chosen)
                wrong = wrong or (NOT_DONE["taken"] if missing else "")
                told = rearranging.preview(tx, practice, visit, chosen, now, self._room.law) if chosen else ()
        self._room.listed(session, visit)
        return {
            "practice": practice, "session": session, "visit": shown, "wrong": wrong, "reasons": REASONS,
            "days": self._room.words.places(slots, chosen), "anybody": anybody, "begins": begins.isoformat(),
            "value": value_of(chosen) if chosen else "", "to": self._room.words.slot(chosen) if chosen else "",
            "told": self._room.words.tellings(told, now), "view": view_in(form), "others": len(practice.clinicians) > 1,
        }  # fmt: skip

    def _had(self, tx: Transaction, visit: Visit, wanted: Slot) -> tuple[Slot | None, bool]:
        """The place that is wanted, and whether it can't be had."""
        day = local_date(self._room.practice, wanted.start)
        here = self._room.places(tx, visit, [day], [wanted.clinician])
        place = next(
            (each for each in here if (each.start, each.clinician) == (wanted.start, wanted.clinician)), None
        )
        return place, place is None

    def _next(self, tx: Transaction, visit: Visit, first: date, *, anybody: bool) -> tuple[Slot, ...]:
        """The next free times from that day on, a few of each day."""
        who = [each.id for each in self._room.practice.clinicians] if anybody else []
        days = [first + timedelta(days=n) for n in range(LOOKED_AT.days)]
        by_day = dict[date, list[Slot]]()
        for slot in self._room.places(tx, visit, days, who):
            by_day.setdefault(local_date(self._room.practice, slot.start), []).append(slot)
        return tuple(slot for each in list(by_day.values())[:DAYS] for slot in each[:OF_A_DAY])

    async def move(self, request: Request) -> Response:
        form = await form_of(request)
        with_whom = str(form.get("to") or "")
        session, name = session_of(request), named(request)

        def moved() -> Change | NotDone | None:
            with self._room.records.transaction(self._room.practice.id, who(session)) as tx:
                visit = found(tx, name)
                slot = asked_slot(self._room.practice, visit, with_whom)
                wanted = _wanted(name, form, slot)
                if wanted is None or slot is None:
                    return None
                return self._change(tx, session, wanted)

        return await self._answered(request, form, await asyncio.to_thread(moved), self._moving)

    # -- calling off ---------------------------------------------------------------------------------------------------

    async def cancel_page(self, request: Request) -> Response:
        return await self._cancelling(request, request.query_params)

    async def _cancelling(
        self, request: Request, form: Mapping[str, object], wrong: str = "", status: int = 200
    ) -> Response:
        session, name = session_of(request), named(request)

        def read() -> dict[str, object]:
            now = self._room.clock.now()
            with self._room.records.transaction(self._room.practice.id) as tx:
                visit = self._room.visit(tx, session, name)
                told = rearranging.preview(tx, self._room.practice, visit, None, now, self._room.law)
                shown = self._room.words.visit(tx, visit, now)
            self._room.listed(session, visit)
            return {"visit": shown, "told": self._room.words.tellings(told, now)}

        given = await asyncio.to_thread(read)
        given |= {"practice": self._room.practice, "session": session, "reasons": REASONS}
        given |= {"wrong": wrong, "view": view_in(form)}
        return HTMLResponse(draw("visit-cancel.html", **given), status)

    async def cancel(self, request: Request) -> Response:
        form = await form_of(request)
        session, name = session_of(request), named(request)

        def called_off() -> Change | NotDone | None:
            with self._room.records.transaction(self._room.practice.id, who(session)) as tx:
                found(tx, name)
                wanted = _wanted(name, form, None)
                return self._change(tx, session, wanted) if wanted is not None else None

        return await self._answered(request, form, await asyncio.to_thread(called_off), self._cancelling)

    # -- both ----------------------------------------------------------------------------------------------------------

    def _change(self, tx: Transaction, session: Session, wanted: Wanted) -> Change | NotDone:
        now = self._room.clock.now()
        done = rearranging.change(
            tx, self._room.practice, wanted, by=session.name, now=now, law=self._room.law
        )
        if (
            isinstance(done, NotDone)
            and done.why == "changed"
            and (again := self._twice(tx, session, wanted))
        ):
            return again
        return done

    def _twice(self, tx: Transaction, session: Session, wanted: Wanted) -> Change | None:
        """The same pressed twice is one."""
        last = rearranging_kept.latest(tx, wanted.visit)
        if last is None or last.by != session.name or last.before.slot.start != wanted.seen:
            return None
        return last if _starts(last.after.slot if last.after else None) == _starts(wanted.slot) else None

    async def _answered(
        self, request: Request, form: Mapping[str, object], done: Change | NotDone | None, again: Again
    ) -> Response:
        if done is None:
            return await again(request, form, SAY_WHY, 422)
        if isinstance(done, NotDone):
            wrong = await asyncio.to_thread(self._why_not, done, named(request))
            if done.why == "taken":
                return await again(request, form, wrong, 409)
            return await self._room.page(request, named(request), wrong, 409)
        slot = done.after.slot if done.after is not None else done.before.slot
        return RedirectResponse(self._back(slot, view_in(form), {"change": done.id}), 303)

    def _why_not(self, refused: NotDone, name: str) -> str:
        with self._room.records.transaction(self._room.practice.id) as tx:
            change, visit = rearranging_kept.latest(tx, name), tx.schedule.visit(name)
        others = [wording.when(each.start, self._room.practice.timezone) for each in refused.others]
        near = f" Free near it: {', '.join(others)}." if others else ""
        return self._room.words.not_done(refused, change, visit) + near

    def _back(self, slot: Slot, view: str, more: Mapping[str, str]) -> str:
        day = local_date(self._room.practice, slot.start).isoformat()
        of_week = {"view": "week", "clinician": slot.clinician} if view == "week" else {}
        return f"/schedule?{urlencode({**of_week, 'day': day, **more})}"

    async def undo(self, request: Request) -> Response:
        session, form = session_of(request), await form_of(request)
        name = str(request.path_params["change"])

        def undone() -> Change | None:
            with self._room.records.transaction(self._room.practice.id, who(session)) as tx:
                return undo(tx, self._room.practice, name, by=session.name, now=self._room.clock.now())

        try:
            change = await asyncio.to_thread(undone)
        except CanNotBeUndone:
            change = None
        if change is None:
            return await self._not_undone(request, name)
        return RedirectResponse(self._back(change.before.slot, view_in(form), {"undone": "yes"}), 303)

    async def _not_undone(self, request: Request, name: str) -> Response:
        def read() -> tuple[str, str]:
            with self._room.records.transaction(self._room.practice.id) as tx:
                change, now = rearranging_kept.of(tx, name), self._room.clock.now()
            if change is None:
                raise HTTPException(404, "page")
            late = change.done or now >= change.begins
            return (change.after or change.before).id, TOO_LATE if late else NOT_UNDONE

        visit, wrong = await asyncio.to_thread(read)
        return await self._room.page(request, visit, wrong, 409)


def _wanted(name: str, form: Mapping[str, object], slot: Slot | None) -> Wanted | None:
    """What a form wants; None where it says no reason, or not how the visit was seen."""
    reason = next((each for each in REASONS_KEPT if each == form.get("reason")), None)
    seen, _, with_whom = str(form.get("seen") or "").rpartition(" ")
    try:
        at = datetime.fromisoformat(seen)
    except ValueError:
        return None
    if reason is None or at.tzinfo is None:
        return None
    return Wanted(name, at, with_whom, reason, slot, form.get("which") == "and_after")


def _starts(slot: Slot | None) -> tuple[datetime, str] | None:
    return (slot.start, slot.clinician) if slot is not None else None
