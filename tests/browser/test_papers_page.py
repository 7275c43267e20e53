"""The practice's papers on a telephone: read and agreed to by keyboard alone, with no fault that axe finds."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_pages_look import PHONE, expect_no_fault, width
from tests.browser.test_visit_page import tab_to, telephone
from tests.channels.web.stage import Stage, served
from tests.channels.web.test_papers_page import Papers

pytestmark = pytest.mark.browser


@pytest.fixture
def papers() -> Papers:
    return Papers(Stage())


@pytest.fixture
def address(papers: Papers) -> Iterator[str]:
    with served(papers.public()) as public:
        yield public + papers.path


def test_rule_32_the_papers_are_done_on_a_telephone_by_keyboard_alone(
    chromium: Browser, papers: Papers, address: str
) -> None:
    page = telephone(chromium, color_scheme="dark")
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(address)
    expect_no_fault(page)
    tab_to(page, "Open the papers")
    page.keyboard.press("Enter")
    expect(page.get_by_text("0 of 4 done")).to_be_visible()
    expect_no_fault(page)
    assert width(page) <= PHONE["width"]
    for number in range(1, 5):
        form = page.locator("section.paper form").first
        if form.get_by_role("checkbox").count():
            form.get_by_role("checkbox").focus()
            page.keyboard.press("Space")
        form.get_by_role("button").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text(f"{number} of 4 done")).to_be_visible()
    expect(page.get_by_role("heading", name="Everything is done, thank you")).to_be_visible()
    expect_no_fault(page)
    page.reload()
    assert len(papers.done()) == 4 and wrong == []
    page.context.close()


def test_nothing_is_sent_without_the_tick_and_the_notice_hangs_for_anybody(
    chromium: Browser, papers: Papers, address: str
) -> None:
    page = telephone(chromium)
    page.goto(f"{address}?lang=es")
    page.get_by_role("button", name="Abrir los papeles").click()
    page.get_by_role("button", name=re.compile("Acepto.*Cuánto cuesta")).click()
    expect(page.get_by_text("0 de 4 listos")).to_be_visible()
    expect_no_fault(page)
    assert papers.done() == []
    page.goto(address.partition("/p/")[0] + "/ai-notice")
    expect(page.get_by_role("heading", name="About our automated assistant")).to_be_visible()
    expect_no_fault(page)
    assert width(page) <= PHONE["width"]
    page.context.close()
