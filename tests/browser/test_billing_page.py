"""The biller's page in a real browser: a plan approved and undone by keyboard, on a wide screen and a telephone."""

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import expect

from lamplighter.connectors.billing.csv_book import CsvBalances
from lamplighter.desk import refunds
from lamplighter.desk.ports import Fact, Task
from lamplighter.desk.ports.payments import PayWanted
from lamplighter.practice.model import Money
from tests.browser.conftest import Desk
from tests.browser.test_pages_look import PHONE, expect_no_fault, width
from tests.channels.web.stage import MORNING, Stage, served
from tests.console.test_billing_page import ASKED, NORA, PAID, owes

pytestmark = pytest.mark.browser


def test_a_plan_is_approved_and_undone_by_keyboard_and_the_page_fits_a_telephone(desk: Desk) -> None:
    with desk.stage.records.transaction(desk.stage.practice.id) as tx:
        tx.tasks.add(Task("t1", "billing", "biller", desk.stage.clock.now(), None, NORA.number, ASKED))
    owes(desk.stage)
    page = desk.wall("Demo owner")
    page.goto(desk.staff + "/billing")
    expect_no_fault(page)
    page.get_by_role("button", name=re.compile("Approve")).press("Enter")
    expect(page.get_by_text("$225.01").first).to_be_visible()
    expect_no_fault(page)
    phone = desk.wall("Demo owner", viewport=PHONE, color_scheme="dark")
    phone.goto(desk.staff + "/billing")
    expect(phone.get_by_text("$225.01").first).to_be_visible()
    expect_no_fault(phone)
    assert width(phone) <= PHONE["width"]
    phone.get_by_role("button", name=re.compile("Undo")).press("Enter")
    expect(phone.get_by_text("Nobody pays in parts")).to_be_visible()


def test_money_goes_back_once_by_keyboard_a_hold_is_stated_and_the_page_is_sound_when_full_and_empty(
    desk: Desk,
) -> None:
    page = desk.wall("Demo owner")
    page.goto(desk.staff + "/billing")
    expect(page.get_by_text("Nothing was paid by a link")).to_be_visible()
    with desk.stage.records.transaction(desk.stage.practice.id) as tx:
        tx.facts.state(PAID)
        made = (("page", "l1"), ("url", "https://pay.example/l1"))
        tx.facts.state(Fact("made:l1", "pay_link_made", PAID.about, PAID.at, "agent", made, PAID.person))
    desk.stage.company.pages["l1"] = PayWanted("l1", Money(Decimal("132.45")), "")
    desk.stage.company.paid.add("l1")
    contacts, practice = desk.stage.contacts, desk.stage.practice
    text = contacts.open(practice.id, channel="sms", dialled=practice.phone, address=NORA.number)
    contacts.hear(practice.id, text.contact, "you charged me twice, I'm furious about this bill")
    page.reload()
    expect(page.get_by_role("heading", name=re.compile("First: with a person"))).to_be_visible()
    page.get_by_text("Give money back").press("Enter")
    page.get_by_label(re.compile("How much")).fill("200")
    page.get_by_label("Why", exact=True).select_option("too_much")
    page.get_by_role("button", name=re.compile("^Give back")).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Nothing goes back")
    page.get_by_text("Give money back").press("Enter")
    page.get_by_label("Why", exact=True).select_option("too_much")
    page.get_by_role("button", name=re.compile("^Give back")).press("Enter")
    expect(page.get_by_text(re.compile("132.45: (on its way|went back)"))).to_be_visible()
    with desk.stage.records.transaction(practice.id) as tx:
        assert len(list(refunds.standing(tx))) == 1
    expect_no_fault(page)
    phone = desk.wall("Demo owner", viewport=PHONE, color_scheme="dark")
    phone.goto(desk.staff + "/billing")
    phone.get_by_label("Last name").fill("Bell")
    phone.get_by_label("Born").fill(NORA.born.isoformat())
    phone.get_by_role("button", name="Find").press("Enter")
    phone.locator("#holds summary").last.press("Enter")
    phone.get_by_label("Write nothing to them about money").last.select_option("hardship")
    phone.get_by_role("button", name=re.compile("^Write nothing")).last.press("Enter")
    expect(phone.get_by_text("They can't pay").first).to_be_visible()
    expect_no_fault(phone)
    assert width(phone) <= PHONE["width"]


def refused(stage: Stage) -> bool:
    with stage.records.transaction(stage.practice.id) as tx:
        return [state for _, state in refunds.standing(tx)] == ["failed"]


def test_what_failed_is_said_with_what_follows_and_a_plan_that_waited_is_approved_once_the_books_are_back(
    desk: Desk, tmp_path: Path
) -> None:
    stage, accounts, day = desk.stage, tmp_path / "accounts.csv", MORNING.date().isoformat()
    with stage.records.transaction(stage.practice.id) as tx:
        tx.tasks.add(Task("t1", "billing", "biller", stage.clock.now(), None, NORA.number, ASKED))
    with served(stage.staff(books=CsvBalances(stage.practice.id, accounts))) as staff:
        page = replace(desk, staff=staff).wall("Demo owner", viewport=PHONE)
        page.goto(staff + "/billing")
        expect(page.get_by_text("The books can't be read.")).to_be_visible()
        expect(page.get_by_text("Nobody hears what they owe meanwhile")).to_be_visible()
        page.get_by_role("button", name=re.compile("^Approve")).press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("the books don't show that balance")
        expect(page.get_by_text("Waits for approval", exact=True)).to_be_visible()
        expect_no_fault(page)
        assert width(page) <= PHONE["width"]
        accounts.write_text(
            "account,first_name,last_name,date_of_birth,as_of,id,day,entry,amount\n"
            f"A1,Nora,Bell,{NORA.born.isoformat()},{day},c1,{day},charge,900.01\n"
        )
        page.get_by_role("button", name=re.compile("^Approve")).press("Enter")
        expect(page.get_by_text("$225.01").first).to_be_visible()
        expect(page.get_by_text("1 account, as of")).to_be_visible()


def test_money_that_the_payment_company_refused_to_give_back_is_said_and_somebodys_task(desk: Desk) -> None:
    stage = desk.stage
    with stage.records.transaction(stage.practice.id) as tx:
        tx.facts.state(PAID)
        made = (("page", "l1"), ("url", "https://pay.example/l1"))
        tx.facts.state(Fact("made:l1", "pay_link_made", PAID.about, PAID.at, "agent", made, PAID.person))
    stage.company.pages["l1"] = PayWanted("l1", Money(Decimal("132.45")), "")
    page = desk.wall("Demo owner", viewport=PHONE)
    page.goto(desk.staff + "/billing")
    page.get_by_text("Give money back").press("Enter")
    page.get_by_label("Why", exact=True).select_option("too_much")
    page.get_by_role("button", name=re.compile("^Give back")).press("Enter")
    expect(page.get_by_text(re.compile("on its way|refused by")).first).to_be_visible()
    while not refused(stage):
        page.wait_for_timeout(20)
    page.reload()
    expect(page.get_by_text("refused by the payment company")).to_be_visible()
    expect(page.get_by_text("no money went back").first).to_be_visible()
    expect_no_fault(page)
    assert width(page) <= PHONE["width"]
