"""The biller's page in a real browser: a plan approved and undone by keyboard, on a wide screen and a telephone."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from lamplighter.desk import refunds
from lamplighter.desk.ports import Fact, Task
from lamplighter.desk.ports.payments import PayWanted
from lamplighter.practice.model import Money
from tests.browser.conftest import Desk
from tests.browser.test_pages_look import PHONE, expect_no_fault, width
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
