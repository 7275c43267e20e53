"""Debian's Chromium on both apps, served on loopback over a stage. Nothing may be fetched from elsewhere.

With a folder in ALBUM every page that a test looks over is photographed into it, whole, as the test found it.
"""

import itertools
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from tests.channels.web.stage import Stage, served

CHROMIUM = "/usr/bin/chromium"
PATIENCE = 60_000  # milliseconds: machines that run tests are busy
expect.set_options(timeout=PATIENCE)


_PLATES = itertools.count(1)


def photographed(page: Page, look: str) -> None:
    """Named by the test, the page and how it is looked at, so that an album can be leafed through."""
    if folder := os.environ.get("ALBUM"):
        test = os.environ["PYTEST_CURRENT_TEST"].partition("::")[2].partition(" ")[0].removeprefix("test_")
        place = re.sub(r"\W+", "-", urlsplit(page.url).path).strip("-") or "start"
        wide = (page.viewport_size or {"width": 0})["width"]
        name = f"{place}-{wide}-{look}-{next(_PLATES):03}-{test[:60]}.png"
        page.evaluate("scrollTo(0, 0)")  # the head of a page that stays in view would stand in the middle
        page.screenshot(path=Path(folder) / name, full_page=True)


@dataclass
class Desk:
    """A stage with its addresses and the pages that are open on it."""

    stage: Stage
    public: str
    staff: str
    new_page: Callable[..., Page]

    def chat(self, **how: Any) -> Page:
        page = self.new_page(**how)
        page.goto(f"{self.public}/chat")
        expect(page.locator(".bubble.agent").first).to_contain_text("automated AI assistant")
        return page

    def wall(self, name: str = "Front desk", **how: Any) -> Page:
        page = self.new_page(**how)
        open_desk(page, self.stage.access.new_link(self.staff))
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("heading", name="Contacts")).to_be_visible()
        return page


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def desk(chromium: Browser) -> Iterator[Desk]:
    stage = Stage()
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def new_page(**how: Any) -> Page:
        context = chromium.new_context(
            **{"locale": "en-US", "viewport": {"width": 1280, "height": 860}, **how}
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: _local(request.url) or wrong.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        return page

    with stage.ticking(), served(stage.public()) as public, served(stage.staff()) as staff:
        yield Desk(stage, public, staff, new_page)
        for context in contexts:
            context.close()
    assert wrong == [], "a page failed, or asked for something from elsewhere"


def open_desk(page: Page, link: str) -> None:
    """By keyboard, once what is opened has the focus: a page that has loaded may not have given it yet."""
    page.goto(link)
    opens = page.locator("[autofocus]")
    expect_focus(opens)
    opens.press("Enter")


def expect_focus(element: Locator) -> None:
    """Where keys go within its page; `to_be_focused` also asks that Chromium has no other page in front. What is drawn
    anew meanwhile is looked for anew."""
    expect(element).to_be_visible()
    give_up = time.monotonic() + PATIENCE / 1000
    while not element.evaluate("it => it === document.activeElement"):
        assert time.monotonic() < give_up, f"the focus never came to {element}"
        element.page.wait_for_timeout(20)


def follow_within(page: Page) -> None:
    """Enter on a link that leads elsewhere on its page: keys go on from there once the page has been drawn anew."""
    page.keyboard.press("Enter")
    page.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")


def _local(url: str) -> bool:
    return urlsplit(url).hostname in ("127.0.0.1", "localhost", None)


def say(page: Page, text: str) -> None:
    """Writes it and waits for an answer below it."""
    mine = page.locator(".bubble.person:not(.waiting)")
    before = mine.count()
    page.locator("#words").fill(text)
    page.locator("#words").press("Enter")
    new = mine.nth(before)
    expect(new).to_contain_text(text)
    expect(new.locator("xpath=following-sibling::*[contains(@class, 'agent')]").first).to_be_visible()
