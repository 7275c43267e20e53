"""What holds when a visit is about to begin: read from day_of_visit.yaml, part of what a practice signs."""

from datetime import date
from pathlib import Path

import pytest

from lamplighter.practice.doctor import examine
from lamplighter.practice.load import load_files
from lamplighter.practice.model import DayOfVisit
from lamplighter.practice.problems import PracticeProblems
from lamplighter.practice.protocol import snapshot
from tests.practice.folder import SAMPLE

FILE = "day_of_visit.yaml"
WITHOUT = {name: content for name, content in SAMPLE.items() if name != FILE}


def rules(written: str) -> DayOfVisit:
    return load_files({**WITHOUT, FILE: written.encode()}).day_of_visit


def test_rule_27_a_practice_says_how_late_is_still_seen_what_may_be_by_video_and_where_links_come_from() -> (
    None
):
    found = rules("late_minutes: 10\nvideo_instead: [follow_up]\nvideo_link: https://meet.example/{visit}\n")
    assert found == DayOfVisit(10, ("follow_up",), "https://meet.example/{visit}")


def test_rule_27_without_the_file_nothing_is_said_of_late_and_no_link_is_made() -> None:
    assert load_files(WITHOUT).day_of_visit == DayOfVisit()


def test_rule_27_a_clinicians_own_link_goes_before_that_of_the_kind_of_visit_and_of_the_practice() -> None:
    found = rules(
        "video_link: https://a.example/{visit}\n"
        "video_link_of_visit_kind: {follow_up: 'https://b.example/{visit}', couples: 'https://d.example/{visit}'}\n"
        "video_link_of_clinician: {amara_osei: 'https://c.example/{visit}'}\n"
    )
    assert found.link_for("amara_osei", "follow_up") == "https://c.example/{visit}"
    assert found.link_for("luis_ortega", "follow_up") == "https://b.example/{visit}"
    assert found.link_for("luis_ortega", "first_visit") == "https://a.example/{visit}"


@pytest.mark.parametrize(
    "written",
    [
        "late_minutes: 0",
        "video_instead: [nothing_of_the_kind]",
        "video_link: http://meet.example/{visit}",
        "video_link: https://meet.example/room",
        "video_link: https://meet.example/{visit}/{visit}",
        "video_link: https://therapy.example/{visit}",
        "video_link: https://meet.example/a-path-that-is-far-too-long-for-a-text/{visit}",
        "video_link_of_clinician: {nobody_here: 'https://meet.example/{visit}'}",
        "video_links: https://meet.example/{visit}",
    ],
)
def test_rule_27_a_link_that_is_not_secure_neutral_and_of_one_visit_or_an_unknown_setting_is_refused(
    written: str,
) -> None:
    with pytest.raises(PracticeProblems):
        rules(written)


def test_rule_27_a_change_of_it_needs_a_new_signature() -> None:
    one, other = (
        snapshot({**SAMPLE, FILE: text.encode()}) for text in ("late_minutes: 10", "late_minutes: 15")
    )
    assert one.hash != other.hash


@pytest.mark.parametrize(
    ("written", "told", "how"),
    [
        (None, "nothing says where the link is", "warning"),
        ("video_link: https://osei.example/{visit}", "names a clinician", "go_live"),
    ],
)
def test_rule_27_doctor_says_where_a_visit_by_video_has_no_link_or_one_that_names_somebody(
    tmp_path: Path, written: str | None, told: str, how: str
) -> None:
    files = WITHOUT if written is None else {**WITHOUT, FILE: written.encode()}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    found = [each for each in examine(tmp_path, date(2026, 12, 1)) if told in each.message]
    assert [each.severity for each in found] == [how]
