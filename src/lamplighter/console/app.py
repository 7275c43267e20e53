"""The staff page as an ASGI application, for one practice. Bind it to loopback.

Every route stands under a role rule (`roles.py`), and the gate (`gate.py`) holds each request to it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute
from starlette.staticfiles import StaticFiles

from lamplighter import logs
from lamplighter.console.access import Access, Session
from lamplighter.console.accounts import Accounts
from lamplighter.console.apart_pages import ApartPages
from lamplighter.console.authorization_pages import AuthorizationPages
from lamplighter.console.billing_pages import BillingPages
from lamplighter.console.board_pages import BoardPages
from lamplighter.console.clinician_gone_pages import ClinicianGonePages
from lamplighter.console.contact_pages import ContactPages
from lamplighter.console.custody_pages import CustodyPages
from lamplighter.console.doors import Doors
from lamplighter.console.eap_pages import EapPages
from lamplighter.console.enrolling import Enrolling
from lamplighter.console.figures_pages import FiguresPages
from lamplighter.console.gate import Gate, MayNot
from lamplighter.console.glass_pages import GlassPages
from lamplighter.console.guarding import OnlyThisMachine
from lamplighter.console.history import History
from lamplighter.console.insurance_pages import InsurancePages
from lamplighter.console.keeping_pages import KeepingPages
from lamplighter.console.kept_sessions import KeptSessions
from lamplighter.console.ladder_pages import LadderPages
from lamplighter.console.live import Walls
from lamplighter.console.morning_pages import MorningPages
from lamplighter.console.packet_pages import PersonsPapers
from lamplighter.console.pages import WHAT, notice
from lamplighter.console.pause_pages import PausePages
from lamplighter.console.people import People
from lamplighter.console.persons import Persons
from lamplighter.console.plan_card_pages import PlanCardPages
from lamplighter.console.protocol_pages import ProtocolPages, Review
from lamplighter.console.reading import Reading
from lamplighter.console.rehearsal_pages import RehearsalPages
from lamplighter.console.roles import Files, all_ruled
from lamplighter.console.schedule_pages import SchedulePages
from lamplighter.console.sick_day_pages import SickDayPages
from lamplighter.console.staying import Staying
from lamplighter.console.stepping_in import SteppingIn
from lamplighter.console.trying import Trying
from lamplighter.console.visit_change_pages import VisitChangePages
from lamplighter.console.visit_pages import VisitPages
from lamplighter.console.visit_room import VisitRoom
from lamplighter.console.visit_shown import VisitWords
from lamplighter.console.vouching import Vouching
from lamplighter.console.waitlist_pages import WaitlistPages
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk.authorizations.work import Authorizations
from lamplighter.desk.contacts import Contacts
from lamplighter.desk.eligibility import Plans
from lamplighter.desk.feed import LiveFeed
from lamplighter.desk.handoffs import Handoffs
from lamplighter.desk.ports import Account, Clock, Records
from lamplighter.desk.ports.balances import Balances, NoBooks
from lamplighter.desk.ports.identity import IdentityProvider
from lamplighter.desk.proving import Prove
from lamplighter.desk.rehearsals import Files as RehearsalFiles
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.model import Practice, PracticeId

NO_BOOKS = NoBooks()
log = logs.get(__name__)
STATIC = Path(__file__).with_name("static")
SHARED = Path(__file__).parents[1] / "assets"


def staff_app(
    *,
    practice: Practice,
    contacts: Contacts,
    handoffs: Handoffs,
    records: Records,
    feed: LiveFeed,
    phrasebook: Phrasebook,
    clock: Clock,
    access: Access,
    review: Review,
    rehearsals: RehearsalFiles,
    real_time: Clock | None = None,
    trying: bool = False,
    approved: frozenset[str] = frozenset(),
    law: LawData = SHIPPED,
    plans: Plans | None = None,
    authorizations: Authorizations | None = None,
    signed: Mapping[PracticeId, Phrasebook] = MappingProxyType({}),
    books: Balances = NO_BOOKS,
    prove: Prove | None = None,
    provider: IdentityProvider | None = None,
) -> Starlette:
    """`access.new_link(...)` makes the link that opens it: for the first owner, or, `trying` it out, for anybody.

    `real_time` is what telephones go by; absent: the practice's clock. `approved`: the languages whose words its own
    people approved by name; any other's are called drafts. `law` is that by which the practice is answered.
    `plans` asks about people's insurance; absent: nobody is asked. `signed`: the words that are said.
    `books`: what people owe. `rehearsals`: those that the practice makes of its contacts.
    `prove`: proves the ledger; absent, the page says how it is done elsewhere.
    `provider` vouches for staff beside passkeys and codes; nobody is vouched for where it is `trying`."""
    accounts = Accounts(practice, records, clock, real_time or clock)
    stepping_in = SteppingIn(practice, contacts, handoffs, records, clock)
    kept = None if trying else KeptSessions(practice.id, records, access, real_time or clock)
    gate = Gate(
        access,
        accounts,
        Ending(access, accounts, stepping_in, kept).lapsed,
        kept,
        None if trying else provider,
    )
    walls = Walls(practice, records, phrasebook, clock, approved, law)
    reading = Reading(practice, records, clock)
    plans = plans or Plans(records, {practice.id: practice}, clock)
    authorizations = authorizations or Authorizations(records, {practice.id: practice}, clock)
    house = House(
        practice, records, feed, gate, stepping_in, walls, reading, review, handoffs, trying, law, plans,
        authorizations, signed, books, phrasebook, rehearsals, prove,
    )  # fmt: skip
    return Starlette(
        routes=all_ruled(house.routes()),
        middleware=[Middleware(OnlyThisMachine)],
        exception_handlers={
            MayNot: _no_role,
            HTTPException: _refused(practice, access.cookie if trying else None),
            Exception: _failed,
        },
    )


@dataclass(frozen=True, slots=True)
class Ending:
    """What becomes of a session that is over: its floors go back, and the ledger says so."""

    access: Access
    accounts: Accounts
    stepping_in: SteppingIn
    kept: KeptSessions | None

    def lapsed(self, session: Session) -> None:
        self._over(session, "logged_off", "idle")

    def left(self, session: Session) -> None:
        """A store that takes nothing keeps nobody from leaving."""
        if self.kept is not None:
            self.kept.forget(session)
        try:
            self._over(session, "signed_out", "")
        except Exception:
            log.exception("sign_out_not_noted")

    def shut_out(self, account: Account) -> None:
        """Ends whatever sessions they have."""
        self.access.end_all_of(account.id)
        if self.kept is not None:
            self.kept.forget_all_of(account.id)
        self.stepping_in.give_back_all(account.name)

    def signed_out(self, account: Account, by: Account) -> None:
        """Ends their sessions, as an owner says; they can sign in again."""
        self.accounts.note(by.id, "sessions_ended", f"staff/{account.id}")
        self.shut_out(account)

    def left_elsewhere(self, session: Session) -> None:
        """Ends whatever other sessions they have themselves."""
        assert session.account is not None
        self.access.end_others_of(session)
        if self.kept is not None:
            self.kept.forget_others_of(session)
        self.accounts.note(session.account.id, "sessions_ended", f"staff/{session.account.id}", "elsewhere")

    def _over(self, session: Session, what: str, why: str) -> None:
        account = session.account
        assert account is not None
        if not self.access.is_open_for(account.id):
            self.stepping_in.give_back_all(account.name)
        self.accounts.note(account.id, what, f"staff/{account.id}", why)


@dataclass(frozen=True, slots=True)
class House:
    """The rooms of the console, with what they share."""

    practice: Practice
    records: Records
    feed: LiveFeed
    gate: Gate
    stepping_in: SteppingIn
    walls: Walls
    reading: Reading
    review: Review
    handoffs: Handoffs
    trying: bool
    law: LawData
    plans: Plans
    authorizations: Authorizations
    signed: Mapping[PracticeId, Phrasebook]
    books: Balances
    phrasebook: Phrasebook
    rehearsals: RehearsalFiles
    prove: Prove | None

    def routes(self) -> list[BaseRoute]:
        gate, practice = self.gate, self.practice
        ending = Ending(gate.access, gate.accounts, self.stepping_in, gate.kept)
        enrolling = Enrolling(gate, practice)
        trying = Trying(gate, practice) if self.trying else None
        visits, doors = self._visits(), Doors(gate, practice, enrolling, trying)
        return [
            *doors.places(),
            *(Vouching(gate, practice, gate.provider, doors.again).places() if gate.provider else ()),
            *enrolling.places(),
            *(trying.places() if trying else ()),
            *Staying(gate, practice, ending.left, ending.left_elsewhere, trying=self.trying).places(),
            *ContactPages(gate, practice, self.records, self.reading, self.phrasebook).places(),
            *MorningPages(gate, practice, self.records, self.reading, self.phrasebook).places(),
            *RehearsalPages(
                gate, practice, self.records, self.reading, self.phrasebook, self.rehearsals
            ).places(),
            *BoardPages(gate, practice, self.feed, self.stepping_in, self.walls, self.reading).places(),
            *BillingPages(
                gate, practice, self.records, self.walls, self.reading, self.reading.clock, self.books
            ).places(),
            *ProtocolPages(gate, practice, self.review, trying=self.trying).places(),
            *Persons(gate, practice, self.records, self.reading.clock, self.reading, self.plans).places(),
            *PlanCardPages(
                gate, practice, self.records, self.reading.clock, self.reading, self.plans
            ).places(),
            *InsurancePages(
                gate, practice, self.records, self.reading.clock, self.reading, self.plans
            ).places(),
            *EapPages(gate, practice, self.records, self.reading.clock).places(),
            *AuthorizationPages(gate, practice, self.records, self.reading, self.authorizations).places(),
            *PersonsPapers(gate, practice, self.records, self.reading.clock).places(),
            *KeepingPages(gate, practice, self.records, self.reading.clock, self.reading).places(),
            *GlassPages(
                gate, practice, self.records, self.reading.clock, self.reading, self.plans, self.feed
            ).places(),
            *CustodyPages(gate, practice, self.records, self.reading).places(),
            *ApartPages(gate, practice, self.records, self.reading).places(),
            *LadderPages(gate, practice, self.records, self.reading.clock, self.handoffs).places(),
            *PausePages(gate, practice, self.records, self.reading.clock).places(),
            *WaitlistPages(gate, practice, self.records, self.reading).places(),
            *SchedulePages(
                gate, practice, self.records, self.reading.clock, self.reading, self.feed, visits.words
            ).places(),
            *VisitPages(gate, visits).places(),
            *VisitChangePages(gate, visits).places(),
            *SickDayPages(
                gate, practice, self.records, self.reading.clock, self.reading, self.law, self.signed
            ).places(),
            *ClinicianGonePages(gate, practice, self.records, self.reading.clock, self.reading).places(),
            *FiguresPages(gate, practice, self.records, self.reading.clock).places(),
            *People(gate, practice, ending.shut_out, ending.signed_out).places(),
            *History(gate, practice, self.records, self.reading.clock, self.prove).places(),
            Files("/assets", StaticFiles(directory=SHARED)),
            Files("/static", StaticFiles(directory=STATIC)),
        ]

    def _visits(self) -> VisitRoom:
        words = VisitWords(self.practice, self.phrasebook, self.signed)
        return VisitRoom(self.practice, self.records, self.reading.clock, self.reading, words, self.law)


def _refused(practice: Practice, trying: str | None) -> Callable[[Request, Exception], Response]:
    """`trying`: the cookie whose holder may come back with a click, in a demonstration."""

    def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        what = error.detail if error.detail in WHAT else ("page" if error.status_code == 404 else "failed")
        back = what == "closed" and trying is not None and trying in request.cookies
        return HTMLResponse(notice(practice.name, what, again=back), error.status_code)

    return refused


async def _no_role(request: Request, error: Exception) -> Response:
    assert isinstance(error, MayNot)
    person = str(request.path_params.get("person", ""))
    glass = person if person and request.url.path == f"/persons/{person}" else ""
    return HTMLResponse(notice("Lamplighter", "role", error.rule.named(), glass=glass), 403)


async def _failed(request: Request, error: Exception) -> Response:
    log.error("staff_page_failed", exc_info=error)
    return HTMLResponse(notice("Lamplighter", "failed"), 500)
