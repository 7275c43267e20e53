"""The schedule of a day or a week: columns of visits that follow by themselves."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse

from lamplighter.console.access import Session
from lamplighter.console.gate import Gate, session_of
from lamplighter.console.live import ITSELF, MOST_SEEN
from lamplighter.console.pages import draw
from lamplighter.console.reading import Reading
from lamplighter.console.roles import Place, only
from lamplighter.console.schedule_drawing import Boards, Looked
from lamplighter.console.schedule_shown import Asked, Board, Seeing
from lamplighter.console.streaming import STILL_HERE_EVERY, follow
from lamplighter.console.visit_shown import Undoing, VisitWords
from lamplighter.desk import rearranging_kept
from lamplighter.desk.feed import LiveFeed
from lamplighter.desk.ports import Clock, Records
from lamplighter.practice.calendar import local_date
from lamplighter.practice.model import Clinician, Practice

SEES_VISITS: Final = only("owner", "clinician", "desk", "biller")
NO_SUCH_DAY: Final = "That is no day. This is today."
NO_SUCH_CLINICIAN: Final = "Nobody of that name has visits that you see. This is everybody."
FURTHEST: Final = timedelta(days=3660)
"""How far from today a day may lie that is shown."""


@dataclass(slots=True)
class _Drawn:
    """What one open page has already."""

    looked: Looked | None = None
    board: str = ""
    sign: float = field(default=float("-inf"))


class SchedulePages:
    def __init__(
        self,
        gate: Gate,
        practice: Practice,
        records: Records,
        clock: Clock,
        reading: Reading,
        feed: LiveFeed,
        words: VisitWords,
    ) -> None:
        self._gate, self._practice, self._records = gate, practice, records
        self._clock, self._reading, self._feed = clock, reading, feed
        self._boards, self._words = Boards(practice), words
        self._seen: set[str] = set()

    def places(self) -> list[Place]:
        place = self._gate.place
        return [
            place("/schedule", SEES_VISITS, self.page),
            place("/schedule/live", SEES_VISITS, self.live, counts=False),
        ]

    async def page(self, request: Request) -> Response:
        session = session_of(request)
        asked, wrong = self._asked(session, request.query_params)
        board = await asyncio.to_thread(self._board, session, asked, _Drawn())
        assert board is not None
        undoing = await asyncio.to_thread(self._undoing, session, request.query_params.get("change"))
        given = self._given(session, asked, board) | {"wrong": wrong, "undoing": undoing}
        given["undone"] = "undone" in request.query_params
        return HTMLResponse(draw("schedule-page.html", **given), 422 if wrong else 200)

    def _undoing(self, session: Session, change: str | None) -> Undoing | None:
        """What was just done, while it can be taken back."""
        if change is None or not self._seeing(session).changes:
            return None
        with self._records.transaction(self._practice.id) as tx:
            return self._words.undoing(rearranging_kept.of(tx, change), self._clock.now())

    async def live(self, request: Request) -> Response:
        session = session_of(request)
        if request.method == "HEAD":
            return Response(media_type="text/event-stream")
        asked, _ = self._asked(session, request.query_params)
        stream = self._changes(session, asked)
        return StreamingResponse(stream, media_type="text/event-stream", headers={"x-accel-buffering": "no"})

    async def _changes(self, session: Session, asked: Asked) -> AsyncIterator[str]:
        access = self._gate.access

        def is_open() -> bool:
            return access.session(session.id) is session

        async for pieces in follow(
            self._feed, self._practice.id, is_open, partial(self._look, session, asked, _Drawn())
        ):
            yield pieces
        await asyncio.to_thread(self._gate.tell_of_the_ended)

    def _look(self, session: Session, asked: Asked, drawn: _Drawn) -> list[str] | None:
        """The board, where it is another than was drawn; None once its person has no business here any more."""
        elapsed = self._gate.access.elapsed()
        if elapsed - drawn.sign >= STILL_HERE_EVERY:
            drawn.sign = elapsed
            again = self._gate.refreshed(session)
            if again is None or again.account is None or not SEES_VISITS.lets(again.account):
                return None
            drawn.looked = None
        board = self._board(session, asked, drawn)
        if board is None:
            return []
        text = draw("schedule-board.html", **self._given(session, asked, board))
        if text == drawn.board:
            return []
        drawn.board = text
        return [text]

    def _board(self, session: Session, asked: Asked, drawn: _Drawn) -> Board | None:
        """None where nothing has changed since that was drawn: to read whose visits they are costs most."""
        if len(self._seen) > MOST_SEEN:
            self._seen.clear()
        now, seeing = self._clock.now(), self._seeing(session)
        with self._records.transaction(self._practice.id, ITSELF, self._seen) as tx:
            found = self._boards.look(tx, seeing, asked, now)
            if found == drawn.looked:
                return None
            drawn.looked = found
            board = self._boards.board(tx, seeing, found, now)
        self._reading.listed(session, board.about)
        return board

    def _seeing(self, session: Session) -> Seeing:
        assert session.account is not None
        return Seeing(self._practice, session.account)

    # -- what is asked for ---------------------------------------------------------------------------------------------

    def _asked(self, session: Session, query: Mapping[str, str]) -> tuple[Asked, str]:
        """Today and everybody where nothing else is said; and what was wrong with what was."""
        today = local_date(self._practice, self._clock.now())
        day, wrong = _day(query.get("day", ""), today)
        shown = self._seeing(session).clinicians
        clinician = query.get("clinician") or None
        if clinician is not None and all(each.id != clinician for each in shown):
            clinician, wrong = None, wrong or NO_SUCH_CLINICIAN
        if query.get("view") != "week":
            return Asked("day", day, clinician), wrong
        return Asked("week", day, clinician or _first(session, shown)), wrong

    def _given(self, session: Session, asked: Asked, board: Board) -> dict[str, object]:
        step = timedelta(days=7 if asked.view == "week" else 1)
        today = local_date(self._practice, self._clock.now())
        seeing = self._seeing(session)
        return {
            "practice": self._practice, "session": session, "asked": asked, "board": board, "seeing": seeing,
            "today": today.isoformat(), "is_today": asked.day == today,
            "before": path(replace(asked, day=asked.day - step)), "after": path(replace(asked, day=asked.day + step)),
            "to_today": path(replace(asked, day=today)), "here_query": query_of(asked),
            "as_day": path(replace(asked, view="day")),
            "as_week": path(replace(asked, view="week")),
        }  # fmt: skip


def path(asked: Asked) -> str:
    return f"/schedule?{query_of(asked)}"


def query_of(asked: Asked) -> str:
    said = {"view": asked.view if asked.view == "week" else "", "day": asked.day.isoformat()}
    said["clinician"] = asked.clinician or ""
    return urlencode({name: value for name, value in said.items() if value})


def _day(written: str, today: date) -> tuple[date, str]:
    if not written:
        return today, ""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return today, NO_SUCH_DAY
    return (day, "") if abs(day - today) <= FURTHEST else (today, NO_SUCH_DAY)


def _first(session: Session, shown: tuple[Clinician, ...]) -> str | None:
    """Whose week is shown where nobody is named: one's own, else the first's."""
    account = session.account
    own = account.clinician if account is not None else None
    return own if any(each.id == own for each in shown) else next((each.id for each in shown), None)
