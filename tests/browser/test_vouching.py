"""A real Chromium goes to the practice's identity provider, signs in there, and leaves both places again."""

import pytest
from playwright.sync_api import expect

from lamplighter.desk.ports import Account, Expected
from tests.browser.conftest import Desk
from tests.browser.test_pages_look import PHONE, expect_no_fault_in_either_look
from tests.channels.web.stage import served
from tests.identity import provider as real

pytestmark = pytest.mark.browser


def expect_sam(desk: Desk) -> None:
    now = desk.stage.clock.now()
    expected = Expected("sam@practice.example", now.replace(year=now.year + 1))
    with desk.stage.records.transaction(desk.stage.practice.id) as tx:
        tx.staff.add(Account("s-sam", "Sam Ode", ("desk",), now, "test", expected=expected), "test")


def test_somebody_comes_in_by_the_practices_provider_and_leaves_it_with_the_desk(desk: Desk) -> None:
    expect_sam(desk)
    with real.running() as address:
        desk.stage.provider = real.provider_at(address)
        with served(desk.stage.staff(trying=False)) as door:
            page = desk.new_page(viewport=PHONE)
            page.goto(f"{door.replace('127.0.0.1', 'localhost')}/sign-in")
            expect_no_fault_in_either_look(page)
            page.get_by_role("link", name="Sign in with Our provider").press("Enter")
            page.locator("[name=login]").fill("sam")
            page.locator("[name=password]").fill("any")
            page.locator("[name=password]").press("Enter")
            page.get_by_role("button", name="Continue").click()
            expect(page.get_by_role("heading", name="Contacts")).to_be_visible()
            page.get_by_role("button", name="Leave").click()
            page.get_by_role("button", name="Yes, sign me out").click()
            expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
