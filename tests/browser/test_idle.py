"""A staff page that nobody touches warns, and then signs out by itself."""

import pytest
from playwright.sync_api import Page, expect

from lamplighter.console.access import IDLE_ENDS
from tests.browser.conftest import Desk
from tests.browser.test_pages_look import PHONE, expect_no_fault, width
from tests.console.watch import Watch

pytestmark = pytest.mark.browser
QUARTER = IDLE_ENDS.total_seconds()
LOOK = "document.dispatchEvent(new Event('visibilitychange'))"


@pytest.fixture
def watch(desk: Desk) -> Watch:
    """The desk's watch. What it shows is moved by the test alone."""
    watch = Watch()
    desk.stage.access.elapsed = watch
    return watch


def warned(desk: Desk, watch: Watch, **how: object) -> Page:
    """A page that nobody touched for almost a quarter of an hour."""
    page = desk.wall(**how)
    watch.seconds += QUARTER - 40
    page.evaluate(LOOK)
    expect(page.get_by_role("alert").filter(has_text="Nobody has touched this page")).to_be_visible()
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_warning_is_on_the_page_a_minute_before(desk: Desk, watch: Watch, scheme: str) -> None:
    page = warned(desk, watch, color_scheme=scheme, viewport=PHONE)
    expect_no_fault(page)
    assert width(page) == PHONE["width"]


def test_whoever_says_so_stays_signed_in(desk: Desk, watch: Watch) -> None:
    page = warned(desk, watch)
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.locator("#idle")).to_be_hidden()
    watch.seconds += QUARTER - 70
    page.evaluate(LOOK)
    expect(page.locator("#idle")).to_be_hidden()
    expect(page.get_by_role("heading", name="Contacts")).to_be_visible()


def test_a_key_that_is_pressed_keeps_the_page_and_the_live_stream_does_not(desk: Desk, watch: Watch) -> None:
    page = warned(desk, watch)
    page.keyboard.press("Shift")
    page.evaluate(LOOK)
    expect(page.locator("#idle")).to_be_hidden()
    watch.seconds += QUARTER + 1
    expect(page.get_by_role("heading", name="The desk is closed here")).to_be_visible()


def test_the_demonstration_opens_again_with_a_click(desk: Desk, watch: Watch) -> None:
    page = desk.wall()
    watch.seconds += QUARTER + 1
    page.get_by_role("button", name="Open the desk again").click()
    expect(page.get_by_role("heading", name="Contacts")).to_be_visible()
    expect(page.get_by_role("link", name="Front desk: how you sign in")).to_be_visible()
