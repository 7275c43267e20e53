"""`lamplighter demo`: everything on this machine, with the sample practice signed by the demo's own key."""

import secrets
import threading
import webbrowser
from collections.abc import Sequence
from datetime import UTC, timedelta
from pathlib import Path
from socket import socket

from rich.console import Console
from starlette.types import ASGIApp

from lamplighter import logs
from lamplighter.channels.calls.speech_desk import SpeechDesk
from lamplighter.channels.sms.simulated import SimulatedMessenger
from lamplighter.channels.web.app import public_app
from lamplighter.channels.web.site import Demo, InventedPatient
from lamplighter.connectors.billing.memory import MemoryBalances
from lamplighter.connectors.chart.simulated import SimulatedCharts
from lamplighter.connectors.clearinghouse.simulated_authorizations import SimulatedAuthorizations
from lamplighter.connectors.payments.memory import MemoryPayments, OneCompany
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk.feed import LiveFeed
from lamplighter.desk.lines import Lines
from lamplighter.desk.ports import Ring
from lamplighter.practice.directory import Directory
from lamplighter.practice.protocol import Protocol, demo_key, sign, verify
from lamplighter.practice.sample import SAMPLE_FOLDER
from lamplighter.settings import Settings
from lamplighter.wiring import demo_authorizations, demo_week
from lamplighter.wiring.billing import invented_books
from lamplighter.wiring.clocks import DemoClock
from lamplighter.wiring.demo_callers import Players, cards
from lamplighter.wiring.demo_plans import simulated
from lamplighter.wiring.desk import Desk, wire
from lamplighter.wiring.earlier import stored_lines
from lamplighter.wiring.late_parts import warm_up
from lamplighter.wiring.lines import protocol_of, signed_line
from lamplighter.wiring.outward import Outward
from lamplighter.wiring.own_rehearsals import OwnRehearsals
from lamplighter.wiring.page_review import PageReview, page_review
from lamplighter.wiring.reading import reader_of
from lamplighter.wiring.reviewing import FolderReview
from lamplighter.wiring.serving import Door, listen, run
from lamplighter.wiring.signed_folder import keep_in, signatures_in
from lamplighter.wiring.signing import folder_files
from lamplighter.wiring.speech import start_speech
from lamplighter.wiring.staff import staff_door
from lamplighter.wiring.store import demo_settings, master_key, open_store
from lamplighter.wiring.storing import storing_what_waits

log = logs.get(__name__)
SIGNER = "Lamplighter demo"
PROTOCOLS = "protocols"

THINGS_TO_TRY: dict[str, Sequence[str]] = {
    "en": (
        "Book a first visit: “I've never been before, evenings after five, but not Wednesdays.”",
        "Change your mind in the middle: “Monday, sorry, I mean Wednesday.”",
        "Ask something else while booking: “How much is it if I pay myself?”",
        "Be one of the invented patients and move your visit, or cancel it.",
        "Switch to Spanish, ask “are you a robot?”, or ask for a person.",
    ),
    "es": (
        "Pida una primera cita: «nunca he ido; por las tardes después de las cinco, pero los miércoles no».",
        "Cambie de idea a la mitad: «el lunes, perdón, quiero decir el miércoles».",
        "Pregunte otra cosa mientras reserva: «¿cuánto cuesta si pago por mi cuenta?».",
        "Sea uno de los pacientes inventados y mueva su visita, o cancélela.",
        "Cambie al inglés, pregunte «¿es usted un robot?», o pida una persona.",
    ),
}
NOTES = {"en": "has a visit in the next days", "es": "tiene una visita en los próximos días"}


class BoardPager:
    """Nobody's telephone is rung in the demo: who is rung shows on the staff page, and is answered there."""

    def ring(self, ring: Ring) -> None:
        log.info("rung_on_the_board", practice=ring.practice, contact=ring.contact, route=ring.route)

    def call_off(self, ring: Ring, by: str) -> None:
        log.info("called_off", practice=ring.practice, contact=ring.contact, route=ring.route)


def run_demo(*, headless: bool = False, port: int | None = None, data: Path | None = None) -> None:
    """Runs until Ctrl-C. Raises PortTaken, NoSuchPort, and what opening the store raises."""
    logs.quiet()
    settings = Settings()
    changes = {"data": data or settings.data, "port": settings.port if port is None else port}
    settings = demo_settings(settings.model_copy(update=changes))
    doors = (
        listen(settings.host, settings.port),
        listen("127.0.0.1", settings.staff_port if port is None else 0),
    )
    console = Console()
    console.print("Lamplighter demo: opening the sealed data folder and the sample practice…")
    _Demonstration(settings, console, headless).run(*doors)


class _Demonstration:
    def __init__(self, settings: Settings, console: Console, headless: bool) -> None:
        self._settings, self._console, self._headless = settings, console, headless
        self._stopping = threading.Event()
        self._clock = DemoClock(settings.data / "clock-ahead.txt")
        self._protocol = sign_sample(settings.data / PROTOCOLS, self._clock)
        self._practice = self._protocol.practice
        self._store = open_store(settings, self._clock, demo=True)
        self._feed = LiveFeed()
        self._messenger = SimulatedMessenger()
        self._desk = self._wired()

    def _wired(self) -> Desk:
        reads = self._settings.reader_url is not None
        line = signed_line(self._protocol, asks_reader=reads)
        kept = {self._practice.id: self._settings.data / PROTOCOLS}
        stored = stored_lines(kept, asks_reader=reads, texts=True)
        return wire(
            self._store.records,
            self._store.jobs,
            Lines([line], stored),
            Outward(
                self._clock,
                self._messenger,
                BoardPager(),
                self._feed,
                clearinghouses=simulated(demo_week.MOST),
                authorizations=SimulatedAuthorizations(),
                books=self._books(),
                companies=OneCompany(MemoryPayments()),
                charts=SimulatedCharts(),
            ),
            worker="embedded",
            new_id=lambda: secrets.token_hex(8),
            new_code=lambda: f"{secrets.randbelow(10**6):06d}",
            reader=reader_of(self._settings, {self._practice.id: self._practice}),
            public_address=self._settings.public_address or self._here(),
        )

    def _books(self) -> MemoryBalances:
        return invented_books(self._practice, self._clock.now().astimezone(self._practice.timezone).date())

    def _here(self) -> str | None:
        """So that a reminder on a telephone on the screen brings its link."""
        return f"http://localhost:{self._settings.port}" if self._settings.port else None

    def run(self, public: socket, staff: socket) -> None:
        demo_week.seed(self._store.records, self._practice, self._clock.now())
        following, now = self._desk.authorizations, self._clock.now()
        demo_authorizations.seed(self._store.records, self._practice, following, now)
        self._store.jobs.start()
        speech = SpeechDesk()
        start_speech(self._settings, speech, self._practice, self._settings.data / "spoken")
        try:
            self._serve(public, staff, speech)
        finally:
            self._stopping.set()
            self._store.close()
            self._console.print("Stopped. Everything is kept; start again to go on where you were.")

    def _serve(self, public_socket: socket, staff_socket: socket, speech: SpeechDesk) -> None:
        public = Door(self._public(speech), public_socket)
        review = self._review()
        review.note_unseen()
        staff, link = staff_door(
            self._desk,
            self._practice,
            self._feed,
            self._clock,
            staff_socket,
            review,
            OwnRehearsals(self._settings.data, "demo"),
            trying=True,
        )
        beside = [storing_what_waits(self._desk.contacts)]
        run([public, staff], lambda: self._announce(public.port, link), beside)

    def _review(self) -> PageReview:
        data = self._settings.data
        folder = FolderReview(SAMPLE_FOLDER, self._clock, kept=data / PROTOCOLS, drafts=True)
        keys = master_key(self._settings, demo=True)
        return page_review(folder, self._protocol, self._store.records, self._clock, keys, data)

    def _public(self, speech: SpeechDesk) -> ASGIApp:
        return public_app(
            contacts=self._desk.contacts,
            records=self._store.records,
            directory=Directory([self._practice]),
            feed=self._feed,
            phrasebook=Phrasebook.load(),
            clock=self._clock,
            secret=self._secret(),
            speech=speech,
            demo=Demo(
                patients=tuple(_card(each) for each in demo_week.TO_TRY),
                things_to_try=THINGS_TO_TRY,
                callers=cards(),
                play=Players(self._desk.contacts, self._practice, self._stopping.wait).play,
                to_tomorrow=self._to_tomorrow,
            ),
            links=self._desk.links,
            papers=self._desk.papers,
            cards=self._desk.cards,
            lacks=self._store.jobs.lack,
        )

    def _secret(self) -> bytes:
        """Kept beside the store, so that a browser finds its chat again after a restart."""
        path = self._settings.data / "web-secret.key"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_bytes(secrets.token_bytes(32))
        return path.read_bytes()

    def _to_tomorrow(self) -> None:
        """Moves the clock to tomorrow evening, and starts what has fallen due."""
        now = self._clock.now()
        self._clock.forward(
            demo_week.tomorrow_evening(self._practice, now) - now.astimezone(UTC) + timedelta(seconds=1)
        )
        self._store.jobs.clock_moved()

    def _announce(self, port: int, staff_link: str) -> None:
        warm_up([self._practice], self._clock.now())
        address = f"http://localhost:{port}/"
        self._console.print(f"\n  The practice for everybody:  [bold]{address}[/bold]")
        self._console.print(f"  For staff (opens once):      [bold]{staff_link}[/bold]", soft_wrap=True)
        self._console.print(
            "\nThe phrases are drafts that nobody has reviewed; the practice and its people are invented."
            "\nCtrl-C stops it.\n"
        )
        if not self._headless:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def sign_sample(folder: Path, clock: DemoClock) -> Protocol:
    """The sample practice's protocol, signed with the key that everybody knows; kept readable in `folder`."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    protocol = protocol_of(folder_files(SAMPLE_FOLDER), drafts=True)
    if not any(verify(signature, protocol) for signature in signatures_in(folder)):
        keep_in(folder, protocol, sign(protocol, demo_key(), SIGNER, clock.now()))
    return protocol


def _card(each: demo_week.Invented) -> InventedPatient:
    return InventedPatient(f"{each.first_name} {each.last_name}", each.born, each.phone, NOTES)
