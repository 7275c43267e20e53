"""The biller's page in a real browser: a plan approved and undone by keyboard, on a wide screen and a telephone."""

import re

import pytest
from playwright.sync_api import expect

from lamplighter.desk.ports import Task
from tests.browser.conftest import Desk
from tests.browser.test_pages_look import PHONE, expect_no_fault, width
from tests.console.test_billing_page import ASKED, NORA

pytestmark = pytest.mark.browser


def test_a_plan_is_approved_and_undone_by_keyboard_and_the_page_fits_a_telephone(desk: Desk) -> None:
    with desk.stage.records.transaction(desk.stage.practice.id) as tx:
        tx.tasks.add(Task("t1", "billing", "biller", desk.stage.clock.now(), None, NORA.number, ASKED))
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
