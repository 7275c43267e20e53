"""What the biller's page shows: who is upset or can't pay, plans, what was paid by a link, and of whom nobody may ask
money."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel.dates import format_date
from babel.numbers import format_currency

from lamplighter.console import wording
from lamplighter.conversation.facts import money_in
from lamplighter.conversation.state import fold
from lamplighter.desk import bill_holds, bill_plans, gate, opting_out, refunds
from lamplighter.desk.ports import AGENT, Fact, Person, Task, Transaction
from lamplighter.desk.ports.balances import BooksStand
from lamplighter.practice.model import Money, Practice

GOES_BACK_FOR = timedelta(days=180)
"""How long a payment is shown; payment companies take back none that is older."""

REFUND_STATES = {
    None: "on its way to the payment company",
    "done": "went back",
    "pending": "the payment company has not said yet",
    "failed": "refused by the payment company",
}
UNCLEAR = "not known whether it went back: look at the payment company's page; it is asked again every day"


@dataclass(frozen=True, slots=True)
class WaitingLine:
    id: str
    name: str
    amount: str
    payments: str
    due: str
    about: str


@dataclass(frozen=True, slots=True)
class PlanLine:
    id: str
    name: str
    amount: str
    payments: tuple[str, ...]
    since: str
    about: str
    over: bool


@dataclass(frozen=True, slots=True)
class UpsetLine:
    """With a person here, who came about a bill. `person` None: nobody knows who it is yet."""

    person: str | None
    name: str
    since: str
    about: str


@dataclass(frozen=True, slots=True)
class PaidLine:
    """`number`: how many refunds were asked for before."""

    link: str
    name: str
    amount: str
    paid: str
    left: str
    number: int
    back: tuple[str, ...]
    about: str


@dataclass(frozen=True, slots=True)
class HeldLine:
    """`id` None: it is not ours to undo."""

    id: str | None
    name: str
    why: str
    since: str
    about: str


@dataclass(frozen=True, slots=True)
class FoundLine:
    id: str
    name: str
    born: str


@dataclass(frozen=True, slots=True)
class BooksLine:
    """How the books are, in a sentence, and what follows from it. `loud`: nobody hears what they owe, or not all do."""

    stands: str
    follows: str = ""
    loud: bool = False


@dataclass(frozen=True, slots=True)
class BillingShown:
    upset: tuple[UpsetLine, ...]
    waiting: tuple[WaitingLine, ...]
    standing: tuple[PlanLine, ...]
    paid: tuple[PaidLine, ...]
    held: tuple[HeldLine, ...]
    books: BooksLine
    found: tuple[FoundLine, ...] | None = None

    @property
    def about(self) -> list[str]:
        """Whom it is about, as the ledger names them."""
        upset, plans = (each.about for each in self.upset), (each.about for each in self.waiting)
        standing, paid = (each.about for each in self.standing), (each.about for each in self.paid)
        held, found = (each.about for each in self.held), (f"person/{each.id}" for each in self.found or ())
        return [*upset, *plans, *standing, *paid, *held, *found]


def shown(
    tx: Transaction,
    practice: Practice,
    now: datetime,
    books: BooksStand,
    found: tuple[Person, ...] | None,
) -> BillingShown:
    """`now` is aware; `found`: whom the biller has just looked for."""
    return BillingShown(
        tuple(_upset(tx, practice)),
        tuple(_waiting(tx, practice, task) for task in bill_plans.waiting(tx)),
        tuple(_standing(tx, practice, now)),
        tuple(_paid_lines(tx, practice, now)),
        (*_held(tx, practice), *_numbers(tx, practice)),
        books_line(books, practice, now.astimezone(practice.timezone).date()),
        None if found is None else tuple(FoundLine(each.id, _named(each), _born(each)) for each in found),
    )


NAMES_LINES = "The start of the service names file and line."
NOBODY_HEARS = "Nobody hears what they owe meanwhile; whoever asks is called back by you."


def books_line(books: BooksStand, practice: Practice, today: date) -> BooksLine:
    match books.state:
        case "none":
            return BooksLine("No books are connected.", NOBODY_HEARS)
        case "reading":
            return BooksLine(
                "The books are being read for the first time.", f"{NOBODY_HEARS} Open this page again."
            )
        case "failed" if books.as_of is None:
            return BooksLine("The books can't be read.", f"{NOBODY_HEARS} Tell whoever runs this.", loud=True)
    if not books.accounts and not books.all_untold:
        return BooksLine("The books have nobody in them.", NOBODY_HEARS, loud=True)
    day = _day(books.as_of) if books.as_of else "an unknown day"
    stands = f"{books.accounts} account{'' if books.accounts == 1 else 's'}, as of {day} or later."
    if books.state == "failed":
        return BooksLine(
            f"The books can't be read now. What was read last holds: {stands}",
            "Tell whoever runs this.",
            loud=True,
        )
    if books.all_untold:
        return BooksLine(
            f"A row of the books names nobody. {stands}", f"{NOBODY_HEARS} {NAMES_LINES}", loud=True
        )
    if practice.billing and books.as_of and (today - books.as_of).days > practice.billing.good_for_days:
        old = f"Older than the {practice.billing.good_for_days} days that your rules allow."
        return BooksLine(f"{stands} {old}", "Whoever's account is so old hears no amount.", loud=True)
    if books.untold:
        return BooksLine(
            f"{stands} Of {books.untold} an entry can't be read.",
            f"Those hear no amount. {NAMES_LINES}",
            loud=True,
        )
    return BooksLine(stands)


def _upset(tx: Transaction, practice: Practice) -> Iterator[UpsetLine]:
    """Whatever was said stays where it is: that somebody here has them is all a biller sees."""
    for task in tx.tasks.list_open():
        if task.kind != "handoff" or task.contact is None:
            continue
        state = fold(tx.log.read(task.contact))
        if state.about_bill:
            about = f"person/{task.person}" if task.person else f"task/{task.id}"
            since = wording.when(task.due, practice.timezone)
            yield UpsetLine(task.person, _name(tx, task.person), since, about)


def _waiting(tx: Transaction, practice: Practice, task: Task) -> WaitingLine:
    asked = dict(task.details)
    due = wording.when(task.due, practice.timezone)
    about = f"person/{task.person}" if task.person else f"task/{task.id}"
    amount = asked.get("amount", "").removesuffix(" USD")
    return WaitingLine(task.id, _name(tx, task.person), f"${amount}", asked.get("payments", "?"), due, about)


def _standing(tx: Transaction, practice: Practice, now: datetime) -> Iterator[PlanLine]:
    names = {each.id: each.name for each in tx.staff.all()}
    today = now.astimezone(practice.timezone).date()
    for plan, at, by in bill_plans.standing(tx):
        payments = tuple(f"{_day(each.day)}: {dollars(each.amount)}" for each in plan.payments)
        who = "agreed by themselves" if by == AGENT else f"by {names.get(by, by)}"
        yield PlanLine(
            plan.id,
            _name(tx, plan.person),
            dollars(plan.total),
            payments,
            f"{wording.when(at, practice.timezone)}, {who}",
            f"person/{plan.person}",
            plan.is_over(today),
        )


def _paid_lines(tx: Transaction, practice: Practice, now: datetime) -> Iterator[PaidLine]:
    for of in refunds.paid(tx, now - GOES_BACK_FOR):
        yield PaidLine(
            of.link,
            _name(tx, of.person),
            dollars(of.amount),
            wording.when(of.at, practice.timezone),
            str(of.left.amount) if of.left.amount > 0 else "",
            of.number,
            tuple(
                f"{dollars(money_in(fact.value('amount')))}: {_stands(tx, fact)}"
                for fact in refunds.of_link(tx, of.link, of.person)
            ),
            f"person/{of.person}",
        )


def _stands(tx: Transaction, refund: Fact) -> str:
    return UNCLEAR if refunds.is_unclear(tx, refund) else REFUND_STATES[refunds.state_of(tx, refund)]


def _numbers(tx: Transaction, practice: Practice) -> Iterator[HeldLine]:
    """Numbers that want nothing about money, whoever is on file under them: nobody here can undo that."""
    seen, everything = set(), opting_out.EVERYTHING
    for fact in tx.facts.standing("opted_out"):
        if fact.value("of") not in (*gate.OF_MONEY, everything):
            continue
        since = f"{wording.when(fact.at, practice.timezone)}; it ends when they write START"
        for person in tx.people.by_phone(fact.value("number")):
            if person.id not in seen:
                seen.add(person.id)
                said = f"Their number wants nothing {'at all' if fact.value('of') == everything else 'about money'}"
                yield HeldLine(None, _named(person), said, since, f"person/{person.id}")


def _held(tx: Transaction, practice: Practice) -> Iterator[HeldLine]:
    names = {each.id: each.name for each in tx.staff.all()}
    for kind in bill_holds.KINDS:
        for fact in tx.facts.standing(kind):
            why = fact.value("why")
            said = bill_holds.HOLDS.get(why) or f"May be asked: {bill_holds.OVERRIDES.get(why, why)}"
            since = f"{wording.when(fact.at, practice.timezone)}, by {names.get(fact.by, fact.by)}"
            yield HeldLine(fact.id, _name(tx, fact.person), said, since, f"person/{fact.person}")


def _name(tx: Transaction, person_id: str | None) -> str:
    person = tx.people.get(person_id) if person_id else None
    return _named(person) if person else "Name not known"


def _named(person: Person) -> str:
    return f"{person.preferred_name or person.first_name} {person.last_name}"


def _born(person: Person) -> str:
    return _day(person.date_of_birth) if person.date_of_birth else "not known"


def _day(day: date) -> str:
    return str(format_date(day, "MMM d, y", locale="en"))


def dollars(amount: Money) -> str:
    return str(format_currency(amount.amount, amount.currency, locale="en_US"))
