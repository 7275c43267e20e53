"""Words about a balance that stays open: by their own yes, seldom, kind, and ended by a word of theirs."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from lamplighter.connectors.payments.memory import MemoryPayments, OneCompany
from lamplighter.desk import bill_holds, bill_open, bill_plans, bill_whom, gate, opting_out
from lamplighter.desk.ports import Person
from lamplighter.desk.ports.balances import Charge, Credit
from lamplighter.practice.model import BalanceReminders, Practice
from lamplighter.practice.sample import load_sample
from tests.promises.desks import Call, House
from tests.rules.scenes import texts
from tests.rules.test_bill_late import HELD, about, written
from tests.rules.test_billing import ACCOUNT, ANNA, OWN, bills, calls, dollars, house

DAY = 86400


def practice(**more: Any) -> Practice:
    sample = load_sample()
    assert sample.billing is not None
    rule = {"reminds": BalanceReminders(after_days=30, at_most=2, days_between=21), "good_for_days": 60}
    own = {"email": more.pop("email")} if "email" in more else {}
    return replace(sample, billing=replace(sample.billing, **(rule | more)), **own)


def agreed(answer: str = "yes", person: Person = ANNA, **more: Any) -> House:
    made = house(person=person, practice=practice(**more), companies=OneCompany(MemoryPayments()))
    call = calls(made, "what do I owe")
    call.say("not now")
    asks = made.practice.billing is not None and made.practice.billing.reminds is not None
    assert (call.said[-1] == "bill.write_balance") is asks
    call.say(answer)
    return made


def writes_back(made: House, *words: str) -> Call:
    call = made.call("sms", OWN)
    for each in words:
        call.say(each)
    return call


def test_whoever_said_yes_is_written_to_kindly_without_an_amount_and_no_more_often_than_the_practice_signed() -> (
    None
):
    made = agreed()
    made.pass_time(6 * DAY)
    assert written(made) == []
    made.pass_time(2 * DAY)
    (text,) = written(made)
    assert "PAY" in text and "$" not in text and "132" not in text
    made.pass_time(19 * DAY)
    assert len(written(made)) == 1
    made.pass_time(5 * DAY)
    assert len(written(made)) == 2 and about(made) == []
    made.pass_time(60 * DAY)
    assert (len(written(made)), about(made)) == (2, ["still_open"])


@pytest.mark.parametrize(
    ("answer", "more"), [("no", {}), ("yes", {"reminds": None}), ("no", {"outreach": True, "reminds": None})]
)
def test_without_a_yes_or_a_signed_rule_nobody_is_written_to(answer: str, more: dict[str, Any]) -> None:
    made = agreed(answer, **more)
    made.pass_time(40 * DAY)
    assert written(made) == []


def test_what_is_young_paid_or_paid_by_a_plan_is_not_written_about() -> None:
    paid = Credit("p9", date(2026, 12, 3), dollars("132.45"))
    young = Charge("c9", date(2026, 11, 29), dollars("132.45"))
    for account in (
        replace(ACCOUNT, credits=(*ACCOUNT.credits, paid)),
        replace(ACCOUNT, charges=(young,), credits=()),
    ):
        made = agreed()
        made.till["books"].put("demo", HELD, account)
        made.pass_time(8 * DAY)
        assert written(made) == []
    made = agreed()
    call = calls(made, "I'd like a payment plan")
    for words in ("three", "yes"):
        call.say(words)
    made.pass_time(40 * DAY)
    assert written(made) == []


def test_whoever_paid_all_of_a_plan_is_not_written_to_while_the_books_may_lack_the_last_payment() -> None:
    made = agreed()
    call = calls(made, "I'd like a payment plan")
    for words in ("three", "yes"):
        call.say(words)
    with made.store.transaction("demo") as tx:
        plan = bill_plans.of(tx, "anna", ACCOUNT.as_of)
    assert plan is not None
    paid = tuple(Credit(f"q{n}", each.day, each.amount) for n, each in enumerate(plan.payments[:-1]))
    for day in (date(2027, 2, 6), date(2027, 2, 27), date(2027, 3, 6)):  # the last was due on February 28
        as_of = replace(ACCOUNT, as_of=day, credits=(*ACCOUNT.credits, *paid))
        made.till["books"].put("demo", HELD, as_of)
        made.pass_time(
            (datetime(day.year, day.month, day.day, 17, tzinfo=UTC) - made.clock.now()).total_seconds()
        )
        with made.store.transaction("demo") as tx:
            for task in tx.tasks.list_open():
                tx.tasks.close(task.id, "Dana")
    assert written(made) == []
    made.till["books"].put("demo", HELD, replace(as_of, as_of=date(2027, 3, 8)))
    made.pass_time(2 * DAY)
    assert about(made) == ["plan_late"]


@pytest.mark.parametrize(
    ("words", "ends_at"),
    [
        ("PAY", "bill.pay_offer"),
        ("yes", "bill.pay_offer"),
        ("pagar", "bill.pay_offer"),
        ("PLAN", "bill.plan_offer"),
        ("can i pay in parts", "bill.plan_offer"),
        ("how much is it", "bill.pay_offer"),
    ],
)
def test_an_answer_to_it_is_understood_and_an_amount_is_said_once_it_is_known_who_asks(
    words: str, ends_at: str
) -> None:
    made = agreed()
    made.pass_time(8 * DAY)
    call = writes_back(made, words)
    assert not any("$" in said for said in texts(call))
    call.say("Anna Beck")
    call.say("1 de mayo de 1980" if words == "pagar" else "May 1 1980")
    assert call.said[-1] == ends_at, call.said


@pytest.mark.parametrize(
    "words",
    [
        "I already paid that",
        "that's wrong",
        "I dispute this",
        "I lost my job",
        "ya lo pagué",
        "my husband died",
    ],
)
def test_an_answer_that_tells_of_hardship_or_a_dispute_goes_to_a_person_and_nothing_more_is_written(
    words: str,
) -> None:
    made = agreed()
    made.pass_time(8 * DAY)
    call = writes_back(made, words)
    assert call.state.handed_over, call.said
    made.pass_time(30 * DAY)
    ours = [text for text in written(made) if "PAY" in text]
    assert len(ours) == 1


@pytest.mark.parametrize(
    "words",
    [
        "stop asking me about money",
        "please don't text me about my bill again",
        "no more messages about payments",
        "no me escriban más sobre dinero",
        "dejen de molestarme con los pagos",
    ],
)
def test_whoever_wants_nothing_about_money_gets_nothing_about_it_and_their_reminders_go_on(
    words: str,
) -> None:
    made = agreed()
    made.pass_time(8 * DAY)
    call = writes_back(made, words)
    assert call.said[-1] == "sms.no_money"
    with made.store.transaction("demo") as tx:
        assert opting_out.what_of(tx, OWN) == set(gate.OF_MONEY)
        assert [each.why for each in bill_holds.held(tx, "anna")] == ["asked"]
    made.pass_time(60 * DAY)
    assert len([text for text in written(made) if "PAY" in text]) == 1


def test_nothing_about_money_goes_by_email_as_a_family_may_share_it_and_a_person_has_it() -> None:
    anna = replace(ANNA, phone=None, email="beck.family@mail.example")
    made = house(person=anna, practice=practice(email="desk@harbor.example"))
    with made.store.transaction("demo") as tx:
        tx.people.add(replace(anna, id="carl", first_name="Carl"))
        now = made.clock.now()
        bill_open.agree(tx, made.practice, anna, "balance", True, wording="told Bo", now=now)
    made.pass_time(9 * DAY)
    assert (written(made), about(made)) == ([], ["still_open"])


def by_mail(answer: str, email: str = "anna@mail.example") -> House:
    """Anna is written to by email, calls from her number, and is asked."""
    anna = replace(ANNA, contact_channel="email", email=email)
    made = house(person=anna, practice=practice(email="desk@harbor.example"))
    call = calls(made, "what do I owe")
    call.say("no thanks")
    assert call.said[-1] == "bill.write_balance.mail" and "anybody else reads it" in texts(call)[-1]
    call.say(answer)
    return made


def test_by_email_it_goes_to_whoever_said_that_nobody_else_reads_it_and_its_subject_tells_nothing() -> None:
    made = by_mail("yes")
    made.pass_time(8 * DAY)
    (mail,) = made.messenger.texts.values()
    assert mail.to == "anna@mail.example"
    assert mail.text.splitlines()[0] == f"From {made.practice.sender_name}"
    assert not re.search(r"\$|132|bill|balance|visit", mail.text, re.IGNORECASE)
    made.pass_time(90 * DAY)
    assert (len(written(made)), about(made)) == (2, ["still_open"])
    none = by_mail("no, my wife reads it too")
    none.pass_time(40 * DAY)
    assert written(none) == []


def test_by_email_nothing_goes_to_another_address_nor_to_one_that_two_say_is_theirs_alone() -> None:
    for change in ("address", "two"):
        made = by_mail("yes")
        with made.store.transaction("demo") as tx:
            anna = tx.people.get("anna")
            assert anna is not None
            if change == "address":
                tx.people.update(replace(anna, email="beck.family@mail.example"))
            else:
                bill_whom.keep_alone(tx, "carl", "anna@mail.example", "c9", made.clock.now())
        made.pass_time(9 * DAY)
        assert (written(made), about(made)) == ([], ["still_open"])


def test_by_email_nothing_goes_to_a_mailbox_that_another_on_file_has_and_nobody_is_asked_of_it() -> None:
    made = by_mail("yes")
    carl = replace(ANNA, id="carl", first_name="Carl", phone="+12125550188", email="Anna@mail.example")
    with made.store.transaction("demo") as tx:
        tx.people.add(carl)
    made.pass_time(9 * DAY)
    assert (written(made), about(made)) == ([], ["still_open"])
    anna = replace(ANNA, contact_channel="email", email="anna@mail.example")
    made = house(person=anna, practice=practice(email="desk@harbor.example"))
    with made.store.transaction("demo") as tx:
        tx.people.add(carl)
    call = calls(made, "what do I owe")
    call.say("no thanks")
    assert not [each for each in call.said if each.startswith("bill.write")]


def test_stop_and_a_wrong_person_end_it_and_after_a_no_a_person_has_it() -> None:
    for words, said in (("STOP", "sms.stopped"), ("wrong person", "sms.unlinked"), ("no", "sms.bill_fine")):
        made = agreed()
        made.pass_time(8 * DAY)
        call = writes_back(made, words)
        assert call.said[-1] == said, words
        made.pass_time(40 * DAY)
        assert len([text for text in written(made) if "PAY" in text]) == 1
        assert ("still_open" in [dict(task.details).get("about") for task in bills(made)]) is (
            words != "STOP"
        )


def test_rule_35_a_yes_from_before_is_of_no_use_once_they_have_medicaid_or_a_person_sees_to_them() -> None:
    medicaid = next(each.name for each in load_sample().insurers if each.payer_class == "medicaid")
    for changed in (replace(ANNA, insurer=medicaid), replace(ANNA, by_person_only=True)):
        made = agreed()
        with made.store.transaction("demo") as tx:
            tx.people.update(changed)
        made.pass_time(40 * DAY)
        assert written(made) == []


def test_one_chain_of_looks_for_the_last_yes_and_none_after_it_was_taken_back() -> None:
    made = agreed()
    again = calls(made, "what do I owe")
    for words in ("no thanks", "yes"):
        again.say(words)
    made.pass_time(8 * DAY)
    with made.store.transaction("demo") as tx:
        assert sum(job.name == "look_at_balance" for job in tx.jobs.pending()) == 1
    writes_back(made, "STOP")
    made.pass_time(15 * DAY)
    with made.store.transaction("demo") as tx:
        assert not any(job.name == "look_at_balance" for job in tx.jobs.pending())
    assert made.clock.now() > datetime(2026, 12, 1, tzinfo=made.clock.now().tzinfo) + timedelta(days=20)


@pytest.mark.parametrize("channel", ["voice", "chat"])
def test_it_can_be_said_by_telephone_and_in_a_chat_too_and_is_not_lost_where_nobody_is_known(
    channel: Any,
) -> None:
    made = agreed()
    call = made.call(channel, OWN)
    call.say("please stop texting me about my bill")
    assert call.said[-1] == "bill.no_money"
    made.pass_time(40 * DAY)
    with made.store.transaction("demo") as tx:
        kinds = [task.kind for task in tx.tasks.list_open()]
    assert (written(made) == []) is (channel == "voice")
    assert ("wants_no_texts" in kinds) is (channel == "chat")
