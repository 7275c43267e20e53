"""A plan checked by hand in a real browser: progress without a reload, figures, on a wide screen and a telephone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Desk
from tests.browser.test_pages_look import PHONE, expect_no_fault, width
from tests.console.test_insurance_page import NORA, NUMBER, PAGE, PERSON, ROWS

pytestmark = pytest.mark.browser


def test_a_plan_is_written_down_agreed_to_and_checked_by_keyboard_and_its_answer_comes_by_itself(
    desk: Desk,
) -> None:
    desk.stage.clearinghouse.plans[NUMBER] = ROWS
    desk.stage.chart.strangers = {NORA.name.split()[1]}
    page = desk.wall()
    page.goto(desk.staff + PERSON)
    page.get_by_role("link", name="All that their plan said").click()
    expect(page.get_by_role("heading", name=f"Insurance: {NORA.name}")).to_be_visible()
    expect(page.get_by_text("No insurer of theirs is on file.").first).to_be_visible()
    expect_no_fault(page)
    page.get_by_label("Insurer", exact=True).select_option("aetna")
    page.get_by_label("Number on the card").fill(NUMBER)
    page.get_by_label("In whose name").select_option("self")
    page.get_by_role("button", name="Keep this").press("Enter")
    page.get_by_role("button", name=re.compile("Yes ?: They agree")).press("Enter")
    page.get_by_role("button", name="Check now").press("Enter")
    expect(page.get_by_text("Asking…")).to_be_visible()
    expect(page.get_by_role("button", name="Check now")).to_be_disabled()
    with desk.stage.ticking():
        expect(page.get_by_role("heading", name="What Aetna says")).to_be_visible()
        expect(page.get_by_text("To be put into the chart by hand").first).to_be_visible()
    expect(page.get_by_role("button", name="Check now")).to_be_enabled()
    page.get_by_text("Where from: Copay").first.press("Enter")
    expect(page.get_by_text("row 2: copay, the person, psychotherapy, $20.00 a visit").first).to_be_visible()
    expect_no_fault(page)
    page.get_by_role("button", name="It is in the chart : Aetna").press("Enter")
    expect(page.get_by_text("Put into the chart by Front desk")).to_be_visible()
    page.get_by_text("Write down what one granted").press("Enter")
    page.get_by_label("Visits granted").fill("6")
    page.get_by_label("First day").fill("2026-12-01")
    page.get_by_role("button", name="Keep what it granted").press("Enter")
    expect(page.get_by_text("6 of 6 left")).to_be_visible()
    expect_no_fault(page)
    phone = desk.wall(viewport=PHONE, color_scheme="dark")
    for path in (PAGE, PERSON):
        phone.goto(desk.staff + path)
        expect(phone.get_by_text("$20.00").first).to_be_visible()
        expect_no_fault(phone)
        assert width(phone) <= PHONE["width"]
