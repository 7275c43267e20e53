"""A practice on a stage: the real conversation and desk over records in memory, and both apps on loopback.

The clock runs from a fixed Tuesday morning, so that the office is open whenever the tests run.
"""

import asyncio
import secrets
import socket
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import uvicorn

from lamplighter.channels.calls.speech_desk import SpeechDesk
from lamplighter.channels.sms.simulated import SimulatedMessenger
from lamplighter.channels.web.app import public_app
from lamplighter.channels.web.site import Caller, Demo, InventedPatient
from lamplighter.connectors.billing.memory import MemoryBalances
from lamplighter.connectors.chart.simulated import SimulatedChart, SimulatedCharts
from lamplighter.connectors.clearinghouse.simulated import SimulatedClearinghouse
from lamplighter.connectors.clearinghouse.simulated_authorizations import SimulatedAuthorizations
from lamplighter.connectors.keys.local import LocalKeys
from lamplighter.connectors.payments.memory import MemoryPayments, OneCompany
from lamplighter.console.access import Access
from lamplighter.console.app import staff_app
from lamplighter.conversation.engine import Conversation
from lamplighter.conversation.guard import Guard
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.understanding import Understanding
from lamplighter.desk import (
    calling_off,
    charting,
    eap_watch,
    eligibility,
    handoffs,
    notices,
    packet,
    plan_card,
    plan_card_kept,
    plan_outcomes,
    refunds,
    reminders,
    tallying,
)
from lamplighter.desk.authorizations import planning as authorization_planning
from lamplighter.desk.authorizations.work import Authorizations
from lamplighter.desk.charting import Charting
from lamplighter.desk.contacts import WAKE_JOB, Contacts, Line
from lamplighter.desk.eap_watch import EapWatch
from lamplighter.desk.eligibility import Plans
from lamplighter.desk.feed import LiveFeed
from lamplighter.desk.links import LinkMaker
from lamplighter.desk.plan_card_links import CardLinks
from lamplighter.desk.ports import Job, Person, Ring
from lamplighter.desk.ports.balances import Balances
from lamplighter.desk.ports.identity import IdentityProvider
from lamplighter.practice.directory import Directory
from lamplighter.practice.model import Practice, PracticeId
from lamplighter.practice.sample import SAMPLE_FOLDER, load_sample
from lamplighter.records.memory import MemoryJobs, MemoryRecords
from lamplighter.wiring.demo_plans import SimulatedClearinghouses
from lamplighter.wiring.own_rehearsals import OwnRehearsals
from lamplighter.wiring.page_review import PageReview
from lamplighter.wiring.proving import prover
from lamplighter.wiring.reviewing import FolderReview
from lamplighter.wiring.signing_keys import SigningKeys
from tests.serving import PromptServer

OTHER_HOST = "elm.example"
NOWHERE = Path("/nowhere/.signed")
MORNING = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)  # a Tuesday, ten in New York

PATIENTS = (
    InventedPatient(
        "Nora Bell",
        date(1990, 2, 3),
        "+12125550143",
        {"en": "Sees Dr. Osei", "es": "Paciente de la Dra. Osei"},
    ),
    InventedPatient(
        "Mateo Rivas", date(1984, 7, 19), "+12125550144", {"en": "Prefers Spanish", "es": "Prefiere español"}
    ),
    InventedPatient(
        "June Park",
        date(2001, 11, 30),
        "+12125550145",
        {"en": "Comes every Thursday", "es": "Viene los jueves"},
    ),
)


TO_TRY: dict[str, Sequence[str]] = {
    "en": ["Make a first appointment in one breath", "Change your mind halfway", "Ask for a person"],
    "es": ["Pida una primera cita de una vez", "Cambie de idea a mitad", "Pida una persona"],
}


class RunningClock:
    """Runs like any clock, from MORNING on; `ahead` moves it forward."""

    def __init__(self, start: datetime = MORNING) -> None:
        self._start, self._began = start, time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._began)

    def far_ahead(self) -> datetime:
        return self.now() + timedelta(days=1)

    def ahead(self, by: timedelta) -> None:
        self._start += by


@cache
def _parts() -> tuple[Phrasebook, Guard, Understanding]:
    return Phrasebook.load(), Guard.load(), Understanding.load()


def talk(practice: Practice) -> Conversation:
    """The real conversation of a practice; its parts are loaded once."""
    return Conversation(practice, *_parts())


def contacts_of(
    practices: Iterable[Practice],
    records: MemoryRecords,
    clock: "RunningClock",
    feed: LiveFeed,
    worker: str = "stage",
) -> Contacts:
    return Contacts(
        records,
        {practice.id: Line(talk(practice), "0" * 64) for practice in practices},
        clock,
        feed,
        worker=worker,
        new_id=lambda: secrets.token_hex(8),
        new_code=lambda: "246810",
    )


def another(practice: Practice) -> Practice:
    """A second practice of the same deployment, at a host and a number of its own."""
    number = "+12125550190"
    return replace(
        practice, id="other", name="Elm Street", phone=number, numbers=(number,), hosts=(OTHER_HOST,)
    )


@cache
def _warmed() -> None:
    """A first contact that nobody sees: what is read from disk on first use is read before anybody waits for it."""
    practice, clock = load_sample(), RunningClock()
    contacts = contacts_of([practice], MemoryRecords(clock), clock, LiveFeed())
    contact = contacts.open(practice.id, channel="chat", dialled=practice.phone, address=None).contact
    for words in (
        "a first appointment, any afternoon, by video",
        "the first one",
        "Nora Quill, March 3 1991",
    ):
        contacts.hear(practice.id, contact, words)


class Bells:
    """A Pager that remembers whom it rang."""

    def __init__(self) -> None:
        self.rung: list[Ring] = []

    def ring(self, ring: Ring) -> None:
        self.rung.append(ring)

    def call_off(self, ring: Ring, by: str) -> None:
        self.rung = [each for each in self.rung if each.rung != ring.rung]


@dataclass
class Stage:
    practice: Practice = field(default_factory=load_sample)
    other: Practice = field(default_factory=lambda: another(load_sample()))
    clock: RunningClock = field(default_factory=RunningClock)
    bells: Bells = field(default_factory=Bells)
    feed: LiveFeed = field(default_factory=LiveFeed)
    played: list[str | None] = field(default_factory=list)
    speech: SpeechDesk = field(default_factory=SpeechDesk)

    def __post_init__(self) -> None:
        self.records = MemoryRecords(self.clock)
        self.phrasebook = Phrasebook.load()
        self.contacts = contacts_of((self.practice, self.other), self.records, self.clock, self.feed)
        self.messenger = SimulatedMessenger()
        self.practices = {each.id: each for each in (self.practice, self.other)}
        self.directory = Directory([self.practice, self.other])
        self.access = Access()
        self.review = self.reviewing(SAMPLE_FOLDER, NOWHERE)
        self.rehearsals = OwnRehearsals(NOWHERE, "demo")
        self.clearinghouse = SimulatedClearinghouse()
        self.chart = SimulatedChart()
        self.charting = Charting(self.records, self.practices, self.clock, SimulatedCharts(self.chart))
        self.plans = Plans(
            self.records,
            self.practices,
            self.clock,
            SimulatedClearinghouses(self.clearinghouse),
            charting=self.charting,
            phrasebooks=dict.fromkeys(self.practices, self.phrasebook),
            cards=CardLinks(
                dict.fromkeys(self.practices, self.phrasebook),
                LinkMaker("http://localhost", lambda: "k" * 64),
            ),
        )
        self.authorizations = Authorizations(
            self.records, self.practices, self.clock, SimulatedAuthorizations()
        )
        self.provider: IdentityProvider | None = None
        self.company, self.books = MemoryPayments(), MemoryBalances()
        self.jobs = self._jobs()
        self._people()
        _warmed()

    def _jobs(self) -> MemoryJobs:
        jobs = MemoryJobs(self.records)
        self.handoffs = handoffs.Handoffs(
            self.records, self.practices, self.bells, self.clock, self.contacts.note
        )
        sending = notices.Sending(
            self.records,
            self.messenger,
            dict.fromkeys(self.practices, self.phrasebook),
            self.practices,
            self.clock,
        )
        jobs.register(handoffs.JOB, self.handoffs.run)
        jobs.register(calling_off.JOB, self.handoffs.calling_off.run)
        jobs.register(notices.JOB, sending.run)
        jobs.register(tallying.JOB, tallying.Tallying(self.records, self.practices).run)
        jobs.register(reminders.JOB, reminders.Reminding(self.records, self.practices, self.clock).run)
        jobs.register(packet.JOB, packet.Packets(self.records, self.practices, self.clock).run)
        jobs.register(eligibility.JOB, self.plans.run)
        jobs.register(eligibility.ASK, self.plans.ask)
        jobs.register(charting.JOB, self.charting.run)
        jobs.register(charting.LOOK, self.charting.look)
        cards = plan_card.Cards(self.records, self.practices, self.clock)
        jobs.register(plan_card.LOOK, cards.look)
        jobs.register(plan_card_kept.OVER, cards.over)
        jobs.register(plan_outcomes.NUMBER_JOB, self.plans.number_due)
        back = refunds.Refunds(self.records, self.practices, OneCompany(self.company), self.clock)
        jobs.register(refunds.JOB, back.run)
        jobs.register(WAKE_JOB, self._wake)
        jobs.register(authorization_planning.SEND, self.authorizations.send)
        jobs.register(authorization_planning.TICK, self.authorizations.tick)
        jobs.register(authorization_planning.LOOK, self.authorizations.look)
        jobs.register(eap_watch.JOB, EapWatch(self.records, self.practices, self.clock).look)
        return jobs

    def reviewing(self, folder: Path, kept: Path, **how: Any) -> PageReview:
        """The practice's files in `folder` under review, beside what was signed in `kept`."""
        review = FolderReview(folder, self.clock, kept=kept, **how)
        keys = SigningKeys(kept.parent, self.practice.id, LocalKeys(bytes(range(32))))
        return PageReview(
            review, self.records, self.practice.id, self.clock, keys, kept.parent, lambda: "0" * 64
        )

    def _wake(self, practice: PracticeId, job: Job) -> None:
        self.contacts.wake(practice, job)

    def _people(self) -> None:
        with self.records.transaction(self.practice.id) as tx:
            for patient in PATIENTS:
                first, last = patient.name.split()
                clinician = self.practice.clinicians[0].id
                tx.people.add(
                    Person(patient.number, first, last, patient.born, patient.number, clinician=clinician)
                )

    def run_due(self) -> None:
        self.jobs.run_due(self.clock.now())

    def to_tomorrow(self) -> None:
        self.clock.ahead(timedelta(days=1))
        self.run_due()

    def public(self, **more: Any) -> Any:
        demo = Demo(
            PATIENTS,
            TO_TRY,
            (
                Caller("first", {"en": "A first appointment"}),
                Caller("late", {"en": "Somebody who runs late"}),
            ),
            self.played.append,
            self.to_tomorrow,
        )
        given = {
            "contacts": self.contacts, "records": self.records, "directory": self.directory, "feed": self.feed,
            "phrasebook": self.phrasebook, "clock": self.clock, "speech": self.speech, "demo": demo,
        }  # fmt: skip
        return public_app(**{**given, **more})

    def staff(
        self, practice: Practice | None = None, *, trying: bool = True, books: Balances | None = None
    ) -> Any:
        return staff_app(
            practice=practice or self.practice,
            contacts=self.contacts,
            handoffs=self.handoffs,
            records=self.records,
            feed=self.feed,
            phrasebook=self.phrasebook,
            clock=self.clock,
            access=self.access,
            review=self.review,
            rehearsals=self.rehearsals,
            trying=trying,
            plans=self.plans,
            authorizations=self.authorizations,
            books=books or self.books,
            prove=prover(self.records, (practice or self.practice).id),
            provider=self.provider,
        )

    @contextmanager
    def ticking(self, every: float = 0.1) -> Iterator[None]:
        """Jobs run as they fall due, as on a server."""
        over = threading.Event()

        def tick() -> None:
            while not over.wait(every):
                self.run_due()

        thread = threading.Thread(target=tick, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


@contextmanager
def served(app: Any) -> Iterator[str]:
    """The app on a port of loopback; gives its address."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = PromptServer(
        uvicorn.Config(
            app, log_level="warning", ws="websockets-sansio", timeout_graceful_shutdown=1, lifespan="off"
        )
    )
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])), daemon=True)
    thread.start()
    try:
        while not server.started:
            threading.Event().wait(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
