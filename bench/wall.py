"""The live wall: how long after it is stored a sentence stands on the staff page. Real Chromium, 200 contacts."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench import Budget, Budgets, CannotMeasure
from tests.browser.conftest import CHROMIUM, Desk
from tests.channels.web.stage import Stage, served

CONTACTS, SENTENCES = 200, 100
PATIENCE = 60_000  # milliseconds

SEEN = """() => {
  window.seen = {};
  const look = () => {
    for (const word of document.body.textContent.match(/marker\\d+/g) || [])
      window.seen[word] ??= performance.timeOrigin + performance.now();
  };
  new MutationObserver(look).observe(document.body, {childList: true, subtree: true, characterData: true});
}"""


def budgets() -> Budgets:
    if not Path(CHROMIUM).exists():
        raise CannotMeasure(f"there is no {CHROMIUM}: make test installs it")
    with desk() as (there, page):
        practice, contacts = there.practice.id, there.contacts
        lines = [
            contacts.open(practice, channel="chat", dialled=there.practice.phone, address=None).contact
            for _ in range(CONTACTS)
        ]
        page.wait_for_function(
            f"document.querySelectorAll('#cards > *').length >= {CONTACTS}", timeout=PATIENCE
        )
        page.evaluate(SEEN)
        took = sorted(
            shown_after(there, page, lines[number], f"marker{number}") for number in range(SENTENCES)
        )
    p99 = took[math.ceil(0.99 * len(took)) - 1]
    how = f"{SENTENCES} sentences, {CONTACTS} contacts, median {took[len(took) // 2]:.0f} ms, by the clock"
    yield Budget("live wall: stored until on screen, p99", 200, p99, "ms", how)


def shown_after(stage: Stage, page: Page, contact: str, word: str) -> float:
    """Milliseconds from the end of the turn to the page that shows it."""
    stage.contacts.hear(stage.practice.id, contact, f"are you open on Sundays {word}")
    stored = time.time() * 1000
    page.wait_for_function("word => window.seen[word]", arg=word, timeout=PATIENCE)
    shown = page.evaluate("word => window.seen[word]", word)
    return max(0.0, float(shown) - stored)


@contextmanager
def desk() -> Iterator[tuple[Stage, Page]]:
    stage = Stage()
    with sync_playwright() as playwright, served(stage.staff()) as staff:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield stage, Desk(stage, "", staff, browser.new_page).wall()
        finally:
            browser.close()
