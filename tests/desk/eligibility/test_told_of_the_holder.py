"""Rule 37 in a call: whoever is on somebody else's plan hears what it may send before anything is asked, and what they
say to that holds."""

from pathlib import Path

import pytest

from lamplighter.conversation.acts import Affirm, Give
from lamplighter.conversation.details import Detail, key
from lamplighter.conversation.model import Known, State
from lamplighter.conversation.taking import take_acts
from lamplighter.desk import plan_gates
from lamplighter.practice.sample import load_sample
from lamplighter.rehearsal.play import play
from lamplighter.rehearsal.reading import read_files
from lamplighter.wiring.stage import MemoryStage
from tests.desk.eligibility.scene import ANNA, Scene

FILE = Path(__file__).parents[3] / "rehearsals" / "insurance.yaml"


@pytest.mark.parametrize(
    ("name", "told", "agreed"),
    [
        ("insurance-en-plan-of-a-spouse", True, True),
        ("insurance-es-plan-de-su-madre", True, False),
        ("insurance-en-own-plan-hears-nothing-of-a-holder", False, None),
    ],
)
def test_rule_37_what_they_say_to_the_sentence_is_kept_with_its_wording(
    name: str, told: bool, agreed: bool | None
) -> None:
    [scenario] = [each for each in read_files([FILE]) if each.id == name]
    played, scene = play(scenario, load_sample(), MemoryStage(), 0)
    assert played.state.outcome == "booked"
    with scene.records.transaction("demo") as tx:
        [visit] = tx.schedule.visits_between(scenario.at, scenario.at.replace(year=2027))
        person = visit.participants[0]
        assert plan_gates.agreed(tx, person, "plan_holder") is agreed
        consent = tx.consents.latest(person, "plan_holder", plan_gates.CHANNEL)
    assert (consent is not None and consent.wording.startswith("ask.plan_check@")) is told


def test_a_yes_to_ones_own_plan_is_none_to_the_sentence_about_another_holder() -> None:
    scene = Scene(agreed=())
    call = scene.house.call("voice", ANNA.phone)
    for words in ("what's my copay", "Anna Lindqvist, april 12 1988", "yes that's fine"):
        call.say(words)
    scene.a_moment()
    for words in ("i have a new insurance", "Cigna", "U440912734", "it's my husband's"):
        call.say(words)
    assert call.said[-1] == "ask.plan_check"
    with scene.tx() as tx:
        assert plan_gates.agreed(tx, ANNA.id, "plan_holder") is None
    call.say("yes, that's fine")
    scene.a_moment()
    with scene.tx() as tx:
        kept = tx.consents.latest(ANNA.id, "plan_holder", plan_gates.CHANNEL)
    assert kept is not None and kept.given and kept.wording.startswith("ask.plan_check@")


def test_a_yes_in_one_breath_with_another_holder_is_none() -> None:
    place = key(Detail.PLAN_CHECK)
    state = State(
        asked=(place,), plan_asked="ask.plan_check.own", known={key(Detail.SUBSCRIBER): Known("self", 3)}
    )
    take_acts(state, (Affirm(), Give(Detail.SUBSCRIBER, "spouse")))
    assert (place in state.known, place in state.attempts, state.plan_asked) == (False, False, None)


@pytest.mark.parametrize("asked", [True, False])
def test_a_number_stays_with_the_insurer_that_was_asked_for_again_and_goes_with_one_put_right(
    asked: bool,
) -> None:
    insurer, number = key(Detail.INSURANCE), key(Detail.MEMBER_ID)
    state = State(
        seq=4, asked=(insurer,) if asked else (), known={insurer: Known("sigma", 3), number: Known("U44", 3)}
    )
    take_acts(state, (Give(Detail.INSURANCE, "cigna"),))
    assert (number in state.known) is asked
