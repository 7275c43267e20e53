"""The schedule in a browser: dragged, carried by keys, on a telephone, in the dark, without scripts, and followed."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from lamplighter.desk import rearranging_kept, rearranging_work
from lamplighter.desk.ports import Visit
from tests.browser.conftest import Desk, expect_focus
from tests.browser.test_pages_look import PHONE, expect_no_fault, expect_no_fault_in_either_look, width
from tests.console.test_schedule_page import TEN, slot, who_comes

pytestmark = pytest.mark.browser
HERS = re.compile("Wilhelmina B")


@pytest.fixture
def visits(desk: Desk) -> Desk:
    work = rearranging_work.ChangesThatStand(desk.stage.records, desk.stage.practices, desk.stage.clock)
    desk.stage.jobs.register(rearranging_kept.JOB, work.run)
    who_comes(desk.stage)
    return desk


def visit(desk: Desk, name: str = "v0") -> Visit:
    with desk.stage.records.transaction(desk.stage.practice.id) as tx:
        found = tx.schedule.visit(name)
    assert found is not None
    return found


def schedule(desk: Desk, query: str = "", **how: object) -> Page:
    page = desk.wall(**how)
    page.goto(f"{desk.staff}/schedule{query}")
    return page


def moves_it(page: Page) -> None:
    asks = page.get_by_role("dialog")
    expect(asks).to_contain_text("your time is now")
    asks.get_by_label("Why").select_option(label="They asked for it")
    asks.get_by_role("button", name="Move it").press("Enter")
    expect(page.get_by_role("button", name=re.compile("^Undo"))).to_be_visible()


def test_a_visit_is_dragged_to_a_free_place_what_they_get_is_read_and_it_is_undone(visits: Desk) -> None:
    page = schedule(visits)
    hers = page.locator(".grid").get_by_role("link", name=HERS)
    hers.hover()
    page.mouse.down()
    page.mouse.move(500, 500)
    place = page.get_by_role("button", name=re.compile("3:00 PM with Mei Tan"))
    expect(place).to_be_visible()
    place.hover()
    place.hover()
    expect(page.locator(".place.aim")).to_have_count(1)
    page.mouse.up()
    moves_it(page)
    assert visit(visits).slot.start == TEN + timedelta(hours=5)
    expect(page.locator(".grid").get_by_role("link", name=HERS)).to_contain_text("3:00 PM")
    expect_no_fault_in_either_look(page)
    page.get_by_role("button", name=re.compile("^Undo")).press("Enter")
    expect(page.get_by_text("nothing was sent")).to_be_visible()
    assert visit(visits).slot.start == TEN + timedelta(hours=4)


def test_a_visit_is_picked_up_carried_and_dropped_by_keys_alone(visits: Desk) -> None:
    page = schedule(visits)
    hers = page.locator(".grid").get_by_role("link", name=HERS)
    hers.focus()
    page.keyboard.press("m")
    expect(page.locator("#says")).to_contain_text("places are free")
    expect_no_fault(page)
    expect_focus(page.get_by_role("button", name=re.compile("1:30 PM with Mei Tan")))
    page.keyboard.press("Escape")
    expect_focus(hers)
    expect(page.locator(".place")).to_have_count(0)
    page.keyboard.press("m")
    expect(page.locator(".place.aim")).to_have_count(1)
    page.keyboard.press("End")
    expect_focus(page.get_by_role("button", name=re.compile("3:00 PM with Mei Tan")))
    page.keyboard.press("ArrowLeft")
    expect_focus(page.get_by_role("button", name=re.compile("3:00 PM with Luis Ortega")))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("3:30 PM with Luis Ortega")
    expect_no_fault_in_either_look(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect_focus(hers)
    page.keyboard.press("m")
    expect(page.locator(".place.aim")).to_have_count(1)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    moves_it(page)
    assert visit(visits).slot.start == TEN + timedelta(hours=5)
    hers.press("Enter")
    expect(page.get_by_role("heading", name="What was done to it")).to_be_visible()
    expect(page.get_by_text("Moved from Tue, Dec 1, 2:00 PM")).to_have_count(2)
    expect_no_fault_in_either_look(page)


def test_on_a_telephone_it_is_a_list_by_time_and_a_visit_is_moved_by_its_form_without_any_script(
    visits: Desk,
) -> None:
    page = schedule(visits, viewport=PHONE)
    times = page.locator(".by-time .v-time")
    expect(times).to_have_count(3)
    assert [each.split(" to ")[0].strip() for each in times.all_inner_texts()] == [
        "12:00 PM",
        "2:00 PM",
        "3:00 PM",
    ]
    expect(page.locator(".grid")).to_be_hidden()
    expect_no_fault_in_either_look(page)
    assert width(page) <= PHONE["width"]
    cookies = page.context.cookies()
    plain = visits.new_page(viewport=PHONE, java_script_enabled=False)
    plain.context.add_cookies(cookies)  # type: ignore[arg-type]
    plain.goto(f"{visits.staff}/schedule")
    plain.locator(".by-time").get_by_role("link", name=HERS).click()
    plain.get_by_role("link", name="Move").click()
    plain.get_by_role("button", name="3:00 PM with Mei Tan").first.click()
    expect(plain.get_by_text("your time is now")).to_be_visible()
    plain.get_by_label("Why").select_option(label="The practice needs it")
    plain.get_by_role("button", name="Move it").click()
    expect(plain.get_by_role("button", name="Undo")).to_be_visible()
    assert visit(visits).slot.start == TEN + timedelta(hours=5)
    for path in ("", "?view=week", "/visits/v0", "/visits/v0/move", "/visits/v0/cancel"):
        page.goto(f"{visits.staff}/schedule{path}")
        assert width(page) <= PHONE["width"], path
        expect_no_fault(page)


def test_what_somebody_else_does_comes_to_an_open_page_and_the_keyboard_stays_where_it_was(
    visits: Desk,
) -> None:
    page = schedule(visits, "?view=week&clinician=mei_tan")
    hers = page.locator(".grid").get_by_role("link", name=HERS)
    hers.focus()
    with visits.stage.records.transaction(visits.stage.practice.id) as tx:
        at = slot(TEN + timedelta(days=1))
        assert tx.schedule.book("v9", at, ["p1"], "c9", visits.stage.clock.now(), "booked")
    expect(page.locator(".grid").get_by_role("link", name=re.compile("Thaddeus"))).to_be_visible()
    expect_focus(hers)
    expect_no_fault_in_either_look(page)
