"""Rule 12 on the staff page: cover, absence, another number, gaps ahead, and test calls."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from lamplighter.desk import rota_changes
from lamplighter.practice.changes import Changes
from lamplighter.practice.sample import load_sample
from tests.channels.web.stage import Stage
from tests.console.people import Enrolled, first_owner, invited
from tests.console.test_hand_over_card import call, ledger
from tests.console.watch import Watch

NOW = {"starts": "2026-12-01T08:00", "ends": "2026-12-01T20:00"}


def standing(stage: Stage) -> Changes:
    with stage.records.transaction(stage.practice.id) as tx:
        return rota_changes.standing(tx)


def test_whoever_is_said_to_be_away_is_not_rung_by_the_next_ring(stage: Stage, owner: Enrolled) -> None:
    page = owner.post("/ladder/away", who="front_desk", **NOW)
    assert "Front desk is away, Tue, Dec 1, 8:00 AM to Tue, Dec 1, 8:00 PM" in page
    call(stage)
    assert stage.bells.rung[-1].rung == "office_manager"
    assert ledger(stage, "absent_stated") == [("Rosa Ferro", "ladder/front_desk", "")]


def test_a_swap_is_cover_both_ways(stage: Stage, owner: Enrolled) -> None:
    swapped = {"swap_starts": "2026-12-08T08:00", "swap_ends": "2026-12-08T20:00"}
    page = owner.post("/ladder/cover", who="amara_osei", by="mei_tan", **NOW, **swapped)
    assert "stands in for" in page
    assert {(each.who, each.by) for each in standing(stage).covers} == {
        ("amara_osei", "mei_tan"), ("mei_tan", "amara_osei"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "swapped",
    [
        {"swap_starts": "2026-12-08T08:00"},
        {"swap_ends": "2026-12-08T20:00"},
        {"swap_starts": "next week", "swap_ends": "2026-12-08T20:00"},
        {"swap_starts": "2026-12-08T20:00", "swap_ends": "2026-12-08T08:00"},
    ],
)
def test_a_swap_half_of_which_cannot_be_read_is_none(
    stage: Stage, owner: Enrolled, swapped: dict[str, str]
) -> None:
    given = {"who": "amara_osei", "by": "mei_tan", **NOW, **swapped, "csrf": owner.csrf}
    assert owner.browser.post("/ladder/cover", data=given).status_code == 422
    assert standing(stage) == Changes()


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("/ladder/cover", {"who": "amara_osei", "by": "mei_tan", **NOW}),
        ("/ladder/away", {"who": "front_desk", **NOW}),
        ("/ladder/number", {"who": "front_desk", "number": "212 555 0177"}),
        ("/ladder/lift", {"fact": "any"}),
    ],
)
def test_a_page_left_open_changes_nothing_of_who_is_rung(
    stage: Stage, watch: Watch, owner: Enrolled, path: str, given: dict[str, str]
) -> None:
    watch.seconds += 601
    assert "Prove that it is you" in owner.post(path, **given)
    assert standing(stage) == Changes()
    page = owner.browser.get("/ladder").text
    assert "within ten minutes of signing in" in page and "Not to be rung" not in page


def test_another_number_is_rung_and_goes_back_when_it_is_taken_back(stage: Stage, owner: Enrolled) -> None:
    assert "(212) 555-0177" in owner.post("/ladder/number", who="front_desk", number="212 555 0177")
    with stage.records.transaction(stage.practice.id) as tx:
        [fact] = tx.facts.standing("number")
    owner.post("/ladder/lift", fact=fact.id)
    assert standing(stage) == Changes()


@pytest.mark.parametrize(
    ("path", "given", "says"),
    [
        ("number", {"who": "front_desk", "number": "911"}, "telephone|ten digits"),
        ("number", {"who": "lifeline", "number": "212 555 0177"}, "Nobody of that name"),
        ("away", {"who": "front_desk", "starts": "", "ends": ""}, "when it begins"),
        ("away", {"who": "front_desk", "starts": NOW["ends"], "ends": NOW["starts"]}, "ends before"),
        ("cover", {"who": "amara_osei", "by": "amara_osei", **NOW}, "by another"),
        ("cover", {"who": "samuel_roth", "by": "mei_tan", **NOW}, "about medicines"),
        ("away", {"who": "amara_osei", **NOW}, "nobody licensed"),
    ],
)
def test_what_is_more_than_was_signed_is_refused_in_words(
    stage: Stage, owner: Enrolled, path: str, given: dict[str, str], says: str
) -> None:
    page = owner.post(f"/ladder/{path}", **given)
    assert any(words in page for words in says.split("|"))
    assert standing(stage) == Changes()


def test_the_desk_sees_the_ladder_and_changes_nothing_on_it(stage: Stage, owner: Enrolled) -> None:
    sam = invited(stage, owner, "Sam Ode", "desk")
    page = sam.browser.get("/ladder").text
    assert "Front desk" in page and "Not to be rung" not in page and "Test this route" not in page
    assert "somebody else" in sam.post("/ladder/away", who="front_desk", **NOW)
    assert standing(stage) == Changes()


def test_a_route_is_rung_as_a_test_and_whoever_it_reached_says_so(stage: Stage, owner: Enrolled) -> None:
    sam = invited(stage, owner, "Sam Ode", "desk")
    assert "crisis" not in sam.browser.get("/ladder").text.lower().partition("routes-title")[0]
    owner.post("/ladder/test", hours="by_day", route="crisis")
    rings = stage.bells.rung
    assert [ring.rung for ring in rings] == ["front_desk", "office_manager", "osei"]
    assert all(ring.test and not ring.contact for ring in rings)
    page = sam.browser.get("/ladder").text
    assert "Test rang" in page and "The test reached me" in page
    assert "The test rang Front desk, Office manager, Dr. Osei." in page
    assert "The test reached me" not in owner.browser.get("/ladder").text
    assert "Sam Ode answered the test" in sam.post("/ladder/answered", test=rings[0].handoff)


def test_a_route_or_a_test_that_there_is_not_is_none(stage: Stage, owner: Enrolled) -> None:
    assert "be chosen" in owner.post("/ladder/test", hours="by_day", route="billing")
    assert "be chosen" in owner.post("/ladder/answered", test="nothing")
    assert stage.bells.rung == []


def test_the_board_says_which_routes_nobody_tested_for_a_month(stage: Stage, owner: Enrolled) -> None:
    def board() -> str:
        return owner.browser.get("/").text.partition('id="ladder-notes"')[2].partition("</section>")[0]

    assert "No test call for a month: a person now while open" in board()
    sam = invited(stage, owner, "Sam Ode", "desk")
    for hours in ("by_day", "after_hours"):
        for route in ("crisis", "clinical", "human"):
            owner.post("/ladder/test", hours=hours, route=route)
            assert "be chosen" in owner.post("/ladder/answered", test=stage.bells.rung[-1].handoff)
            sam.post("/ladder/answered", test=stage.bells.rung[-1].handoff)
    assert "No test call" not in board()
    stage.clock.ahead(timedelta(days=32))
    assert "No test call for a month: a person now while open" in board()


def left_with_nobody(stage: Stage, owner: Enrolled) -> None:
    """Everybody is away and one stands in, until that is taken back."""
    away = {"starts": "2026-12-03T10:00", "ends": "2026-12-03T11:00"}
    owner.post("/ladder/cover", who="amara_osei", by="mei_tan", **away)
    for who in ("front_desk", "office_manager", "amara_osei"):
        owner.post("/ladder/away", who=who, **away)
    with stage.records.transaction(stage.practice.id) as tx:
        [cover] = tx.facts.standing("cover")
    owner.post("/ladder/lift", fact=cover.id)


def test_a_gap_shows_on_the_board_and_on_the_page_a_week_ahead(stage: Stage, owner: Enrolled) -> None:
    left_with_nobody(stage, owner)
    assert "at some hour of Thursday, Dec 3" in owner.browser.get("/").text
    assert "A gap within seven days" in owner.browser.get("/ladder").text


def test_rule_08_the_page_and_the_board_name_no_kind_of_distress(stage: Stage, owner: Enrolled) -> None:
    contact = call(stage)
    owner.post(f"/contacts/{contact}/false-alarm")
    left_with_nobody(stage, owner)
    notes = owner.browser.get("/").text.partition('id="ladder-notes"')[2].partition("</section>")[0]
    ours = (owner.browser.get("/ladder").text + notes).replace("Suicide and Crisis Lifeline", "")
    ours = re.sub(r'name="route" value="\w+"', "", ours)
    assert not re.search(r"crisis|suicid|severity|score|risk|urgent|kill", ours, re.IGNORECASE)


def test_who_is_rung_together_stands_in_one_step_of_the_route() -> None:
    practice = load_sample()
    front, manager, osei = practice.ladder.by_day["crisis"]
    crisis = (replace(front, together=1), replace(manager, together=1), osei)
    ladder = replace(practice.ladder, by_day={**practice.ladder.by_day, "crisis": crisis})
    owner = first_owner(Stage(replace(practice, ladder=ladder)))
    page = owner.browser.get("/ladder").text
    [first, *_] = [each for each in re.findall(r"<li>(.*?)</li>", page, re.S) if "Together" in each]
    assert "whoever accepts first has it" in first
    assert "Front desk" in first and "Office manager" in first and "Dr. Osei" not in first
    assert page.count("Together;") == 1


def test_the_board_names_everybody_who_is_being_rung() -> None:
    practice = load_sample()
    front, manager, osei = practice.ladder.by_day["crisis"]
    crisis = (replace(front, together=1), replace(manager, together=1), osei)
    ladder = replace(practice.ladder, by_day={**practice.ladder.by_day, "crisis": crisis})
    stage = Stage(replace(practice, ladder=ladder))
    owner = first_owner(stage)
    contact = call(stage)
    assert "Ringing front desk and Office manager" in owner.browser.get("/").text
    owner.post(f"/contacts/{contact}/accept")
    stage.run_due()
    assert stage.bells.rung == []
    assert "Rosa Ferro has it" in owner.browser.get("/").text
