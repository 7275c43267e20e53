"""What the desk does beside its contacts, each duty with its jobs; and the words of a contact that leave in writing."""

from collections.abc import Mapping
from functools import partial

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk import (
    bill_late,
    bill_open,
    bill_plans,
    charting,
    day_of_visit_paging,
    eligibility,
    joining,
    letters,
    notices,
    overdue,
    owed,
    pay_links,
    plan_card,
    plan_card_kept,
    plan_outcomes,
    rearranging_kept,
    rearranging_work,
    refunds,
    sick_day,
    sick_day_lift,
    sick_day_work,
    tallying,
    texting,
)
from lamplighter.desk.charting import Charting
from lamplighter.desk.contacts import Contacts
from lamplighter.desk.eligibility import Plans
from lamplighter.desk.links import LinkMaker
from lamplighter.desk.one_turn import OneTurn
from lamplighter.desk.plan_card_links import CardLinks
from lamplighter.desk.ports import (
    Carriers,
    Job,
    JobHandler,
    JobRunner,
    Records,
    Transaction,
)
from lamplighter.law.states import LawData
from lamplighter.practice.model import Practice, PracticeId
from lamplighter.wiring.outward import Outward


def carried(carriers: Carriers | None, tx: Transaction, turn: OneTurn) -> None:
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


def what_cannot_wait(
    records: Records,
    runner: JobRunner,
    practices: Mapping[PracticeId, Practice],
    outward: Outward,
    laws: Mapping[PracticeId, LawData],
    books: Mapping[PracticeId, Phrasebook],
) -> None:
    """What happens on the day of a visit: somebody can't get in, or a clinician can't come; what is owed after a
    contact went to a person; and what the office looks at: the figures are counted, contacts joined to people."""
    runner.register(owed.JOB, owed.Owed(records, practices, outward.clock).run)
    runner.register(overdue.JOB, overdue.Overdue(records, practices, outward.pager, outward.clock).run)
    paging = day_of_visit_paging.Paging(records, practices, outward.pager, outward.clock)
    off = sick_day_work.CallingVisitsOff(records, practices, outward.clock, laws, books)
    runner.register(day_of_visit_paging.JOB, paging.run)
    runner.register(sick_day.JOB, off.run)
    runner.register(sick_day_lift.JOB, sick_day_lift.Freeing(records, outward.clock).run)
    runner.register(sick_day_work.LOOK, off.look)
    changes = rearranging_work.ChangesThatStand(records, practices, outward.clock)
    runner.register(rearranging_kept.JOB, changes.run)
    runner.register(tallying.JOB, tallying.Tallying(records, practices).run)
    runner.register(joining.JOB, joining.Joining(records, outward.clock).run)


def asking(
    records: Records,
    runner: JobRunner,
    practices: Mapping[PracticeId, Practice],
    outward: Outward,
    laws: Mapping[PracticeId, LawData],
    books: Mapping[PracticeId, Phrasebook],
    maker: LinkMaker,
) -> Plans:
    """Plans are asked, and what they answer goes into the chart; pictures of cards come, and go."""
    chart, links = Charting(records, practices, outward.clock, outward.charts, laws), CardLinks(books, maker)
    plans = Plans(records, practices, outward.clock, outward.clearinghouses, laws, books, chart, links)
    cards = plan_card.Cards(records, practices, outward.clock)
    runner.register(plan_card.LOOK, cards.look)
    runner.register(plan_card_kept.OVER, cards.over)
    runner.register(charting.JOB, chart.run)
    runner.register(charting.LOOK, chart.look)
    runner.register(eligibility.JOB, plans.run)
    runner.register(eligibility.ASK, plans.ask)
    runner.register(plan_outcomes.NUMBER_JOB, plans.number_due)
    return plans


def paying(
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


def waking(contacts: Contacts) -> JobHandler:
    def wake(practice: PracticeId, job: Job) -> None:
        contacts.wake(practice, job)

    return wake
