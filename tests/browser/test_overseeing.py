"""What owners and auditors oversee, in real Chromium: the ledger and its proof, a page opened in an emergency, and what
is kept until when; light and dark, as wide as a telephone.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk, open_desk
from tests.browser.test_pages_look import PHONE, expect_no_fault_in_either_look, width
from tests.channels.web.stage import PATIENTS

pytestmark = pytest.mark.browser
NORA = PATIENTS[0].number


def looked_at(page: Page) -> None:
    for size in ({"width": 1280, "height": 860}, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert width(page) == size["width"], page.url
        expect_no_fault_in_either_look(page)


def auditor(desk: Desk) -> Page:
    page = desk.new_page()
    open_desk(page, desk.stage.access.new_link(desk.staff))
    page.get_by_role("button", name="Demo auditor").click()
    expect(page.get_by_role("link", name="Ledger")).to_be_visible()
    return page


def test_the_ledger_is_proven_and_a_page_opened_in_an_emergency_is_on_the_owners_board_at_once(
    desk: Desk,
) -> None:
    owner, page = desk.wall("Demo owner"), auditor(desk)
    page.goto(f"{desk.staff}/ledger")
    looked_at(page)
    page.get_by_role("button", name="Prove it now").click()
    expect(page.get_by_text("exactly what was written")).to_be_visible()
    looked_at(page)
    page.goto(f"{desk.staff}/persons/{NORA}")
    page.get_by_role("link", name="In an emergency").click()
    looked_at(page)
    page.get_by_label("Somebody may be in danger").check()
    page.get_by_role("button", name="Open it and tell the owners").click()
    expect(page.get_by_role("heading", name="Nora Bell")).to_be_visible()
    looked_at(page)
    told = owner.get_by_role("alert").filter(has_text="Demo auditor")
    expect(told).to_be_visible()
    looked_at(owner)
    told.get_by_role("button", name="Looked at").click()
    expect(told).to_be_hidden()


def test_what_is_kept_until_when_and_a_persons_records_are_without_fault(desk: Desk) -> None:
    page = desk.wall("Demo owner")
    page.goto(f"{desk.staff}/persons/{NORA}")
    page.get_by_role("link", name="Their records").click()
    looked_at(page)
    page.get_by_label("Why").select_option(label="A claim or a complaint is under way")
    page.get_by_role("button", name="Hold their records").click()
    expect(page.get_by_text("It stands")).to_be_visible()
    looked_at(page)
    page.goto(f"{desk.staff}/retention")
    expect(page.get_by_text("a claim or a complaint is under way")).to_be_visible()
    looked_at(page)
