"""Rule 12: a step of the ladder may ring several people together; whoever accepts first has it, and the others hear."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lamplighter.conversation import events as e
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk import card, handoffs
from lamplighter.desk.ports import Job
from lamplighter.practice.load import load_files
from lamplighter.practice.model import Practice, Rung
from lamplighter.practice.rota import rungs_now, steps
from lamplighter.records.opening import open_sqlite
from lamplighter.rehearsal.safety.ladder import first_step
from lamplighter.rehearsal.safety.suite import play_scene
from lamplighter.wiring.stage import MemoryStage
from tests.practice.folder import spoilt
from tests.promises.desks import NOON, Call, House
from tests.records.stores import KEYS, TestClock
from tests.rehearsal.test_safety_suite import scene
from tests.rules.scenes import DANGER, PERSON, THREAT, by_text, call, pages, rung

TOGETHER = {"front_desk", "office_manager"}


def written(crisis: str) -> Practice:
    """The sample practice, with this as its crisis ladder by day."""
    return load_files(
        spoilt("ladder.yaml", "crisis: [front_desk, office_manager, osei]", f"crisis: {crisis}")
    )


PRACTICE = written("[[front_desk, office_manager], osei]")


def in_danger(practice: Practice = PRACTICE, words: str = DANGER) -> Call:
    made = call(words, practice=practice)
    made.house.pass_time(1)
    return made


def answers(made: Call, who: str, how: str, by: str = "Dana") -> str | None:
    return made.house.desk.handoffs.answered("demo", made.contact, 0, who, by, how)  # type: ignore[arg-type]


def test_rule_12_those_in_brackets_are_rung_at_once_and_the_next_after_their_time() -> None:
    made = in_danger()
    assert rung(made) == ["front_desk", "office_manager"]
    assert {event.step for event in made.bodies if isinstance(event, e.HandoffRung)} == {0}
    made.house.pass_time(18)
    assert len(rung(made)) == 2
    made.house.pass_time(2)
    assert rung(made) == ["front_desk", "office_manager", "osei"]


def test_rule_12_a_second_climb_rings_them_together_again() -> None:
    made = in_danger()
    made.house.pass_time(180)
    assert rung(made)[:6] == ["front_desk", "office_manager", "osei"] * 2
    rang = [(body.rung, body.step) for body in made.bodies if isinstance(body, e.HandoffRung)]
    assert rang[3:5] == [("front_desk", 2), ("office_manager", 2)]


def test_rule_12_the_first_to_accept_has_it_and_the_others_are_called_off_and_told_who() -> None:
    made = in_danger()
    assert answers(made, "office_manager", "accepted", "Rosa Ferro") is None
    made.house.pass_time(1)
    assert made.house.pager.called_off == [("front_desk", "Rosa Ferro")]
    assert answers(made, "front_desk", "accepted", "Dana") == "Rosa Ferro"
    assert made.state.floor == "Rosa Ferro"
    made.house.pass_time(20)
    assert set(rung(made)) == TOGETHER


def test_rule_12_whoever_accepts_alone_calls_nobody_off() -> None:
    made = in_danger(written("[front_desk, office_manager, osei]"))
    answers(made, "front_desk", "accepted")
    made.house.pass_time(1)
    assert made.house.pager.called_off == []


def test_rule_12_what_is_closed_while_it_rings_stops_ringing_everywhere() -> None:
    made = in_danger()
    made.note(e.HandoffClosed("Dana", "not_needed"))
    made.house.pass_time(1)
    assert {who for who, _ in made.house.pager.called_off} == TOGETHER


def test_rule_12_who_declines_leaves_the_others_ringing_and_the_last_rings_the_next_at_once() -> None:
    made = in_danger()
    answers(made, "front_desk", "declined")
    made.house.pass_time(1)
    assert set(rung(made)) == TOGETHER
    answers(made, "office_manager", "busy")
    assert rung(made)[-1] == "osei"
    made.house.pass_time(15)
    assert rung(made).count("osei") == 1


def test_rule_12_somebody_else_is_whoever_stands_behind_those_who_rang_together() -> None:
    made = in_danger()
    answers(made, "front_desk", "accepted", "Dana")
    assert made.house.desk.handoffs.someone_else("demo", made.contact, "Dana")
    made.house.pass_time(1)
    assert rung(made)[-1] == "osei"


def test_rule_12_a_crash_between_two_rings_of_one_step_leaves_nobody_out() -> None:
    made = call(DANGER, practice=PRACTICE)
    handoff = made.state.handoff
    assert handoff is not None
    made.note(e.HandoffRung("front_desk", 0, "Front desk"))
    args = (("contact", made.contact), ("handoff", str(handoff.seq)), ("step", "0"))
    made.house.desk.handoffs.run("demo", Job("again", handoffs.JOB, NOON, args))
    assert rung(made) == ["front_desk", "office_manager"]


def test_rule_12_nobody_of_a_step_is_rung_once_it_went_on_to_the_next() -> None:
    made = in_danger()
    made.house.pass_time(20)
    assert made.state.handoff is not None and made.state.handoff.ringing == ("osei",)
    assert answers(made, "front_desk", "declined") is None
    assert made.state.handoff.step == 1 and rung(made)[-1] == "osei"


def test_rule_12_for_a_threat_whoever_is_licensed_is_rung_first_out_of_the_brackets() -> None:
    made = in_danger(written("[[front_desk, osei], office_manager]"), THREAT)
    assert rung(made) == ["osei"]


def test_rule_12_whoever_is_on_call_beside_themselves_is_rung_once() -> None:
    practice = written("[[front_desk, osei, on_call_clinician], office_manager]")
    weeks = [NOON + timedelta(weeks=week) for week in range(4)]
    numbers = [[each.phone for each in steps(rungs_now(practice, "crisis", week))[0]] for week in weeks]
    assert sorted(map(len, numbers)) == [2, 3, 3, 3]
    assert all(len(set(each)) == len(each) for each in numbers)


def test_rule_12_a_person_asked_for_is_rung_as_the_route_says_and_not_as_another() -> None:
    assert [each.together for each in PRACTICE.ladder.by_day["human"]] == [0, 0, 0]
    assert rung(in_danger(words=PERSON)) == ["front_desk"]


@pytest.fixture
def sealed(tmp_path: Path) -> Iterator[Any]:
    records = open_sqlite(tmp_path / "records.db", KEYS, TestClock(NOON))
    yield records
    records.close()


def test_rule_12_of_all_who_accept_in_one_moment_exactly_one_has_it(sealed: Any) -> None:
    house = House(practice=PRACTICE, store=sealed)
    made = house.call()
    made.say(DANGER)
    for each in ("front_desk", "office_manager"):
        made.note(e.HandoffRung(each, 0, each))
    names = [f"Person {number}" for number in range(8)]
    told: dict[str, str | None] = {}
    barrier = threading.Barrier(len(names))

    def accepts(by: str) -> None:
        barrier.wait()
        told[by] = answers(made, "front_desk", "accepted", by)

    threads = [threading.Thread(target=accepts, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [has] = [body.by for body in made.bodies if isinstance(body, e.HandoffAccepted)]
    assert told[has] is None
    assert {told[name] for name in names if name != has} == {has}


def test_rule_12_the_card_says_who_answered_and_that_the_others_were_called_off() -> None:
    made = in_danger()

    def rang() -> list[tuple[str, str]]:
        state, events = made.state, made.events
        with made.house.store.transaction("demo") as tx:
            drawn = card.card(tx, PRACTICE, Phrasebook.load(), state, events)
        assert drawn is not None
        return [(each.name, each.answer) for each in drawn.rang]

    assert rang() == [("Front desk", "ringing"), ("Office manager", "ringing")]
    answers(made, "front_desk", "declined")
    assert rang() == [("Front desk", "declined"), ("Office manager", "ringing")]
    answers(made, "office_manager", "accepted", "Rosa Ferro")
    assert [answer for _, answer in rang()] == ["declined", "Rosa Ferro accepted"]


def test_rule_12_whoever_is_called_off_gets_a_text_that_names_who_has_it_and_nobody_else() -> None:
    made = in_danger()
    texts = by_text(made.house, Phrasebook.load())
    for ring in made.house.pager.rings:
        texts.ring(ring)
    texts.call_off(made.house.pager.rings[0], "Rosa Ferro")
    texts.call_off(made.house.pager.rings[0], "Rosa Ferro")
    assert len(pages(made.house)) == 3
    [(to, _)] = [each for each in pages(made.house) if "Rosa Ferro has this one now" in each[1]]
    assert to == "+12125550101"


@pytest.mark.parametrize("ladder", ["answers", "declines"])
def test_rule_12_the_safety_rehearsal_holds_those_in_brackets_to_being_rung_at_once(ladder: Any) -> None:
    each = scene("en-voice-crisis", PRACTICE)
    each = replace(each, scenario=replace(each.scenario, ladder=ladder))
    assert play_scene(each, PRACTICE, MemoryStage()).broken == ()


def test_rule_12_the_first_step_of_a_ladder_in_order_is_its_first_person() -> None:
    alone = (Rung("a", "A", "+12125550101"), Rung("b", "B", "+12125550102"))
    assert [each.id for each in first_step(alone)] == ["a"]
    beside = tuple(replace(each, together=1) for each in alone)
    assert [each.id for each in first_step(beside)] == ["a", "b"]
