"""Looking contacts over, in Chromium: by keyboard alone, on a telephone, light and dark."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from lamplighter.wiring.own_rehearsals import OwnRehearsals
from tests.browser.conftest import Desk, expect_focus, open_desk
from tests.browser.test_pages_look import PHONE, expect_no_fault_in_either_look, width
from tests.channels.web.stage import served
from tests.console.test_morning_page import BOOKS, at, come
from tests.console.test_review_page import sampled
from tests.console.test_staff_page import chat

pytestmark = pytest.mark.browser


def test_what_waits_is_read_and_marked_with_the_keyboard_alone(desk: Desk) -> None:
    first, second = chat(desk.stage, "What are your hours?"), chat(desk.stage, "a first appointment please")
    for contact in (first, second):
        sampled(desk.stage, contact)
    page = desk.wall("Dr. Osei")
    page.goto(f"{desk.staff}/contacts")
    expect_no_fault_in_either_look(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect_focus(page.locator(".queued-link").first)
    page.keyboard.press("w")
    expect_focus(page.get_by_label("It should have come to"))
    expect_no_fault_in_either_look(page)
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect_focus(page.locator(".turn.person").first)
    page.keyboard.press("w")
    page.locator(".turn textarea").press_sequentially("r is a letter here, w too")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".turn .mark")).to_contain_text("r is a letter here, w too")
    expect(page).to_have_url(
        f"{desk.staff}/contacts/{first}#{page.locator('.turn.person').get_attribute('id')}"
    )
    page.get_by_role("heading", name="Was it right?").click()
    page.locator("#judged").focus()
    page.keyboard.press("r")
    expect(page.locator("#judged .mark")).to_contain_text("Right")
    expect_no_fault_in_either_look(page)
    page.keyboard.press("n")
    expect(page).to_have_url(f"{desk.staff}/contacts/{second}")


def test_no_page_of_the_review_is_wider_than_a_telephone_and_a_long_one_folds(desk: Desk) -> None:
    contact = chat(desk.stage, "W" * 300, *["What are your hours?"] * 14)
    sampled(desk.stage, contact)
    page = desk.wall("Dr. Osei", viewport=PHONE)
    for path in ("/contacts", "/contacts?to=2020-01-01", "/contacts?from=never", f"/contacts/{contact}"):
        page.goto(desk.staff + path)
        assert width(page) == PHONE["width"], path
        expect_no_fault_in_either_look(page)
    folded = page.locator(".folded .turn").first
    expect(folded).to_be_hidden()
    page.get_by_text("more turns and steps between").click()
    expect(folded).to_be_visible()


def test_a_rehearsal_is_drafted_edited_beside_what_was_said_and_read_by_a_second_person(
    desk: Desk, tmp_path: Path
) -> None:
    desk.stage.rehearsals = OwnRehearsals(tmp_path, "demo")
    contact = chat(desk.stage, "a first appointment please, any afternoon by video", "Zora Wintergreen")
    with served(desk.stage.staff()) as staff:
        page = desk.new_page()
        open_desk(page, desk.stage.access.new_link(staff))
        page.get_by_role("button", name="Dr. Osei").click()
        expect(page.get_by_role("heading", name="Contacts")).to_be_visible()
        page.goto(f"{staff}/contacts/{contact}")
        page.get_by_role("button", name="Make a rehearsal of it").click()
        text = page.get_by_label("The rehearsal, as it will be played")
        expect(text).to_contain_text("by video")
        expect_no_fault_in_either_look(page)
        page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
        assert width(page) == PHONE["width"]
        text.fill(text.input_value().replace("- id", "- it"))
        page.get_by_role("button", name="Ask a second person").click()
        expect(page.get_by_role("alert")).to_contain_text("Nothing was changed")
        expect_no_fault_in_either_look(page)
        text.fill(text.input_value().replace("- it", "- id"))
        page.get_by_role("button", name="Ask a second person").click()
        expect(page.get_by_text("somebody else reads it")).to_be_visible()
        other = desk.new_page()
        open_desk(other, desk.stage.access.new_link(staff))
        other.get_by_role("button", name="Front desk").click()
        expect(other.get_by_role("heading", name="Contacts")).to_be_visible()
        other.goto(f"{staff}/contacts/{contact}/rehearsal")
        expect_no_fault_in_either_look(other)
        other.get_by_role("button", name="It names nobody: keep it").click()
        expect(other.get_by_text("Kept, and played with the others")).to_be_visible()
    assert len(desk.stage.rehearsals.names()) == 1


def test_the_morning_has_no_fault_that_axe_finds_quiet_or_busy_nor_is_it_wider_than_a_telephone(
    desk: Desk,
) -> None:
    page = desk.wall("Dr. Osei")
    page.goto(f"{desk.staff}/morning")
    expect(page.get_by_text("Nobody called or wrote.")).to_be_visible()
    expect_no_fault_in_either_look(page)
    come(desk.stage, at(desk.stage, 5, 11))
    chat(desk.stage, *BOOKS)
    for _ in range(9):
        chat(desk.stage, "I want to talk to a person please")
    come(desk.stage, at(desk.stage, 7, 9, 30))
    page = desk.wall("Dr. Osei", viewport=PHONE)
    page.goto(f"{desk.staff}/morning")
    assert width(page) == PHONE["width"]
    expect_no_fault_in_either_look(page)
    page.locator(".first-task").first.get_by_role("link").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#detail-head")).to_be_visible()
