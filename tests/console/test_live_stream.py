"""The stream of an open staff page, as a browser reads it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.channels.web.stage import Stage, served

SIGN = "event: here"


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def page(stage: Stage) -> Iterator[httpx.Client]:
    """Somebody's browser at the desk."""
    with served(stage.staff()) as address, httpx.Client(base_url=address, timeout=120) as browser:
        form = re.search(r'name="csrf" value="([^"]+)"', browser.post(stage.access.new_link(address)).text)
        assert form
        browser.post("/who", data={"csrf": form.group(1), "name": "Front desk"})
        yield browser


@contextmanager
def stream(page: httpx.Client) -> Iterator[Iterator[str]]:
    with page.stream("GET", "/live") as answer:
        yield answer.iter_lines()


def until_sign(lines: Iterator[str]) -> str:
    """All that is said up to the next sign that the desk is there."""
    said: list[str] = []
    for line in lines:
        if line == SIGN:
            return "\n".join(said)
        said.append(line)
    raise AssertionError("the stream ended")


def write(stage: Stage, words: str) -> None:
    practice = stage.practice
    contact = stage.contacts.open(practice.id, channel="chat", dialled=practice.phone, address=None).contact
    stage.contacts.hear(practice.id, contact, words)


def test_a_stream_begins_with_all_that_came_since_the_page_was_drawn(
    stage: Stage, page: httpx.Client
) -> None:
    drawn = page.get("/").text
    write(stage, "between the two")
    with stream(page) as lines:
        begins = until_sign(lines)
    assert "between the two" not in drawn
    assert "between the two" in begins
    assert set(re.findall(r'hx-target="#([a-z-]+)"', begins)) == {
        "cards", "summary", "detail-head", "detail-card", "detail-lines", "detail-reply", "tasks", "ladder-notes",
        "schedule", "messages", "paused",
    }  # fmt: skip


def test_a_new_stream_clears_a_page_of_contacts_that_are_gone(page: httpx.Client) -> None:
    with stream(page) as lines:
        assert "Nobody has called or written yet" in until_sign(lines)


def test_a_stream_on_which_nothing_happens_keeps_saying_that_the_desk_is_there(page: httpx.Client) -> None:
    with stream(page) as lines:
        until_sign(lines)
        assert "cards" not in until_sign(lines)
        assert "cards" not in until_sign(lines)


def test_asking_whether_there_is_a_stream_opens_none(page: httpx.Client) -> None:
    assert page.head("/live").status_code == 200
    page.cookies.clear()
    assert page.head("/live").status_code == 403
