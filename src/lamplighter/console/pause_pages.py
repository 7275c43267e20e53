"""The switch that pauses the assistant, for a line or for everything, and lets it answer again."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from lamplighter.console import wording
from lamplighter.console.gate import Gate, form_of, session_of
from lamplighter.console.pages import draw
from lamplighter.console.pause_words import PauseLine, choices, pause_line, pause_lines, what_of
from lamplighter.console.roles import AT_THE_DESK, Place
from lamplighter.desk import pausing
from lamplighter.desk.pausing import REASONS, EndedAlready, PausedAlready
from lamplighter.desk.ports import Clock, Fact, Records, Transaction
from lamplighter.practice.calendar import is_open
from lamplighter.practice.model import Practice

SPELLS: Final[Mapping[str, str]] = {
    "closing": "Until you close, twelve hours at most",
    "one": "One hour",
    "four": "Four hours",
    "twelve": "Twelve hours",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """`ended` is one that was just ended, and may be taken up again."""

    standing: tuple[PauseLine, ...]
    ended: PauseLine | None
    spells: Mapping[str, str]


class PausePages:
    def __init__(self, gate: Gate, practice: Practice, records: Records, clock: Clock) -> None:
        self._gate, self._practice, self._records, self._clock = gate, practice, records, clock

    def places(self) -> list[Place]:
        place = self._gate.place
        return [
            place("/pause", AT_THE_DESK, self.page),
            place("/pause", AT_THE_DESK, self.pause, "POST"),
            place("/pause/end", AT_THE_DESK, self.end, "POST"),
        ]

    async def page(self, request: Request) -> Response:
        return await self._page(request, request.query_params.get("ended", ""))

    async def _page(self, request: Request, ended: str = "", wrong: str = "", status: int = 200) -> Response:
        shown = await asyncio.to_thread(self._shown, ended)
        given = {
            "practice": self._practice, "session": session_of(request), "shown": shown, "paused": shown.standing,
            "choices": tuple(choices(self._practice)), "reasons": REASONS, "wrong": wrong,
        }  # fmt: skip
        return HTMLResponse(draw("pause.html", **given), status)

    def _shown(self, ended: str) -> Shown:
        practice, now = self._practice, self._clock.now()
        with self._records.transaction(practice.id) as tx:
            fact = _pause_of(tx, ended)
            over = fact is not None and fact.lifted is not None and fact.ends is not None and now < fact.ends
            line = pause_line(practice, pausing.of(fact)) if fact is not None and over else None
            standing = pause_lines(tx, practice, now)
        names = SPELLS if is_open(practice, now) else ("twelve", "one", "four")
        return Shown(standing, line, {each: SPELLS[each] for each in names})

    async def pause(self, request: Request) -> Response:
        form = await form_of(request)
        what, why, spell = (str(form.get(name) or "") for name in ("what", "why", "spell"))
        again = str(form.get("again") or "")
        if not again and why not in REASONS:
            return await self._page(request, "", "Say why: nothing was paused.", 422)

        def paused(tx: Transaction, by: str, now: datetime) -> None:
            about, reason, ends = what, why, None
            if again:
                fact = _pause_of(tx, again)
                if fact is None or fact.ends is None or fact.ends <= now:
                    raise KeyError
                about, reason, ends = fact.about, fact.value("why"), fact.ends
            ends = ends or pausing.until(self._practice, spell, now)
            pausing.pause(tx, self._practice, about, reason, ends, by=by, now=now)

        return await self._changed(request, paused, "/pause#stands")

    async def end(self, request: Request) -> Response:
        form = await form_of(request)
        pause = str(form.get("pause") or "")

        def ended(tx: Transaction, by: str, now: datetime) -> None:
            pausing.end(tx, pause, by=by, now=now)

        return await self._changed(request, ended, f"/pause?ended={pause}")

    async def _changed(
        self, request: Request, change: Callable[[Transaction, str, datetime], None], back: str
    ) -> Response:
        name = session_of(request).name

        def changed() -> None:
            with self._records.transaction(self._practice.id) as tx:
                change(tx, name, self._clock.now())

        try:
            await asyncio.to_thread(changed)
        except KeyError:
            raise HTTPException(422, "choice") from None
        except PausedAlready as first:
            return await self._page(request, "", self._was_first(first), 409)
        except EndedAlready as over:
            by = (
                f"{over.by} has ended this pause already."
                if over.by
                else "This pause is over: its time was up."
            )
            return await self._page(request, "", f"{by} Nothing was changed.", 409)
        return RedirectResponse(back, 303)

    def _was_first(self, first: PausedAlready) -> str:
        pause, zone = first.pause, self._practice.timezone
        what = what_of(self._practice, pause.about)
        spell = f"since {wording.when(pause.at, zone)}, until {wording.when(pause.ends, zone)}"
        return f"{pause.by} has paused it already ({what}), {spell}. Nothing was changed."


def _pause_of(tx: Transaction, pause_id: str) -> Fact | None:
    fact = tx.facts.get(pause_id) if pause_id else None
    return fact if fact is not None and fact.kind == pausing.KIND else None
