"""What the pages of one visit share: finding it for whoever may see it, where it could be, and the page itself."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from lamplighter.console.access import Session
from lamplighter.console.gate import MayNot, session_of
from lamplighter.console.pages import draw
from lamplighter.console.reading import Reading
from lamplighter.console.roles import only
from lamplighter.console.schedule_shown import Seeing
from lamplighter.console.visit_shown import VisitShown, VisitWords
from lamplighter.conversation.slots import Slot
from lamplighter.desk import rearranging
from lamplighter.desk.ports import Clock, Records, Transaction, Visit
from lamplighter.law.states import LawData
from lamplighter.practice.model import Practice

CHANGES: Final = only("owner", "desk")


@dataclass(frozen=True, slots=True)
class VisitRoom:
    """Whoever is a clinician and nothing else opens their own visits and changes none."""

    practice: Practice
    records: Records
    clock: Clock
    reading: Reading
    words: VisitWords
    law: LawData

    def seeing(self, session: Session) -> Seeing:
        assert session.account is not None
        return Seeing(self.practice, session.account)

    def visit(self, tx: Transaction, session: Session, name: str) -> Visit:
        """Raises HTTPException where there is none, MayNot where it is not theirs to see."""
        visit = found(tx, name)
        if not self.seeing(session).opens(visit):
            raise MayNot(CHANGES)
        return visit

    def listed(self, session: Session, visit: Visit) -> None:
        self.reading.listed(session, [f"person/{each}" for each in visit.participants])

    def places(
        self, tx: Transaction, visit: Visit, days: Iterable[date], clinicians: Iterable[str]
    ) -> tuple[Slot, ...]:
        """None where it can't be changed any more."""
        now = self.clock.now()
        if visit.status not in rearranging.STANDING or visit.slot.start <= now:
            return ()
        return rearranging.places(tx, self.practice, visit, days, now, clinicians)

    async def page(self, request: Request, name: str, wrong: str = "", status: int = 200) -> Response:
        session = session_of(request)
        shown = await asyncio.to_thread(self._shown, session, name)
        given: dict[str, object] = {
            "practice": self.practice,
            "session": session,
            "visit": shown,
            "wrong": wrong,
        }
        given["confirmed"] = "confirmed" in request.query_params
        given["changes"] = self.seeing(session).changes
        return HTMLResponse(draw("visit.html", **given), status)

    def _shown(self, session: Session, name: str) -> VisitShown:
        with self.records.transaction(self.practice.id) as tx:
            visit = self.visit(tx, session, name)
            shown = self.words.visit(tx, visit, self.clock.now())
        self.reading.opened(session, f"visit/{name}")
        self.listed(session, visit)
        return shown


def found(tx: Transaction, name: str) -> Visit:
    """Raises HTTPException."""
    visit = tx.schedule.visit(name)
    if visit is None:
        raise HTTPException(404, "page")
    return visit


def named(request: Request) -> str:
    return str(request.path_params["visit"])


def who(session: Session) -> str:
    assert session.account is not None
    return session.account.id


def day_in(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def view_in(form: Mapping[str, object]) -> str:
    """Where whoever changes a visit came from."""
    return "week" if form.get("view") == "week" else "day"
