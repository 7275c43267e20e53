"""Looking over what was handled: the contacts of some days, what waits to be looked over, and one contact in full."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from lamplighter.console import contact_words, contacts_found, wording
from lamplighter.console.access import Session
from lamplighter.console.contact_course import Course, Courses
from lamplighter.console.contacts_found import Asked, Finder, Found, Page
from lamplighter.console.gate import Gate, MayNot, form_of, session_of
from lamplighter.console.pages import draw
from lamplighter.console.reading import Reading
from lamplighter.console.roles import AT_THE_DESK, Place, only
from lamplighter.conversation import events as e
from lamplighter.conversation.events_of_review import OUTCOMES, VERDICTS
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk import missed_danger, rehearsals, reviewing
from lamplighter.desk.missed_danger import Missed
from lamplighter.desk.ports import Account, Records, Transaction
from lamplighter.desk.rehearsals import Rehearsal
from lamplighter.desk.reviewing import NothingToMark, NotTheirs
from lamplighter.practice.calendar import local_date
from lamplighter.practice.model import Practice

JUDGES_ALL = only("clinician")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One that waits to be looked over. `late`: it is due already."""

    found: Found
    task: str
    crisis: bool
    due: str
    late: bool
    by: str | None
    may_judge: bool


@dataclass(frozen=True, slots=True)
class NotHeard:
    """A contact in which somebody was in danger and was not heard, as `by` says. `gone`: its records are destroyed."""

    contact: str
    kind: str
    went: str
    language: str
    by: str
    at: str
    gone: bool


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A rehearsal that was made of a contact. `kept`: it is played."""

    name: str
    contact: str
    by: str
    at: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Shown:
    waiting: tuple[Waiting, ...]
    page: Page
    rehearsals: tuple[Rehearsed, ...]
    missed: tuple[NotHeard, ...]


class ContactPages:
    def __init__(
        self,
        gate: Gate,
        practice: Practice,
        records: Records,
        reading: Reading,
        phrasebook: Phrasebook,
    ) -> None:
        self._gate, self._practice, self._records, self._reading = gate, practice, records, reading
        self._finder, self._courses = Finder(practice), Courses(practice, phrasebook)

    def places(self) -> list[Place]:
        place = self._gate.place
        return [
            place("/contacts", AT_THE_DESK, self.list),
            place("/contacts/{contact}", AT_THE_DESK, self.one),
            place("/contacts/{contact}/mark", AT_THE_DESK, self.mark, "POST"),
            place("/contacts/{contact}/mark-back", AT_THE_DESK, self.mark_back, "POST"),
            place("/contacts/{contact}/look", AT_THE_DESK, self.look, "POST"),
        ]

    # -- looking -------------------------------------------------------------------------------------------------------

    async def list(self, request: Request) -> Response:
        session = session_of(request)
        sought = contacts_found.asked(request.query_params, local_date(self._practice, self._now()))
        shown = await asyncio.to_thread(self._listed, session, sought)
        page = draw(
            "contacts.html",
            practice=self._practice,
            session=session,
            sought=sought,
            shown=shown,
            choices=CHOICES,
            outcomes=dict(contact_words.OUTCOMES) | {"open": contact_words.UNDER_WAY},
            marked_words=contacts_found.MARKED,
        )
        return HTMLResponse(page, 422 if sought.wrong else 200)

    def _listed(self, session: Session, sought: Asked) -> Shown:
        account, now = _account(session), self._now()
        with self._records.transaction(self._practice.id) as tx:
            waiting = tuple(self._waiting(tx, account, now))
            page = self._finder.page(tx, sought)
            made = tuple(self._rehearsed(each) for each in (*rehearsals.waiting(tx), *rehearsals.kept(tx)))
            missed = tuple(self._not_heard(tx, each) for each in missed_danger.told(tx))
        about = {each.found.id for each in waiting} | {each.id for each in page.found}
        about |= {each.contact for each in missed}
        self._reading.listed(session, (f"contact/{each}" for each in sorted(about)))
        return Shown(waiting, page, made, missed)

    def _waiting(self, tx: Transaction, account: Account, now: datetime) -> Iterator[Waiting]:
        for each in reviewing.queue(tx):
            found = self._finder.one(tx, each.contact)
            if found is not None:
                due, clinical = wording.when(each.due, self._practice.timezone), "clinician" in account.roles
                judges = clinical or found.verdict not in reviewing.SEALED
                crisis = each.why == "crisis"
                yield Waiting(found, each.task, crisis, due, each.due < now, each.by, judges)

    def _not_heard(self, tx: Transaction, each: Missed) -> NotHeard:
        return NotHeard(
            each.contact,
            wording.CHANNELS[each.channel],
            contact_words.VERDICTS[each.heard],  # type: ignore[index]
            wording.language(each.locale),
            each.by,
            wording.when(each.at, self._practice.timezone),
            not tx.log.read(each.contact),
        )

    def _rehearsed(self, each: Rehearsal) -> Rehearsed:
        at = wording.when(each.at, self._practice.timezone)
        return Rehearsed(each.name, each.contact, each.by, at, each.status == "kept")

    async def one(self, request: Request) -> Response:
        session, contact = session_of(request), request.path_params["contact"]
        course, following = await asyncio.to_thread(self._course, session, contact)
        if course is None:
            raise HTTPException(404, "contact")
        given = {"practice": self._practice, "session": session, "course": course, "next": following}
        return HTMLResponse(draw("contact.html", **given, choices=CHOICES))

    def _course(self, session: Session, contact: str) -> tuple[Course | None, str | None]:
        """With the next one that waits and that nobody else has."""
        account = _account(session)
        with self._records.transaction(self._practice.id) as tx:
            course = self._courses.course(tx, contact, account, self._now())
            waits = reviewing.queue(tx)
        if course is not None:
            self._reading.opened(session, f"contact/{contact}")
        free = (each.contact for each in waits if each.contact != contact and each.by in (None, account.name))
        return course, next(free, None)

    # -- judging -------------------------------------------------------------------------------------------------------

    async def mark(self, request: Request) -> Response:
        session, form = session_of(request), await form_of(request)
        contact, account = request.path_params["contact"], _account(session)
        marked = _marked(form, account.name)
        await asyncio.to_thread(self._mark, contact, marked, account)
        return RedirectResponse(f"/contacts/{contact}#{f'turn-{marked.of}' if marked.of else 'judged'}", 303)

    def _mark(self, contact: str, marked: e.Marked, account: Account) -> None:
        with _told(), self._records.transaction(self._practice.id) as tx:
            reviewing.mark(tx, self._practice, contact, marked, account, self._now())

    async def mark_back(self, request: Request) -> Response:
        session, form = session_of(request), await form_of(request)
        contact, mark = request.path_params["contact"], _number(form, "mark")
        await asyncio.to_thread(self._mark_back, contact, mark, _account(session))
        return RedirectResponse(f"/contacts/{contact}#judged", 303)

    def _mark_back(self, contact: str, mark: int, account: Account) -> None:
        with _told(), self._records.transaction(self._practice.id) as tx:
            reviewing.take_back(tx, contact, mark, account, self._now())

    async def look(self, request: Request) -> Response:
        """Somebody takes one that waits, or puts it back."""
        session, form = session_of(request), await form_of(request)
        contact = request.path_params["contact"]
        takes = form.get("how") != "leave"
        if not await asyncio.to_thread(self._look, contact, session.name, takes):
            raise HTTPException(404, "contact")
        return RedirectResponse(f"/contacts/{contact}" if takes else "/contacts#waits", 303)

    def _look(self, contact: str, by: str, takes: bool) -> bool:
        act = reviewing.take if takes else reviewing.leave
        with self._records.transaction(self._practice.id) as tx:
            found = [each.task for each in reviewing.queue(tx) if each.contact == contact]
            for task in found:
                act(tx, task, by, self._now())
        return bool(found)

    def _now(self) -> datetime:
        return self._reading.clock.now()


CHOICES = {
    "channels": wording.CHANNELS,
    "outcomes": contact_words.OUTCOMES,
    "errands": {each.value: words for each, words in wording.ERRANDS.items()},
    "verdicts": contact_words.VERDICTS,
}


@contextmanager
def _told() -> Iterator[None]:
    """What the desk refuses, as the page that says so."""
    try:
        yield
    except NotTheirs:
        raise MayNot(JUDGES_ALL) from None
    except NothingToMark:
        raise HTTPException(404, "contact") from None


def _account(session: Session) -> Account:
    assert session.account is not None
    return session.account


def _marked(form: FormData, by: str) -> e.Marked:
    """Raises HTTPException where the form can't be taken."""
    right, of = form.get("right"), _number(form, "of")
    outcome, verdict = str(form.get("outcome") or ""), str(form.get("verdict") or "")
    note = str(form.get("note") or "").replace("\x00", " ").encode("utf-8", "replace").decode().strip()
    known = right in ("yes", "no") and outcome in ("", *OUTCOMES) and verdict in ("", *VERDICTS)
    if not known or len(note) > reviewing.LONGEST_NOTE:
        raise HTTPException(422, "choice")
    if right == "yes":
        return e.Marked(by, of, True)
    if not (outcome or verdict or note):
        raise HTTPException(422, "should")
    return e.Marked(by, of, False, outcome or None, verdict or None, note)  # type: ignore[arg-type]


def _number(form: FormData, name: str) -> int:
    written = str(form.get(name) or "")
    if not (written.isascii() and written.isdigit() and len(written) < 9):
        raise HTTPException(422, "choice")
    return int(written)
