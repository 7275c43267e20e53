"""Links to a page of the practice's payment company: asked for by the person, stored before the page is made, and sent
to the number on file.

One page for a balance on a day, however often it is asked for; the company makes it under our id, so that a crash, a
retry or an answer that never came makes no second one. Whether it was paid is asked of the company, again and again
until it is; what was paid is for the biller to enter into the books.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from lamplighter import logs
from lamplighter.conversation.actions import Done, Refused
from lamplighter.conversation.facts import money_in
from lamplighter.desk import allowance, gate, notices
from lamplighter.desk.context import Errand, stable_id
from lamplighter.desk.ports import AGENT, Clock, Fact, Job, Message, Person, Records, Task, Transaction
from lamplighter.desk.ports.balances import Account
from lamplighter.desk.ports.payments import PaymentCompanies, PaymentRefused, Payments, PayPage, PayWanted
from lamplighter.practice.calendar import next_open
from lamplighter.practice.model import Practice, PracticeId

JOB: Final = "make_pay_link"
LOOK: Final = "look_at_pay_link"
PHRASE: Final = "sms.pay_link"
PAID: Final = "paid_by_link"
AN_HOUR: Final = 3
TRIES_FOR: Final = timedelta(hours=1)
"""How long it is tried to make a page; then the biller calls instead."""

LOOKS: Final = (
    timedelta(minutes=15),
    timedelta(hours=2),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=14),
)
"""When it is asked whether it was paid, counted from when it was asked for."""

log = logs.get(__name__)


def can_be_sent(errand: Errand, person: Person) -> bool:
    billing = errand.practice.billing
    by_link = billing is not None and billing.pays_by == "link"
    return by_link and person.phone is not None and not person.by_person_only and _company(errand) is not None


def _company(errand: Errand) -> Payments | None:
    return errand.till.companies.of(errand.practice.id)


def send(errand: Errand, person: Person, account: Account) -> Done | Refused:
    """Stores that it is wanted, and the job that makes and sends it."""
    few = allowance.Allowance(f"pay_link|{person.id}", AN_HOUR, timedelta(hours=1))
    if not can_be_sent(errand, person) or not allowance.take(errand, [few]):
        return Refused("no_link")
    balance = account.balance
    amount = f"{balance.amount} {balance.currency}"
    name = stable_id("pay_link", person.id, account.number, amount, errand.now.date().isoformat())
    if gate.never(errand.tx, _message(errand.practice, person, name, errand.contact, "", "", errand.now)):
        return Refused("no_link")
    details = (("amount", amount),)
    about = f"person/{person.id}"
    errand.tx.facts.state(Fact(name, "pay_link", about, errand.now, AGENT, details, person.id))
    args = (("link", name), ("contact", errand.contact), ("locale", errand.state.locale))
    errand.tx.jobs.enqueue(Job(f"{JOB}:{name}:{errand.contact}", JOB, errand.now, args))
    return Done(ref=name, texted=True, person=person.id)


def page_of(tx: Transaction, link: str) -> str | None:
    """What the company calls its page."""
    made = tx.facts.get(_made(link))
    return made.value("page") if made is not None else None


class PayLinks:
    """The jobs: one makes the page and sends the link, one asks whether it was paid."""

    def __init__(
        self,
        records: Records,
        practices: Mapping[PracticeId, Practice],
        companies: PaymentCompanies,
        clock: Clock,
    ) -> None:
        self._records, self._practices, self._companies = records, practices, companies
        self._clock = clock

    def run(self, practice_id: PracticeId, job: Job) -> None:
        """Raises ConnectionError while the company can't be reached, so that the job runs again."""
        args = dict(job.args)
        with self._records.transaction(practice_id) as tx:
            wanted, made = tx.facts.get(args["link"]), tx.facts.get(_made(args["link"]))
        company = self._companies.of(practice_id)
        if wanted is None:
            return
        if made is None and (company is None or self._clock.now() - wanted.at > TRIES_FOR):
            return self._instead(practice_id, wanted)
        if made is not None:
            return self._send(practice_id, wanted, args, PayPage(made.value("page"), made.value("url")))
        assert company is not None
        try:
            page = company.page(_wanted(self._practices[practice_id], wanted))
        except PaymentRefused:
            log.exception("pay_link_refused", practice=practice_id)
            return self._instead(practice_id, wanted)
        self._send(practice_id, wanted, args, page)

    def _send(self, practice_id: PracticeId, wanted: Fact, args: Mapping[str, str], page: PayPage) -> None:
        practice, now = self._practices[practice_id], self._clock.now()
        with self._records.transaction(practice_id) as tx:
            person = tx.people.get(wanted.person or "")
            if person is None or person.phone is None:
                return
            details = (("page", page.id), ("url", page.url))
            made = Fact(_made(wanted.id), "pay_link_made", wanted.about, now, AGENT, details, person.id)
            tx.facts.state(made)
            message = _message(practice, person, wanted.id, args["contact"], args["locale"], page.url, now)
            notices.enqueue(tx, message)
            _look_later(tx, wanted, 0)

    def _instead(self, practice_id: PracticeId, wanted: Fact) -> None:
        """No page could be made: the biller calls, and knows why."""
        practice, now = self._practices[practice_id], self._clock.now()
        with self._records.transaction(practice_id) as tx:
            _to_biller(tx, practice, wanted, "pay_link_failed", now)

    def look(self, practice_id: PracticeId, job: Job) -> None:
        args = dict(job.args)
        with self._records.transaction(practice_id) as tx:
            wanted, made = tx.facts.get(args["link"]), tx.facts.get(_made(args["link"]))
        company = self._companies.of(practice_id)
        if wanted is None or made is None or company is None:
            return
        status = company.status(made.value("page"))
        with self._records.transaction(practice_id) as tx:
            if status == "paid":
                self._paid(tx, practice_id, wanted)
            elif status == "open" and (next_look := int(args.get("look", "0")) + 1) < len(LOOKS):
                _look_later(tx, wanted, next_look)

    def _paid(self, tx: Transaction, practice_id: PracticeId, wanted: Fact) -> None:
        now, name = self._clock.now(), f"paid:{wanted.id}"
        if tx.facts.get(name) is None:
            details = (("amount", wanted.value("amount")),)
            tx.facts.state(Fact(name, "pay_link_paid", wanted.about, now, AGENT, details, wanted.person))
            _to_biller(tx, self._practices[practice_id], wanted, PAID, now)

    def told(self, practice_id: PracticeId, event: str, link: str) -> None:
        """The company says that something was paid: it is asked at once. What it says twice is taken once."""
        with self._records.transaction(practice_id) as tx:
            if tx.facts.get(link) is not None and tx.log.claim(f"payment:{event}"):
                look = (("link", link), ("look", str(len(LOOKS))))
                tx.jobs.enqueue(Job(f"{LOOK}:{link}:{event}", LOOK, self._clock.now(), look))


def to_be_entered(tx: Transaction, link: str) -> bool:
    """What was paid there is not yet in the books, as far as the biller says."""
    task = tx.tasks.get(f"{PAID}:{link}")
    return task is not None and task.status == "open"


def _made(name: str) -> str:
    return f"made:{name}"


def _wanted(practice: Practice, fact: Fact) -> PayWanted:
    return PayWanted(fact.id, money_in(fact.value("amount")), practice.sender_name)


def _look_later(tx: Transaction, wanted: Fact, look: int) -> None:
    args = (("link", wanted.id), ("look", str(look)))
    tx.jobs.enqueue(Job(f"{LOOK}:{wanted.id}:{look}", LOOK, wanted.at + LOOKS[look], args))


def _to_biller(tx: Transaction, practice: Practice, wanted: Fact, about: str, now: datetime) -> None:
    details = (("about", about), ("amount", wanted.value("amount")))
    due = next_open(practice, now)
    tx.tasks.add(Task(f"{about}:{wanted.id}", "billing", "biller", due, None, wanted.person, details))


def _message(
    practice: Practice, person: Person, link: str, contact: str, locale: str, url: str, now: datetime
) -> Message:
    args = {"link": url, "practice_phone": practice.phone, "sender": practice.sender_name}
    return Message(
        id=stable_id("pay_link", link, contact),
        channel="sms",
        to=person.phone or "",
        phrase=PHRASE,
        args=tuple(sorted(args.items())),
        locale=locale,
        at=now,
        person=person.id,
        contact=contact,
    )
