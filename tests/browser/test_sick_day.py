"""Rule 28 in a browser: by keyboard alone, at the width of a telephone, with two members of staff at once."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.test_pages_look import PHONE, expect_no_fault, width
from tests.console.test_sick_day_page import who_comes

pytestmark = pytest.mark.browser


def choose(page: Page, address: str) -> None:
    page.goto(f"{address}/sick-day")
    page.get_by_label("Clinician").select_option(label="Mei Tan")
    page.get_by_label("Day", exact=True).focus()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Show who would be told":
            break
    page.keyboard.press("Enter")


def test_rule_28_by_keyboard_on_a_telephone_and_undone_by_somebody_else(desk: Desk) -> None:
    who_comes(desk.stage)
    page = desk.wall(viewport=PHONE)
    choose(page, desk.staff)
    expect(page.get_by_text("1 would be told in writing, 1 would have to be called.")).to_be_visible()
    assert width(page) <= PHONE["width"]
    expect_no_fault(page)
    expect(
        page.get_by_role("group", name="3:00 PM Thaddeus Brambleby").get_by_label("A call")
    ).to_be_checked()
    expect(page.get_by_text("Not possible: they get no texts from us").first).to_be_visible()
    everybody = page.get_by_role("group", name="For everybody")
    everybody.get_by_role("button", name="Video at the same time").press("Enter")
    hers = page.get_by_role("group", name="2:00 PM Wilhelmina Brambleby")
    expect(hers.get_by_label("Video at the same time")).to_be_checked()
    hers.get_by_label("Video at the same time").press("ArrowDown")
    expect(hers.get_by_label("A colleague at the same time: Dr. Osei")).to_be_checked()
    page.get_by_role("button", name="Call these visits off").press("Enter")
    expect(page.get_by_role("heading", name="Nothing has happened yet")).to_be_visible()
    expect(page.get_by_text("Chosen: A colleague at the same time")).to_be_visible()
    expect_no_fault(page)
    other = desk.wall(name="Dr. Osei")
    other.goto(page.url)
    other.get_by_role("button", name="Undo").press("Enter")
    expect(other.get_by_text("nothing was sent")).to_be_visible()
    expect(page.get_by_text("nothing was sent")).to_be_visible()
    page.get_by_role("link", name="They have left, or have died").press("Enter")
    page.get_by_label("Clinician").select_option(label="Mei Tan")
    page.get_by_role("button", name="Show who would be on the list").press("Enter")
    expect(page.get_by_text("2 people to speak to, in this order.")).to_be_visible()
    assert width(page) <= PHONE["width"]
    expect_no_fault(page)
    page.get_by_role("button", name="Make the list").press("Enter")
    expect(page.get_by_role("heading", name="2 to be spoken to")).to_be_visible()
    page.get_by_role("button", name=re.compile("Spoken to.*Wilhelmina")).press("Enter")
    expect(page.get_by_role("heading", name="1 to be spoken to")).to_be_visible()
    assert width(page) <= PHONE["width"]
    expect_no_fault(page)


def test_rule_28_the_tally_follows_by_itself_and_a_call_is_ticked_off(desk: Desk) -> None:
    who_comes(desk.stage)
    page = desk.wall(viewport=PHONE)
    choose(page, desk.staff)
    page.get_by_role("button", name="Call these visits off").press("Enter")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    desk.stage.clock.ahead(timedelta(minutes=2, seconds=1))
    expect(page.get_by_text("1 of 2")).to_be_visible()
    assert width(page) <= PHONE["width"]
    expect_no_fault(page)
    page.get_by_role("button", name=re.compile("Called.*Thaddeus")).press("Enter")
    expect(page.get_by_text("2 of 2")).to_be_visible()
