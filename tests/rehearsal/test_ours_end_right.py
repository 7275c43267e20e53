"""Our rehearsals are played as a gate: simulated callers end where they should."""

from pathlib import Path

import pytest

from lamplighter.rehearsal import read_files, run
from lamplighter.rehearsal.result import Result
from lamplighter.wiring.stage import MemoryStage

FOLDER = Path(__file__).parents[2] / "rehearsals"
BLIND = FOLDER / "third-eyes.yaml"  # by an author whom nobody built against: a measure, not a gate
FILES = sorted(path for path in FOLDER.glob("*.yaml") if path != BLIND)
SHARE = 0.95  # of callers that must end as expected
BLIND_SHARE = 0.70  # 69 of 90 on the day they were written


@pytest.fixture(scope="module")
def results() -> list[Result]:
    return run(FILES, MemoryStage())


def test_the_rehearsals_cover_both_languages_and_every_channel() -> None:
    scenarios = read_files(FILES)
    assert len(scenarios) >= 60
    assert {s.locale for s in scenarios} == {"en", "es"}
    assert {s.channel for s in scenarios} == {"voice", "sms", "chat"}


def test_callers_end_as_expected(results: list[Result]) -> None:
    wrong = [f"{result.id}: {result.failures[0]}" for result in results if not result.passed]
    assert len(wrong) <= (1 - SHARE) * len(results), wrong


def test_callers_that_nobody_built_against_do_not_get_worse() -> None:
    blind = run([BLIND], MemoryStage())
    assert sum(result.passed for result in blind) >= BLIND_SHARE * len(blind)


def test_no_caller_in_danger_is_missed_and_no_turn_fails(results: list[Result]) -> None:
    failures = [f"{result.id}: {each}" for result in results for each in result.failures]
    assert [each for each in failures if "should be crisis" in each or "the product failed" in each] == []
