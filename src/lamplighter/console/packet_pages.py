"""The practice's papers on the page of somebody on file: what went to them, what they have done, and what staff do.
No word of any paper stands here, and none of theirs anywhere.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lamplighter.console import wording
from lamplighter.console.gate import Gate, form_of, session_of
from lamplighter.console.of_a_person import Change, changed
from lamplighter.console.roles import AT_THE_DESK, Place
from lamplighter.desk import packet as papers
from lamplighter.desk import packet_done, packet_kept
from lamplighter.desk.packet_done import REASONS, Done, Reason
from lamplighter.desk.packet_kept import Sent
from lamplighter.desk.ports import Clock, Person, Records, Transaction, Visit
from lamplighter.practice import packet
from lamplighter.practice.model import PacketPiece, Practice

HOW = {"agreed": "agreed by the link", "read": "read by the link", "paper": "on paper"}
WAYS = {"sms": "by text", "email": "by email"}
STANDS: dict[str | None, str] = {
    "queued": "link waits to go",
    "sending": "link waits to go",
    "unknown": "link perhaps sent",
    "failed": "link did not arrive",
    "cancelled": "link was held back",
}


@dataclass(frozen=True, slots=True)
class PaperLine:
    """`said`: how and when it was done, empty where it is not; what is done can be taken back."""

    id: str
    title: str
    said: str
    optional: bool


@dataclass(frozen=True, slots=True)
class PapersShown:
    """`sent`: how the newest link stands. `may_send`: they have a visit ahead, something is missing, and they may be
    written to."""

    sent: str
    opened: str
    lines: tuple[PaperLine, ...]
    may_send: bool
    reasons: tuple[tuple[str, str], ...] = tuple(REASONS.items())

    @property
    def missing(self) -> int:
        return sum(not line.said and not line.optional for line in self.lines)


def papers_shown(tx: Transaction, practice: Practice, person: Person, now: datetime) -> PapersShown | None:
    """For their next visit; without one, of everybody's papers. None where the practice has none."""
    if not practice.packet.pieces:
        return None
    visit = next_visit(tx, person.id, now)
    have, sent = packet_done.done(tx, practice, person.id), packet_kept.sent(tx, person.id)
    opened = packet_kept.opened(tx, person.id)
    lines = tuple(_lines(practice, visit, have))
    missing = any(not line.said and not line.optional for line in lines)
    return PapersShown(
        _told(sent[0], practice) if sent else "",
        wording.when(opened.at, practice.timezone) if opened else "",
        lines,
        visit is not None and missing and papers.may_send(tx, practice, visit, person, now),
    )


def _told(sent: Sent, practice: Practice) -> str:
    return f"{STANDS.get(sent.status, 'link sent')} {WAYS[sent.channel]}, {wording.when(sent.at, practice.timezone)}"


def next_visit(tx: Transaction, person: str, now: datetime) -> Visit | None:
    ahead = tx.schedule.visits_of(person, now)
    return next((each for each in ahead if each.status in packet_kept.STANDS), None)


def _lines(practice: Practice, visit: Visit | None, have: dict[str, Done]) -> Iterator[PaperLine]:
    for piece in packet_kept.for_visit(practice, visit) if visit else _everybodys(practice):
        paper, done = packet.paper(practice, piece, packet.locale_for(practice, "en")), have.get(piece.id)
        said = f"{HOW[done.how]}, {wording.when(done.at, practice.timezone)}" if done else ""
        by_hand = done is not None and done.how == "paper"
        yield PaperLine(
            piece.id,
            paper.title if paper else piece.id,
            f"{said}, {done.by}" if done and by_hand else said,
            piece.asks == "optional",
        )


def _everybodys(practice: Practice) -> tuple[PacketPiece, ...]:
    return tuple(each for each in practice.packet.pieces if not each.visit_kinds and each.modality is None)


def _reason(written: str) -> Reason:
    found = next((each for each in REASONS if each == written), None)
    if found is None:
        raise HTTPException(422, "choice")
    return found


class PersonsPapers:
    def __init__(self, gate: Gate, practice: Practice, records: Records, clock: Clock) -> None:
        self._gate, self._practice, self._records, self._clock = gate, practice, records, clock

    def places(self) -> list[Place]:
        place = self._gate.place
        return [
            place("/persons/{person}/papers/send", AT_THE_DESK, self.send, "POST"),
            place("/persons/{person}/papers/done", AT_THE_DESK, self.done, "POST"),
            place("/persons/{person}/papers/undo", AT_THE_DESK, self.undo, "POST"),
        ]

    async def send(self, request: Request) -> Response:
        """As soon as the hours and the caps for messages let it go."""

        def sent(tx: Transaction, person: Person, by: str) -> None:
            visit = next_visit(tx, person.id, self._clock.now())
            if visit is None:
                raise HTTPException(422, "choice")
            papers.send_again(tx, self._practice, visit, person.id, self._clock.now())

        return await self._change(request, sent)

    async def done(self, request: Request) -> Response:
        """It was handed over on paper, to them, by whoever says so here."""
        form = await form_of(request)
        piece = self._piece(str(form.get("paper") or ""))

        def marked(tx: Transaction, person: Person, by: str) -> None:
            locale = packet.locale_for(self._practice, person.language)
            paper, now = packet.paper(self._practice, piece, locale), self._clock.now()
            if paper is None:
                raise HTTPException(422, "choice")
            packet_kept.mark(tx, self._practice, person.id, paper, "paper", now=now, via="paper", by=by)

        return await self._change(request, marked)

    async def undo(self, request: Request) -> Response:
        """However it was done: its paper is open again, and the ledger keeps who said so and why."""
        form = await form_of(request)
        piece = self._piece(str(form.get("paper") or ""))
        reason = _reason(str(form.get("reason") or ""))

        def taken_back(tx: Transaction, person: Person, by: str) -> None:
            now = self._clock.now()
            packet_done.take_back(tx, self._practice, person.id, piece.id, reason, by=by, now=now)

        return await self._change(request, taken_back)

    def _piece(self, name: str) -> PacketPiece:
        found = next((each for each in self._practice.packet.pieces if each.id == name), None)
        if found is None:
            raise HTTPException(422, "choice")
        return found

    async def _change(self, request: Request, change: Change) -> Response:
        person = request.path_params["person"]
        if not await asyncio.to_thread(
            changed, self._records, self._practice, session_of(request), person, change
        ):
            raise HTTPException(404, "person")
        return RedirectResponse(f"/persons/{person}#papers", 303)
