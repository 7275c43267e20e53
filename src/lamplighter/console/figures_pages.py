"""The numbers of some days and what reminders and the wait list came to, each with how it is computed."""

import asyncio
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from lamplighter.console import figures_shown
from lamplighter.console.figures_shown import Period, Shown, span
from lamplighter.console.gate import Gate, session_of
from lamplighter.console.pages import draw
from lamplighter.console.roles import AT_THE_DESK, Place
from lamplighter.desk import missed_danger, numbers, tallying
from lamplighter.desk.authorizations.kept import everybodys
from lamplighter.desk.figures import figures
from lamplighter.desk.ports import Clock, Job, Records
from lamplighter.practice.calendar import local_date
from lamplighter.practice.model import Practice

COUNTED_AT_ONCE = 100
"""How many contacts a page counts before it is drawn: those that have ended since the hour."""


@dataclass(frozen=True, slots=True)
class FiguresPages:
    gate: Gate
    practice: Practice
    records: Records
    clock: Clock

    def places(self) -> list[Place]:
        place = self.gate.place
        return [place("/figures", AT_THE_DESK, self.page), place("/figures.csv", AT_THE_DESK, self.file)]

    async def page(self, request: Request) -> Response:
        today = local_date(self.practice, self.clock.now())
        asked = figures_shown.period(request.query_params, today)
        behind = await asyncio.to_thread(self._catch_up)
        page = draw(
            "figures.html",
            practice=self.practice,
            session=session_of(request),
            asked=asked,
            behind=behind,
            lately=figures_shown.lately(today),
            shown=await asyncio.to_thread(self._shown, asked),
            span=span,
            figures=await asyncio.to_thread(figures, self.records, self.practice, self.clock.now()),
        )
        return HTMLResponse(page)

    async def file(self, request: Request) -> Response:
        asked = figures_shown.period(request.query_params, local_date(self.practice, self.clock.now()))
        await asyncio.to_thread(self._catch_up)
        written = figures_shown.as_csv(asked, await asyncio.to_thread(self._shown, asked))
        name = f"figures-{asked.first.isoformat()}-{asked.last.isoformat()}.csv"
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(written, media_type="text/csv; charset=utf-8", headers=headers)

    def _catch_up(self) -> bool:
        """Whether some contacts are still to be counted; a job then goes on."""
        if tallying.catch_up(self.records, self.practice, COUNTED_AT_ONCE) < COUNTED_AT_ONCE:
            return False
        now = self.clock.now()
        with self.records.transaction(self.practice.id) as tx:
            tx.jobs.enqueue(Job(f"{tallying.JOB}:page:{now:%Y-%m-%dT%H:%M}", tallying.JOB, now))
        return True

    def _shown(self, asked: Period) -> Shown:
        start, end, now = asked.start(self.practice), asked.end(self.practice), self.clock.now()
        before = asked.before().start(self.practice)
        with self.records.transaction(self.practice.id) as tx:
            tallies = tx.tallies.between(start, end)
            visits = tx.schedule.standings(start, max(start, min(end, now)))
            earlier = tx.schedule.standings(before, min(start, now))
            others = (
                numbers.turnaround(everybodys(tx), start, end),
                numbers.missed_danger(missed_danger.told(tx), start, end),
            )
        found = tallying.read(tallies, self.practice.timezone)
        return figures_shown.shown(self.practice, asked, found, visits, earlier, others)
