"""Puts the desk together over any records: contacts, ladder, messages, reminders, and the jobs behind them."""

import gc
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from typing import Final, TypeVar

from lamplighter import logs
from lamplighter.conversation import ways
from lamplighter.conversation.acts import Act
from lamplighter.conversation.before_signing import PROTOCOL, BeforeSigning, without_lines
from lamplighter.conversation.engine import Conversation
from lamplighter.conversation.events import Silence, dump_body
from lamplighter.conversation.guard import Guard, Verdict
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.phrasebook.book import files as phrasebook_files
from lamplighter.conversation.understanding import LanguageVote, Understanding
from lamplighter.conversation.understanding.context import Context
from lamplighter.desk import (
    bill_late,
    bill_open,
    bill_plans,
    calling_off,
    charting,
    day_of_visit_paging,
    eligibility,
    handoffs,
    letters,
    missed,
    notices,
    offering,
    office,
    owed,
    packet,
    pay_links,
    plan_line,
    plan_outcomes,
    plan_waits,
    refunds,
    reminders,
    sick_day,
    sick_day_lift,
    sick_day_work,
    texting,
)
from lamplighter.desk.authorizations.work import Authorizations
from lamplighter.desk.charting import Charting
from lamplighter.desk.contacts import WAKE_JOB, Contacts, Line
from lamplighter.desk.context import Till
from lamplighter.desk.eligibility import Plans
from lamplighter.desk.handoffs import Handoffs
from lamplighter.desk.lines import Lines, Now
from lamplighter.desk.link_acts import LinkPages
from lamplighter.desk.links import LinkMaker
from lamplighter.desk.notices import Sending
from lamplighter.desk.one_turn import OneTurn
from lamplighter.desk.owed import Owed
from lamplighter.desk.packet_acts import PacketPages
from lamplighter.desk.ports import (
    Carriers,
    Clock,
    Feed,
    Job,
    JobHandler,
    JobRunner,
    Messenger,
    Pager,
    Records,
    Transaction,
)
from lamplighter.desk.ports.authorizations import AuthorizationChannels
from lamplighter.desk.ports.balances import Balances, NoBooks
from lamplighter.desk.ports.chart import Charts
from lamplighter.desk.ports.clearinghouse import Clearinghouses
from lamplighter.desk.ports.payments import PaymentCompanies, StatementsOnly
from lamplighter.desk.reminders import Reminding
from lamplighter.law.states import SHIPPED, LawData, law_files
from lamplighter.law.telling import told
from lamplighter.practice.calendar import is_open
from lamplighter.practice.load import load_files
from lamplighter.practice.model import Practice, PracticeId
from lamplighter.practice.protocol import Protocol, snapshot
from lamplighter.wiring.authorizing import authorizing_by
from lamplighter.wiring.reading import Read

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything a channel, the console or a rehearsal talks to."""

    contacts: Contacts
    handoffs: Handoffs
    records: Records
    practices: Mapping[PracticeId, Practice]
    links: LinkPages
    papers: PacketPages
    plans: Plans
    authorizations: Authorizations
    pay: pay_links.PayLinks
    books: Mapping[PracticeId, Phrasebook]
    owed: Balances


@dataclass(frozen=True, slots=True)
class Outward:
    """The parts that reach people, payers, time and the practice's books."""

    clock: Clock
    messenger: Messenger
    pager: Pager
    feed: Feed
    carriers: Carriers | None = None
    clearinghouses: Clearinghouses | None = None
    books: Balances = field(default_factory=NoBooks)
    companies: PaymentCompanies = field(default_factory=StatementsOnly)
    charts: Charts | None = None
    authorizations: AuthorizationChannels | None = None


WAYS: Final = "hand_over/ways.yaml"
_LOADING, _LOADING_PART = threading.Lock(), threading.Lock()
log = logs.get(__name__)


@cache
def guard() -> Guard:
    return Guard.load()


@cache
def understanding() -> Understanding:
    return Understanding.load()


class LateGuard:
    """The guard, loaded by the first words or before them by `warm_up`, so that a start waits for nothing. Whatever
    comes in meanwhile waits for it: nothing passes unread."""

    def check(self, text: str, locale: str, channel: str, *, before: Sequence[str] = ()) -> Verdict:
        return _loaded(guard).check(text, locale, channel, before=before)

    def interim(self, text: str, locale: str, channel: str) -> Verdict:
        return _loaded(guard).interim(text, locale, channel)

    def readable(self, text: str, locale: str) -> bool:
        return _loaded(guard).readable(text, locale)


class LateUnderstanding:
    """The same for understanding."""

    def understand(self, text: str, context: Context) -> tuple[Act, ...]:
        return _loaded(understanding).understand(text, context)

    def language(self, text: str) -> LanguageVote:
        return _loaded(understanding).language(text)


def _loaded(part: Callable[[], T]) -> T:
    """One thread loads, the others wait for it, and for no other part."""
    with _LOADING_PART:
        return part()


@cache
def _words() -> None:
    _loaded(guard).check("hello", "en", "chat")
    _loaded(understanding).warm("en")


@cache
def _every_word() -> None:
    guard().ready()
    understanding().warm()


def ready_for_words() -> None:
    """Returns once words can be read; what only some of them need may come later. Where that fails it is the turn that
    meets it, and ends at a person."""
    try:
        with _LOADING:
            _words()
    except Exception:
        log.exception("words_cannot_be_read")


def warm_up(practices: Iterable[Practice], now: datetime) -> threading.Thread:
    """Loads in the background what a greeting would otherwise wait for, then what words would, then what no words so
    far have asked for. For when the doors are open."""

    def load() -> None:
        dump_body(Silence(0))
        for practice in practices:
            is_open(practice, now)
        ready_for_words()
        _every_word()

    thread = threading.Thread(target=_unswept, args=(load,), daemon=True, name="warm-up")
    thread.start()
    return thread


def _unswept(load: Callable[[], None]) -> None:
    """Without looking for garbage among the words over and over while they are read, nor ever again: they stay."""
    gc.disable()
    try:
        load()
    finally:
        gc.freeze()
        gc.enable()


def protocol_of(practice_files: Mapping[str, bytes], *, drafts: bool = False) -> Protocol:
    """The snapshot a practice signs: its own files, the phrasebooks of the languages that it signs, the law data (in
    words for its own states too), and where hand-overs go by what was said. Other languages are no part of it, so that
    nobody is ever answered in words that nobody approved; `drafts` takes them all, for the demonstration. Raises
    PracticeProblems."""
    practice = load_files(practice_files)
    signed = None if drafts else practice.languages_signed
    phrases = {
        f"phrasebook/{locale}.yaml": raw
        for locale, raw in phrasebook_files().items()
        if signed is None or locale in signed
    }
    law = {f"law/{name}": raw for name, raw in law_files().items()}
    law["law/here.txt"] = told((practice.state, *practice.states), SHIPPED).encode()
    return snapshot({**practice_files, **phrases, **law, WAYS: ways.file()})


def line_of(
    practice: Practice,
    protocol_hash: str,
    book: Phrasebook | None = None,
    *,
    asks_reader: bool = False,
    texts: bool = True,
    law: LawData = SHIPPED,
    go: ways.Ways = ways.SHIPPED,
) -> Line:
    """How a practice is answered: with the phrases that it signed, or (unsigned, in rehearsals) those that ship. `go`:
    where hand-overs go by what was said.

    `texts`: a messenger can send them."""
    conversation = Conversation(
        practice, book or Phrasebook.load(), LateGuard(), LateUnderstanding(), asks_reader, texts, law, go
    )
    return Line(conversation, protocol_hash)


def signed_line(protocol: Protocol, *, asks_reader: bool = False, texts: bool = True) -> Line:
    """The line under a signed protocol: its practice, its phrases word for word, the law, the lines of other countries
    and the ways of a hand-over as they were signed."""
    return line_of(
        protocol.practice,
        protocol.hash,
        signed_phrases(protocol),
        asks_reader=asks_reader,
        texts=texts,
        law=signed_law(protocol),
        go=signed_ways(protocol),
    )


def unsigned_line(practice: Practice, *, texts: bool = True, staffed: bool = True) -> Line:
    """The line of a practice that nobody has signed: one sentence and a person, where somebody is there to be told."""
    conversation = BeforeSigning(
        without_lines(practice),
        Phrasebook.before_signing(),
        LateGuard(),
        LateUnderstanding(),
        texts=texts,
        staffed=staffed,
    )
    return Line(conversation, PROTOCOL)


def signed_phrases(protocol: Protocol) -> Phrasebook:
    folder, ending = "phrasebook/", ".yaml"
    return Phrasebook.of(
        {
            name.removeprefix(folder).removesuffix(ending): raw
            for name, raw in protocol.files.items()
            if name.startswith(folder)
        }
    )


def signed_law(protocol: Protocol) -> LawData:
    """As it was signed. Nobody goes unanswered because it can't be read any more: then what ships holds."""
    files = {
        name.removeprefix("law/"): raw for name, raw in protocol.files.items() if name.startswith("law/")
    }
    try:
        return LawData.of(files)
    except (KeyError, ValueError):
        log.error("signed_law_unreadable", practice=protocol.practice.id)
        return SHIPPED


def signed_ways(protocol: Protocol) -> ways.Ways:
    """The same for where a hand-over goes by what was said; what ships also where none was signed."""
    try:
        return ways.Ways.of(protocol.files[WAYS]) if WAYS in protocol.files else ways.SHIPPED
    except ways.WaysUnreadable:
        log.error("signed_ways_unreadable", practice=protocol.practice.id)
        return ways.SHIPPED


def _carried(carriers: Carriers | None, tx: Transaction, turn: OneTurn) -> None:
    """What a turn has said in a thread of texts goes out where a carrier takes it to the person's telephone (one that
    may not be used any more fails, which a person sees); what answers an email, by email."""
    if carriers is not None and carriers.has(tx.practice):
        book = turn.line.conversation.phrasebook
        for said in texting.answers(turn.state, turn.added, turn.now, partial(texting.written, book)):
            notices.enqueue(tx, said)
    letter = letters.answer(turn.state, turn.added, turn.now)
    if letter is None or letters.says_all(tx, turn.state, letter, turn.added):
        return
    if not letters.never_stops(tx, turn.state, letter, turn.added):
        notices.enqueue(tx, letter)


def _what_cannot_wait(
    records: Records,
    runner: JobRunner,
    practices: Mapping[PracticeId, Practice],
    outward: Outward,
    laws: Mapping[PracticeId, LawData],
    books: Mapping[PracticeId, Phrasebook],
) -> None:
    """What happens on the day of a visit: somebody can't get in, or a clinician can't come."""
    paging = day_of_visit_paging.Paging(records, practices, outward.pager, outward.clock)
    off = sick_day_work.CallingVisitsOff(records, practices, outward.clock, laws, books)
    runner.register(day_of_visit_paging.JOB, paging.run)
    runner.register(sick_day.JOB, off.run)
    runner.register(sick_day_lift.JOB, sick_day_lift.Freeing(records, outward.clock).run)
    runner.register(sick_day_work.LOOK, off.look)


def _asking(
    records: Records,
    runner: JobRunner,
    practices: Mapping[PracticeId, Practice],
    outward: Outward,
    laws: Mapping[PracticeId, LawData],
    books: Mapping[PracticeId, Phrasebook],
) -> Plans:
    """Plans are asked, and what they answer goes into the chart."""
    chart = Charting(records, practices, outward.clock, outward.charts, laws)
    plans = Plans(records, practices, outward.clock, outward.clearinghouses, laws, books, chart)
    runner.register(charting.JOB, chart.run)
    runner.register(charting.LOOK, chart.look)
    runner.register(eligibility.JOB, plans.run)
    runner.register(eligibility.ASK, plans.ask)
    runner.register(plan_outcomes.NUMBER_JOB, plans.number_due)
    return plans


def _paying(
    records: Records,
    runner: JobRunner,
    practices: Mapping[PracticeId, Practice],
    outward: Outward,
    books: Mapping[PracticeId, Phrasebook],
) -> pay_links.PayLinks:
    links = pay_links.PayLinks(records, practices, outward.companies, outward.clock)
    runner.register(pay_links.JOB, links.run)
    runner.register(pay_links.LOOK, links.look)
    payments = bill_late.PlanPayments(records, practices, outward.books, outward.clock, books)
    runner.register(bill_plans.JOB, payments.run)
    balances = bill_open.OpenBalances(records, practices, outward.books, outward.clock, books)
    runner.register(bill_open.JOB, balances.run)
    back = refunds.Refunds(records, practices, outward.companies, outward.clock, books)
    runner.register(refunds.JOB, back.run)
    return links


def _waking(contacts: Contacts) -> JobHandler:
    def wake(practice: PracticeId, job: Job) -> None:
        contacts.wake(practice, job)

    return wake


def wire(
    records: Records,
    runner: JobRunner,
    lines: Lines | Iterable[Line],
    outward: Outward,
    *,
    worker: str,
    new_id: Callable[[], str],
    new_code: Callable[[], str],
    reader: Read | None = None,
    public_address: str | None = None,
) -> Desk:
    """Registers every job's handler with `runner`; the caller starts it. `Lines` may be taken up anew while it runs.
    `public_address`: where the public pages are from outside, for links in texts."""
    by_id = lines if isinstance(lines, Lines) else Lines(lines)
    practices = Now(by_id, lambda line: line.conversation.practice)
    books = Now(by_id, lambda line: line.conversation.phrasebook)
    maker = LinkMaker(public_address, lambda: secrets.token_hex(32))
    laws = Now(by_id, lambda line: line.conversation.law)
    plans = _asking(records, runner, practices, outward, laws, books)
    contacts = Contacts(
        records,
        by_id,
        outward.clock,
        outward.feed,
        worker=worker,
        new_id=new_id,
        new_code=new_code,
        reader=reader,
        ready=ready_for_words,
        carried=partial(_carried, outward.carriers),
        wording=packet.Wording(books, maker),
        till=Till(outward.books, outward.companies),
        plans=plan_line.AskedNow(plans),
    )
    confirming = office.Confirming(records, practices, outward.clock, packet.Wording(books, maker))
    ladder = Handoffs(records, practices, outward.pager, outward.clock, contacts.note)
    threads = texting.Threads(records, contacts.utterances, contacts.epoch)
    sending = Sending(
        records, outward.messenger, books, practices, outward.clock, laws, outward.carriers, threads
    )
    pages = LinkPages(records, by_id, outward.clock, outward.feed, new_code)
    runner.register(offering.JOB, offering.Offering(records, practices, books, outward.clock, laws).run)
    runner.register(WAKE_JOB, _waking(contacts))
    runner.register(handoffs.JOB, ladder.run)
    runner.register(calling_off.JOB, ladder.calling_off.run)
    runner.register(owed.JOB, Owed(records, practices, outward.clock).run)
    runner.register(plan_waits.JOB, plan_line.Waiting(records, practices, outward.clock, contacts.note).run)
    runner.register(notices.JOB, sending.run)
    runner.register(reminders.JOB, Reminding(records, practices, outward.clock, books, maker).run)
    runner.register(missed.JOB, missed.AskingAfter(records, practices, outward.clock, books, maker).run)
    runner.register(packet.JOB, packet.Packets(records, practices, outward.clock, books, maker, laws).run)
    runner.register(office.JOB, confirming.run)
    _what_cannot_wait(records, runner, practices, outward, laws, books)
    pay = _paying(records, runner, practices, outward, books)
    authorizing = authorizing_by(records, runner, practices, outward.clock, outward.authorizations, laws)
    papers = PacketPages(records, practices, outward.clock)
    return Desk(
        contacts, ladder, records, practices, pages, papers, plans, authorizing, pay, books, outward.books
    )
