"""Money that goes back: never more than was paid, once, by a named biller, and told only where the practice says so."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from lamplighter.connectors.payments.memory import MemoryPayments, OneCompany
from lamplighter.desk import bill_holds, refunds
from lamplighter.desk.ports import Fact
from lamplighter.desk.ports.payments import RefundState, RefundWanted
from lamplighter.practice.sample import load_sample
from tests.promises.desks import House
from tests.rules.test_billing import OWN, bills, calls, dollars, house, passing


class Slow(MemoryPayments):
    """Gives back, and can't be reached so often before it says so; or says each of `states` in turn."""

    def __init__(self, lost: int = 0, states: tuple[RefundState, ...] = ()) -> None:
        super().__init__()
        self.lost, self.states = lost, list(states)

    def refund(self, wanted: RefundWanted) -> RefundState:
        state = super().refund(wanted)
        self.lost -= 1
        if self.lost >= 0:
            raise ConnectionError("down")
        return self.states.pop(0) if self.states else state


def paid(company: MemoryPayments, *, tells: bool = False) -> tuple[House, refunds.Paid]:
    sample = load_sample()
    assert sample.billing is not None
    own = replace(sample, billing=replace(sample.billing, tells_of_refunds=tells))
    made = house(companies=OneCompany(company), practice=own)
    calls(made, "I'd like to pay my balance").say("yes")
    made.pass_time(60)
    company.paid.update(company.pages)
    made.pass_time(3600)
    with made.store.transaction("demo") as tx:
        (of,) = refunds.paid(tx)
        for task in tx.tasks.list_open():
            tx.tasks.close(task.id, "Dana")
    return made, of


def ask(made: House, of: refunds.Paid, amount: str, number: int = 0, why: str = "too_much") -> Fact | None:
    with made.store.transaction("demo", "bo") as tx:
        return refunds.ask(tx, of.link, number, dollars(amount), why, by="bo", now=made.clock.now())


def about(made: House) -> list[str]:
    return [dict(task.details)["about"] for task in bills(made)]


@pytest.mark.parametrize(
    ("company", "asked", "left"),
    [
        (Slow(), "100.00", "32.45"),
        (Slow(lost=3), "132.45", "0.00"),
        (Slow(states=("pending", "pending")), "1.00", "131.45"),
    ],
)
def test_it_goes_back_once_under_two_clicks_and_an_answer_that_is_late_and_stands_in_the_ledger(
    company: Slow, asked: str, left: str
) -> None:
    made, of = paid(company)
    assert ask(made, of, asked) == ask(made, of, asked)
    assert ask(made, of, "5.00") is None, "another window had asked for something else"
    made.reopen()
    passing(made, 14 * 86400)
    (back,) = company.refunds.values()
    assert (back.amount, about(made)) == (dollars(asked), ["refunded"])
    with made.store.transaction("demo") as tx:
        assert refunds.paid(tx)[0].left.amount == Decimal(left)
        assert {entry.who for entry in tx.ledger.entries() if entry.what == "refund_stated"} == {"bo"}


def test_more_than_is_left_nothing_and_a_reason_that_is_none_are_refused_before_anybody_is_asked() -> None:
    made, of = paid(company := Slow())
    for amount, why in (("132.46", "too_much"), ("0", "too_much"), ("-5", "too_much"), ("5", "just because")):
        assert ask(made, of, amount, why=why) is None
    assert ask(made, of, "100") is not None
    assert ask(made, of, "33", number=1) is None
    assert ask(made, of, "32.45", number=1) is not None
    made.pass_time(60)
    assert len(company.refunds) == 2


def test_what_the_company_refuses_or_never_answers_is_the_billers_and_what_failed_can_be_asked_for_again() -> (
    None
):
    made, of = paid(company := Slow(states=("failed",)))
    ask(made, of, "100")
    made.pass_time(60)
    assert about(made) == ["refund_failed"]
    company.refunds.clear()
    assert ask(made, of, "132.45", number=1) is not None
    made.pass_time(60)
    assert sorted(about(made)) == ["refund_failed", "refunded"]
    made, of = paid(Slow(lost=10_000))
    ask(made, of, "100")
    passing(made, 8 * 3600)
    assert about(made) == ["refund_unclear"]


def test_what_nobody_could_be_asked_about_is_said_to_be_unclear_and_goes_back_once_when_they_can_be() -> None:
    made, of = paid(company := Slow(lost=10_000))
    refund = ask(made, of, "132.45")
    assert refund is not None
    passing(made, 3 * 86400)
    with made.store.transaction("demo") as tx:
        assert refunds.is_unclear(tx, refund)
        for task in tx.tasks.list_open():
            tx.tasks.close(task.id, "Dana")
    company.lost = 0
    passing(made, 2 * 86400)
    assert (about(made), len(company.refunds)) == (["refunded"], 1)
    with made.store.transaction("demo") as tx:
        assert not refunds.is_unclear(tx, refund)
    made, of = paid(company := Slow(states=("pending",) * 9))
    ask(made, of, "1.00")
    passing(made, 30 * 86400)
    assert sorted(about(made)) == ["refund_unclear", "refunded"]


@pytest.mark.parametrize("tells", [False, True])
def test_they_are_told_once_and_without_an_amount_where_the_practice_has_signed_that(tells: bool) -> None:
    made, of = paid(Slow(), tells=tells)
    before = len(made.messenger.texts)
    ask(made, of, "100")
    passing(made, 86400)
    new = [(each.to, each.text) for each in list(made.messenger.texts.values())[before:]]
    assert len(new) == tells
    assert all(to == OWN and "$" not in text and "visit" not in text for to, text in new)


@pytest.mark.parametrize("when", ["they said so", "before", "while it waits"])
def test_whoever_wants_nothing_about_money_or_is_held_is_not_told_of_money_back_either_and_the_biller_knows(
    when: str,
) -> None:
    made, of = paid(Slow(), tells=True)
    if when == "they said so":
        assert made.call("sms", OWN).say("stop texting me about money")
    made.clock.move_to(
        made.clock.now().replace(hour=5) + timedelta(days=1)
    )  # nobody is written to at this hour
    before = len(made.messenger.texts)
    if when == "before":
        hold(made, "estate")
    ask(made, of, "100")
    made.pass_time(60)
    if when == "while it waits":
        hold(made, "estate")
    assert about(made) == ["refunded" if when == "while it waits" else "refunded_untold"]
    made.pass_time(2 * 86400)
    assert list(made.messenger.texts.values())[before:] == []


def hold(made: House, why: str) -> None:
    with made.store.transaction("demo") as tx:
        bill_holds.hold(tx, "anna", why, by="bo", now=made.clock.now())
