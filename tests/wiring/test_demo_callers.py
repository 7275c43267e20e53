"""The callers that the demonstration's page offers are those that it can play, each to its end."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest

from lamplighter.channels.web.site import Demo
from lamplighter.conversation.state import State, fold
from lamplighter.wiring.demo_callers import Players, cards, scenarios
from tests.channels.web.stage import Stage, served

SOON = 60
SHOWN = {"booked": "Booked: ", "answered": "Thank you, and take care.", "handed_over": "Handed over"}


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    with made.ticking():
        yield made


def at_once(_: float) -> bool:
    return False


def demo(stage: Stage, wait: Callable[[float], bool]) -> Demo:
    return Demo(callers=cards(), play=Players(stage.contacts, stage.practice, wait).play)


def states(stage: Stage) -> list[State]:
    with stage.records.transaction(stage.practice.id) as tx:
        return [fold(tx.log.read(each.id)) for each in tx.log.contacts()]


@contextmanager
def live(stage: Stage, address: str) -> Iterator[Iterator[str]]:
    """What is sent to an open page of somebody at the desk."""
    with httpx.Client(base_url=address, timeout=SOON) as browser:
        form = re.search(r'name="csrf" value="([^"]+)"', browser.post(stage.access.new_link(address)).text)
        assert form
        browser.post("/who", data={"csrf": form.group(1), "name": "Front desk"})
        with browser.stream("GET", "/live") as stream:
            yield stream.iter_lines()


def test_every_caller_that_can_be_played_has_a_card_and_no_other_has() -> None:
    assert [card.id for card in cards()] == list(scenarios())


@pytest.mark.parametrize("name", list(scenarios()))
def test_a_press_plays_the_caller_to_its_end_before_the_eyes_of_staff(stage: Stage, name: str) -> None:
    expected = scenarios()[name].expect
    ends = SHOWN[expected.outcome or ""]
    with (
        served(stage.public(demo=demo(stage, at_once))) as public,
        served(stage.staff()) as desk,
        live(stage, desk) as lines,
    ):
        pressed = httpx.post(f"{public}/play", data={"which": name}, timeout=SOON)
        assert pressed.headers["location"] == "/?done=play#acts"
        until, seen = time.monotonic() + SOON, ""
        for line in lines:
            seen += line
            if ends in seen and all(each.outcome == expected.outcome for each in states(stage)):
                break
            assert time.monotonic() < until, seen[-3000:]
    (state,) = states(stage)
    assert (state.outcome, state.verdict) == (expected.outcome, expected.handoff or "clear")


def test_a_second_press_while_one_is_played_says_so_and_the_next_may_come_after_it(stage: Stage) -> None:
    go_on = threading.Event()
    playing = demo(stage, lambda _: go_on.wait(SOON) and False)
    with served(stage.public(demo=playing)) as public, httpx.Client(base_url=public, timeout=SOON) as page:
        page.post("/play", data={"which": "price-question"})
        again = page.post("/play", data={"which": "evening-first-visit"}, follow_redirects=True)
        assert "A caller is being played already." in again.text
        assert len(states(stage)) == 1
        go_on.set()
        until = time.monotonic() + SOON
        while page.post("/play", data={"which": "price-question"}).headers["location"] != "/?done=play#acts":
            assert time.monotonic() < until
