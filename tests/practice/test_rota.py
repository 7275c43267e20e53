from dataclasses import replace
from datetime import date, datetime

import pytest

from lamplighter.practice.rota import on_call, rungs_now
from lamplighter.practice.sample import load_sample

PRACTICE = load_sample()
DAY = datetime.fromisoformat("2026-12-01T10:00:00-05:00")
NIGHT = datetime.fromisoformat("2026-12-01T22:00:00-05:00")


def names(route, instant, **more):  # type: ignore[no-untyped-def]
    return [rung.name for rung in rungs_now(PRACTICE, route, instant, **more)]


@pytest.mark.parametrize(
    ("instant", "who"),
    [
        ("2026-01-05T00:00:00-05:00", "amara_osei"),
        ("2026-01-11T23:59:00-05:00", "amara_osei"),
        ("2026-01-12T00:00:00-05:00", "luis_ortega"),
        ("2026-01-26T12:00:00-05:00", "samuel_roth"),
        ("2026-02-02T12:00:00-05:00", "amara_osei"),
    ],
)
def test_the_week_on_call_goes_round(instant: str, who: str) -> None:
    found = on_call(PRACTICE, datetime.fromisoformat(instant))

    assert found is not None
    assert found.id == who


def test_nobody_is_on_call_before_the_rota_begins() -> None:
    later = replace(PRACTICE, ladder=replace(PRACTICE.ladder, rota_starts=date(2027, 1, 4)))

    assert on_call(later, NIGHT) is None
    assert [rung.kind for rung in rungs_now(later, "crisis", NIGHT)] == ["answering_service", "line"]


def test_a_crisis_goes_to_the_office_by_day_and_to_who_is_on_call_by_night() -> None:
    assert names("crisis", DAY) == ["Front desk", "Office manager", "Dr. Osei"]
    assert names("crisis", NIGHT) == ["Dr. Roth", "Answering service", "988 Suicide and Crisis Lifeline"]


def test_a_question_of_medicine_rings_the_psychiatrist_and_any_other_the_treating_clinician() -> None:
    assert names("clinical", DAY, treating="mei_tan", medicines=True) == ["Dr. Roth"]
    assert names("clinical", DAY, treating="mei_tan") == ["Mei Tan"]


def test_a_clinical_question_of_somebody_whom_nobody_treats_goes_to_the_desk() -> None:
    assert names("clinical", DAY) == names("human", DAY)


@pytest.mark.parametrize("route", ["crisis", "clinical", "human"])
@pytest.mark.parametrize("instant", [DAY, NIGHT])
def test_every_rung_has_a_number_to_ring(route, instant) -> None:  # type: ignore[no-untyped-def]
    rungs = rungs_now(PRACTICE, route, instant)

    assert rungs
    assert all(rung.phone for rung in rungs)
