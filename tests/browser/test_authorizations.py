"""Authorizations in a real browser: codes confirmed, a request let go by keyboard, on a wide screen and a telephone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk, open_desk
from tests.browser.test_pages_look import PHONE, expect_no_fault, width
from tests.console.test_authorizations_page import THEIRS, insured

pytestmark = pytest.mark.browser


def biller(desk: Desk, **how: object) -> Page:
    page = desk.new_page(**how)
    open_desk(page, desk.stage.access.new_link(desk.staff))
    page.get_by_role("button", name="Demo biller").click()
    expect(page.get_by_role("heading", name="Billing", exact=True)).to_be_visible()
    return page


def test_a_request_is_let_go_and_its_denial_let_stand_by_keyboard_and_the_board_fits_a_telephone(
    desk: Desk,
) -> None:
    insured(desk.stage)
    page = desk.wall("Dr. Osei")
    page.goto(f"{desk.staff}/authorizations")
    expect(page.get_by_text("None.", exact=True)).to_be_visible()
    expect_no_fault(page)
    page.goto(desk.staff + THEIRS)
    expect(page.get_by_text("None on file.")).to_be_visible()
    expect_no_fault(page)
    page.get_by_role("button", name="Begin").press("Enter")
    expect(page.get_by_role("heading", name="How it stands")).to_be_visible()
    expect_no_fault(page)
    page.get_by_label("Diagnoses").fill("F41.1")
    page.get_by_label("Procedures").fill("90837 x8")
    page.get_by_label("First day").fill("2026-12-10")
    page.get_by_label("Last day").fill("2027-03-10")
    page.get_by_role("button", name="I confirm these codes").press("Enter")
    expect(page.get_by_text("90837 × 8")).to_be_visible()
    money = biller(desk)
    money.get_by_role("link", name=re.compile("^Authorization ?of")).press("Enter")
    money.get_by_role("button", name=re.compile("At hand")).press("Enter")
    money.get_by_role("button", name="Let it go").press("Enter")
    money.get_by_role("button", name="It was sent by hand").press("Enter")
    expect(money.get_by_role("status")).to_contain_text("Submitted")
    expect_no_fault(money)
    phone = biller(desk, viewport=PHONE, color_scheme="dark")
    phone.goto(f"{desk.staff}/authorizations")
    expect(phone.get_by_text("Submitted")).to_be_visible()
    expect_no_fault(phone)
    assert width(phone) <= PHONE["width"]
    phone.get_by_role("link", name="Nora Bell").press("Enter")
    expect(phone.get_by_text("What the plan said")).to_be_visible()
    expect_no_fault(phone)
    assert width(phone) <= PHONE["width"]
    said = money.get_by_label("It said", exact=True)
    said.press_sequentially("Denied")
    expect(said).to_have_value("denied")
    money.get_by_label(re.compile("^Day of its letter")).press_sequentially("11202026")
    money.get_by_role("button", name="Keep this").press("Enter")
    expect(money.get_by_role("status")).to_contain_text("Denied")
    expect(money.get_by_text("May 19, 2027").first).to_be_visible()
    expect_no_fault(money)
    phone.goto(f"{desk.staff}/authorizations")
    expect(phone.get_by_text("an appeal until May 19, 2027")).to_be_visible()
    assert width(phone) <= PHONE["width"]
    money.get_by_role("button", name="No appeal: let it stand").press("Enter")
    expect(money.get_by_text("Not appealed: the denial stands").first).to_be_visible()
    expect(money.get_by_role("button", name="No appeal: let it stand")).to_have_count(0)
    expect_no_fault(money)
    phone.reload()
    expect(phone.get_by_text("an appeal until May 19, 2027")).to_have_count(0)
    expect_no_fault(phone)
