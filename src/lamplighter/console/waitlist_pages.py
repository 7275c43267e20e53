"""What became of times that came free: whom each was offered to, why them, and how it ended."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from lamplighter.console import wording
from lamplighter.console.access import Session
from lamplighter.console.gate import Gate, session_of
from lamplighter.console.pages import draw
from lamplighter.console.reading import Reading
from lamplighter.console.roles import AT_THE_DESK, Place
from lamplighter.desk import waitlist_openings
from lamplighter.desk.ports import Records, Transaction
from lamplighter.desk.waitlist_openings import Offer, Opening
from lamplighter.practice.model import Practice

SHOWN = 50
FREED: Mapping[str, str] = {"cancelled": "was cancelled", "moved": "was moved away"}
BECAME: Mapping[str | None, str] = {
    None: "Being offered",
    "filled": "Filled",
    "nobody": "Nobody whom it suits could be asked",
    "taken": "Booked by somebody else meanwhile",
    "too_near": "Too near to be offered any more",
    "not_signed": "Not offered: the words for it are not signed",
}
ENDED: Mapping[str | None, str] = {
    None: "Waiting for an answer",
    "accepted": "Took it",
    "declined": "Said no, keeps their place",
    "expired": "Did not answer, keeps their place",
    "not_sent": "The text could not go, the next was asked",
    "too_late": "Said yes when it was gone, keeps their place",
}
PASSED: Mapping[str, str] = {
    "theirs": "gave this time up themselves",
    "by_a_person": "not reached by text",
    "visit_kind": "another kind of visit",
    "clinician": "another clinician",
    "clinician_kind": "another clinician",
    "busy": "have a visit then",
    "has_one_sooner": "have one sooner",
    "age": "another age",
    "too_young": "another age",
    "too_old": "another age",
    "no_such_language": "another language",
    "out_of_state": "sit in another state",
    "not_on_panel": "another insurance",
    "wish": "can come at other times",
    "hours": "not within their hours",
    "has_an_offer": "have an offer already",
    "had_it": "were asked about this one",
    "just_asked": "were just asked",
    **wording.NOT_SENT,
}


@dataclass(frozen=True, slots=True)
class OfferLine:
    """`why` says why they were asked before others; `about` whose line it is."""

    name: str
    at: str
    until: str
    status: str
    since: str
    passed: tuple[str, ...]
    moves: bool
    about: str


@dataclass(frozen=True, slots=True)
class OpeningLine:
    when: str
    clinician: str
    freed: str
    status: str
    offers: tuple[OfferLine, ...]


class WaitlistPages:
    def __init__(self, gate: Gate, practice: Practice, records: Records, reading: Reading) -> None:
        self._gate, self._practice, self._records, self._reading = gate, practice, records, reading

    def places(self) -> list[Place]:
        return [self._gate.place("/waitlist", AT_THE_DESK, self.page)]

    async def page(self, request: Request) -> Response:
        session = session_of(request)
        lines = await asyncio.to_thread(self._read, session)
        return HTMLResponse(draw("waitlist.html", practice=self._practice, session=session, openings=lines))

    def _read(self, session: Session) -> tuple[OpeningLine, ...]:
        with self._records.transaction(self._practice.id) as tx:
            lines = tuple(self._openings(tx))
        self._reading.listed(session, [offer.about for line in lines for offer in line.offers])
        return lines

    def _openings(self, tx: Transaction) -> Iterator[OpeningLine]:
        """The newest first; of each, its offers in the order in which they were made."""
        offers = (*waitlist_openings.pending(tx), *waitlist_openings.over(tx))
        for opening in waitlist_openings.openings(tx)[:SHOWN]:
            made = sorted((each for each in offers if each.opening == opening.id), key=lambda each: each.at)
            yield self._opening(opening, tuple(self._offer(tx, each) for each in made))

    def _opening(self, opening: Opening, offers: tuple[OfferLine, ...]) -> OpeningLine:
        named = {each.id: each.spoken_name for each in self._practice.clinicians}
        return OpeningLine(
            wording.when(opening.slot.start, self._practice.timezone),
            named.get(opening.slot.clinician, opening.slot.clinician),
            FREED[opening.freed],
            BECAME[opening.end],
            offers,
        )

    def _offer(self, tx: Transaction, offer: Offer) -> OfferLine:
        zone, person = self._practice.timezone, tx.people.get(offer.person)
        name = f"{person.preferred_name or person.first_name} {person.last_name}" if person else ""
        return OfferLine(
            name or "Name not known",
            wording.when(offer.at, zone),
            wording.time_of(offer.until, zone),
            ENDED[offer.end],
            wording.when(offer.since, zone),
            tuple(f"{count} {PASSED.get(why, why.replace('_', ' '))}" for why, count in offer.passed),
            offer.instead is not None,
            f"person/{offer.person}",
        )
