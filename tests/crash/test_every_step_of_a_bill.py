"""BIL-02: whoever makes a link to pay, looks at a plan or gives money back is killed at every step; it happens once."""

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lamplighter.connectors.billing.memory import MemoryBalances
from lamplighter.connectors.payments.memory import OneCompany
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk import bill_plans, pay_links, refunds
from lamplighter.desk.bill_late import PlanPayments
from lamplighter.desk.ports import Fact, Job, Person, Task, Transaction
from lamplighter.desk.ports.balances import Account, Charge, Credit, Holder
from lamplighter.desk.ports.payments import PayPage, PayStatus, PayWanted, RefundState, RefundWanted
from lamplighter.practice.model import Money
from lamplighter.practice.sample import load_sample
from lamplighter.records.opening import open_sqlite
from tests.crash.killing import Deadline, MortalRecords, append_line, lines
from tests.records.stores import KEYS, TestClock

NOON = datetime(2026, 12, 1, 17, tzinfo=UTC)
LATER = datetime(2027, 1, 8, 17, tzinfo=UTC)
PRACTICE, BOOK = load_sample(), Phrasebook.load()
DUE = Money(Decimal("132.45"))
OWED = Account(
    "A1",
    date(2027, 1, 8),
    (Charge("c0", date(2026, 9, 7), DUE), Charge("c1", date(2026, 10, 5), DUE)),
    (Credit("p0", NOON.date(), DUE),),
)
"""What was paid by a link is entered."""
ASKED = (("about", "approval"), ("amount", "132.45 USD"), ("payments", "3"))
MOST_STEPS = 60


class FileCompany:
    """A company outside: a line for each page that it makes and each refund; an id is done once, as theirs does."""

    def __init__(self, folder: Path, step: Callable[[str], None]) -> None:
        self._folder, self._step = folder, step

    def page(self, wanted: PayWanted) -> PayPage:
        self._once("pages", wanted.id)
        return PayPage(wanted.id, f"https://pay.example/{wanted.id[:8]}")

    def status(self, page_id: str) -> PayStatus:
        return "open"

    def close(self, page_id: str) -> None:
        """Nobody asks for that here."""

    def refund(self, wanted: RefundWanted) -> RefundState:
        self._once("back", wanted.id)
        return "done"

    def _once(self, file: str, name: str) -> None:
        self._step("before asking")
        if name not in lines(self._folder / file):
            append_line(self._folder / file, name)
        self._step("after asking")


def books_of(day: datetime) -> MemoryBalances:
    books = MemoryBalances()
    books.put(PRACTICE.id, Holder("Anna", "Beck", date(1980, 5, 1)), replace(OWED, as_of=day.date()))
    return books


def set_up(folder: Path) -> dict[str, Job]:
    """A link that was asked for, one that was paid and goes back, and a plan that nobody has paid."""
    records = open_sqlite(folder / "records.db", KEYS, TestClock(NOON))
    with records.transaction(PRACTICE.id) as tx:
        tx.people.add(Person("anna", "Anna", "Beck", date(1980, 5, 1), "+12125550143"))
        tx.tasks.add(Task("t1", "billing", "biller", NOON, None, "anna", ASKED))
        plan = bill_plans.approve(tx, books_of(NOON), PRACTICE, "t1", by="bo", now=NOON)
        assert isinstance(plan, bill_plans.Plan)
        link_that_was_asked_for(tx)
        link_that_was_paid(tx)
        assert refunds.ask(tx, "old", 0, Money(Decimal("100")), "too_much", by="bo", now=NOON)
        found = {job.name: job for job in reversed(tx.jobs.pending())}
    records.close()
    args = (("contact", "c1"), ("link", "link"), ("locale", "en"))
    return found | {pay_links.JOB: Job("link", pay_links.JOB, NOON, args)}


AMOUNT = (("amount", "132.45 USD"),)


def link_that_was_asked_for(tx: Transaction) -> None:
    tx.facts.state(Fact("link", "pay_link", "person/anna", NOON, "agent", AMOUNT, "anna"))


def link_that_was_paid(tx: Transaction) -> None:
    tx.facts.state(Fact("old", "pay_link", "person/anna", NOON, "agent", AMOUNT, "anna"))
    page = (("page", "old"), ("url", "https://pay.example/old"))
    tx.facts.state(Fact("made:old", "pay_link_made", "person/anna", NOON, "agent", page, "anna"))
    tx.facts.state(Fact("paid:old", "pay_link_paid", "person/anna", NOON, "agent", AMOUNT, "anna"))


def life(folder: Path, job: Job, die_at: int) -> int:
    """A process that does this job until it is done or its time has come: the signal that killed it, or 0."""
    child = os.fork()
    if child == 0:
        try:
            clock = TestClock(LATER if job.name == bill_plans.JOB else NOON)
            deadline = Deadline(die_at, folder / f"deaths-{job.name}")
            deadline.armed = True
            records: Any = MortalRecords(open_sqlite(folder / "records.db", KEYS, clock), deadline)
            doing(records, clock, FileCompany(folder, deadline.step))[job.name](PRACTICE.id, job)
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def doing(records: Any, clock: TestClock, company: FileCompany) -> dict[str, Callable[[str, Job], None]]:
    practices, books = {PRACTICE.id: PRACTICE}, books_of(LATER)
    phrases = {PRACTICE.id: BOOK}
    return {
        pay_links.JOB: pay_links.PayLinks(records, practices, OneCompany(company), clock).run,
        refunds.JOB: refunds.Refunds(records, practices, OneCompany(company), clock, phrases).run,
        bill_plans.JOB: PlanPayments(records, practices, books, clock, phrases).run,
    }


def left(folder: Path) -> dict[str, Any]:
    """What stands of each: pages, money that went back, texts, and what the biller has."""
    records = open_sqlite(folder / "records.db", KEYS, TestClock(NOON))
    with records.transaction(PRACTICE.id) as tx:
        about = sorted(dict(task.details)["about"] for task in tx.tasks.list_open())
        sent = [message.phrase for message in tx.outbox.recent(100)]
        again = sum(job.name == pay_links.LOOK for job in tx.jobs.pending())
    records.close()
    return {
        "pages": lines(folder / "pages"),
        "back": len(lines(folder / "back")),
        "sent": sent,
        "again": again,
        "about": about,
    }


WHOLE = {
    "pages": ["link"],
    "back": 1,
    "sent": ["sms.pay_link"],
    "again": 1,
    "about": ["plan_approved", "plan_late", "refunded"],
}


@pytest.mark.parametrize("stride", [2, pytest.param(1, marks=pytest.mark.slow)])
def test_bil_02_killed_at_every_step_a_link_a_refund_and_a_missing_payment_happen_once(
    tmp_path: Path, stride: int
) -> None:
    """At every second where minutes count."""
    jobs = set_up(tmp_path)
    for name in (pay_links.JOB, refunds.JOB, bill_plans.JOB):
        job = jobs[name]
        for die_at in range(1, MOST_STEPS, stride):
            died = life(tmp_path, job, die_at)
            assert len(lines(tmp_path / "pages")) <= 1 and len(lines(tmp_path / "back")) <= 1
            if died == 0:
                break
            assert died == signal.SIGKILL
        assert life(tmp_path, job, 0) == 0
        assert len(lines(tmp_path / f"deaths-{name}")) >= 2
    assert left(tmp_path) == WHOLE


def test_bil_02_a_plan_is_set_whole_with_its_looks_or_not_at_all(tmp_path: Path) -> None:
    for die_at in range(1, 20):
        folder = tmp_path / str(die_at)
        folder.mkdir()
        records = open_sqlite(folder / "records.db", KEYS, TestClock(NOON))
        with records.transaction(PRACTICE.id) as tx:
            tx.people.add(Person("anna", "Anna", "Beck", date(1980, 5, 1), "+12125550143"))
            tx.tasks.add(Task("t1", "billing", "biller", NOON, None, "anna", ASKED))
        records.close()
        died = approving(folder, die_at)
        records = open_sqlite(folder / "records.db", KEYS, TestClock(NOON))
        with records.transaction(PRACTICE.id) as tx:
            plans = len(bill_plans.standing(tx))
            looks = sum(job.name == bill_plans.JOB for job in tx.jobs.pending())
            waits = len(tx.tasks.list_open())
        records.close()
        assert (plans, looks, waits) in ((0, 0, 1), (1, 3, 1))
        if died == 0:
            assert (plans, looks, waits) == (1, 3, 1)
            return
    pytest.fail("it never came to its end")


def approving(folder: Path, die_at: int) -> int:
    child = os.fork()
    if child == 0:
        try:
            deadline = Deadline(die_at, folder / "deaths")
            deadline.armed = True
            opened = open_sqlite(folder / "records.db", KEYS, TestClock(NOON))
            with MortalRecords(opened, deadline).transaction(PRACTICE.id) as tx:
                bill_plans.approve(
                    tx, books_of(NOON), PRACTICE, "t1", by="bo", now=NOON + timedelta(seconds=1)
                )
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
