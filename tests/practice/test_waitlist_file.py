"""How a practice offers times that come free: read from waitlist.yaml, part of what it signs."""

import pytest

from lamplighter.practice.load import load_files
from lamplighter.practice.model import WaitlistRules
from lamplighter.practice.problems import PracticeProblems
from lamplighter.practice.protocol import snapshot
from tests.practice.folder import SAMPLE


def rules(written: str) -> WaitlistRules:
    return load_files({**SAMPLE, "waitlist.yaml": written.encode()}).waitlist


def test_rem_03_a_practice_says_how_long_an_offer_stands_how_often_it_asks_and_how_late() -> None:
    written = "offer_stands_minutes: 45\nasked_again_after_hours: 48\nleast_notice_hours: 24\n"
    assert rules(written) == WaitlistRules(45, 48, 24)


def test_rem_03_without_the_file_an_offer_stands_half_an_hour_and_nobody_is_asked_twice_a_day() -> None:
    assert load_files(SAMPLE).waitlist == WaitlistRules(30, 24, 4)


@pytest.mark.parametrize(
    "written",
    ["offer_stands_minutes: 5", "asked_again_after_hours: 0", "least_notice_hours: 73", "offers: 3"],
)
def test_rem_03_a_setting_out_of_bounds_or_unknown_is_refused(written: str) -> None:
    with pytest.raises(PracticeProblems):
        rules(written)


def test_rem_03_a_change_of_it_needs_a_new_signature() -> None:
    one, other = (
        snapshot({**SAMPLE, "waitlist.yaml": text.encode()})
        for text in ("least_notice_hours: 4", "least_notice_hours: 5")
    )
    assert one.hash != other.hash
