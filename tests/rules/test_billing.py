"""What do I owe, and how can I pay it: rules 18, 31, 35 and 42, and what is never said, sent or kept of a bill."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter import logs
from lamplighter.connectors.billing.memory import MemoryBalances
from lamplighter.connectors.payments.memory import MemoryPayments, OneCompany
from lamplighter.conversation.events import dump_body
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.slots import Slot
from lamplighter.desk import bill_plans
from lamplighter.desk.ports import Fact, Person, Proxy, Task
from lamplighter.desk.ports.balances import Account, Charge, Credit, FromInsurer, Holder
from lamplighter.desk.ports.facts import OF_NUMBERS
from lamplighter.desk.ports.payments import PaymentRefused, PayPage, PayWanted
from lamplighter.practice.instalments import how_many, instalments, months_after
from lamplighter.practice.model import Modality, Money, PaymentPlans
from tests.promises.desks import Call, Channel, House
from tests.rules.scenes import texts

OWN, OTHER = "+12125550143", "+12125550177"
ANNA = Person("anna", "Anna", "Beck", date(1980, 5, 1), phone=OWN, clinician="amara_osei", state="NY")
CARD = "4111 1111 1111 1111"
AMOUNTS = re.compile(r"\$\s?\d")


def dollars(written: str) -> Money:
    return Money(Decimal(written))


ACCOUNT = Account(
    "A1",
    date(2026, 11, 30),
    (
        Charge("c1", date(2026, 10, 5), dollars("175.00")),
        Charge("c2", date(2026, 11, 2), dollars("75.00"), "late_cancel"),
    ),
    (Credit("p1", date(2026, 11, 9), dollars("117.55")),),
)


def house(account: Account | None = ACCOUNT, person: Person = ANNA, **more: Any) -> House:
    books = MemoryBalances()
    if account is not None:
        books.put("demo", Holder("Anna", "Beck", date(1980, 5, 1)), account)
    made = House(books=books, **more)
    with made.store.transaction("demo") as tx:
        tx.people.add(person)
    return made


def calls(
    made: House,
    words: str,
    *,
    address: str | None = OWN,
    channel: Channel = "voice",
    born: str = "May 1 1980",
) -> Call:
    call = made.call(channel, address)
    call.say(words)
    if any(phrase.startswith("ask.first_name") for phrase in call.said[-2:]):
        call.say("Anna Beck")
        call.say(born)
    return call


def bills(made: House) -> list[Task]:
    with made.store.transaction("demo") as tx:
        return [task for task in tx.tasks.list_open() if task.route == "biller"]


def amounts(call: Call) -> list[str]:
    return [words for words in texts(call) if AMOUNTS.search(words)]


@pytest.mark.parametrize("channel", ["voice", "sms"])
@pytest.mark.parametrize(
    ("words", "born", "told"),
    [
        ("hi, what do I owe you?", "May 1 1980", "Your balance is $132.45, as of Monday, November 30."),
        ("hola, ¿cuánto les debo?", "1 de mayo de 1980", "Su saldo es de $132.45, al lunes 30 de noviembre."),
    ],
)
def test_bil_01_whoever_is_identified_hears_the_balance_to_the_cent_and_the_day_it_was_true(
    words: str, born: str, told: str, channel: Channel
) -> None:
    assert told in texts(calls(house(), words, channel=channel, born=born))


def test_rule_18_nobody_hears_an_amount_before_possession_is_shown_and_words_are_the_same_for_a_stranger() -> (
    None
):
    heard = set()
    for made, born in ((house(), "May 1 1980"), (house(), "May 2 1981"), (house(None), "May 1 1980")):
        call = calls(made, "what do I owe", address=OTHER, born=born)
        assert call.said[-1] == "ask.identity_code"
        call.say("999999")
        assert amounts(call) == []
        heard.add(tuple(call.said[-3:]))
    assert len(heard) == 1


def test_rule_18_whoever_has_the_code_hears_it_and_a_proxy_only_where_the_practice_says_so() -> None:
    call = calls(house(), "what do I owe", address=OTHER)
    call.say("123456")
    assert amounts(call)
    proxied = replace(ANNA, proxies=(Proxy("Paul Beck", OTHER),))
    for told_to, hears in ((("patient",), False), (("patient", "proxy"), True)):
        made = house(person=proxied)
        assert made.practice.billing is not None
        own = replace(made.practice, billing=replace(made.practice.billing, told_to=told_to))
        made = house(person=proxied, practice=own)
        call = made.call("voice", OTHER)
        for words in (
            "I'm calling for my wife, I want to know her balance",
            "Paul Beck",
            "Anna Beck",
            "May 1 1980",
        ):
            call.say(words)
        assert bool(amounts(call)) is hears, call.said
        assert hears or [dict(task.details)["about"] for task in bills(made)] == ["balance"]


@pytest.mark.parametrize(
    "account",
    [
        None,
        replace(ACCOUNT, as_of=date(2026, 11, 1)),
        replace(ACCOUNT, as_of=date(2036, 11, 30)),
        replace(ACCOUNT, no_cost_sharing=True),
    ],
)
def test_rule_35_what_is_unknown_too_old_or_not_to_be_asked_for_is_told_to_nobody_and_the_biller_calls_back(
    account: Account | None,
) -> None:
    made = house(account)
    call = calls(made, "what do I owe")
    assert amounts(call) == []
    (task,) = bills(made)
    assert (task.person, task.kind) == ("anna", "billing")
    assert "call" in texts(call)[-2] and "December 2" in texts(call)[-2]


@pytest.mark.parametrize(
    "words",
    [
        "what do I owe",
        "I'd like to pay my balance",
        "I'd like a payment plan",
        "what will my next visit cost",
    ],
)
def test_rule_35_of_whoever_has_medicaid_nothing_is_asked_and_no_plan_or_link_is_offered(words: str) -> None:
    medicaid = next(each.name for each in house().practice.insurers if each.payer_class == "medicaid")
    for insurer in (medicaid, "New York Medicaid", "Medi-Cal", "MassHealth Standard", "Oscar"):
        refused(words, house(person=replace(ANNA, insurer=insurer)))
    paying_alone = calls(house(person=replace(ANNA, insurer="Oscar", self_pay=True)), "what do I owe")
    assert amounts(paying_alone)


@pytest.mark.parametrize("as_of", [date(2026, 11, 30), date(2026, 10, 1)])
@pytest.mark.parametrize("words", ["what do I owe", "what will my next visit cost"])
def test_rule_35_a_qmb_hears_no_fee_however_old_the_books_are_that_say_so(words: str, as_of: date) -> None:
    made = house(replace(ACCOUNT, no_cost_sharing=True, as_of=as_of))
    with made.store.transaction("demo") as tx:
        slot = Slot(
            datetime(2026, 12, 15, 19, tzinfo=UTC), 50, "amara_osei", Modality.TELEHEALTH, "follow_up", None
        )
        tx.schedule.book("v1", slot, ["anna"], "test", made.clock.now(), "booked")
    assert "bill.not_asked" in refused(words, made).said


def refused(words: str, made: House) -> Call:
    call = calls(made, words)
    assert amounts(call) == []
    assert not {"bill.pay_offer", "bill.plan_offer", "bill.statement_offer"} & set(call.said)
    assert len(bills(made)) == 1
    return call


def test_rule_42_asking_again_makes_no_second_item_until_the_first_is_seen_to() -> None:
    made = house(None)
    calls(made, "what do I owe")
    calls(made, "what's my balance")
    (task,) = bills(made)
    with made.store.transaction("demo") as tx:
        tx.tasks.close(task.id, "Dana")
    calls(made, "what do I owe")
    assert len(bills(made)) == 1


def test_rule_42_a_day_that_is_past_is_promised_anew_and_the_late_item_stays_the_one_that_is_late() -> None:
    made = house(None)
    calls(made, "what do I owe")
    (first,) = bills(made)
    made.clock.move_to(first.due + timedelta(days=5))
    for _ in range(2):
        call = calls(made, "what do I owe")
        assert "Tuesday, December 8" in texts(call)[-2]
    (late,) = bills(made)
    assert late.due == first.due and dict(late.details)["promised_again"].startswith("2026-12-08")
    made.clock.move_to(first.due + timedelta(days=12))
    assert "Tuesday, December 15" in texts(calls(made, "what do I owe"))[-2]


def test_rule_42_the_open_item_tells_what_they_agreed_to_last_and_beside_it_what_they_did_before() -> None:
    made = house(replace(ACCOUNT, charges=(Charge("c", date(2026, 10, 5), dollars("900.00")),), credits=()))
    for number in ("three", "six", "six"):
        call = calls(made, "I'd like a payment plan")
        call.say(number)
        call.say("yes")
        assert "bill.plan_approval" in call.said
    (task,) = bills(made)
    told = dict(task.details)
    assert (told["payments"], told["earlier_payments"], told["amount"]) == ("6", "3", "900.00 USD")
    assert "earlier_amount" not in told


def test_bil_01_why_there_is_a_charge_is_said_by_its_day_and_never_by_kind_of_care() -> None:
    call = calls(house(), "what is this charge for")
    words = " ".join(texts(call))
    assert "Monday, October 5 there's $175, for a visit" in words
    assert "a visit that was cancelled late" in words
    assert not re.search(r"therap|session|Osei|psych|diagnos|treat|code", words, re.IGNORECASE)


def test_of_a_charge_that_is_paid_nobody_hears_as_though_it_were_open() -> None:
    paid = Credit("p1", date(2026, 11, 9), dollars("175.00"), "insurance", "c1")
    call = calls(
        house(replace(ACCOUNT, charges=ACCOUNT.charges[:1], credits=(paid,))), "what is this charge for"
    )
    assert [phrase for phrase in call.said if phrase.startswith("bill.")] == [
        "bill.nothing",
        "bill.charge",
        "bill.charge_more",
    ]


@pytest.mark.parametrize(
    ("words", "born", "told"),
    [
        ("what did my insurance pay", "May 1 1980", "your insurance paid $57.55 and left $60 to you"),
        ("¿cuánto pagó mi seguro?", "1 de mayo de 1980", "su seguro pagó $57.55 y le dejó a usted $60"),
    ],
)
def test_what_the_insurer_paid_of_a_charge_is_told_to_the_cent(words: str, born: str, told: str) -> None:
    heard = FromInsurer("c2", dollars("57.55"), dollars("-42.55"), dollars("60"))
    call = calls(house(replace(ACCOUNT, insurer=(heard,))), words, born=born)
    assert told in " ".join(texts(call))


@pytest.mark.parametrize("locale", ["en", "es"])
def test_bil_01_and_tel_18_no_phrase_of_a_bill_names_care_or_presses_anybody(locale: str) -> None:
    book = Phrasebook.load()
    for name, phrase in book.phrases(locale).items():
        if name.startswith(("bill.", "sms.pay", "sms.bill", "email.bill", "card.")):
            assert not re.search(
                r"therap|terapi|session|sesi[oó]n|psic|psych|diagn|clinic|clínic|treat|debt|deuda|collect|overdue|"
                r"vencid[oa]\b|must|immediately|debe pagar|urgent",
                phrase.text,
                re.IGNORECASE,
            ), name


# -- plans -------------------------------------------------------------------------------------------------------------

LIMITS = PaymentPlans(dollars("60"), 2, 6, dollars("25"))


@given(
    st.integers(6000, 2_000_000),
    st.integers(1, 36),
    st.dates(date(2024, 1, 1), date(2040, 1, 1)),
)
def test_a_plan_sums_to_the_balance_to_the_cent_and_falls_on_its_day_or_the_months_last(
    cents: int, number: int, first: date
) -> None:
    balance = Money(Decimal(cents) / 100)
    plan = instalments(balance, number, first)
    assert sum(each.amount.amount for each in plan) == balance.amount
    assert max(each.amount.amount for each in plan) - min(each.amount.amount for each in plan) <= Decimal(
        "0.01"
    )
    for n, each in enumerate(plan):
        months = (each.day.year - first.year) * 12 + each.day.month - first.month
        next_day = date.fromordinal(each.day.toordinal() + 1)
        assert months == n
        assert each.day.day == first.day or (each.day.day < first.day and next_day.day == 1)


@given(st.integers(0, 100_000))
def test_no_number_of_payments_is_allowed_that_makes_one_smaller_than_the_smallest(cents: int) -> None:
    balance = Money(Decimal(cents) / 100)
    for number in how_many(balance, LIMITS):
        assert min(each.amount.amount for each in instalments(balance, number, date(2026, 1, 31))) >= 25
    assert bool(how_many(balance, LIMITS)) == (cents >= 6000)


def test_the_thirty_first_falls_on_the_last_of_shorter_months_and_comes_back() -> None:
    days = [months_after(date(2027, 12, 31), n).isoformat() for n in range(4)]
    assert days == ["2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31"]


def plan_of(made: House) -> bill_plans.Plan | None:
    with made.store.transaction("demo") as tx:
        return bill_plans.of(tx, "anna", made.clock.now().date())


@pytest.mark.parametrize("said", ["three", "3 payments", "45 a month"])
def test_a_plan_is_read_back_to_the_day_and_cent_and_begun_by_a_yes_alone(said: str) -> None:
    made = house()
    call = calls(made, "I'd like a payment plan")
    call.say(said)
    assert "3 monthly payments: $44.15 each" in texts(call)[-1]
    assert "Thursday, December 31" in texts(call)[-1] and "Sunday, February 28" in texts(call)[-1]
    assert plan_of(made) is None
    call.say("yes please")
    plan = plan_of(made)
    assert plan is not None and plan.total == ACCOUNT.balance
    assert [each.day.isoformat() for each in plan.payments] == ["2026-12-31", "2027-01-31", "2027-02-28"]
    again = calls(made, "I'd like a payment plan")
    assert "bill.plan_offer" not in again.said and plan_of(made) == plan


@pytest.mark.parametrize(
    ("day", "paid", "charged", "said"),
    [
        (date(2027, 2, 3), "88.30", None, "bill.plan_there"),
        (date(2027, 2, 3), "0", None, "bill.asked"),  # late
        (date(2027, 2, 3), "88.30", "20.00", "bill.asked"),  # not what the plan was made of
        (date(2027, 3, 2), "88.30", None, "bill.plan_due"),  # the last may have come, and not be in the books
        (date(2027, 3, 2), "0", None, "bill.asked"),
        (date(2027, 3, 7), "88.30", None, "bill.statement_offer"),  # it would be there by now
        (date(2027, 3, 7), "132.45", "900.00", "bill.statement_offer"),
    ],
)
def test_a_plan_answers_only_for_what_it_was_made_of_until_its_last_payment_would_be_known_and_while_it_is_paid(
    day: date, paid: str, charged: str | None, said: str
) -> None:
    made = house()
    call = calls(made, "I'd like a payment plan")
    for words in ("three", "yes"):
        call.say(words)
    made.clock.move_to(datetime(day.year, day.month, day.day, 17, tzinfo=UTC))
    charges = (Charge("new", date(2027, 1, 20), dollars(charged)),) if charged else ()
    payment = Credit("p2", date(2027, 1, 31), dollars(paid))
    account = replace(
        ACCOUNT, as_of=day, charges=ACCOUNT.charges + charges, credits=(*ACCOUNT.credits, payment)
    )
    made.till["books"].put("demo", Holder("Anna", "Beck", date(1980, 5, 1)), account)
    assert said in calls(made, "what do I owe").said


def test_a_no_begins_nothing_and_more_payments_than_are_allowed_are_the_billers_to_decide() -> None:
    made = house()
    call = calls(made, "I'd like a payment plan")
    call.say("two")
    call.say("no")
    assert (plan_of(made), bills(made)) == (None, [])
    more = calls(made, "I'd like a payment plan")
    more.say("ten")
    assert plan_of(made) is None
    (task,) = bills(made)
    assert dict(task.details) | {"phone": OWN} == {
        "about": "plan",
        "amount": "132.45 USD",
        "payments": "10",
        "phone": OWN,
    }


def test_a_plan_above_the_limit_waits_for_approval_and_is_not_called_set_up() -> None:
    made = house(replace(ACCOUNT, charges=(Charge("c", date(2026, 10, 5), dollars("900.00")),), credits=()))
    call = calls(made, "I'd like a payment plan")
    call.say("four")
    call.say("yes")
    assert "bill.plan_approval" in call.said and "bill.plan_begun" not in call.said
    assert (plan_of(made), dict(bills(made)[0].details)["about"]) == (None, "approval")


# -- to a person, at once ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "I can't afford that",
        "I lost my job",
        "I'm filing for bankruptcy",
        "this is ridiculous, I never agreed to that",
        "talk to my lawyer",
        "my husband passed away, it was his",
        "I already paid that",
        "I want to dispute it",
        "no puedo pagar eso",
        "perdí mi trabajo",
        "eso ya lo pagué",
        "my depression is getting worse since the last visit",
    ],
)
@pytest.mark.parametrize("when", ["asked to pay", "after"])
def test_hardship_dispute_anger_death_and_law_go_to_a_person_at_once(words: str, when: str) -> None:
    made = house()
    call = calls(made, "what do I owe", born="May 1 1980")
    if when == "after":
        call.say("no thank you")
    call.say(words)
    assert call.state.handed_over, call.said


# -- cards -------------------------------------------------------------------------------------------------------------

PLANTED = (CARD, "4111111111111111", "four one one one one one one one one one one one one one one one")


@pytest.mark.parametrize("channel", ["voice", "sms", "chat", "email"])
@pytest.mark.parametrize("at", [0, 2])
def test_bil_02_a_card_number_is_in_no_event_job_task_message_or_log_line_and_one_kind_sentence_says_so(
    channel: Any, at: int
) -> None:
    since = logs.mark()
    made = house()
    address = "anna@example.com" if channel == "email" else OWN
    opened = made.desk.contacts.open("demo", channel=channel, dialled="", address=address)
    call = Call(made, opened.contact, [opened])
    said = ["I'd like to pay my bill over the phone", "Anna Beck", "May 1 1980", "no"]
    for n, words in enumerate(said):
        if n == at:
            for planted in PLANTED:
                call.say(f"my card is {planted} expires 12/27", alternatives=[(f"card {planted}", 0.4)])
        call.say(words)
    call.say("take a message please")
    call.say("Dr Osei should call me about card " + CARD)
    assert call.said.count("card.kept_out") >= 3
    with made.store.transaction("demo") as tx:
        kept = [dump_body(event.body).decode() for event in tx.log.read(call.contact)]
        kept += [repr(found) for found in (*tx.tasks.list_open(), *tx.jobs.pending(), *tx.outbox.recent())]
    everything = "\n".join((*kept, *logs.since(since), *texts(call)))
    assert not re.search(r"1\D{0,3}1\D{0,3}1\D{0,3}1\D{0,3}1|(?:one ){4}", everything)


def test_bil_02_what_was_asked_is_asked_again_and_the_errand_goes_on() -> None:
    made = house()
    call = made.call("voice", OWN)
    for words in ("what do I owe", "Anna Beck", f"{CARD}", "May 1 1980"):
        call.say(words)
    assert amounts(call)


@pytest.mark.parametrize(
    ("pieces", "person"),
    [
        (("I want to read you my card", "4111", "1111", "1111", "1111"), False),
        (("get me a person, my card is 4111", "1111", "1111", "1111 expires 12 27"), True),
    ],
)
def test_bil_02_a_card_number_read_out_in_pieces_is_stored_in_none_even_where_a_person_has_been_called(
    pieces: tuple[str, ...], person: bool
) -> None:
    call = house().call("voice", OWN)
    for piece in pieces:
        call.say(piece)
    kept = "".join(dump_body(body).decode() for body in call.bodies)
    assert "1111" not in kept and call.state.handed_over is person
    assert call.said.count("card.kept_out") == (0 if person else 1)


def test_guard_first_danger_beside_a_card_number_is_heard() -> None:
    call = house().call("voice", OWN)
    call.say(f"my card is {CARD} I want to kill myself")
    assert call.state.verdict == "crisis"


# -- links to pay ------------------------------------------------------------------------------------------------------


class Down(MemoryPayments):
    """Cannot be reached for a while, though it may have made the page."""

    def __init__(self, times: int, *, refuses: bool = False) -> None:
        super().__init__()
        self.times, self.refuses = times, refuses

    def page(self, wanted: PayWanted) -> PayPage:
        if self.refuses:
            raise PaymentRefused("no")
        made = super().page(wanted)
        self.times -= 1
        if self.times >= 0:
            raise ConnectionError("down")
        return made


def passing(made: House, seconds: float) -> None:
    """A job that could not be done is tried again a minute later, as a live runner does."""
    end = made.clock.now() + timedelta(seconds=seconds)
    while made.clock.now() < end:
        try:
            return made.pass_time((end - made.clock.now()).total_seconds())
        except ConnectionError:
            made.clock.move_to(made.clock.now() + timedelta(minutes=1))


def sent(made: House) -> list[tuple[str, str]]:
    return [(each.to, each.text) for each in made.messenger.texts.values() if "https://pay" in each.text]


@pytest.mark.parametrize("language", ["en", "es"])
def test_bil_02_a_yes_sends_one_neutral_link_to_the_number_on_file_and_no_link_is_ever_spoken(
    language: str,
) -> None:
    company = MemoryPayments()
    made = house(companies=OneCompany(company))
    words, born, yes = {
        "en": ("I'd like to pay my balance", "May 1 1980", "yes please"),
        "es": ("quisiera pagar mi saldo", "1 de mayo de 1980", "sí, por favor"),
    }[language]
    call = calls(made, words, born=born)
    assert call.said[-1] == "bill.pay_offer"
    call.say(yes)
    made.pass_time(60)
    assert "bill.link_sent" in call.said
    ((to, text),) = sent(made)
    assert to == OWN and "132" not in text and "Beck" not in text
    assert [wanted.amount for wanted in company.pages.values()] == [ACCOUNT.balance]
    assert not any("http" in words for words in texts(call))


def test_once_two_asks_a_restart_and_a_company_that_answers_late_make_one_page() -> None:
    company = Down(3)
    made = house(companies=OneCompany(company))
    for n in range(2):
        calls(made, "I'd like to pay my balance").say("yes")
        if n == 0:
            made.reopen()
    passing(made, 600)
    assert len(company.pages) == 1
    assert len({text for _, text in sent(made)}) == 1


@pytest.mark.parametrize("company", [Down(10_000), Down(0, refuses=True)])
def test_where_no_page_can_be_made_nothing_is_lost_and_the_biller_has_it(company: Down) -> None:
    made = house(companies=OneCompany(company))
    calls(made, "I'd like to pay my balance").say("yes")
    passing(made, 2 * 3600)
    assert sent(made) == []
    assert [dict(task.details)["about"] for task in bills(made)] == ["pay_link_failed"]


def test_what_was_paid_is_the_billers_to_enter_once_and_is_not_asked_for_again_until_the_books_know() -> None:
    company = MemoryPayments()
    made = house(companies=OneCompany(company))
    calls(made, "I'd like to pay my balance").say("yes")
    made.pass_time(60)
    (page,) = company.pages
    company.paid.add(page)
    for _ in range(2):
        made.desk.pay.told("demo", "evt_1", page)
    made.pass_time(3 * 86400)
    assert [dict(task.details)["about"] for task in bills(made)] == ["paid_by_link"]
    assert amounts(calls(made, "what do I owe")) == []


@pytest.mark.parametrize(
    ("closed", "entered", "charged", "told"),
    [
        (False, (), (), None),
        (False, ("132.45",), (), "nothing"),
        (True, (), (), None),
        (True, ("100.00", "32.45"), (), "nothing"),
        (True, (), ("132.45",), "$264.90"),
        (True, ("132.45",), ("132.45",), "$132.45"),
    ],
)
def test_books_of_a_later_day_that_do_not_show_what_was_paid_by_a_link_tell_no_amount_and_make_no_second_link(
    closed: bool, entered: tuple[str, ...], charged: tuple[str, ...], told: str | None
) -> None:
    made = house(companies=OneCompany(company := MemoryPayments()))
    calls(made, "I'd like to pay my balance").say("yes")
    made.pass_time(60)
    company.paid.update(company.pages)
    made.pass_time(2 * 86400)
    (task,) = bills(made)
    if closed:
        with made.store.transaction("demo") as tx:
            tx.tasks.close(task.id, "Dana")
    today = made.clock.now().date()
    account = replace(
        ACCOUNT,
        as_of=today,
        charges=(*ACCOUNT.charges, *(Charge(f"n{each}", today, dollars(each)) for each in charged)),
        credits=(*ACCOUNT.credits, *(Credit(f"n{each}", today, dollars(each)) for each in entered)),
    )
    made.till["books"].put("demo", Holder("Anna", "Beck", date(1980, 5, 1)), account)
    call = calls(made, "what do I owe")
    call.say("yes")
    made.pass_time(60)
    assert ("bill.nothing" in call.said) is (told == "nothing")
    if told in (None, "nothing"):
        assert (amounts(call), len(company.pages)) == ([], 1)
    else:
        assert told in amounts(call)[0]


def test_what_comes_in_late_is_noticed_and_a_page_that_nobody_pays_is_closed_after_two_weeks_or_is_the_billers() -> (
    None
):
    def asked() -> tuple[House, MemoryPayments, str]:
        made = house(companies=OneCompany(company := MemoryPayments()))
        calls(made, "I'd like to pay my balance").say("yes")
        made.pass_time(60)
        (page,) = company.pages
        return made, company, page

    def about(made: House) -> list[str]:
        return [dict(task.details)["about"] for task in bills(made)]

    made, company, page = asked()
    company.pending.add(page)
    made.pass_time(4 * 86400)
    company.paid.add(page)
    made.pass_time(11 * 86400)
    assert about(made) == ["paid_by_link"]
    made, company, page = asked()
    made.pass_time(15 * 86400)
    assert company.status(page) == "over"
    company.paid.add(page)  # begun before it was closed
    made.pass_time(2 * 86400)
    assert about(made) == ["paid_by_link"]
    made, company, page = asked()
    company.pending.add(page)
    made.pass_time(20 * 86400)
    assert about(made) == ["pay_link_unclear"]


def test_a_link_asked_for_again_once_the_company_is_back_comes_and_is_the_billers_again_where_it_is_not() -> (
    None
):
    made = house(companies=OneCompany(company := Down(10_000)))
    for _ in range(2):
        calls(made, "I'd like to pay my balance").say("yes")
        passing(made, 2 * 3600)
        (task,) = bills(made)
        assert (dict(task.details)["about"], sent(made)) == ("pay_link_failed", [])
        with made.store.transaction("demo") as tx:
            tx.tasks.close(task.id, "Dana")
    company.times = 0
    calls(made, "I'd like to pay my balance").say("yes")
    passing(made, 3600)
    assert (len(sent(made)), bills(made)) == (1, [])


def test_for_one_balance_one_page_is_open_and_none_of_another_amount_or_beside_a_plan() -> None:
    made = house(companies=OneCompany(company := MemoryPayments()))

    def asks() -> list[str]:
        calls(made, "I'd like to pay my balance").say("yes")
        made.pass_time(86400)
        return [
            str(company.pages[page].amount.amount) for page in company.pages if company.status(page) == "open"
        ]

    assert [asks(), asks()] == [["132.45"], ["132.45"]]
    assert len(sent(made)) == 2
    less = replace(ACCOUNT, as_of=made.clock.now().date(), charges=ACCOUNT.charges[:1])
    made.till["books"].put("demo", Holder("Anna", "Beck", date(1980, 5, 1)), replace(less, credits=()))
    assert asks() == ["175.00"]
    call = calls(made, "I'd like a payment plan")
    for words in ("three", "yes"):
        call.say(words)
    made.pass_time(60)
    assert plan_of(made) is not None
    assert not [page for page in company.pages if company.status(page) == "open"]


def test_without_a_company_a_statement_is_offered_and_a_stop_sends_no_link() -> None:
    assert calls(house(), "I'd like to pay my balance").said[-1] == "bill.statement_offer"
    made = house(companies=OneCompany(MemoryPayments()))
    with made.store.transaction("demo") as tx:
        tx.facts.state(
            Fact("out", "opted_out", OF_NUMBERS + OWN, made.clock.now(), "them", (("what", "everything"),))
        )
    call = calls(made, "I'd like to pay my balance")
    call.say("yes")
    made.pass_time(60)
    assert sent(made) == [] and "bill.link_sent" not in call.said
