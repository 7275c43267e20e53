"""SCO-05 on the staff page: the switch that pauses the assistant, and the banner while it does."""

import re

import pytest

from lamplighter.desk import pausing
from lamplighter.desk.ports import Role
from tests.channels.web.stage import Stage
from tests.console.people import Enrolled, invited
from tests.console.test_hand_over_card import ledger

EVERYTHING = {"what": pausing.EVERYTHING, "why": "wrong", "spell": "closing"}
LOUD = "The assistant is paused: Everything."


def only_pause(stage: Stage) -> str:
    with stage.records.transaction(stage.practice.id) as tx:
        (found,) = pausing.standing(tx, stage.clock.now())
    return found.id


@pytest.mark.parametrize("role", ["desk", "clinician"])
def test_sco_05_whoever_steps_in_pauses_everything_and_every_wall_and_the_morning_say_so(
    stage: Stage, owner: Enrolled, role: Role
) -> None:
    staff = invited(stage, owner, "Sam Quill", role)
    page = staff.post("/pause", **EVERYTHING)
    assert "until Tue, Dec 1, 6:00 PM" in page
    for path in ("/", "/morning"):
        shown = owner.browser.get(path).text
        assert (
            LOUD in shown and "Sam Quill, until Tue, Dec 1, 6:00 PM: it says or does something wrong" in shown
        )
    assert ledger(stage, "assistant_was_paused") == [
        ("Sam Quill", "assistant/all", "it says or does something wrong")
    ]


def test_sco_05_a_click_lets_it_answer_again_and_another_takes_that_back(
    stage: Stage, owner: Enrolled
) -> None:
    owner.post("/pause", **{**EVERYTHING, "what": f"assistant/line/voice/{stage.practice.phone}"})
    first = only_pause(stage)
    page = owner.post("/pause/end", pause=first)
    assert "The assistant answers again: Calls to" in page
    assert "The assistant is paused" not in owner.browser.get("/").text
    assert "Calls to" in owner.post("/pause", again=first) and only_pause(stage) != first
    assert ledger(stage, "assistant_paused_lifted") == [
        ("Rosa Ferro", f"assistant/line/voice/{stage.practice.phone}", "")
    ]


def test_sco_05_who_is_second_to_pause_or_to_end_it_is_told_who_was_first(
    stage: Stage, owner: Enrolled
) -> None:
    other = invited(stage, owner, "Sam Quill", "desk")
    owner.post("/pause", **EVERYTHING)
    refused = other.browser.post("/pause", data={"csrf": other.csrf, **EVERYTHING, "why": "drill"})
    assert refused.status_code == 409 and "Rosa Ferro has paused it already (Everything)" in refused.text
    pause = only_pause(stage)
    other.post("/pause/end", pause=pause)
    late = owner.browser.post("/pause/end", data={"csrf": owner.csrf, "pause": pause})
    assert late.status_code == 409 and "Sam Quill has ended this pause already" in late.text


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ({"why": ""}, "Say why: nothing was paused."),
        ({"what": "assistant/line/voice/+12125550199"}, "That can&#39;t be chosen"),
        ({"spell": "for ever"}, "That can&#39;t be chosen"),
        ({"again": "none"}, "That can&#39;t be chosen"),
    ],
)
def test_sco_05_what_cannot_be_read_pauses_nothing(
    stage: Stage, owner: Enrolled, given: dict[str, str], answer: str
) -> None:
    refused = owner.browser.post("/pause", data={"csrf": owner.csrf, **EVERYTHING, **given})
    assert refused.status_code == 422 and answer in refused.text
    assert LOUD not in owner.browser.get("/").text


def test_sco_05_a_forged_form_and_a_biller_pause_nothing(stage: Stage, owner: Enrolled) -> None:
    assert owner.browser.post("/pause", data={"csrf": "forged", **EVERYTHING}).status_code == 403
    biller = invited(stage, owner, "Bo Tally", "biller")
    assert biller.browser.post("/pause", data={"csrf": biller.csrf, **EVERYTHING}).status_code == 403
    assert LOUD not in owner.browser.get("/").text


def test_sco_05_every_line_of_the_practice_can_be_chosen(stage: Stage, owner: Enrolled) -> None:
    page = owner.browser.get("/pause").text
    chosen = set(re.findall(r'name="what" value="([^"]+)"', page))
    lines = {pausing.line(channel, dialled) for channel, dialled in pausing.lines(stage.practice)}
    assert chosen == {pausing.EVERYTHING, *lines}
