"""The safety rehearsal on the staff page, in a real browser: started by a click, watched, and over by itself."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from lamplighter.wiring.signed_folder import SIGNED
from tests.browser.conftest import Desk
from tests.browser.test_pages_look import at_protocol, expect_no_fault
from tests.channels.web.stage import served
from tests.console.test_rehearsing import Play
from tests.wiring.live_practice import live_practice

pytestmark = pytest.mark.browser


@pytest.fixture
def play(desk: Desk, tmp_path: Path) -> Play:
    folder, play = live_practice(tmp_path / "maple"), Play(tmp_path)
    desk.stage.review = replace(desk.stage.reviewing(folder, folder / SIGNED), apart=play.apart)
    return play


@pytest.fixture
def address(desk: Desk, play: Play) -> Iterator[str]:
    with served(desk.stage.staff()) as address:
        yield address


def test_a_click_plays_it_and_the_page_shows_how_far_it_is_and_by_itself_that_it_is_over(
    desk: Desk, play: Play, address: str
) -> None:
    page = at_protocol(desk, address, "Dr. Osei")
    button = page.get_by_role("button", name="Play the safety rehearsal")
    button.click()
    expect(page.get_by_text("It is being played: 3 of 40 scenes.")).to_be_visible()
    expect(page.get_by_role("progressbar", name="Scenes played")).to_have_js_property("max", 40)
    expect_no_fault(page)
    play.end()
    expect(button).to_be_visible()
    expect_no_fault(page)
