"""BIL-02: two workers on one PostgreSQL make one page, give money back once and write once, whoever is first."""

import threading
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from lamplighter.connectors.payments.memory import MemoryPayments, OneCompany
from lamplighter.desk import bill_plans, pay_links, refunds
from lamplighter.desk.bill_late import PlanPayments
from lamplighter.desk.ports import Job, Person, Task
from lamplighter.desk.ports.payments import PayWanted
from lamplighter.practice.model import Money
from lamplighter.records.opening import open_postgres
from tests.crash.test_every_step_of_a_bill import (
    ASKED,
    BOOK,
    LATER,
    NOON,
    PRACTICE,
    books_of,
    link_that_was_asked_for,
    link_that_was_paid,
)
from tests.records.stores import KEYS, TestClock, postgres_server

pytestmark = pytest.mark.postgres
WORKERS = 2
CLICKS = 6


class Together(MemoryPayments):
    """Answers once both workers have asked, or the second has come to nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.both = threading.Barrier(WORKERS)

    def page(self, wanted: Any) -> Any:
        self._meet()
        return super().page(wanted)

    def refund(self, wanted: Any) -> Any:
        self._meet()
        return super().refund(wanted)

    def _meet(self) -> None:
        try:
            self.both.wait(5)
        except threading.BrokenBarrierError:
            return


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with postgres_server() as found:
        yield found


def at_once(acts: list[Callable[[], object]]) -> None:
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_bil_02_two_workers_and_many_clicks_do_each_thing_once(url: str) -> None:
    stores = [open_postgres(url, KEYS, TestClock(NOON)) for _ in range(WORKERS)]
    with stores[0].transaction(PRACTICE.id) as tx:
        tx.people.add(Person("anna", "Anna", "Beck", date(1980, 5, 1), "+12125550143"))
        link_that_was_paid(tx)
        tx.tasks.add(Task("t1", "billing", "biller", NOON, None, "anna", ASKED))

    def click(store: Any) -> None:
        with store.transaction(PRACTICE.id) as tx:
            refunds.ask(tx, "old", 0, Money(Decimal("100")), "too_much", by="bo", now=NOON)
        with store.transaction(PRACTICE.id) as tx:
            bill_plans.approve(tx, books_of(NOON), PRACTICE, "t1", by="bo", now=NOON)

    at_once([partial(click, stores[n % WORKERS]) for n in range(CLICKS)])
    with stores[0].transaction(PRACTICE.id) as tx:
        found = {job.name: job for job in reversed(tx.jobs.pending())}
        assert (len(refunds.paid(tx)), len(bill_plans.standing(tx))) == (1, 1)
        assert refunds.paid(tx)[0].number == 1
        link_that_was_asked_for(tx)
    company, books, practices = Together(), books_of(LATER), {PRACTICE.id: PRACTICE}
    company.paid.add("old")
    company.pages["old"] = PayWanted("old", Money(Decimal("132.45")), "")
    phrases, now, later = {PRACTICE.id: BOOK}, TestClock(NOON), TestClock(LATER)
    link = Job("link", pay_links.JOB, NOON, (("contact", "c1"), ("link", "link"), ("locale", "en")))
    for make, job in (
        (lambda s: pay_links.PayLinks(s, practices, OneCompany(company), now).run, link),
        (lambda s: refunds.Refunds(s, practices, OneCompany(company), now, phrases).run, found[refunds.JOB]),
        (lambda s: PlanPayments(s, practices, books, later, phrases).run, found[bill_plans.JOB]),
    ):
        at_once([partial(make(store), PRACTICE.id, job) for store in stores])
        company.both.reset()
    with stores[0].transaction(PRACTICE.id) as tx:
        about = sorted(dict(task.details)["about"] for task in tx.tasks.list_open())
        sent = [message.phrase for message in tx.outbox.recent(100)]
    assert (about, sent) == (["plan_approved", "plan_late", "refunded"], ["sms.pay_link"])
    assert (len(company.refunds), sorted(company.pages)) == (1, ["link", "old"])
    for store in stores:
        store.close()
