"""SCO-05 in a browser: by keyboard alone, at the width of a telephone, in the dark, and on the wall of everybody."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Desk, say
from tests.browser.test_pages_look import PHONE, expect_no_fault, width

pytestmark = pytest.mark.browser


def test_sco_05_by_keyboard_on_a_telephone_in_the_dark_and_every_open_wall_shows_it(desk: Desk) -> None:
    page, other = desk.wall(viewport=PHONE, color_scheme="dark"), desk.wall(name="Dr. Osei", viewport=PHONE)
    page.goto(f"{desk.staff}/pause")
    expect_no_fault(page)
    page.get_by_label("Everything").press("ArrowDown")
    page.get_by_label("Why").focus()
    page.get_by_label("Why").select_option(label="It says or does something wrong")
    page.get_by_role("button", name="Pause the assistant").press("Enter")
    expect(page.get_by_role("button", name="Let it answer again")).to_be_visible()
    assert width(page) <= PHONE["width"]
    expect_no_fault(page)
    banner = other.get_by_text("The assistant is paused: Calls to (212) 555-0100.")
    expect(banner).to_be_visible()
    assert width(other) <= PHONE["width"]
    expect_no_fault(other)
    other.get_by_role("link", name="Let it answer again").press("Enter")
    other.get_by_role("button", name="Let it answer again").press("Enter")
    expect(other.get_by_text("The assistant answers again")).to_be_visible()
    expect_no_fault(other)
    page.goto(desk.staff)
    expect(page.get_by_text("The assistant is paused")).to_have_count(0)
    other.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_text("The assistant is paused: Calls to (212) 555-0100.")).to_be_visible()


def test_sco_05_the_floor_is_given_back_with_an_errand_by_keyboard_on_a_telephone(desk: Desk) -> None:
    wall, visitor = desk.wall(viewport=PHONE, color_scheme="dark"), desk.chat()
    say(visitor, "could I talk to a person please")
    wall.get_by_role("button", name="Accept").first.press("Enter")
    given = wall.get_by_role("button", name="Move a visit")
    expect(given).to_be_visible()
    assert width(wall) <= PHONE["width"]
    wall.set_viewport_size({"width": 1280, "height": 800})
    expect_no_fault(wall)
    given.press("Enter")
    expect(wall.get_by_text("gave the floor back, to go on with: Move a visit")).to_be_visible()
    expect(visitor.locator(".bubble.agent").last).to_contain_text("name")
