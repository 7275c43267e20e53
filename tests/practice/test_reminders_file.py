"""How and when a practice reminds people: read from reminders.yaml, part of what it signs."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from lamplighter.practice.doctor import examine
from lamplighter.practice.load import load, load_files
from lamplighter.practice.model import Reminders
from lamplighter.practice.protocol import demo_key, sign, snapshot, verify
from tests.practice.folder import SAMPLE

WRITTEN = """hours_before: [24, 48]
telehealth_hours_before: 2
by_visit_kind:
  psychiatric_follow_up: [24]
  follow_up: []
texts_from: 10:00
texts_until: 18:00
stop_means: what_it_answers
tone: warm
after_missed: one_message
after_missed_hours: 20
"""


def problems(tmp_path: Path, written: str) -> list[tuple[int, str]]:
    for name, content in {**SAMPLE, "reminders.yaml": written.encode()}.items():
        (tmp_path / name).write_bytes(content)
    return [
        (found.line, found.message)
        for found in examine(tmp_path, date(2026, 11, 25))
        if found.file == "reminders.yaml" and found.severity == "error"
    ]


def test_rem_01_without_a_file_there_are_two_touches_three_days_and_one_day_before() -> None:
    assert load_files(SAMPLE).reminders == Reminders((72, 24), (), {}, time(9), time(20), "everything")


def test_rem_01_a_practice_says_when_for_each_kind_of_visit_and_for_video(tmp_path: Path) -> None:
    assert problems(tmp_path, WRITTEN) == []
    read = load(tmp_path).reminders
    assert read == Reminders(
        (48, 24),
        (2,),
        {"psychiatric_follow_up": (24,), "follow_up": ()},
        time(10),
        time(18),
        "what_it_answers",
        "warm",
        "one_message",
        20,
    )


@pytest.mark.parametrize(
    ("written", "line", "message"),
    [
        ("hours_before: [0]", 1, '"0" is not a whole number'),
        ("hours_before: [96, 72, 48, 24]", 1, "more than 3 reminders of one visit"),
        ("telehealth_hours_before: [4, 2]", 1, "more than 3 reminders"),
        ("by_visit_kind:\n  folow_up: [24]", 2, '"folow_up" is not a kind of visit'),
        ("texts_from: 08:00", 1, "nobody is texted unasked that early or late"),
        ("texts_until: 21:00", 1, "nobody is texted unasked that early or late"),
        ("texts_from: 17:00\ntexts_until: 18:00", 2, "less than two hours"),
        ("stop_means: nothing", 1, "nothing"),
        ("tone: urgent", 1, "urgent"),
        ("after_missed: two_messages", 1, "two_messages"),
        ("after_missed_hours: 0", 1, '"0" is not a whole number'),
        ("hour_before: [24]", 1, '"hour_before" is not known'),
    ],
)
def test_rem_01_a_mistake_in_the_file_is_named_with_its_line(
    tmp_path: Path, written: str, line: int, message: str
) -> None:
    [(where, said)] = problems(tmp_path, written)
    assert where == line and message in said


def test_rem_02_a_change_of_timing_is_a_change_of_what_is_signed() -> None:
    plain, changed = (
        snapshot({**SAMPLE, "reminders.yaml": text.encode()}) for text in ("hours_before: [24]", WRITTEN)
    )
    assert plain.hash != changed.hash


@pytest.mark.parametrize(
    "changed", ["tone: warm", "after_missed: one_message", "after_missed_hours: 4", "hours_before: [24]"]
)
def test_rem_02_a_change_of_tone_or_timing_is_signed_by_no_earlier_signature(changed: str) -> None:
    before, after = (
        snapshot({**SAMPLE, "reminders.yaml": text.encode()}) for text in ("tone: plain", changed)
    )
    signature = sign(before, demo_key(), "Rosa Ferro", datetime(2026, 11, 25, 12, tzinfo=UTC))
    assert verify(signature, before)
    assert not verify(signature, after)
