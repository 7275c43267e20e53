"""The first page of the day: what happened while the practice was closed, and what needs a person first."""

from datetime import datetime, timedelta

import pytest

from lamplighter.desk.ports import Task
from lamplighter.practice.calendar import closed_since
from tests.channels.web.stage import Stage
from tests.console.people import Enrolled, first_owner, invited
from tests.console.test_staff_page import CRISIS, chat

BOOKS = (
    "a first appointment please, by video, anyone is fine", "any afternoon", "the first one", "Nora Quill",
    "March 3 1991", "212 555 0177", "new york", "i pay myself", "text me", "yes", "yes",
)  # fmt: skip


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def owner(stage: Stage) -> Enrolled:
    return first_owner(stage)


def at(stage: Stage, day: int, hour: int, minute: int = 0) -> datetime:
    """Of December 2026: the first is a Tuesday."""
    return datetime(2026, 12, day, hour, minute, tzinfo=stage.practice.timezone)


def come(stage: Stage, moment: datetime) -> None:
    stage.clock.ahead(moment - stage.clock.now())


@pytest.mark.parametrize(
    ("now", "since"),
    [
        ((1, 8), (30, 18)),  # before the doors open
        ((1, 12), (30, 18)),  # and while they are open
        ((1, 18), (1, 18)),
        ((1, 23), (1, 18)),
        ((5, 12), (4, 18)),  # over the weekend
        ((7, 8, 30), (4, 18)),
    ],
)
def test_what_happened_since_the_doors_closed_last_is_told_over_nights_weekends_and_holidays(
    stage: Stage, now: tuple[int, ...], since: tuple[int, int]
) -> None:
    day, hour = since
    closed = at(stage, day, hour) if day < 30 else at(stage, 1, hour) - timedelta(days=1)
    assert closed_since(stage.practice, at(stage, *now)) == closed


def test_a_holiday_counts_as_a_night(stage: Stage) -> None:
    christmas = at(stage, 26, 12)
    assert closed_since(stage.practice, christmas) == at(stage, 24, 18)


def test_it_is_quiet_where_nobody_came_and_nothing_waits(stage: Stage, owner: Enrolled) -> None:
    page = owner.browser.get("/morning").text
    assert "Nobody called or wrote." in page and "Nothing waits for anybody." in page
    assert "Mon, Nov 30, 6:00 PM to Tue, Dec 1, 9:00 AM" in page


def test_on_monday_the_weekend_is_told_and_who_came_while_the_doors_were_open_is_not(
    stage: Stage, owner: Enrolled
) -> None:
    by_day = chat(stage, "What are your hours?")
    come(stage, at(stage, 5, 11))
    booked, danger = chat(stage, *BOOKS), chat(stage, CRISIS)
    come(stage, at(stage, 7, 9, 30))
    later = chat(stage, "What are your hours?")
    page = owner.browser.get("/morning").text
    assert "Fri, Dec 4, 6:00 PM to Mon, Dec 7, 9:00 AM" in page and "Still closed" not in page
    assert f'href="/contacts/{booked}"' in page and f"/?contact={danger}#detail" in page
    assert by_day not in page and later not in page
    assert "<strong>Booked</strong>" in page and "/schedule?day=2026-12-" in page
    assert "kill" not in page


def test_who_was_in_danger_comes_first_then_clinical_then_what_was_promised_then_papers(
    stage: Stage, owner: Enrolled
) -> None:
    now = stage.clock.now()
    for name, kind, route, hours in (
        ("papers", "packet", "desk", 1), ("bills", "billing", "biller", 2), ("late", "callback", "desk", 9),
        ("soon", "callback", "desk", 3), ("words", "clinical", "clinician", 8), ("danger", "handoff", "person_now", 7),
        ("sample", "audit", "clinician", 1),
    ):  # fmt: skip
        details = (("first_name", name.title()), ("message", f"zq{name}"))
        with stage.records.transaction(stage.practice.id) as tx:
            tx.tasks.add(Task(name, kind, route, now + timedelta(hours=hours), details=details))  # type: ignore[arg-type]
    page = owner.browser.get("/morning").text
    places = [page.index(name) for name in ("Danger", "Words", "Soon", "Late", "Papers", "Bills")]
    assert places == sorted(places) and "Sample" not in page
    assert "zqsoon" in page and "zqwords" not in page
    clinician = invited(stage, owner, "Ana Cruz", "clinician")
    assert "zqwords" in clinician.browser.get("/morning").text
    with stage.records.transaction(stage.practice.id) as tx:
        noted = {each.about for each in tx.ledger.entries(limit=10_000) if each.what == "listed"}
    assert {"task/danger", "task/soon"} <= noted
