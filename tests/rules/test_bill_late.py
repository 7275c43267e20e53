"""A payment of a plan that does not come: one kind message at most, a person in any case, and nobody is pressed."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from lamplighter.connectors.payments.memory import MemoryPayments, OneCompany
from lamplighter.desk import bill_holds, bill_plans, opting_out
from lamplighter.desk.ports import Person, Proxy
from lamplighter.desk.ports.balances import Charge, Credit, Holder
from lamplighter.practice.sample import load_sample
from tests.promises.desks import House
from tests.rules.scenes import texts
from tests.rules.test_billing import ACCOUNT, ANNA, OWN, bills, calls, dollars, house

HELD = Holder("Anna", "Beck", date(1980, 5, 1))
FIRST_LOOK = datetime(2027, 1, 8, 17, tzinfo=UTC)  # the first payment is due on December 31


def written(made: House) -> list[str]:
    return [each.text for each in made.messenger.texts.values()]


def with_plan(
    person: Person = ANNA, *, agreed: bool = True, outreach: bool = True, company: Any = None
) -> House:
    sample = load_sample()
    assert sample.billing is not None
    own = replace(sample, billing=replace(sample.billing, outreach=outreach))
    made = house(person=person, practice=own, **({"companies": company} if company else {}))
    call = calls(made, "I'd like a payment plan")
    call.say("three")
    call.say("yes")
    assert (call.said[-1] == "bill.write_billing") is outreach
    call.say("yes" if agreed else "no")
    with made.store.transaction("demo") as tx:
        for task in tx.tasks.list_open():
            tx.tasks.close(task.id, "Dana")  # the plan is in the books
    return made


def books(made: House, as_of: date, *more: Credit, charges: tuple[Charge, ...] = ()) -> None:
    account = replace(
        ACCOUNT, as_of=as_of, charges=ACCOUNT.charges + charges, credits=(*ACCOUNT.credits, *more)
    )
    made.till["books"].put("demo", HELD, account)


def until(made: House, moment: datetime) -> None:
    made.pass_time((moment - made.clock.now()).total_seconds())


def about(made: House) -> list[str]:
    return [dict(task.details)["about"] for task in bills(made)]


def test_a_payment_that_is_missing_is_written_about_once_kindly_without_an_amount_and_the_biller_has_it() -> (
    None
):
    made = with_plan()
    books(made, date(2027, 1, 8))
    until(made, FIRST_LOOK)
    (text,) = written(made)
    assert "44" not in text and not re.search(r"overdue|late|must|bill|balance|visit", text, re.IGNORECASE)
    assert about(made) == ["plan_late"]
    until(made, FIRST_LOOK + timedelta(days=20))
    books(made, date(2027, 2, 8))
    until(made, datetime(2027, 2, 12, tzinfo=UTC))
    assert (len(written(made)), about(made)) == (1, ["plan_late"])


def test_whoever_is_told_that_a_payment_is_missing_and_wants_to_pay_is_not_told_that_nothing_is_to_do() -> (
    None
):
    made = with_plan(company=OneCompany(company := MemoryPayments()))
    books(made, date(2027, 1, 7))  # the last night's, as the practice's export is
    until(made, FIRST_LOOK)
    assert len(written(made)) == 1
    with made.store.transaction("demo") as tx:
        for task in tx.tasks.list_open():
            tx.tasks.close(task.id, "Dana")
    call = made.call("sms", OWN)
    for words in ("PAY", "Anna Beck", "May 1 1980"):
        call.say(words)
    assert "bill.plan_there" not in call.said and "$44.15, due Thursday, December 31" in texts(call)[-1]
    call.say("yes")
    made.pass_time(1)
    assert "bill.link_sent" in call.said and about(made) == []
    assert [each.amount for each in company.pages.values()] == [dollars("44.15")]


def test_a_payment_that_is_not_due_yet_is_offered_to_whoever_wants_to_pay_and_to_nobody_else() -> None:
    made = with_plan(company=OneCompany(company := MemoryPayments()))
    assert calls(made, "what do I owe").said[-2:] == ["bill.plan_there", "anything_else"]
    call = calls(made, "I'd like to pay my bill")
    assert "next payment of $44.15 is due Thursday, December 31" in texts(call)[-1]
    call.say("no thanks")
    assert company.pages == {}
    for _ in range(2):  # asked for twice within the week it is one
        call = calls(made, "I'd like to pay my bill")
        call.say("yes please")
    made.pass_time(1)
    (page,) = company.pages.values()
    assert page.amount == dollars("44.15")
    company.paid.add(page.id)
    made.pass_time(15 * 60)
    assert about(made) == ["paid_by_link"]
    assert "bill.unclear" in calls(made, "I'd like to pay my bill").said
    with made.store.transaction("demo") as tx:
        for task in tx.tasks.list_open():
            tx.tasks.close(task.id, "Dana")
    made.pass_time(2 * 86400)
    books(made, date(2026, 12, 3))  # they go on asking for all of it: it was not entered
    assert "bill.unclear" in calls(made, "I'd like to pay my bill").said
    books(made, date(2026, 12, 3), Credit("p2", date(2026, 12, 2), dollars("44.15")))
    call = calls(made, "I'd like to pay my bill")
    assert "next payment of $44.15 is due Sunday, January 31" in texts(call)[-1]


OLDER = Charge("c9", date(2026, 11, 20), dollars("200.00"))
TAKEN_BACK = Credit("p9", date(2026, 12, 8), dollars("-100.00"), "insurance")
FIRST_PAID = Credit("p2", date(2026, 12, 31), dollars("44.15"))


@pytest.mark.parametrize(
    ("day", "credits", "charges"),
    [
        (date(2026, 12, 10), (), (OLDER,)),
        (date(2026, 12, 10), (TAKEN_BACK,), ()),
        (date(2027, 1, 8), (FIRST_PAID,), (OLDER,)),
        (date(2027, 1, 8), (FIRST_PAID, Credit("r2", date(2027, 1, 4), dollars("-44.15"))), ()),
    ],
)
def test_what_comes_to_the_balance_under_an_older_day_is_no_payment_of_the_plan_and_the_biller_calls(
    day: date, credits: tuple[Credit, ...], charges: tuple[Charge, ...]
) -> None:
    made = with_plan(company=OneCompany(MemoryPayments()))
    until(made, datetime(day.year, day.month, day.day, 15, tzinfo=UTC))
    books(made, day - timedelta(days=1), *credits, charges=charges)
    for words in ("I'd like to pay my bill", "what do I owe"):
        call = calls(made, words)
        assert "bill.asked" in call.said and not {"bill.plan_there", "bill.part_next"} & set(call.said)
        assert "44.15" not in " ".join(texts(call)) and "isn't in our books" not in " ".join(texts(call))
    assert about(made) == ["plan"]


def test_nobody_is_written_to_about_a_missing_payment_where_an_older_visit_came_to_what_they_owe() -> None:
    made = with_plan()
    books(made, date(2027, 1, 8), FIRST_PAID, charges=(OLDER,))
    until(made, FIRST_LOOK + timedelta(days=10))
    assert (written(made), about(made)) == ([], ["plan_unclear"])


def test_a_link_to_a_payment_is_closed_when_the_plan_is_undone() -> None:
    made = with_plan(company=OneCompany(company := MemoryPayments()))
    calls(made, "I'd like to pay my bill").say("yes")
    made.pass_time(1)
    assert len(company.pages) == 1
    _undone(made)
    made.pass_time(1)
    assert company.closed == set(company.pages)


def test_on_the_day_of_a_payment_whoever_wants_to_pay_hears_of_it_and_may_have_the_biller_call() -> None:
    made = with_plan()
    books(made, date(2026, 12, 30))
    until(made, datetime(2026, 12, 31, 17, tzinfo=UTC))
    call = calls(made, "I'd like to pay my bill")
    assert "$44.15, due Thursday, December 31" in texts(call)[-1]
    call.say("yes please")
    assert "bill.asked" in call.said and about(made) == ["payment"]


def _paid(made: House) -> None:
    books(made, date(2027, 1, 8), Credit("p2", date(2027, 1, 3), dollars("44.15")))


def _undone(made: House) -> None:
    with made.store.transaction("demo") as tx:
        plan = bill_plans.of(tx, "anna", made.clock.now().date())
        assert plan is not None
        bill_plans.undo(tx, made.practice, plan.id, by="bo", now=made.clock.now())
        for task in tx.tasks.list_open():
            tx.tasks.close(task.id, "Dana")
    books(made, date(2027, 1, 8))


@pytest.mark.parametrize("change", [_paid, _undone])
def test_nothing_is_written_and_nobody_is_set_to_it_where_it_was_paid_or_the_plan_is_undone(
    change: Callable[[House], None],
) -> None:
    made = with_plan()
    change(made)
    until(made, FIRST_LOOK)
    assert (written(made), about(made)) == ([], [])


def _stop(made: House) -> None:
    with made.store.transaction("demo") as tx:
        opting_out.opt_out(tx, OWN, words="stop", contact="c9", now=made.clock.now())


def _hardship(made: House) -> None:
    with made.store.transaction("demo") as tx:
        bill_holds.hold(tx, "anna", "hardship", by="bo", now=made.clock.now())


def _with_a_person(made: House) -> None:
    call = made.call("sms", OWN)
    call.say("I lost my job, I can't pay my bill")
    assert call.state.handed_over


def _medicaid(made: House) -> None:
    medicaid = next(each.name for each in made.practice.insurers if each.payer_class == "medicaid")
    with made.store.transaction("demo") as tx:
        tx.people.update(replace(ANNA, insurer=medicaid))
        bill_holds.let_ask(tx, "anna", "spend_down", by="bo", now=made.clock.now())


def _shared(made: House) -> None:
    with made.store.transaction("demo") as tx:
        tx.people.add(Person("carl", "Carl", "Beck", date(1979, 5, 1), phone=OWN))


def _of_a_proxy(made: House) -> None:
    with made.store.transaction("demo") as tx:
        tx.people.update(replace(ANNA, proxies=(Proxy("Paul Beck", OWN),)))


@pytest.mark.parametrize("why", [_stop, _hardship, _with_a_person, _medicaid, _shared, _of_a_proxy])
def test_nobody_is_written_to_who_wants_none_must_not_be_asked_or_is_with_a_person(
    why: Callable[[House], None],
) -> None:
    made = with_plan()
    why(made)
    before = len(written(made))
    books(made, date(2027, 1, 8))
    until(made, FIRST_LOOK)
    assert len(written(made)) == before
    assert about(made) == ["plan_late"]


@pytest.mark.parametrize(("agreed", "outreach"), [(False, True), (True, False)])
def test_without_their_yes_or_the_practices_rule_a_person_alone_has_it(agreed: bool, outreach: bool) -> None:
    made = with_plan(agreed=agreed, outreach=outreach)
    books(made, date(2027, 1, 8))
    until(made, FIRST_LOOK)
    assert (written(made), about(made)) == ([], ["plan_late"])


def test_books_that_cannot_tell_are_asked_again_and_then_a_person_looks_and_nothing_is_written() -> None:
    made = with_plan()
    until(made, FIRST_LOOK + timedelta(days=4))
    assert about(made) == []
    until(made, FIRST_LOOK + timedelta(days=10))
    assert (written(made), about(made)) == ([], ["plan_unclear"])


def test_a_machine_that_slept_through_all_three_days_writes_once_and_makes_one_item() -> None:
    made = with_plan()
    books(made, date(2027, 3, 20))
    made.clock.move_to(datetime(2027, 3, 20, 17, tzinfo=UTC))
    made.pass_time(60)
    made.pass_time(3 * 86400)
    assert (len(written(made)), about(made)) == (1, ["plan_late"])


def test_what_waits_for_the_morning_is_not_sent_where_they_say_meanwhile_that_they_cannot() -> None:
    made = with_plan()
    books(made, date(2027, 1, 8))
    made.clock.move_to(datetime(2027, 1, 9, 4, tzinfo=UTC))  # eleven at night in New York
    made.pass_time(60)
    assert written(made) == []
    _hardship(made)
    made.pass_time(86400)
    assert written(made) == []


def test_rule_35_a_qmb_by_the_books_is_never_written_to_whatever_a_biller_says() -> None:
    made = with_plan()
    with made.store.transaction("demo") as tx:
        bill_holds.let_ask(tx, "anna", "spend_down", by="bo", now=made.clock.now())
    made.till["books"].put("demo", HELD, replace(ACCOUNT, as_of=date(2027, 1, 8), no_cost_sharing=True))
    until(made, FIRST_LOOK)
    assert written(made) == []
    assert "bill.not_asked" in calls(made, "what do I owe").said


def test_rule_35_a_billers_word_with_its_reason_lets_somebody_with_medicaid_hear_and_pay_and_its_end_ends_that() -> (
    None
):
    medicaid = next(each.name for each in load_sample().insurers if each.payer_class == "medicaid")
    made = house(person=replace(ANNA, insurer=medicaid))
    assert "bill.not_asked" in calls(made, "what do I owe").said
    with made.store.transaction("demo", "bo") as tx:
        bill_holds.let_ask(tx, "anna", "spend_down", by="bo", now=made.clock.now())
    assert calls(made, "what do I owe").said[-1] == "bill.statement_offer"
    with made.store.transaction("demo", "bo") as tx:
        stated = bill_holds.may_ask(tx, "anna")
        assert stated is not None and bill_holds.take_back(tx, stated.id, by="bo", now=made.clock.now())
        assert {entry.who for entry in tx.ledger.entries() if entry.what.startswith("bill_may_ask")} == {"bo"}
    assert "bill.not_asked" in calls(made, "what do I owe").said
