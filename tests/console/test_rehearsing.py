"""The safety rehearsal started from the staff page: in a process of its own, once at a time, its progress shown."""

import os
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lamplighter.practice.standing import Rehearsing
from lamplighter.wiring.rehearsing import Apart
from lamplighter.wiring.signed_folder import SIGNED
from tests.channels.web.stage import Stage
from tests.console.people import Enrolled, first_owner, invited
from tests.wiring.live_practice import live_practice

PLAYS = """
import pathlib, sys
folder = pathlib.Path(sys.argv[1])
with (folder / "begun").open("a") as begun:
    begun.write("once ")
print("a line of the log")
print("3 of 40", flush=True)
(folder / "gate").read_text()
print("40 of 40", flush=True)
sys.exit(int(sys.argv[2]))
"""


class Play:
    """A process that plays until it is let go, in place of the real one, which takes half a minute."""

    def __init__(self, folder: Path, code: int = 0) -> None:
        self._folder = folder
        os.mkfifo(folder / "gate")
        self.apart = Apart(folder, (sys.executable, "-c", PLAYS, str(folder), str(code)))

    @property
    def begun(self) -> int:
        return (self._folder / "begun").read_text().split().count("once")

    def end(self) -> None:
        """Lets it go, which waits until it has come that far, and sees it end."""
        (self._folder / "gate").write_text("go on")
        self.apart.wait()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return live_practice(tmp_path / "maple")


@pytest.fixture
def playing(stage: Stage, folder: Path, tmp_path: Path) -> Callable[..., Play]:
    """Puts such a process behind the page."""

    def put(code: int = 0) -> Play:
        play = Play(tmp_path, code)
        review = stage.reviewing(folder, folder / SIGNED)
        stage.review = replace(review, apart=play.apart)
        return play

    return put


def page(person: Enrolled) -> str:
    return re.sub(r"\s+", " ", person.browser.get("/protocol").text)


def click(person: Enrolled) -> int:
    answer = person.browser.post("/protocol/rehearse", data={"csrf": person.csrf}, follow_redirects=False)
    return answer.status_code


def test_an_owner_and_a_clinician_who_click_at_once_play_it_once_and_both_see_it_played(
    stage: Stage, playing: Callable[..., Play]
) -> None:
    play = playing()
    owner = first_owner(stage)
    clinician = invited(stage, owner, "Dr. Amara Osei", "clinician")
    assert "Play the safety rehearsal" in page(owner)
    assert (click(owner), click(clinician)) == (303, 303)
    for person in (owner, clinician):
        assert "It is being played" in page(person)
        assert "Play the safety rehearsal" not in page(person)
        assert person.browser.get("/protocol/rehearsing").json()["running"] is True
    play.end()
    assert play.begun == 1
    assert owner.browser.get("/protocol/rehearsing").json() == {"running": False, "played": 40, "scenes": 40}
    assert "It is being played" not in page(owner)
    assert "broke off" not in page(owner)


def test_one_that_breaks_off_says_so_and_can_be_played_again(
    stage: Stage, playing: Callable[..., Play]
) -> None:
    play = playing(code=1)
    owner = first_owner(stage)
    click(owner)
    play.end()
    assert "It broke off, and nothing was kept of it" in page(owner)
    click(owner)
    assert "It is being played" in page(owner)
    play.end()
    assert play.begun == 2


def test_a_process_that_cannot_be_started_is_one_that_broke_off(tmp_path: Path) -> None:
    apart = Apart(tmp_path, (str(tmp_path / "nothing"),))
    apart.start()
    apart.wait()
    assert apart.stands == Rehearsing(broke_off=True)


def test_a_form_that_was_not_drawn_here_plays_nothing(stage: Stage, playing: Callable[..., Play]) -> None:
    play = playing()
    owner = first_owner(stage)
    assert owner.browser.post("/protocol/rehearse", data={"csrf": "wrong"}).status_code == 403
    assert play.apart.stands == Rehearsing()


def test_where_nobody_could_sign_it_there_is_nothing_to_click(stage: Stage, owner: Enrolled) -> None:
    assert "Play the safety rehearsal" not in page(owner)
    assert click(owner) == 404
    assert owner.browser.get("/protocol/rehearsing").status_code == 404


@pytest.mark.slow
def test_the_real_one_passes_on_a_practice_that_lacks_nothing_and_its_transcripts_are_there_to_read(
    stage: Stage, folder: Path
) -> None:
    stage.review = replace(stage.reviewing(folder, folder / SIGNED), apart=Apart(folder))
    owner = first_owner(stage)
    assert "has not passed on exactly this version" in page(owner)
    click(owner)
    assert stage.review.apart is not None
    stage.review.apart.wait()
    stands = owner.browser.get("/protocol/rehearsing").json()
    assert stands["played"] == stands["scenes"] > 0
    assert "The safety rehearsal passed on this version" in page(owner)
    assert "988" in owner.browser.get("/protocol/rehearsal").text
