"""Rule 37 in a call: whoever is on somebody else's plan hears what it may send before anything is asked, and what they
say to that holds."""

from pathlib import Path

import pytest

from lamplighter.desk import plan_gates
from lamplighter.practice.sample import load_sample
from lamplighter.rehearsal.play import play
from lamplighter.rehearsal.reading import read_files
from lamplighter.wiring.stage import MemoryStage

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
