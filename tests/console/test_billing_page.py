"""The biller's page: a plan that waits is approved by one click, undone by another, and nobody else may do either."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from lamplighter.console.billing_shown import books_line
from lamplighter.desk import bill_holds, bill_plans, gate, opting_out, refunds
from lamplighter.desk.ports import Fact, Role, Task
from lamplighter.desk.ports.balances import Account, BooksStand, Charge, Holder
from lamplighter.practice.model import Money
from tests.channels.web.stage import MORNING, PATIENTS, Stage
from tests.console.people import Enrolled, invited

NORA = PATIENTS[0]
NORA_NAMED = ("Nora", "Bell")
ASKED = (("about", "approval"), ("amount", "900.01 USD"), ("payments", "4"))


@pytest.fixture
def asked(stage: Stage) -> Stage:
    with stage.records.transaction(stage.practice.id) as tx:
        tx.tasks.add(Task("t1", "billing", "biller", stage.clock.now(), None, NORA.number, ASKED))
    owes(stage)
    return stage


def owes(stage: Stage, amount: str = "900.01") -> None:
    charges = (Charge("c1", MORNING.date(), Money(Decimal(amount))),)
    nora = Holder(*NORA_NAMED, NORA.born)
    stage.books.put(stage.practice.id, nora, Account("A1", stage.clock.now().date(), charges))


def plan(stage: Stage) -> bill_plans.Plan | None:
    with stage.records.transaction(stage.practice.id) as tx:
        return bill_plans.of(tx, NORA.number, stage.clock.now().date())


def test_a_plan_is_approved_to_the_cent_by_one_click_and_undone_by_another_which_asks_for_a_call(
    asked: Stage, owner: Enrolled
) -> None:
    biller = invited(asked, owner, "Bo Lane", "biller")
    page = biller.browser.get("/billing").text
    assert "Waits for approval" in page and "a payment plan that waits for approval" in page
    done = biller.post("/billing/plans/t1/approve")
    assert "$225.01" in done and "Waits for approval" not in done and "Bo Lane" in done
    assert "their payment plan was approved: tell them" in done
    found = plan(asked)
    assert found is not None and str(found.total.amount) == "900.01" and len(found.payments) == 4
    with asked.records.transaction(asked.practice.id) as tx:
        who = {entry.who for entry in tx.ledger.entries() if entry.what == "bill_plan_stated"}
        account = next(each for each in tx.staff.all() if each.name == "Bo Lane")
    assert who == {account.id}
    undone = biller.post(f"/billing/plans/{found.id}/undo")
    assert plan(asked) is None and "their payment plan was undone: tell them" in undone


def test_a_plan_that_the_law_a_hold_or_the_books_forbid_by_now_is_not_set_up_and_it_is_said_why(
    asked: Stage, owner: Enrolled
) -> None:
    owes(asked, "300.00")
    assert "the books don&#39;t show that balance" in owner.post("/billing/plans/t1/approve")
    owes(asked)
    owner.post(f"/billing/persons/{NORA.number}/hold", why="bankruptcy")
    assert "nothing about money goes to them" in owner.post("/billing/plans/t1/approve")
    with asked.records.transaction(asked.practice.id) as tx:
        nora = tx.people.get(NORA.number)
        assert nora is not None
        tx.people.update(replace(nora, insurer="Medicaid", self_pay=False))
    assert "the law lets nobody ask them" in owner.post("/billing/plans/t1/approve")
    assert plan(asked) is None and "Waits for approval" in owner.browser.get("/billing").text


def test_what_is_gone_is_said_and_changes_nothing_and_an_empty_page_says_so(
    stage: Stage, owner: Enrolled
) -> None:
    assert "Nobody pays in parts" in owner.browser.get("/billing").text
    assert "It was not set up" in owner.post("/billing/plans/t1/approve")
    assert "It was not undone" in owner.post("/billing/plans/t1/undo")


@pytest.mark.parametrize("role", ["desk", "clinician", "auditor"])
def test_nobody_but_a_biller_and_an_owner_approves_one(asked: Stage, owner: Enrolled, role: Role) -> None:
    other = invited(asked, owner, "Di Fox", role)
    assert other.browser.get("/billing").status_code == 403
    other.post("/billing/plans/t1/approve")
    assert plan(asked) is None
    assert not re.search("Approve", other.browser.get("/").text)


PAID = Fact(
    "paid:l1",
    "pay_link_paid",
    f"person/{NORA.number}",
    MORNING,
    "agent",
    (("amount", "132.45 USD"),),
    NORA.number,
)


def test_money_goes_back_by_one_form_however_often_it_is_sent_and_never_more_than_was_paid(
    stage: Stage, owner: Enrolled
) -> None:
    with stage.records.transaction(stage.practice.id) as tx:
        tx.facts.state(PAID)
    assert "Give money back" in owner.browser.get("/billing").text
    form = {"number": "0", "amount": "$100", "why": "too_much"}
    refused = (
        form | {"amount": "132.46"},
        form | {"amount": "1.005"},
        form | {"amount": "x"},
        form | {"why": ""},
    )
    for wrong in refused:
        assert "Nothing goes back" in owner.post("/billing/paid/l1/refund", **wrong)
    for _ in range(2):
        assert "on its way to the payment company" in owner.post("/billing/paid/l1/refund", **form)
    with stage.records.transaction(stage.practice.id) as tx:
        (back,) = [fact for fact, _ in refunds.standing(tx)]
        assert (back.value("amount"), str(refunds.paid(tx)[0].left.amount)) == ("100.00 USD", "32.45")


def test_a_biller_says_to_whom_nothing_about_money_goes_and_who_may_be_asked_and_takes_it_back(
    stage: Stage, owner: Enrolled
) -> None:
    born = NORA.born.isoformat()
    assert "Write the last name" in owner.post("/billing/find", last_name="", born="")
    assert "Nobody on file" in owner.post("/billing/find", last_name="Quill", born=born)
    assert "Nora Bell" in owner.post("/billing/find", last_name="Bell", born=born)
    assert "They can&#39;t pay" in owner.post(f"/billing/persons/{NORA.number}/hold", why="hardship")
    assert "May be asked" in owner.post(f"/billing/persons/{NORA.number}/may-ask", why="spend_down")
    with stage.records.transaction(stage.practice.id) as tx:
        (held,), may = bill_holds.held(tx, NORA.number), bill_holds.may_ask(tx, NORA.number)
        assert may is not None and {held.by, may.by} == {each.id for each in tx.staff.all()}
    owner.post(f"/billing/persons/{NORA.number}/agreed", purpose="balance")
    with stage.records.transaction(stage.practice.id) as tx:
        yes = tx.consents.latest(NORA.number, "balance", "sms")
        assert yes is not None and yes.given and yes.wording == "told Rosa Ferro"
    owner.post(f"/billing/holds/{held.id}/undo")
    assert "It was not undone" in owner.post(f"/billing/holds/{held.id}/undo")
    assert owner.browser.get("/billing").text.count("They can&#39;t pay") < 3


def test_a_number_that_wants_nothing_about_money_is_named_and_a_yes_kept_against_it_is_said_to_be_of_no_use(
    stage: Stage, owner: Enrolled
) -> None:
    with stage.records.transaction(stage.practice.id) as tx:
        for purpose in gate.OF_MONEY:
            opting_out.opt_out(tx, NORA.number, words="no", contact="c1", now=stage.clock.now(), of=purpose)
    assert owner.browser.get("/billing").text.count("Their number wants nothing about money") == 1
    said = owner.post(f"/billing/persons/{NORA.number}/agreed", purpose="balance")
    assert "nothing goes to them all the same" in said


def test_whoever_is_upset_about_a_bill_stands_first_and_nothing_that_they_said_is_on_the_page(
    stage: Stage, owner: Enrolled
) -> None:
    biller = invited(stage, owner, "Bo Lane", "biller")
    contacts = stage.contacts
    for number in (NORA.number, "+12125550199"):
        contact = contacts.open(
            stage.practice.id, channel="sms", dialled=stage.practice.phone, address=number
        )
        contacts.hear(
            stage.practice.id, contact.contact, "I lost my job and can't pay my balance, I'm furious"
        )
    page = biller.browser.get("/billing").text
    assert page.index("First: with a person, about a bill") < page.index("To do")
    assert "lost my job" not in page and "furious" not in page


@pytest.mark.parametrize(
    ("books", "said", "loud"),
    [
        (BooksStand("none"), "No books are connected. Nobody hears what they owe meanwhile", False),
        (BooksStand("reading"), "The books are being read for the first time. Nobody hears", False),
        (BooksStand("failed"), "The books can't be read. Nobody hears", True),
        (BooksStand("failed", MORNING.date(), 2), "What was read last holds: 2 accounts, as of", True),
        (BooksStand("read", MORNING.date(), 2, all_untold=True), "A row of the books names nobody", True),
        (BooksStand("read", MORNING.date(), 2, untold=1), "Of 1 an entry can't be read", True),
        (BooksStand("read", MORNING.date() - timedelta(days=30), 1), "Older than the 7 days", True),
        (BooksStand("read", MORNING.date(), 1), "1 account, as of", False),
    ],
    ids=["none", "slow", "failed", "failed later", "unclear", "an entry", "old", "well"],
)
def test_the_biller_sees_how_the_books_are_and_what_follows_for_whoever_asks(
    stage: Stage, books: BooksStand, said: str, loud: bool
) -> None:
    line = books_line(books, stage.practice, MORNING.date())
    assert said in f"{line.stands} {line.follows}" and line.loud is loud


def test_the_page_tells_of_the_books(stage: Stage, owner: Enrolled) -> None:
    assert "The books have nobody in them." in owner.browser.get("/billing").text
    owes(stage)
    assert "1 account, as of" in owner.browser.get("/billing").text
