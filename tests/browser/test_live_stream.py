"""A staff page never shows an old board without saying so, and comes back by itself."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, Route, expect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.browser.conftest import Desk
from tests.channels.web.stage import served

pytestmark = pytest.mark.browser
A_WHILE = 10_000  # milliseconds; longer than the page waits for a sign of the desk


class Stalling:
    """The staff page's app. Streams that are open at a `stall` stay open and never say another word."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._stalls = app, 0

    def stall(self) -> None:
        self._stalls += 1

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = self._stalls

        async def unless_stalled(message: Message) -> None:
            if begun == self._stalls or scope["path"] != "/live":
                await send(message)

        await self._app(scope, receive, unless_stalled)


@pytest.fixture
def stalling(desk: Desk) -> Stalling:
    return Stalling(desk.stage.staff())


@pytest.fixture
def frail(desk: Desk, stalling: Stalling) -> Iterator[Desk]:
    """The desk with a staff page whose streams can be stalled."""
    with served(stalling) as staff:
        yield replace(desk, staff=staff)


def write(desk: Desk, words: str) -> None:
    """Somebody new writes; no page of theirs is needed."""
    practice = desk.stage.practice
    contact = desk.stage.contacts.open(
        practice.id, channel="chat", dialled=practice.phone, address=None
    ).contact
    desk.stage.contacts.hear(practice.id, contact, words)


def expect_live(desk: Desk, wall: Page, words: str) -> None:
    """What is written now comes, and no notice says that it may not."""
    write(desk, words)
    expect(wall.locator("#cards")).to_contain_text(words)
    expect(wall.locator("#offline")).to_be_hidden()


def signed_in(desk: Desk, page: Page) -> Page:
    """The page as a member of staff has it, before its stream is looked at."""
    page.goto(desk.stage.access.new_link(desk.staff))
    page.get_by_role("button", name="Open the desk").click()
    page.get_by_role("button", name="Front desk").click()
    expect(page.get_by_role("heading", name="Contacts")).to_be_visible()
    return page


ARRIVED = "names => names.every(name => performance.getEntriesByName(location.origin + name).length)"


def scripts(desk: Desk) -> list[str]:
    return re.findall(r'<script src="([^"]+)" defer', signed_in(desk, desk.new_page()).content())


def arriving_last(desk: Desk, script: str, others: list[str]) -> Page:
    """A staff page one of whose scripts comes when the others have run."""
    page, held = desk.new_page(), list[Route]()

    def hold(route: Route) -> None:
        held.append(route)

    page.route(f"**{script}", hold)
    signed_in(desk, page)
    page.wait_for_function(ARRIVED, arg=others)
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    return page


def test_the_page_is_live_whichever_of_its_scripts_comes_last(desk: Desk) -> None:
    deferred = scripts(desk)
    assert deferred
    for last in deferred:
        page = arriving_last(desk, last, [script for script in deferred if script != last])
        expect_live(desk, page, f"{last} came last")


def test_a_page_whose_stream_has_gone_silent_says_so_and_catches_up(frail: Desk, stalling: Stalling) -> None:
    page = frail.new_page()
    page.clock.install()
    signed_in(frail, page)
    expect_live(frail, page, "hello")
    stalling.stall()
    page.route("**/live*", lambda route: route.abort())
    page.clock.fast_forward(A_WHILE)
    expect(page.locator("#offline")).to_be_visible()
    write(frail, "is anybody there")
    page.unroute("**/live*")
    page.clock.fast_forward(A_WHILE)
    expect(page.locator("#cards")).to_contain_text("is anybody there")
    expect(page.locator("#offline")).to_be_hidden()


@pytest.mark.parametrize("fault", ["lost", "refused"])
def test_a_page_whose_first_stream_fails_says_so_and_gets_another(desk: Desk, fault: str) -> None:
    page = desk.new_page()
    page.clock.install()
    page.route("**/live*", lambda route: route.abort() if fault == "lost" else route.fulfill(status=500))
    signed_in(desk, page)
    write(desk, "hello")
    page.clock.fast_forward(A_WHILE)
    expect(page.locator("#offline")).to_be_visible()
    page.unroute("**/live*")
    page.clock.fast_forward(2 * A_WHILE)
    expect(page.locator("#cards")).to_contain_text("hello")
    expect(page.locator("#offline")).to_be_hidden()


def test_a_page_without_its_script_says_that_it_may_be_old(desk: Desk) -> None:
    page = desk.new_page()
    page.route("**/static/staff.js", lambda route: route.abort())
    signed_in(desk, page)
    expect(page.locator("#offline")).to_be_visible()


def test_a_page_says_how_to_open_the_desk_again_once_its_shift_is_over(desk: Desk) -> None:
    page = signed_in(desk, desk.new_page())
    other = page.context.new_page()
    other.goto(desk.staff)
    other.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", name="The desk is closed here")).to_be_visible()
