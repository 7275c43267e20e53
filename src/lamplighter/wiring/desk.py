"""Puts the desk together over any records: contacts, ladder, messages, reminders, and the jobs behind them."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk import (
    calling_off,
    handoffs,
    missed,
    notices,
    offering,
    office,
    packet,
    pay_links,
    plan_line,
    plan_waits,
    reminders,
    texting,
)
from lamplighter.desk.authorizations.work import Authorizations
from lamplighter.desk.contacts import WAKE_JOB, Contacts, Line, NoSuchContact, NoSuchPractice, Overtaken
from lamplighter.desk.context import Till
from lamplighter.desk.eligibility import Plans
from lamplighter.desk.handoffs import Handoffs
from lamplighter.desk.lines import Lines, Now
from lamplighter.desk.link_acts import LinkPages
from lamplighter.desk.links import LinkMaker
from lamplighter.desk.notices import Sending
from lamplighter.desk.packet_acts import PacketPages
from lamplighter.desk.plan_card_acts import CardPages
from lamplighter.desk.ports import (
    JobRunner,
    Records,
)
from lamplighter.desk.ports.balances import Balances
from lamplighter.desk.reminders import Reminding
from lamplighter.desk.without_store import WithoutStore
from lamplighter.law.states import LawData
from lamplighter.practice.model import Practice, PracticeId
from lamplighter.wiring.authorizing import authorizing_by
from lamplighter.wiring.duties import asking, carried, paying, waking, what_cannot_wait
from lamplighter.wiring.late_parts import ready_for_words
from lamplighter.wiring.outward import Outward
from lamplighter.wiring.reading import Read


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything a channel, the console or a rehearsal talks to."""

    contacts: Contacts
    handoffs: Handoffs
    records: Records
    practices: Mapping[PracticeId, Practice]
    links: LinkPages
    papers: PacketPages
    cards: CardPages
    plans: Plans
    authorizations: Authorizations
    pay: pay_links.PayLinks
    books: Mapping[PracticeId, Phrasebook]
    owed: Balances


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
    plans = asking(records, runner, practices, outward, laws, books, maker)
    wording = packet.Wording(books, maker)
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
        carried=partial(carried, outward.carriers),
        wording=wording,
        till=Till(outward.books, outward.companies),
        plans=plan_line.AskedNow(plans),
        without=_without_store(outward),
    )
    ladder = Handoffs(records, practices, outward.pager, outward.clock, contacts.note)
    runner.register(offering.JOB, offering.Offering(records, practices, books, outward.clock, laws).run)
    runner.register(WAKE_JOB, waking(contacts))
    runner.register(handoffs.JOB, ladder.run)
    runner.register(calling_off.JOB, ladder.calling_off.run)
    runner.register(plan_waits.JOB, plan_line.Waiting(records, practices, outward.clock, contacts.note).run)
    runner.register(notices.JOB, _sending(contacts, records, practices, outward, laws, books).run)
    runner.register(reminders.JOB, Reminding(records, practices, outward.clock, books, maker).run)
    runner.register(missed.JOB, missed.AskingAfter(records, practices, outward.clock, books, maker).run)
    runner.register(packet.JOB, packet.Packets(records, practices, outward.clock, books, maker, laws).run)
    runner.register(office.JOB, office.Confirming(records, practices, outward.clock, wording).run)
    what_cannot_wait(records, runner, practices, outward, laws, books)
    authorizing = authorizing_by(records, runner, practices, outward.clock, outward.authorizations, laws)
    return Desk(
        contacts, ladder, records, practices, LinkPages(records, by_id, outward.clock, outward.feed, new_code),
        PacketPages(records, practices, outward.clock), CardPages(records, practices, outward.clock),
        plans, authorizing, paying(records, runner, practices, outward, books), books, outward.books,
    )  # fmt: skip


def _sending(
    contacts: Contacts,
    records: Records,
    practices: Mapping[PracticeId, Practice],
    outward: Outward,
    laws: Mapping[PracticeId, LawData],
    books: Mapping[PracticeId, Phrasebook],
) -> Sending:
    threads = texting.Threads(records, contacts.utterances, contacts.epoch)
    reached = outward.carriers, threads, outward.backlog
    return Sending(records, outward.messenger, books, practices, outward.clock, laws, *reached)


def _without_store(outward: Outward) -> WithoutStore:
    never = (NoSuchContact, NoSuchPractice, Overtaken)
    return WithoutStore(
        outward.clock, outward.pager, outward.messenger, outward.carriers, never, outward.backlog
    )
