"""The figures in real Chromium: empty, after one day and full, light and dark, as wide as a telephone, by keyboard."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Desk
from tests.browser.test_pages_look import PHONE, expect_no_fault_in_either_look, width
from tests.desk.numbers_log import Story, a_full_log, logged

pytestmark = pytest.mark.browser


def test_the_figures_are_without_fault_empty_after_one_day_and_full(desk: Desk) -> None:
    practice = desk.stage.practice
    page = desk.wall("Dr. Osei")
    for state, query in (("empty", ""), ("one day", ""), ("full", "?from=2026-06-01&to=2026-12-01")):
        with desk.stage.records.transaction(practice.id) as tx:
            if state == "one day":
                for place in range(7):
                    logged(tx, f"c{place}", Story(asked="human" if place == 3 else None, there=40), practice)
            elif state == "full":
                a_full_log(tx, practice)
        page.goto(f"{desk.staff}/figures{query}")
        expect(page.get_by_role("heading", name="Figures", exact=True)).to_be_visible()
        if state != "empty":
            page.reload()
            hours = page.get_by_role("img", name="Contacts by hour of the day")
            expect(hours).to_be_visible()
        expect_no_fault_in_either_look(page)
        page.set_viewport_size(PHONE)
        assert width(page) == PHONE["width"], state
        expect_no_fault_in_either_look(page)
        page.set_viewport_size({"width": 1280, "height": 860})
    table = page.get_by_text("As a table: Contacts by hour of the day")
    table.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("table").filter(has_text="10:00").first).to_be_visible()
    expect_no_fault_in_either_look(page)
