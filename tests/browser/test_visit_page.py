"""The page behind a link in a text, on a telephone: a visit moved by keyboard alone, with no fault that axe finds."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE
from tests.browser.test_pages_look import PHONE, expect_no_fault, width
from tests.channels.web.stage import Stage, served
from tests.channels.web.visiting import START, Visiting

pytestmark = pytest.mark.browser


@pytest.fixture
def visiting() -> Visiting:
    return Visiting(Stage())


@pytest.fixture
def address(visiting: Visiting) -> Iterator[str]:
    with served(visiting.public()) as public:
        yield public + visiting.path


def telephone(chromium: Browser, **how: object) -> Page:
    context = chromium.new_context(viewport=PHONE, locale="en-US", has_touch=True, **how)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    return context.new_page()


def tab_to(page: Page, name: str) -> None:
    """By the Tab key from the top of the page, where it shows that it has the focus."""
    for _ in range(12):
        page.keyboard.press("Tab")
        if name in page.evaluate("document.activeElement.textContent.trim()"):
            return
    raise AssertionError(f"{name} is not reached by keyboard")


def test_a_visit_is_moved_on_a_telephone_by_keyboard_alone(
    chromium: Browser, visiting: Visiting, address: str
) -> None:
    page = telephone(chromium, color_scheme="dark")
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(address)
    expect(page.get_by_text("Thursday, December 3, 2:00")).to_be_visible()
    expect_no_fault(page)
    tab_to(page, "Show me other times")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Which of these suits you?")).to_be_visible()
    expect_no_fault(page)
    assert width(page) <= PHONE["width"]
    tab_to(page, "None of these")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Which of these suits you?")).to_be_visible()
    time = page.locator(".visit-acts button").first.inner_text()
    tab_to(page, time)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="It's yours")).to_be_visible()
    expect(page.get_by_text(time)).to_be_visible()
    expect_no_fault(page)
    assert page.url.rstrip("?") == address
    assert visiting.visit.slot.start != START
    page.reload()
    expect(page.get_by_role("heading", name="It's yours")).to_be_visible()
    page.goto(address)
    expect(page.get_by_role("heading", name="This link has done its work")).to_be_visible()
    expect_no_fault(page)
    assert wrong == []
    page.context.close()


def test_cancelling_on_a_telephone_asks_once_and_may_be_left(
    chromium: Browser, visiting: Visiting, address: str
) -> None:
    page = telephone(chromium)
    page.goto(f"{address}?lang=es")
    page.get_by_role("button", name="Cancelar esta visita").click()
    expect(page.get_by_role("heading", name="¿Cancelar esta visita?")).to_be_visible()
    expect_no_fault(page)
    page.get_by_role("link", name="Dejar mi visita como está").click()
    assert visiting.visit.status == "booked"
    page.get_by_role("button", name="Cancelar esta visita").click()
    page.get_by_role("button", name="Sí, cancélela").click()
    expect(page.get_by_role("heading", name="Queda cancelada")).to_be_visible()
    expect_no_fault(page)
    assert visiting.visit.status == "cancelled"
    assert width(page) <= PHONE["width"]
    page.context.close()
