"""`lamplighter serve`: answers for every signed practice in the practices folder. Whoever reaches one that nobody has
signed hears one sentence and is put through to a person."""

import secrets
import socket
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from rich.console import Console
from starlette.types import ASGIApp

from lamplighter import logs
from lamplighter.channels.calls.speech_desk import SpeechDesk
from lamplighter.channels.phone.transfers import Ladder, TelephonePager
from lamplighter.channels.web.app import public_app
from lamplighter.channels.web.closed import ClosedDoors
from lamplighter.channels.web.headers import SafeHeaders
from lamplighter.conversation.before_signing import PROTOCOL as UNSIGNED
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk import joining
from lamplighter.desk.backlog import Backlog
from lamplighter.desk.feed import LiveFeed
from lamplighter.desk.lines import Lines, Now, Stored
from lamplighter.desk.one_turn import Line
from lamplighter.desk.page_texts import ByCarrier
from lamplighter.desk.paging import EveryWay
from lamplighter.desk.ports import Carriers, Clock, MessageRefused, Records, Ring
from lamplighter.desk.ringing_out import RingingOut
from lamplighter.practice.directory import Directory
from lamplighter.practice.model import Practice
from lamplighter.practice.problems import format_problem
from lamplighter.practice.protocol import Protocol
from lamplighter.settings import Settings
from lamplighter.wiring.authorization_channels import authorization_channels, tell_of_authorizations
from lamplighter.wiring.billing import accounts_of, tell_of_books
from lamplighter.wiring.carriers import SetUpCarriers, Texts, carrier_door, sends, tell_of_carriers, texts_by
from lamplighter.wiring.charts import SetUpCharts, tell_of_charts
from lamplighter.wiring.clearinghouses import SetUpClearinghouses, tell_of_clearinghouses
from lamplighter.wiring.clocks import WallClock
from lamplighter.wiring.counts import published_in
from lamplighter.wiring.desk import Desk, wire
from lamplighter.wiring.earlier import stored_lines
from lamplighter.wiring.fhir_books import fhir_books, read_ahead, tell_of_fhir_books
from lamplighter.wiring.held_ahead import held_ahead
from lamplighter.wiring.identity import provider_of
from lamplighter.wiring.late_parts import LateGuard, warm_up
from lamplighter.wiring.lines import signed_line, unsigned_line
from lamplighter.wiring.mail import (
    ByChannel,
    InForce,
    books_of,
    hold_until_read,
    in_force,
    look_into_mailboxes,
    mail_door,
    tell_of_mail,
)
from lamplighter.wiring.outward import Outward
from lamplighter.wiring.own_rehearsals import OwnRehearsals
from lamplighter.wiring.page_review import PageReview
from lamplighter.wiring.payments import PaymentDoor, SetUpPayments, tell_of_payments
from lamplighter.wiring.practices import NothingToServe, Practices, Signed, Unsigned, practices_in
from lamplighter.wiring.reading import reader_of, unread
from lamplighter.wiring.rehearsing import Apart
from lamplighter.wiring.reviewing import FolderReview
from lamplighter.wiring.serving import Door, listen, run
from lamplighter.wiring.signed_folder import SIGNED
from lamplighter.wiring.signed_words import newer_phrases
from lamplighter.wiring.signers import Signers
from lamplighter.wiring.signing_keys import SigningKeys
from lamplighter.wiring.speech import start_speech
from lamplighter.wiring.staff import StaffPage, staff_door
from lamplighter.wiring.store import Store, master_key, open_store
from lamplighter.wiring.storing import storing_what_waits
from lamplighter.wiring.taking_up import Answered, TakingUp
from lamplighter.wiring.telephone import beside_the_doors, tell_of_telephone
from lamplighter.wiring.told_lines import told_to_the_line

__all__ = ["NothingToServe", "run_serve", "signed_practices", "tell_unsigned_words"]

log = logs.get(__name__)


class NoCarrier:
    """Of a practice without a carrier: no text is promised to anybody, and one that is queued all the same is refused
    at once and shows as failed on the staff page."""

    def send(self, message_id: str, channel: str, to: str, sender: str, text: str) -> None:
        log.warning("no_carrier_configured", channel=channel)
        raise MessageRefused("no carrier is configured")


class StaffPagePager:
    """Who is rung shows on the staff page and is answered there."""

    def ring(self, ring: Ring) -> None:
        log.warning("ringing", practice=ring.practice, contact=ring.contact, route=ring.route)

    def call_off(self, ring: Ring, by: str) -> None:
        log.info("called_off", practice=ring.practice, contact=ring.contact, route=ring.route)


def pager_of(
    records: Records, carriers: Carriers, lines: Lines, clock: Clock, telephone: TelephonePager
) -> EveryWay:
    """The staff page, the telephone for a call that came by it, and a text to whoever is rung where the practice's
    texts go by a carrier."""
    practices = Now(lines, lambda line: line.conversation.practice)
    books = Now(lines, lambda line: line.conversation.phrasebook)
    return EveryWay([StaffPagePager(), telephone, ByCarrier(records, carriers, practices, books, clock)])


def ladder_of(desk: Desk, lines: Lines) -> Ladder:
    """What the telephone asks when it rings somebody."""
    practices = Now(lines, lambda line: line.conversation.practice)
    books = Now(lines, lambda line: line.conversation.phrasebook)
    return Ladder(RingingOut(desk.records, practices, books, WallClock()).call_for, desk.handoffs.answered)


def signed_practices(folder: Path | None) -> list[Protocol]:
    """The last signed protocol of every practice in the folder that has one. Raises NothingToServe."""
    return [each.protocol for each in practices_in(folder).signed]


def lines_of(
    practices: Practices, *, asks_reader: bool, texts: Texts, records: Records | None = None
) -> list[Line]:
    """In the order of the practices that are answered: a signed one under its protocol; any other with one sentence and
    a person. `records` tell whether anybody works there yet."""
    signed = [line_under(each.protocol, asks_reader=asks_reader, texts=texts) for each in practices.signed]
    unsigned = [
        unsigned_line(p, texts=sends(texts, p), staffed=records is None or _staffed(records, p))
        for p in (each.practice for each in practices.unsigned)
    ]
    return [*signed, *unsigned]


def line_under(protocol: Protocol, *, asks_reader: bool, texts: Texts) -> Line:
    return signed_line(protocol, asks_reader=asks_reader, texts=sends(texts, protocol.practice))


def stored_of(found: Practices, settings: Settings, reads: bool, texts: Texts) -> Stored:
    kept = {each.practice.id: each.folder / SIGNED for each in found.answered}
    return stored_lines(kept, asks_reader=reads, texts=texts, trusted=Signers(settings.data))


def _staffed(records: Records, practice: Practice) -> bool:
    """Somebody can come in on the staff page, which is where who is rung shows."""
    with records.transaction(practice.id) as tx:
        return any(each.works_here and each.provable for each in tx.staff.all())


def reviews_of(
    practices: Practices, records: Records, settings: Settings, clock: Clock, lines: Lines | None = None
) -> list[PageReview]:
    """What the staff pages review; what was signed elsewhere meanwhile is noted in the ledger first. `lines` say what
    answers, also when that is renewed."""
    keys = master_key(settings)
    reviews = [
        PageReview(
            FolderReview(each.folder, clock, trusted=Signers(settings.data)),
            records,
            each.practice.id,
            clock,
            SigningKeys(settings.data, each.practice.id, keys),
            settings.data,
            _answering(each, lines),
            Apart(each.folder),
        )
        for each in practices.answered
    ]
    for review in reviews:
        log.info("signatures_noted", practice=review.practice, count=review.note_unseen())
    return reviews


def _answering(each: Signed | Unsigned, lines: Lines | None) -> Callable[[], str]:
    if lines is not None:
        return lambda: lines[each.practice.id].protocol_hash
    return lambda: each.protocol.hash if isinstance(each, Signed) else UNSIGNED


def staff_door_of(
    settings: Settings,
    desk: Desk,
    feed: LiveFeed,
    clock: Clock,
    found: Practices,
    line: Line,
    bound: socket.socket,
    review: PageReview,
) -> tuple[Door, str]:
    conversation = line.conversation
    return staff_door(
        desk,
        conversation.practice,
        feed,
        clock,
        bound,
        review,
        OwnRehearsals(review.review.folder),
        idle=timedelta(minutes=settings.staff_idle_minutes),
        approved=found.approved[conversation.practice.id],
        law=conversation.law,
        anchors=settings.anchors,
        provider=provider_of(settings, conversation.practice.id),
    )


def page_behind(door: Door) -> StaffPage:
    assert isinstance(door.app, StaffPage)
    return door.app


def public_pages(app: ASGIApp, practices: Practices) -> ASGIApp:
    """The public pages; those of a practice that can't be loaded show where a person is reached."""
    phones = {host: each.phone for each in practices.unloadable if each.phone for host in each.hosts}
    taken = {host for each in practices.answered for host in each.practice.hosts}
    closed = {host: phone for host, phone in phones.items() if host not in taken}
    return SafeHeaders(ClosedDoors(app, closed)) if closed else app


def tell_staff_pages(practices: list[Practice], links: list[str], console: Console) -> None:
    for practice, link in zip(practices, links, strict=True):
        how = "set up its owner, opens once" if "/open/" in link else "sign in"
        console.print(f"  {practice.name}, staff ({how}): {link}", soft_wrap=True)


def tell_unanswered(practices: Practices, console: Console) -> None:
    """Which practices are not in use, and why, as long as it is so."""

    def tell(words: str) -> None:
        console.print(words, soft_wrap=True, markup=False, highlight=False)

    for draft in practices.unsigned:
        tell(
            f"NOT SIGNED: {draft.practice.name}. Whoever reaches it hears one sentence and is put through to a "
            f"person; nothing is booked or asked. Review and sign it: lamplighter review {draft.folder}"
        )
    for each in practices.answered:
        for problem in each.passed_over:
            tell(f"NOT USED: {each.folder.name}/{format_problem(problem)}")
    for broken in practices.unloadable:
        reached = f"its pages name {broken.phone}" if broken.phone and broken.hosts else "nobody can reach it"
        tell(f"NOT LOADED: {broken.folder.name}; {reached}. Put right what follows, and start again:")
        for problem in broken.problems:
            tell(f"  {format_problem(problem)}")


def tell_unsigned_words(protocols: list[Protocol], console: Console) -> None:
    """Says of each practice which phrases of this version it has not signed."""
    for protocol in protocols:
        for problem in newer_phrases(protocol):
            log.warning("phrases_not_signed", practice=protocol.practice.id, file=problem.file)
            told = f"{protocol.practice.id}/{format_problem(problem)}"
            console.print(told, soft_wrap=True, markup=False, highlight=False)


def tell(found: Practices, settings: Settings, port: int, links: list[str]) -> None:
    """What somebody at the terminal needs to know once the doors are open."""
    console = Console()
    tell_unsigned_words([each.protocol for each in found.signed], console)
    console.print(f"Answering for {len(found.signed)} practices on {settings.host}:{port}")
    tell_staff_pages([each.practice for each in found.answered], links, console)
    tell_unanswered(found, console)
    texted = [each.protocol.practice for each in found.signed]
    tell_of_mail(texted, settings, WallClock().now().date(), partial(console.print, soft_wrap=True))
    tell_of_carriers(texted, settings, WallClock().now().date(), partial(console.print, soft_wrap=True))
    tell_of_clearinghouses(texted, settings, WallClock().now().date(), partial(console.print, soft_wrap=True))
    tell_of_authorizations(texted, settings, WallClock().now().date(), partial(console.print, soft_wrap=True))
    tell_of_charts(texted, settings, WallClock().now().date(), partial(console.print, soft_wrap=True))
    tell_of_payments(texted, settings, WallClock().now().date(), partial(console.print, soft_wrap=True))
    tell_of_fhir_books(texted, settings, WallClock().now().date(), partial(console.print, soft_wrap=True))
    tell_of_telephone(settings, partial(console.print, soft_wrap=True, markup=False, highlight=False))
    tell_of_books(settings, partial(console.print, soft_wrap=True, markup=False, highlight=False))
    for practice in unread((each.practice for each in found.signed), settings, WallClock().now().date()):
        told = (
            f"NOT ASKED: the model at reader_url, for {practice}: its parties.yaml, as signed, names no agreement with "
            f"{settings.reader_party} that forbids reuse. Nothing of its callers is sent there"
        )
        console.print(told, soft_wrap=True, markup=False, highlight=False)


def wired(
    settings: Settings,
    store: Store,
    lines: Lines,
    clock: Clock,
    feed: LiveFeed,
    carriers: SetUpCarriers,
    mail: InForce,
    telephone: TelephonePager,
    backlog: Backlog,
) -> Desk:
    messenger = ByChannel(settings, mail, store.records, clock, NoCarrier())
    pager = pager_of(store.records, carriers, lines, clock, telephone)
    on_servers = fhir_books(settings, clock)
    read_ahead(on_servers, settings, Now(lines, lambda line: line.conversation.practice), clock)
    joining.wish(store.records, lines, clock)
    return wire(
        store.records,
        store.jobs,
        lines,
        Outward(
            clock,
            messenger,
            pager,
            feed,
            carriers,
            SetUpClearinghouses(settings, clock, store.records),
            accounts_of(settings, on_servers),
            SetUpPayments(settings, Now(lines, lambda line: line.conversation.practice), clock),
            SetUpCharts(settings, Now(lines, lambda line: line.conversation.practice), clock),
            authorizations=authorization_channels(settings, clock, store.records),
            backlog=backlog,
        ),
        worker="embedded" if settings.database_url is None else f"serve-{secrets.token_hex(4)}",
        new_id=lambda: secrets.token_hex(8),
        new_code=lambda: f"{secrets.randbelow(10**6):06d}",
        reader=reader_of(settings, Now(lines, lambda line: line.conversation.practice)),
        public_address=settings.public_address,
    )


def speak_from(settings: Settings, speech: SpeechDesk, found: Practices) -> None:
    """Speech for the first, whose phrases are rendered ahead; the others' are when they are first said, but for what is
    heard while no desk is there."""
    if found.answered:
        first = found.answered[0].practice
        start_speech(settings, speech, first, settings.data / "spoken", held_ahead(settings, found))


def staff_ports(settings: Settings, many: int) -> list[int]:
    """One to a practice; 0 for whichever is free."""
    return [settings.staff_port + n if settings.staff_port else 0 for n in range(many)]


def run_serve(settings: Settings) -> None:
    """Runs until told to stop. Raises NothingToServe, KeyProblem, PortTaken, WrongKey."""
    logs.configure(as_json=settings.log_json)
    clock, feed, speech, telephone = WallClock(), LiveFeed(), SpeechDesk(), TelephonePager()
    found = practices_in(settings.practices, Signers(settings.data), clock.now())
    practices = [each.practice for each in found.answered]
    directory = Directory(practices)
    public_socket = listen(settings.host, settings.port)
    staff_sockets = [listen("127.0.0.1", each) for each in staff_ports(settings, len(practices))]
    store = open_store(settings, clock)
    reads, texts = settings.reader_url is not None, texts_by(settings, clock)
    first = lines_of(found, asks_reader=reads, texts=texts, records=store.records)
    lines = Lines(first, stored_of(found, settings, reads, texts))
    carriers = SetUpCarriers(settings, Now(lines, lambda line: line.conversation.practice), clock)
    mail = in_force(lines)
    backlog = hold_until_read(settings, clock)
    desk = wired(settings, store, lines, clock, feed, carriers, mail, telephone, backlog)
    store.jobs.start()
    speak_from(settings, speech, found)
    app = public_app(
        contacts=desk.contacts,
        records=store.records,
        directory=directory,
        feed=feed,
        phrasebook=Phrasebook.load(),
        clock=clock,
        speech=speech,
        approved=found.approved,
        counts=partial(published_in, settings.data),
        links=desk.links,
        papers=desk.papers,
        cards=desk.cards,
        lacks=store.jobs.lack,
    )
    reviews = reviews_of(found, store.records, settings, clock, lines)
    given = zip(lines.values(), staff_sockets, reviews, strict=True)
    staff = [staff_door_of(settings, desk, feed, clock, found, *each) for each in given]
    answered = [Answered(review, page_behind(door)) for review, (door, _) in zip(reviews, staff, strict=True)]
    signed = partial(line_under, asks_reader=reads, texts=texts)
    pages = mail_door(public_pages(app, found), store.records, mail, clock, books_of(lines))
    door = carrier_door(pages, settings, desk.contacts, store.records, directory, clock)
    public = Door(PaymentDoor(door, settings.payments, desk.pay), public_socket)

    def announce() -> None:
        warm_up(practices, clock.now())
        carriers.warm_up()
        tell(found, settings, public.port, [link for _, link in staff])

    stop = TakingUp(answered, lines, directory, found.approved, clock, signed).start()
    look_away = look_into_mailboxes(
        settings, mail, desk.contacts, store.records, clock, LateGuard(), books_of(lines), backlog
    )
    try:
        beside = beside_the_doors(settings, desk, feed, speech, directory, ladder_of(desk, lines), telephone)
        beside += [storing_what_waits(desk.contacts), *told_to_the_line(settings, lines, clock)]
        run([public, *(door for door, _ in staff)], announce, beside)
    finally:
        stop()
        look_away()
        store.close()
