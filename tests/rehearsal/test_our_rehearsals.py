"""The scenarios that ship: they can be read, and they are as many and as varied as was promised."""

from collections import Counter
from pathlib import Path

import pytest

from lamplighter.rehearsal.reading import read_files
from lamplighter.rehearsal.scenario import HANDOFFS, OUTCOMES, Scenario

FOLDER = Path(__file__).parents[2] / "rehearsals"


@pytest.fixture(scope="module")
def scenarios() -> list[Scenario]:
    return read_files([FOLDER])


def test_there_are_sixty_at_least_in_both_languages_on_every_channel(scenarios: list[Scenario]) -> None:
    assert len(scenarios) >= 60
    spread = Counter((scenario.locale, scenario.channel) for scenario in scenarios)
    assert set(spread) == {
        (locale, channel) for locale in ("en", "es") for channel in ("voice", "sms", "chat")
    }


def test_every_outcome_and_every_verdict_is_expected_somewhere(scenarios: list[Scenario]) -> None:
    assert {scenario.expect.outcome for scenario in scenarios} >= set(OUTCOMES) - {"abandoned"}
    assert {scenario.expect.handoff for scenario in scenarios} >= set(HANDOFFS)


def test_every_scenario_expects_an_outcome_and_a_visit_expects_its_time(scenarios: list[Scenario]) -> None:
    assert all(scenario.expect.outcome for scenario in scenarios)
    booked = [s for s in scenarios if s.expect.outcome in ("booked", "rescheduled")]
    assert all(scenario.expect.appointment for scenario in booked)
    assert all("confirm" in scenario.knows for scenario in booked)


def test_people_in_them_are_invented(scenarios: list[Scenario]) -> None:
    phones = [s.caller_id for s in scenarios if s.caller_id] + [
        s.existing.phone for s in scenarios if s.existing
    ]
    assert all(phone is None or phone[5:10] == "55501" for phone in phones)
