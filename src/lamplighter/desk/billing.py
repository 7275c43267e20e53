"""What people owe, as the practice's books have it, and what they ask of whoever keeps them. Rules 18, 31 and 35.

An amount is told to an identified person only, with its day, and only where the books are clear and not too old.
Whoever the law lets nobody ask for money hears of none, and gets neither a link nor a plan.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, time
from typing import Final

from lamplighter.conversation.actions import Done, Refused
from lamplighter.conversation.bill_actions import (
    BY_MAIL,
    AgreeToWords,
    AskBiller,
    FindBalance,
    HowWritten,
    Owing,
    SendPayLink,
    StartPlan,
)
from lamplighter.conversation.facts import money
from lamplighter.desk import bill_books, bill_open, bill_plans, bill_whom, estimates, pay_links
from lamplighter.desk.context import Errand, stable_id
from lamplighter.desk.messages import callback_due
from lamplighter.desk.owed import OURS
from lamplighter.desk.ports import Person, Task
from lamplighter.desk.ports.balances import Account, Charge
from lamplighter.desk.preferences import way_to
from lamplighter.practice.instalments import Instalment

EARLIER: Final = "earlier_"
PROMISED_AGAIN: Final = "promised_again"
"""Among a task's details: what was said before, and until when a call was promised after the first day had passed."""


# -- what is owed ------------------------------------------------------------------------------------------------------


def find_balance(errand: Errand, request: FindBalance) -> Owing:
    """Of whoever has been identified in this contact, and nobody else."""
    person = _identified(errand, request.person)
    if person is None:
        return Owing()
    if (may := _may_be_asked(errand, person)) != "yes":
        return Owing(may)
    account = account_of(errand, request.person)
    return Owing() if account is None else _told(errand, person, account)


def account_of(errand: Errand, person_id: str) -> Account | None:
    """None where nothing may be told: nobody was identified, the books are unclear, too old or of a day to come, or
    don't show what was paid by a link."""
    person = _identified(errand, person_id)
    if person is None:
        return None
    return bill_books.current(errand.tx, errand.till.books, errand.practice, person, errand.today)


def _may_be_asked(errand: Errand, person: Person) -> bill_books.MayBeAsked:
    return bill_books.may_be_asked(errand.tx, errand.till.books, errand.practice, person)


def _identified(errand: Errand, person_id: str) -> Person | None:
    """A recorded proxy where the practice tells them too."""
    identified, billing = errand.state.identified, errand.practice.billing
    if identified is None or identified.person != person_id or billing is None:
        return None
    if identified.how not in ("number_on_file", "code", "staff"):
        return None
    if identified.proxy and "proxy" not in billing.told_to:
        return None
    return errand.tx.people.get(person_id)


def _told(errand: Errand, person: Person, account: Account) -> Owing:
    balance = account.balance
    state = "owes" if balance.amount > 0 else "credit" if balance.amount < 0 else "nothing"
    newest = sorted(account.charges, key=lambda charge: (charge.day, charge.id), reverse=True)
    as_of = datetime.combine(account.as_of, time(), errand.practice.timezone)
    plan = bill_plans.of(errand.tx, person.id, account.as_of)
    begun = plan.since.astimezone(errand.practice.timezone).date() if plan else errand.today
    return Owing(
        state=state,  # type: ignore[arg-type]
        amount=money(type(balance)(abs(balance.amount), balance.currency)),
        as_of=as_of.date().isoformat(),
        charges=tuple((each.day.isoformat(), money(each.amount), each.what) for each in newest[:3]),
        insurer=tuple(_from_insurer(account, newest[:3])),
        pays="link" if pay_links.can_be_sent(errand, person) else "statement",
        has_plan=plan is not None,
        beyond_plan=plan is not None and not plan.covers(account, begun),
        due=_payment(plan.due(account, begun, errand.today)) if plan else None,
        writes=_writes(errand, person),
        payable=_payment(plan.payable(account, begun, errand.today)) if plan else None,
    )


def _writes(errand: Errand, person: Person) -> HowWritten:
    way = way_to(errand.tx, errand.practice, person)
    if way is None:
        return "none"
    shared = way.channel == "email" and bill_whom.has_others(errand.tx, person.id, way.address)
    return "shared" if shared else way.channel


def _payment(found: Instalment | None) -> tuple[str, str] | None:
    return (found.day.isoformat(), money(found.amount)) if found else None


def _from_insurer(account: Account, charges: Iterable[Charge]) -> Iterator[tuple[str, str, str]]:
    """What was denied or taken back altogether is for whoever keeps the books to explain."""
    clear = (each for each in account.insurer if not each.denied and each.paid.amount > 0)
    said = {each.charge: each for each in clear}
    for charge in charges:
        if (told := said.get(charge.id)) is not None:
            yield charge.day.isoformat(), money(told.paid), money(told.patient_owes)


# -- whoever keeps the books -------------------------------------------------------------------------------------------


def ask_biller(errand: Errand, request: AskBiller) -> Done:
    """One open item for a person and what it is about, over all contacts (rule 42): it tells what was said last, and
    beside it what was said before. One that is late stays so, and says until when they were promised a call anew."""
    person = request.person if request.person == errand.state.person else None
    name = stable_id("billing", person, request.about) if person else errand.name_of(request)
    if person and errand.tx.tasks.get(name) is not None:  # there was one before
        name = errand.name_of(request)
    task = _task(errand, request, name, person)
    waiting = _waiting(errand, request, person) if person else None
    if waiting is None:
        errand.tx.tasks.add(task)
        return Done(ref=task.id, promised=task.due)
    promised = _promised(errand, waiting)
    details = _both(waiting, task, promised, errand)
    if details == waiting.details:
        return Done(ref=waiting.id, promised=promised)
    errand.tx.tasks.close(waiting.id, OURS)
    errand.tx.tasks.add(replace(task, due=waiting.due, details=details))
    return Done(ref=task.id, promised=promised)


def _waiting(errand: Errand, request: AskBiller, person: str) -> Task | None:
    return next(
        (
            task
            for task in errand.tx.tasks.list_open()
            if task.person == person
            and task.kind in ("billing", "good_faith_estimate")
            and ("about", request.about) in task.details
        ),
        None,
    )


def _promised(errand: Errand, waiting: Task) -> datetime:
    """As it was promised; a day that is past is promised anew."""
    again = dict(waiting.details).get(PROMISED_AGAIN)
    zone = errand.practice.timezone
    last = datetime.fromisoformat(again).replace(tzinfo=zone) if again else waiting.due
    return last if last >= errand.now else callback_due(errand.practice, errand.now)


def _both(waiting: Task, task: Task, promised: datetime, errand: Errand) -> tuple[tuple[str, str], ...]:
    before, said = dict(waiting.details), dict(task.details)
    both = before | said
    for name, value in said.items():
        if before.get(name, value) != value:
            earlier = (both.get(f"{EARLIER}{name}"), before[name])
            both[f"{EARLIER}{name}"] = "; ".join(each for each in earlier if each)
    if promised != waiting.due:
        local = promised.astimezone(errand.practice.timezone).replace(tzinfo=None)
        both[PROMISED_AGAIN] = local.isoformat(" ", "minutes")
    return tuple(sorted(both.items()))


def _task(errand: Errand, request: AskBiller, name: str, person: str | None) -> Task:
    said = {"about": request.about, **dict(request.details)}
    if request.amount is not None:
        said["amount"] = request.amount
    if request.payments:
        said["payments"] = str(request.payments)
    if errand.state.address is not None:
        said["email" if "@" in errand.state.address else "phone"] = errand.state.address
    due, details = callback_due(errand.practice, errand.now), tuple(sorted(said.items()))
    if request.about == "estimate" and _pays_alone(errand, person):
        due = min(due, _estimate_due(errand, person))
        return Task(name, "good_faith_estimate", "biller", due, errand.contact, person, details)
    return Task(name, "billing", "biller", due, errand.contact, person, details)


def _estimate_due(errand: Errand, person: str | None) -> datetime:
    """By the next visit of theirs, which they asked about."""
    visits = errand.tx.schedule.visits_of(person, errand.now) if person else ()
    return estimates.due_for(errand.practice, next(iter(visits), None), errand.now)


def _pays_alone(errand: Errand, person_id: str | None) -> bool:
    """Whoever has no insurance or does not use it is owed a good-faith estimate (45 CFR 149.610)."""
    person = errand.tx.people.get(person_id) if person_id else None
    return person is not None and (person.self_pay or person.insurer is None)


# -- paying ------------------------------------------------------------------------------------------------------------


def send_pay_link(errand: Errand, request: SendPayLink) -> Done | Refused:
    """For the balance, or the payment of their plan, as it stands now; one that has changed since it was told is told
    anew."""
    person, account = _may_pay(errand, request.person)
    if person is None or account is None:
        return Refused("balance_changed")
    part = _payable(errand, person, account) if request.payment else None
    if request.payment and (part is None or part.day.isoformat() != request.payment):
        return Refused("balance_changed")
    if money(part.amount if part else account.balance) != request.amount:
        return Refused("balance_changed")
    return pay_links.send(errand, person, account, part)


def _payable(errand: Errand, person: Person, account: Account) -> Instalment | None:
    plan = bill_plans.of(errand.tx, person.id, account.as_of)
    if plan is None:
        return None
    begun = plan.since.astimezone(errand.practice.timezone).date()
    return plan.payable(account, begun, errand.today)


def start_plan(errand: Errand, request: StartPlan) -> Done | Refused:
    person, account = _may_pay(errand, request.person)
    if person is None or account is None:
        return Refused("balance_changed")
    return bill_plans.start(errand, person, account, request)


def agree_to_words(errand: Errand, request: AgreeToWords) -> Done | Refused:
    """Only of whoever was identified, and as the patient: nobody agrees for somebody else."""
    person, identified = _identified(errand, request.person), errand.state.identified
    if person is None or identified is None or identified.proxy:
        return Refused("not_identified")
    way = way_to(errand.tx, errand.practice, person)
    if request.yes and request.asked.endswith(BY_MAIL) and way is not None and way.channel == "email":
        bill_whom.keep_alone(errand.tx, person.id, way.address, errand.contact, errand.now)
    bill_open.agree(
        errand.tx,
        errand.practice,
        person,
        request.purpose,
        request.yes,
        wording=f"ask.{request.asked}@{errand.state.protocol_hash[:12]}",
        now=errand.now,
        contact=errand.contact,
    )
    return Done(person=person.id)


def _may_pay(errand: Errand, person_id: str) -> tuple[Person | None, Account | None]:
    person, account = _identified(errand, person_id), account_of(errand, person_id)
    if person is None or account is None or _may_be_asked(errand, person) != "yes":
        return None, None
    return person, account
