"""`lamplighter serve`: answers for every signed practice in the practices folder. An unsigned one answers nobody."""

import secrets
from datetime import timedelta
from pathlib import Path

from rich.console import Console

from lamplighter import logs
from lamplighter.channels.web.app import public_app
from lamplighter.channels.web.speech_desk import SpeechDesk
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk.feed import LiveFeed
from lamplighter.desk.one_turn import Line
from lamplighter.desk.paging import ByText, EveryWay
from lamplighter.desk.ports import Clock, MessageRefused, Records, Ring
from lamplighter.practice.directory import Directory
from lamplighter.practice.problems import format_problem
from lamplighter.practice.protocol import Protocol
from lamplighter.settings import Settings
from lamplighter.wiring.clocks import WallClock
from lamplighter.wiring.desk import Outward, signed_line, warm_up, wire
from lamplighter.wiring.page_review import PageReview, page_review
from lamplighter.wiring.reading import reader_of
from lamplighter.wiring.reviewing import FolderReview
from lamplighter.wiring.serving import Door, listen, run
from lamplighter.wiring.signed_words import newer_phrases
from lamplighter.wiring.signing import signed_protocol
from lamplighter.wiring.speech import start_speech
from lamplighter.wiring.staff import staff_door
from lamplighter.wiring.store import master_key, open_store

log = logs.get(__name__)


class NothingToServe(Exception):
    """No practice may be answered; the message says what to do."""


class NoCarrier:
    """No carrier is configured: no text is promised to anybody, and one that is queued all the same is refused at once
    and shows as failed on the staff page."""

    sends = False

    def send(self, message_id: str, channel: str, to: str, sender: str, text: str) -> None:
        log.warning("no_carrier_configured", channel=channel)
        raise MessageRefused("no carrier is configured")


class StaffPagePager:
    """Who is rung shows on the staff page and is answered there."""

    def ring(self, ring: Ring) -> None:
        log.warning("ringing", practice=ring.practice, contact=ring.contact, route=ring.route)


def pager_of(messenger: NoCarrier, lines: list[Line]) -> EveryWay:
    """The staff page, and a text to whoever is rung where texts can be sent."""
    parts = {line.conversation.practice.id: line.conversation for line in lines}
    practices = {name: each.practice for name, each in parts.items()}
    by_text = ByText(messenger, practices, {name: each.phrasebook for name, each in parts.items()})
    return EveryWay([StaffPagePager(), by_text] if messenger.sends else [StaffPagePager()])


def signed_practices(folder: Path | None) -> list[Protocol]:
    """The last signed protocol of every practice in the folder. Raises NothingToServe."""
    return [protocol for _, protocol in signed_folders(folder)]


def signed_folders(folder: Path | None) -> list[tuple[Path, Protocol]]:
    """The same, each with the practice's own folder. Raises NothingToServe."""
    if folder is None or not folder.is_dir():
        raise NothingToServe("set LAMPLIGHTER_PRACTICES to the folder that holds the practices' folders")
    found = []
    for inside in sorted(
        path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")
    ):
        protocol = signed_protocol(inside)
        if protocol is None:
            log.warning("practice_not_signed", file=inside.name)
        else:
            found.append((inside, protocol))
    if not found:
        raise NothingToServe(
            f"no practice in {folder} is signed, and an unsigned practice answers nobody: "
            "run 'lamplighter doctor' and then 'lamplighter review' on its folder"
        )
    return found


def reviews_of(
    found: list[tuple[Path, Protocol]], records: Records, settings: Settings, clock: Clock
) -> list[PageReview]:
    """What the staff pages review; what was signed elsewhere meanwhile is noted in the ledger first."""
    keys = master_key(settings)
    reviews = [
        page_review(FolderReview(folder, clock), protocol, records, clock, keys, settings.data)
        for folder, protocol in found
    ]
    for review in reviews:
        log.info("signatures_noted", practice=review.practice, count=review.note_unseen())
    return reviews


def tell_unsigned_words(protocols: list[Protocol], console: Console) -> None:
    """Says of each practice which phrases of this version it has not signed."""
    for protocol in protocols:
        for problem in newer_phrases(protocol):
            log.warning("phrases_not_signed", practice=protocol.practice.id, file=problem.file)
            told = f"{protocol.practice.id}/{format_problem(problem)}"
            console.print(told, soft_wrap=True, markup=False, highlight=False)


def run_serve(settings: Settings) -> None:
    """Runs until told to stop. Raises NothingToServe, KeyProblem, PortTaken, WrongKey."""
    logs.configure(as_json=settings.log_json)
    found = signed_folders(settings.practices)
    protocols = [protocol for _, protocol in found]
    practices = [protocol.practice for protocol in protocols]
    directory = Directory(practices)
    clock, feed = WallClock(), LiveFeed()
    public_socket = listen(settings.host, settings.port)
    staff_sockets = [
        listen("127.0.0.1", settings.staff_port + n if settings.staff_port else 0)
        for n in range(len(practices))
    ]
    store = open_store(settings, clock)
    messenger = NoCarrier()
    lines = [
        signed_line(p, asks_reader=settings.reader_url is not None, texts=messenger.sends) for p in protocols
    ]
    desk = wire(
        store.records,
        store.jobs,
        lines,
        Outward(clock, messenger, pager_of(messenger, lines), feed),
        worker="embedded" if settings.database_url is None else f"serve-{secrets.token_hex(4)}",
        new_id=lambda: secrets.token_hex(8),
        new_code=lambda: f"{secrets.randbelow(10**6):06d}",
        reader=reader_of(settings),
    )
    store.jobs.start()
    speech = SpeechDesk()
    start_speech(settings, speech, practices[0], settings.data / "spoken")
    app = public_app(
        contacts=desk.contacts,
        records=store.records,
        directory=directory,
        feed=feed,
        phrasebook=Phrasebook.load(),
        clock=clock,
        speech=speech,
    )
    idle = timedelta(minutes=settings.staff_idle_minutes)
    reviews = reviews_of(found, store.records, settings, clock)
    given = zip(practices, staff_sockets, reviews, strict=True)
    staff = [staff_door(desk, p, feed, clock, s, r, idle=idle) for p, s, r in given]
    public = Door(app, public_socket)

    def announce() -> None:
        warm_up(practices, clock.now())
        console = Console()
        tell_unsigned_words(protocols, console)
        console.print(f"Answering for {len(practices)} practices on {settings.host}:{public.port}")
        for practice, (_, link) in zip(practices, staff, strict=True):
            how = "set up its owner, opens once" if "/open/" in link else "sign in"
            console.print(f"  {practice.name}, staff ({how}): {link}", soft_wrap=True)

    try:
        run([public, *(door for door, _ in staff)], announce)
    finally:
        store.close()
