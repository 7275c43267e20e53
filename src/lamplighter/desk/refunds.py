"""Money that goes back: asked for by a biller, of what was paid by a link, never more than that, and once.

What is wanted is stored with its id before the company is asked; a crash, a second click or an answer that never came
gives nothing back twice. Whether they are told of it is the practice's rule; the books are the biller's to put right.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from lamplighter import logs
from lamplighter.conversation.facts import money_in
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk import bill_holds, bill_whom, pay_links
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import AGENT, Clock, Fact, Job, Records, Task, Transaction
from lamplighter.desk.ports.payments import PaymentCompanies, PaymentRefused, RefundState, RefundWanted
from lamplighter.practice.calendar import next_open
from lamplighter.practice.model import Money, Practice, PracticeId

JOB: Final = "make_refund"
UNCLEAR: Final = "refund_unclear"
TRIES_FOR: Final = timedelta(hours=6)
A_DAY: Final = timedelta(days=1)
LOOKED_FOR: Final = timedelta(days=180)
"""How long one of which nobody knows whether it went back is asked about, once a day: companies take back
no payment that is older."""
LOOKS: Final = (timedelta(days=1), timedelta(days=5), timedelta(days=12))
"""When one that is pending is looked at again, counted from when it was asked for."""

REASONS: Final[Mapping[str, str]] = {
    "twice": "Paid twice",
    "too_much": "Paid too much",
    "not_owed": "Was not owed",
    "insurer_paid": "The insurer has paid",
    "goodwill": "Goodwill",
}
log = logs.get(__name__)


@dataclass(frozen=True, slots=True)
class Paid:
    """Something that was paid by a link, and what of it went back or is about to; `number` is how often."""

    link: str
    person: str
    at: datetime
    amount: Money
    back: Money
    number: int

    @property
    def left(self) -> Money:
        return Money(self.amount.amount - self.back.amount, self.amount.currency)


def paid(tx: Transaction, since: datetime | None = None) -> tuple[Paid, ...]:
    """The newest first."""
    found = tx.facts.standing("pay_link_paid")
    return tuple(_paid(tx, fact) for fact in found if fact.person and (since is None or fact.at >= since))


def _paid(tx: Transaction, fact: Fact) -> Paid:
    link, amount = fact.id.removeprefix("paid:"), money_in(fact.value("amount"))
    wanted = of_link(tx, link, fact.person or "")
    back = sum((money_in(each.value("amount")).amount for each in wanted if not _failed(tx, each)), Decimal())
    return Paid(link, fact.person or "", fact.at, amount, Money(back, amount.currency), len(wanted))


def of_link(tx: Transaction, link: str, person: str) -> tuple[Fact, ...]:
    return tuple(
        fact for fact in tx.facts.standing("refund", f"person/{person}") if fact.value("link") == link
    )


def state_of(tx: Transaction, refund: Fact) -> RefundState | None:
    """None: the company has not been reached yet, or has not ended it."""
    made = tx.facts.get(_made(refund.id))
    return made.value("state") if made is not None else None  # type: ignore[return-value]


def is_unclear(tx: Transaction, refund: Fact) -> bool:
    """Nobody knows yet whether it went back, and a biller was told so."""
    return state_of(tx, refund) is None and tx.tasks.get(f"{UNCLEAR}:{refund.id}") is not None


def _failed(tx: Transaction, refund: Fact) -> bool:
    return state_of(tx, refund) == "failed"


def ask(
    tx: Transaction, link: str, number: int, amount: Money, why: str, *, by: str, now: datetime
) -> Fact | None:
    """`number`: how many were asked for of this link before, as whoever asks has seen it; a second click asks for the
    same one. None where it was not paid, is more than is left, or something else was asked for meanwhile."""
    of = next((each for each in paid(tx) if each.link == link), None)
    name = stable_id("refund", link, str(number))
    details = (("amount", f"{amount.amount} {amount.currency}"), ("link", link), ("why", why))
    if (there := tx.facts.get(name)) is not None:
        return there if there.details == details else None
    if of is None or why not in REASONS or of.number != number or not 0 < amount.amount <= of.left.amount:
        return None
    fact = Fact(name, "refund", f"person/{of.person}", now, by, details, of.person)
    tx.facts.state(fact)
    _look(tx, name, 0, now)
    return fact


class Refunds:
    """The job: gives it back, once, and looks again at what the company has not ended yet."""

    def __init__(
        self,
        records: Records,
        practices: Mapping[PracticeId, Practice],
        companies: PaymentCompanies,
        clock: Clock,
        phrasebooks: Mapping[PracticeId, Phrasebook] = MappingProxyType({}),
    ) -> None:
        self._records, self._practices, self._companies = records, practices, companies
        self._clock, self._phrasebooks = clock, phrasebooks

    def run(self, practice_id: PracticeId, job: Job) -> None:
        """Raises ConnectionError while the company can't be reached, so that the job runs again."""
        args = dict(job.args)
        with self._records.transaction(practice_id) as tx:
            wanted = tx.facts.get(args["refund"])
            if wanted is None or state_of(tx, wanted) in ("done", "failed"):
                return
            page = pay_links.page_of(tx, wanted.value("link"))
        try:
            state = self._refunded(practice_id, wanted, page)
        except ConnectionError:
            if self._clock.now() - wanted.at <= TRIES_FOR:
                raise
            log.exception("refund_unclear", practice=practice_id)
            with self._records.transaction(practice_id) as tx:
                return self._unclear(tx, self._practices[practice_id], wanted, int(args["look"]))
        with self._records.transaction(practice_id) as tx:
            self._conclude(tx, self._practices[practice_id], wanted, state, int(args["look"]))

    def _refunded(self, practice_id: PracticeId, wanted: Fact, page: str | None) -> RefundState:
        company = self._companies.of(practice_id)
        if company is None:
            raise ConnectionError("no company")
        if page is None:
            return "failed"
        twice, amount = wanted.value("why") == "twice", money_in(wanted.value("amount"))
        try:
            return company.refund(RefundWanted(wanted.id, page, amount, twice))
        except PaymentRefused:
            log.exception("refund_refused", practice=practice_id)
            return "failed"

    def _conclude(
        self, tx: Transaction, practice: Practice, wanted: Fact, state: RefundState, look: int
    ) -> None:
        now = self._clock.now()
        if state == "pending":
            if look < len(LOOKS):
                return _look(tx, wanted.id, look + 1, wanted.at + LOOKS[look])
            return self._unclear(tx, practice, wanted, look)
        details = (("state", state),)
        made = Fact(_made(wanted.id), "refund_made", wanted.about, now, AGENT, details, wanted.person)
        tx.facts.state(made)
        about = "refund_failed"
        if state == "done":
            about = "refunded" if self._are_told(tx, practice, wanted, now) else "refunded_untold"
        _task(tx, practice, wanted, about, now)

    def _are_told(self, tx: Transaction, practice: Practice, wanted: Fact, now: datetime) -> bool:
        """False where the practice has signed that they are, and no message may go: then a person does."""
        person = tx.people.get(wanted.person or "")
        if person is None or practice.billing is None or not practice.billing.tells_of_refunds:
            return True
        name, book = stable_id(bill_holds.BACK, wanted.id), self._phrasebooks.get(practice.id)
        return bill_whom.write(tx, practice, person, bill_holds.BACK, name, book, now)

    def _unclear(self, tx: Transaction, practice: Practice, wanted: Fact, look: int) -> None:
        """The biller's, once; and the company is asked again daily, which gives nothing back twice."""
        now = self._clock.now()
        _task(tx, practice, wanted, UNCLEAR, now)
        if now - wanted.at < LOOKED_FOR:
            _look(tx, wanted.id, max(look, len(LOOKS)) + 1, now + A_DAY)


def standing(tx: Transaction) -> Iterator[tuple[Fact, RefundState | None]]:
    """Every one that was asked for, and where it stands; the newest first."""
    return ((fact, state_of(tx, fact)) for fact in tx.facts.standing("refund"))


def _made(name: str) -> str:
    return f"made:{name}"


def _look(tx: Transaction, name: str, look: int, due: datetime) -> None:
    tx.jobs.enqueue(Job(f"{JOB}:{name}:{look}", JOB, due, (("look", str(look)), ("refund", name))))


def _task(tx: Transaction, practice: Practice, wanted: Fact, about: str, now: datetime) -> None:
    details = (("about", about), ("amount", wanted.value("amount")))
    tx.tasks.add(
        Task(
            f"{about}:{wanted.id}",
            "billing",
            "biller",
            next_open(practice, now),
            None,
            wanted.person,
            details,
        )
    )
