"""The pages' names at the top: in one row, the rarer ones under "More", which opens and closes by keyboard; and the
wait list."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from lamplighter.desk import offering
from tests.browser.conftest import Desk, expect_focus
from tests.browser.test_pages_look import PHONE, expect_no_fault, width
from tests.console.test_waitlist_page import a_time_comes_free

pytestmark = pytest.mark.browser
DESK_WIDE = {"width": 1280, "height": 800}


def top_of(page: Page, selector: str) -> tuple[float, float]:
    found: Any = page.locator(selector).first.bounding_box()
    return found["y"], found["height"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/waitlist", "/figures"])
def test_the_pages_names_stand_in_one_row_at_1280(desk: Desk, path: str, scheme: str) -> None:
    page = desk.wall(name="Dr. Osei", viewport=DESK_WIDE, color_scheme=scheme)
    page.goto(desk.staff + path)
    assert top_of(page, ".places")[1] < 48
    assert top_of(page, ".top")[1] < 72
    page.get_by_text("More", exact=False).first.press("Enter")
    expect(page.get_by_role("link", name="Ladder", exact=True)).to_be_visible()
    expect_no_fault(page)


@pytest.mark.parametrize("viewport", [DESK_WIDE, PHONE], ids=["wide", "telephone"])
def test_what_is_under_more_is_reached_by_keyboard_and_escape_closes_it(
    desk: Desk, viewport: dict[str, int]
) -> None:
    page = desk.wall(name="Dr. Osei", viewport=viewport)
    more = page.locator(".places summary")
    more.press("Enter")
    page.keyboard.press("Tab")
    expect_focus(page.get_by_role("link", name="Sick day", exact=True))
    assert width(page) <= viewport["width"]
    page.keyboard.press("Escape")
    expect_focus(more)
    expect(page.get_by_role("link", name="Sick day", exact=True)).to_be_hidden()
    more.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{desk.staff}/ladder")
    expect(page.locator(".places summary")).to_have_text("More: Ladder")


@pytest.mark.parametrize("viewport", [DESK_WIDE, PHONE], ids=["wide", "telephone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_rem_03_the_wait_list_shows_why_an_offer_was_made_without_a_fault_at_any_width(
    desk: Desk, viewport: dict[str, int], scheme: str
) -> None:
    desk.stage.jobs.register(offering.JOB, lambda practice, job: None)  # what has been offered stays as it is
    a_time_comes_free(desk.stage)
    page = desk.wall(viewport=viewport, color_scheme=scheme)
    link = page.get_by_role("link", name="Wait list")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("Waiting for an answer")).to_be_visible()
    assert width(page) <= viewport["width"]
    expect_no_fault(page)
