"""A payment of a plan that the books don't show: one kind message where the practice has signed that and they agreed to
it, and the biller, who sees to it in any case.

Looked at a week after each payment's day, by a job of the transaction that set the plan. Of books that can't tell it
yet it is asked again; then a person looks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk import bill_books, bill_holds, bill_plans, bill_whom
from lamplighter.desk.messages import callback_due
from lamplighter.desk.ports import Clock, Job, Person, Records, Task, Transaction
from lamplighter.desk.ports.balances import Balances
from lamplighter.practice.calendar import local_date
from lamplighter.practice.model import Practice, PracticeId

AGAIN: Final = timedelta(days=3)
LOOKS: Final = 3
Stands = Literal["paid", "late", "unclear"]


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at one payment."""

    practice: Practice
    plan: bill_plans.Plan
    person: Person
    number: int
    now: datetime


class PlanPayments:
    """The job. Run twice it does nothing twice."""

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
            plan = bill_plans.get(tx, args["plan"])
            person = tx.people.get(plan.person) if plan is not None else None
            if plan is None or person is None or practice.billing is None:
                return
            look = _Look(practice, plan, person, int(args["number"]), now)
            match self._stands(tx, look):
                case "paid":
                    return
                case "late":
                    self._late(tx, look)
                case "unclear" if (looked := int(args.get("look", "0"))) < LOOKS:
                    bill_plans.look_again(tx, plan, look.number, looked + 1, now + AGAIN)
                case _:
                    _to_biller(tx, look, "plan_unclear")

    def _stands(self, tx: Transaction, look: _Look) -> Stands:
        """Late only where the books were written a week after its day and show more open than is still to come, and all
        of it is the plan's."""
        today = local_date(look.practice, look.now)
        account = bill_books.current(tx, self._books, look.practice, look.person, today)
        payment = look.plan.payments[look.number]
        if account is None:
            return "unclear"
        if account.balance.amount <= look.plan.after(payment.day):
            return "paid"
        begun = local_date(look.practice, look.plan.since)
        entered = account.as_of >= payment.day + bill_plans.ENTERED_WITHIN
        return "late" if entered and not look.plan.holds_more(account, begun) else "unclear"

    def _late(self, tx: Transaction, look: _Look) -> None:
        billing, person = look.practice.billing, look.person
        assert billing is not None
        writes = billing.outreach and bill_books.may_be_written_to(tx, self._books, look.practice, person)
        book = self._phrasebooks.get(look.practice.id)
        if writes:
            name = bill_holds.late_name(look.plan.id)
            bill_whom.write(tx, look.practice, person, bill_holds.LATE, name, book, look.now)
        _to_biller(tx, look, "plan_late")


def _to_biller(tx: Transaction, look: _Look, about: str) -> None:
    """One open item for a plan; another only once that was seen to."""
    name = f"{about}:{look.plan.id}"
    first = tx.tasks.get(name)
    if first is not None and first.status != "open":
        name = f"{name}:{look.number}"
    amount = look.plan.payments[look.number].amount
    details = (("about", about), ("amount", f"{amount.amount} {amount.currency}"))
    due = callback_due(look.practice, look.now)
    tx.tasks.add(Task(name, "billing", "biller", due, None, look.person.id, details))
