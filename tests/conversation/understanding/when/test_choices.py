"""Choices among offered times: by position, day, time, clinician, kind of visit; and refusals of all."""

from datetime import datetime
from pathlib import Path

import pytest

from lamplighter.conversation.acts import Choose, NoneOfThose, Unmatched
from lamplighter.conversation.understanding.context import OfferedTime
from lamplighter.conversation.understanding.when import Choice, find_choice
from lamplighter.practice.model import Modality

from .sample import NOW

OFFERED = tuple(
    OfferedTime(datetime(2026, 12, day, hour, minute, tzinfo=NOW.tzinfo), clinician, modality)
    for day, hour, minute, clinician, modality in (
        (1, 10, 0, "Amara Osei", Modality.TELEHEALTH),
        (3, 15, 30, "Luis Ortega", Modality.IN_PERSON),
        (4, 17, 0, "Mei Tan", Modality.TELEHEALTH),
    )
)


def cases() -> list[tuple[str, int, str, str]]:
    lines = Path(__file__).with_name("choices.txt").read_text("utf-8").splitlines()
    rows = [[part.strip() for part in line.split("|")] for line in lines if line and not line.startswith("#")]
    return [(locale, int(count), said, meant) for locale, count, said, meant in rows]


def named(choice: Choice | None) -> str:
    match choice:
        case Choose(index):
            return str(index)
        case NoneOfThose(towards):
            return f"none_of_those {towards}"
        case Unmatched():
            return "unmatched"
        case _:
            return "nothing"


@pytest.mark.parametrize(("locale", "count", "said", "meant"), cases())
def test_an_answer_to_an_offer_is_taken_as_it_was_meant(
    locale: str, count: int, said: str, meant: str
) -> None:
    assert named(find_choice(said, OFFERED[:count], locale, NOW)) == meant


def test_nothing_is_chosen_where_nothing_was_offered() -> None:
    assert find_choice("the second one", (), "en", NOW) is None
