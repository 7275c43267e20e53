"""A balance that stays open: a kind word now and then to whoever agreed to that, by the practice's signed rule, and a
person where a word may not go or enough were sent.

One chain of looks for each yes, a week apart, that ends when the yes is taken back. Nothing is sent by what the books
said before: each look reads them anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk import bill_books, bill_plans, bill_whom, gate
from lamplighter.desk.context import stable_id
from lamplighter.desk.messages import callback_due
from lamplighter.desk.ports import AGENT, Clock, Consent, Fact, Job, Person, Records, Task, Transaction
from lamplighter.desk.ports.balances import Account, Balances
from lamplighter.desk.preferences import message_to, way_to
from lamplighter.practice.calendar import at_local, local_date
from lamplighter.practice.model import BalanceReminders, Practice, PracticeId

JOB: Final = "look_at_balance"
PHRASE: Final = "bill_open"
NOT_NOW: Final = ("said", "not_now")
A_WEEK: Final = timedelta(days=7)
Purpose = Literal["billing", "balance"]
"""What they agree to: a word about a payment of their plan that is missing; or about what is open."""


@dataclass(frozen=True, slots=True)
class _Look:
    practice: Practice
    person: Person
    consent: str
    number: int
    now: datetime


def agree(
    tx: Transaction,
    practice: Practice,
    person: Person,
    purpose: Purpose,
    given: bool,
    *,
    wording: str,
    now: datetime,
    contact: str | None = None,
) -> None:
    """Their yes or no, with the words it was given to. A yes to words about what is open begins the looks."""
    way = way_to(tx, practice, person)
    channel = way.channel if way is not None else "sms"
    name = stable_id("bill_words", person.id, purpose, contact or "", now.isoformat())
    tx.consents.record(Consent(name, person.id, purpose, channel, given, now, wording, contact))
    if given and purpose == "balance":
        _look_later(tx, practice, person.id, name, 1, now)


def leave(tx: Transaction, person: str, contact: str, now: datetime) -> None:
    """They have said no to a word of ours: this balance gets none any more, and a person has it when another would be
    due."""
    name = stable_id("bill_left", person, contact)
    tx.facts.state(Fact(name, "bill_asked", f"person/{person}", now, AGENT, (NOT_NOW,), person))


def _look_later(
    tx: Transaction, practice: Practice, person: str, consent: str, number: int, now: datetime
) -> None:
    due = at_local(practice, local_date(practice, now + A_WEEK), bill_plans.LOOKED_AT)
    args = (("consent", consent), ("number", str(number)), ("person", person))
    tx.jobs.enqueue(Job(f"{JOB}:{consent}:{number}", JOB, due, args))


class OpenBalances:
    """The job: one look. Run twice it sends nothing twice."""

    def __init__(
        self,
        records: Records,
        practices: Mapping[PracticeId, Practice],
        books: Balances,
        clock: Clock,
        phrasebooks: Mapping[PracticeId, Phrasebook] = MappingProxyType({}),
    ) -> None:
        self._records, self._practices, self._books = records, practices, books
        self._clock, self._phrasebooks = clock, phrasebooks

    def run(self, practice_id: PracticeId, job: Job) -> None:
        args, practice, now = dict(job.args), self._practices[practice_id], self._clock.now()
        with self._records.transaction(practice_id) as tx:
            person = tx.people.get(args["person"])
            if person is None or not _stands(tx, practice, person, args["consent"], now):
                return
            look = _Look(practice, person, args["consent"], int(args["number"]), now)
            self._look(tx, look)
            _look_later(tx, practice, person.id, look.consent, look.number + 1, now)

    def _look(self, tx: Transaction, look: _Look) -> None:
        practice, person, today = look.practice, look.person, local_date(look.practice, look.now)
        rule = practice.billing.reminds if practice.billing else None
        account = bill_books.current(tx, self._books, practice, person, today)
        if rule is None or account is None:
            return
        before = tx.facts.standing("bill_asked", f"person/{person.id}")
        if account.balance.amount <= 0:
            for fact in before:
                tx.facts.lift(fact.id, AGENT, look.now)
            return
        if not self._is_due(tx, look, rule, account, before):
            return
        left = any(NOT_NOW in fact.details for fact in before)
        if left or len(before) >= rule.at_most or bill_whom.way_for(tx, practice, person, look.now) is None:
            return _to_biller(tx, look, before)
        name = stable_id(PHRASE, look.consent, str(look.number))
        book = self._phrasebooks.get(practice.id)
        if bill_whom.write(tx, practice, person, PHRASE, name, book, look.now):
            tx.facts.state(Fact(name, "bill_asked", f"person/{person.id}", look.now, AGENT, (), person.id))

    def _is_due(
        self,
        tx: Transaction,
        look: _Look,
        rule: BalanceReminders,
        account: Account,
        before: tuple[Fact, ...],
    ) -> bool:
        """They may be asked, pay by no plan, what is open is old enough, and they were not written to just now."""
        practice, person, today = look.practice, look.person, local_date(look.practice, look.now)
        if not bill_books.may_be_written_to(tx, self._books, practice, person):
            return False
        if bill_plans.of(tx, person.id, account.as_of) is not None:
            return False
        if today - oldest_open(account) < timedelta(days=rule.after_days):
            return False
        return all(look.now - fact.at >= timedelta(days=rule.days_between) for fact in before)


def oldest_open(account: Account) -> date:
    """Of a balance above nothing: the day of the oldest charge that is not paid, where the oldest are paid first."""
    left = account.balance.amount
    newest = sorted(account.charges, key=lambda charge: charge.day, reverse=True)
    for charge in newest:
        left -= charge.amount.amount
        if left <= Decimal():
            return charge.day
    return newest[-1].day if newest else account.as_of


def _stands(tx: Transaction, practice: Practice, person: Person, consent: str, now: datetime) -> bool:
    """It is their last word, and nothing that they have said since takes it back."""
    latest = [tx.consents.latest(person.id, "balance", channel) for channel in ("sms", "email")]
    last = max((each for each in latest if each is not None), key=lambda each: each.at, default=None)
    if last is None or last.id != consent or not last.given:
        return False
    way = way_to(tx, practice, person)
    return way is None or gate.never(tx, message_to(practice, person, way, PHRASE, "", now)) is None


def _to_biller(tx: Transaction, look: _Look, before: tuple[Fact, ...]) -> None:
    """Once for a balance."""
    since = before[-1].id if before else look.consent
    due = callback_due(look.practice, look.now)
    details = (("about", "still_open"),)
    name = f"still_open:{look.person.id}:{since}"
    tx.tasks.add(Task(name, "billing", "biller", due, None, look.person.id, details))
