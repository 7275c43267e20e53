"""Links to a page of the practice's payment company: asked for by the person, stored before the page is made, and sent
to the number on file.

One page for a balance, or a payment of a plan, however often it is asked for within a week; an older one, or one of
another amount, is closed, and each is after two weeks. The company makes it under our id, so that a crash, a
retry or an answer that never came makes no second one. Whether it was paid is asked of the company, again and again
until it is; what was paid is for the biller to enter into the books.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from lamplighter import logs
from lamplighter.conversation.actions import Done, Refused
from lamplighter.conversation.facts import money, money_in
from lamplighter.desk import allowance, gate, notices
from lamplighter.desk.context import Errand, stable_id
from lamplighter.desk.ports import AGENT, Clock, Fact, Job, Message, Person, Records, Task, Transaction
from lamplighter.desk.ports.balances import Account
from lamplighter.desk.ports.payments import (
    PaymentCompanies,
    PaymentRefused,
    Payments,
    PayPage,
    PayStatus,
    PayWanted,
)
from lamplighter.practice.calendar import next_open
from lamplighter.practice.instalments import Instalment
from lamplighter.practice.model import Money, Practice, PracticeId

JOB: Final = "make_pay_link"
LOOK: Final = "look_at_pay_link"
PHRASE: Final = "sms.pay_link"
PAID: Final = "paid_by_link"
AN_HOUR: Final = 3
TRIES_FOR: Final = timedelta(hours=1)
"""How long it is tried to make a page, from when it was asked for last; then the biller calls instead."""

GIVEN_AGAIN_FOR: Final = timedelta(days=7)
OPEN_FOR: Final = timedelta(days=14)

LOOKS: Final = (
    timedelta(minutes=15),
    timedelta(hours=2),
    timedelta(days=1),
    timedelta(days=3),
    OPEN_FOR,
    timedelta(days=16),
)
"""When it is asked whether it was paid, counted from when it was asked for first; the last time once nobody has been
able to begin to pay for two days."""

log = logs.get(__name__)


def can_be_sent(errand: Errand, person: Person) -> bool:
    billing = errand.practice.billing
    by_link = billing is not None and billing.pays_by == "link"
    return by_link and person.phone is not None and not person.by_person_only and _company(errand) is not None


def _company(errand: Errand) -> Payments | None:
    return errand.till.companies.of(errand.practice.id)


def send(errand: Errand, person: Person, account: Account, part: Instalment | None = None) -> Done | Refused:
    """Stores that it is wanted, and the job that makes and sends it. `part`: the payment of their plan that it is for,
    in place of the balance."""
    few = allowance.Allowance(f"pay_link|{person.id}", AN_HOUR, timedelta(hours=1))
    if not can_be_sent(errand, person) or not allowance.take(errand, [few]):
        return Refused("no_link")
    details = _asked_for(account, part)
    there = _given_before(errand, person.id, details)
    name = there or stable_id("pay_link", person.id, account.number, errand.contact, errand.now.isoformat())
    if gate.never(errand.tx, _message(errand.practice, person, name, errand.contact, "", "", errand.now)):
        return Refused("no_link")
    close(errand.tx, person.id, errand.now, but=name)
    about = f"person/{person.id}"
    errand.tx.facts.state(Fact(name, "pay_link", about, errand.now, AGENT, details, person.id))
    args = (("at", errand.now.isoformat()), ("contact", errand.contact), ("link", name),
            ("locale", errand.state.locale))  # fmt: skip
    errand.tx.jobs.enqueue(Job(f"{JOB}:{name}:{errand.contact}", JOB, errand.now, args))
    return Done(ref=name, texted=True, person=person.id)


def _asked_for(account: Account, part: Instalment | None) -> tuple[tuple[str, str], ...]:
    """Of a part, what was open in all as well: by that it is known whether the books show it."""
    all_of_it = money(account.balance)
    if part is None:
        return (("account", account.number), ("amount", all_of_it))
    amount, day = money(part.amount), part.day.isoformat()
    return (("account", account.number), ("amount", amount), ("balance", all_of_it), ("payment", day))


def open_before(asked: Fact) -> Money:
    """What was open in all when this link was asked for."""
    return money_in(dict(asked.details).get("balance") or asked.value("amount"))


def _given_before(errand: Errand, person: str, details: tuple[tuple[str, str], ...]) -> str | None:
    """The link to the page that is still open for just this."""
    found = errand.tx.facts.standing("pay_link", f"person/{person}")
    ours = (each for each in found if each.details == details and errand.now - each.at <= GIVEN_AGAIN_FOR)
    return next((each.id for each in ours), None)


def close(tx: Transaction, person: str, now: datetime, *, but: str | None = None) -> None:
    """What they were given to pay by is good no more: they pay otherwise, or something else."""
    for link in tx.facts.standing("pay_link", f"person/{person}"):
        if link.id != but and tx.facts.lift(link.id, AGENT, now):
            args = (("close", "yes"), ("link", link.id), ("look", str(len(LOOKS))))
            tx.jobs.enqueue(Job(f"{LOOK}:{link.id}:close", LOOK, now, args))


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
        if wanted is None or (wanted.lifted is not None and made is None):
            return
        asked = datetime.fromisoformat(args["at"]) if "at" in args else wanted.at
        if company is None or self._clock.now() - asked > TRIES_FOR:
            return self._instead(practice_id, wanted, args["contact"])
        try:
            page = self._page(company, practice_id, wanted, made)
        except PaymentRefused:
            log.exception("pay_link_refused", practice=practice_id)
            return self._instead(practice_id, wanted, args["contact"])
        if page is not None:
            self._send(practice_id, wanted, args, page)

    def _page(
        self, company: Payments, practice_id: PracticeId, wanted: Fact, made: Fact | None
    ) -> PayPage | None:
        """None where somebody has paid there meanwhile. Raises PaymentRefused where nobody can any more."""
        if made is None:
            return company.page(_wanted(self._practices[practice_id], wanted))
        status = company.status(made.value("page"))
        if status == "open":
            return PayPage(made.value("page"), made.value("url"))
        if status != "paid":
            raise PaymentRefused(status)
        with self._records.transaction(practice_id) as tx:
            self._paid(tx, practice_id, wanted)
        return None

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

    def _instead(self, practice_id: PracticeId, wanted: Fact, contact: str) -> None:
        """No page could be made: the biller calls, and knows why."""
        practice, now = self._practices[practice_id], self._clock.now()
        with self._records.transaction(practice_id) as tx:
            _to_biller(tx, practice, wanted, "pay_link_failed", now, of=contact)

    def look(self, practice_id: PracticeId, job: Job) -> None:
        """Raises ConnectionError while the company can't be reached or asked, so that the job runs again."""
        args = dict(job.args)
        with self._records.transaction(practice_id) as tx:
            wanted, made = tx.facts.get(args["link"]), tx.facts.get(_made(args["link"]))
        if wanted is None or made is None:
            return
        company = self._companies.of(practice_id)
        if company is None:
            raise ConnectionError("no company")
        status = company.status(made.value("page"))
        if status == "open" and ("close" in args or self._clock.now() - wanted.at >= OPEN_FOR):
            _closed(company, made.value("page"), practice_id)
        with self._records.transaction(practice_id) as tx:
            self._concluded(tx, practice_id, wanted, status, int(args.get("look", "0")))

    def _concluded(
        self, tx: Transaction, practice_id: PracticeId, wanted: Fact, status: PayStatus, look: int
    ) -> None:
        """What is not paid is looked at again, whatever it is; at last what may still be paid is the biller's."""
        if status == "paid":
            self._paid(tx, practice_id, wanted)
        elif look + 1 < len(LOOKS):
            _look_later(tx, wanted, look + 1)
        elif look + 1 == len(LOOKS) and status != "over":
            _to_biller(tx, self._practices[practice_id], wanted, "pay_link_unclear", self._clock.now())

    def _paid(self, tx: Transaction, practice_id: PracticeId, wanted: Fact) -> None:
        now, name = self._clock.now(), f"paid:{wanted.id}"
        if tx.facts.get(name) is None:
            details = (("amount", wanted.value("amount")),)
            tx.facts.state(Fact(name, "pay_link_paid", wanted.about, now, AGENT, details, wanted.person))
            _to_biller(tx, self._practices[practice_id], wanted, PAID, now)
            close(tx, wanted.person or "", now)

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


def _closed(company: Payments, page: str, practice_id: PracticeId) -> None:
    try:
        company.close(page)
    except PaymentRefused:
        log.exception("pay_link_not_closed", practice=practice_id)


def _to_biller(
    tx: Transaction, practice: Practice, wanted: Fact, about: str, now: datetime, *, of: str | None = None
) -> None:
    """Once for a link, or for each contact in which it was asked for."""
    details = (("about", about), ("amount", wanted.value("amount")))
    due = next_open(practice, now)
    name = f"{about}:{wanted.id}:{of}" if of else f"{about}:{wanted.id}"
    tx.tasks.add(Task(name, "billing", "biller", due, None, wanted.person, details))


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
