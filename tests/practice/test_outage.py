"""Rule 19: if the machine is off somebody still answers, and somebody has tried it before anybody signs."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from lamplighter.practice.doctor import examine
from lamplighter.practice.load import check, load
from tests.practice.folder import SAMPLE

FILE = "outage.yaml"
DAY = date(2026, 11, 25)
PROVEN = (
    "goes_to: answering_service\nproven_on: {on}\nproven_by: Ada Reyes\nwatched_by: a checker elsewhere\n"
)


def folder_with(tmp_path: Path, outage: str | None) -> Path:
    for name, content in SAMPLE.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / FILE).unlink()
    if outage is not None:
        (tmp_path / FILE).write_text(outage)
    return tmp_path


def found(folder: Path, day: date = DAY) -> list[tuple[int, str]]:
    return [(each.line, each.severity) for each in examine(folder, day) if each.file == FILE]


def test_rule_19_nobody_signs_before_somebody_has_proven_what_answers_when_the_machine_is_off(
    tmp_path: Path,
) -> None:
    assert found(folder_with(tmp_path, None)) == [(0, "go_live")]
    unproven = "goes_to: answering_service\nwatched_by: a checker elsewhere\n"
    assert found(folder_with(tmp_path, unproven)) == [(1, "go_live")]
    [problem] = [each for each in examine(tmp_path, DAY) if each.file == FILE]
    assert "once Answering service has answered" in problem.remedy
    assert found(folder_with(tmp_path, PROVEN.format(on="2026-11-26"))) == [(2, "go_live")]
    assert found(folder_with(tmp_path, PROVEN.format(on=DAY))) == []


def test_rule_19_a_proof_is_good_for_ninety_days_and_an_older_one_is_warned_of_by_day_and_name(
    tmp_path: Path,
) -> None:
    folder = folder_with(tmp_path, PROVEN.format(on=DAY))
    assert found(folder, DAY + timedelta(days=90)) == []
    assert found(folder, DAY + timedelta(days=91)) == [(2, "warning")]
    [said] = [each.message for each in examine(folder, DAY + timedelta(days=91)) if each.file == FILE]
    assert "91 days ago, by Ada Reyes" in said


def test_rule_19_a_machine_that_nothing_outside_watches_is_warned_of(tmp_path: Path) -> None:
    outage = PROVEN.format(on=DAY).replace("watched_by: a checker elsewhere\n", "")
    assert found(folder_with(tmp_path, outage)) == [(1, "warning")]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "answering_service",
            "on_call_clinician",
            "is nobody of ladder.yaml whom a carrier could put a call",
        ),
        ("answering_service", "lifeline", "is nobody of ladder.yaml whom a carrier could put a call"),
        ("answering_service", "nobody_here", "is nobody of ladder.yaml whom a carrier could put a call"),
        ("proven_by: Ada Reyes\n", "", "a proof has a day and a name"),
        ("proven_on: 2026-11-25\n", "", "a proof has a day and a name"),
        ("2026-11-25", "lately", "is not a date"),
        ("watched_by", "watched", "watched"),
    ],
)
def test_what_can_be_no_proof_is_a_mistake_in_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    folder = folder_with(tmp_path, PROVEN.format(on=DAY).replace(old, new))
    problems = [each for each in check(folder) if each.file == FILE]
    assert [said in each.message for each in problems] == [True]
    assert problems[0].line > 0


def test_the_practice_knows_who_answers_when_the_machine_is_off(tmp_path: Path) -> None:
    outage = load(folder_with(tmp_path, PROVEN.format(on=DAY))).outage
    assert outage is not None
    assert (outage.goes_to, outage.proven_on, outage.proven_by) == ("answering_service", DAY, "Ada Reyes")
