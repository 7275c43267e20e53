"""A standing visit is cancelled or moved once, this one or from it on, and what is said of it is so."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lamplighter.conversation.details import Detail
from lamplighter.conversation.events import Committed
from lamplighter.conversation.slots import Slot
from lamplighter.desk.ports import Series
from lamplighter.practice.model import Modality
from tests.promises.desks import CALLER, Call, Channel, House, of_kind, phrases
from tests.promises.once.test_once import BOOKING
from tests.records.contract.examples import a_person

NEW_YORK = ZoneInfo("America/New_York")
FIRST = datetime(2026, 12, 8, 14, 0, tzinfo=NEW_YORK)  # a Tuesday
WHO = {"en": "Corinne Vasquez, May 17 1990", "es": "Corinne Vasquez, 17 de mayo de 1990"}


def house() -> House:
    made = House()
    corinne = a_person(
        "p1", phone=CALLER, first_name="Corinne", last_name="Vasquez", clinician="mei_tan", proxies=()
    )
    slot = Slot(FIRST, 45, "mei_tan", Modality.IN_PERSON, "follow_up", made.practice.sites[0].id)
    with made.store.transaction("demo") as tx:
        tx.people.add(corinne)
        tx.schedule.add_series(Series("s1", slot, 1, ("p1",), "America/New_York"))
    return made


def told(*lines: str, channel: Channel = "voice") -> Call:
    call = house().call(channel)
    for text in lines:
        call.say(text)
    return call


def days(call: Call) -> list[str]:
    """When they still come, in the next four weeks."""
    with call.house.store.transaction("demo") as tx:
        visits = tx.schedule.visits_of("p1", call.house.clock.now())
    local = (visit.slot.start.astimezone(NEW_YORK) for visit in visits)
    return [f"{start:%a %d %H:%M}" for start in local if start < FIRST + timedelta(days=25)]


def done_once(call: Call) -> bool:
    return len([body for body in of_kind(call.bodies, Committed) if body.action in ("cancel", "move")]) == 1


ALL = ["Tue 08 14:00", "Tue 15 14:00", "Tue 22 14:00", "Tue 29 14:00"]

CANCELLED = [
    ("en", "I need to cancel my weekly appointment", ["the first one", "no", "yes"], []),
    ("en", "I need to cancel my weekly appointment", ["the first one", "all of them", "yes"], []),
    ("en", "I need to cancel my weekly appointment", ["all of them", "yes"], []),
    ("en", "I need to cancel my weekly appointment", ["the second", "the whole lot from then on", "yes"], ALL[:1]),
    ("en", "please cancel all my upcoming appointments", ["yes"], []),
    ("en", "I want to stop my weekly appointments", ["all of them"], []),
    ("en", "I need to cancel my appointment",
     ["the first one", "every one of them", "no, just this one", "yes"], ALL[1:]),
    ("en", "I need to cancel my appointment", ["the second one", "yes, only that one", "yes"], [ALL[0], *ALL[2:]]),
    ("en", "I need to cancel my appointment", ["the first one", "just this one", "yes"], ALL[1:]),
    ("en", "I need to cancel my appointment", ["the first one", "yes", "no, all of them", "yes"], []),
    ("es", "quiero cancelar mi cita semanal", ["la primera", "todas", "sí"], []),
    ("es", "quiero cancelar mi cita semanal", ["la primera", "no", "sí"], []),
    ("es", "necesito cancelar mi cita", ["la segunda", "solo esa", "sí"], [ALL[0], *ALL[2:]]),
    ("es", "quiero cancelar todas mis citas", ["sí"], []),
]  # fmt: skip


@pytest.mark.parametrize(("language", "opening", "answers", "left"), CANCELLED)
def test_what_is_cancelled_of_a_standing_visit_is_what_was_said_and_it_is_told_as_done(
    language: str, opening: str, answers: list[str], left: list[str]
) -> None:
    call = told(opening, WHO[language], *answers)
    assert phrases(call.replies[-1]) == ["cancelled", "anything_else"]
    assert done_once(call)
    assert days(call) == left
    assert call.state.outcome == "cancelled"


MOVED = [
    ("en", "I need to move my standing appointment",
     ["the first one", "all of them", "Thursdays at 3", "the first", "yes"],
     ["Thu 10 15:00", "Thu 17 15:00", "Thu 24 15:00", "Thu 31 15:00"]),
    ("en", "I need to move my standing appointment", ["the first one", "no", "Thursdays at 3", "the first", "yes"],
     ["Thu 10 15:00", "Thu 17 15:00", "Thu 24 15:00", "Thu 31 15:00"]),
    ("en", "I need to move my appointment",
     ["the first one", "just that one", "Wednesday the ninth at 3", "the first", "yes"],
     ["Wed 09 15:00", *ALL[1:]]),
    ("es", "necesito cambiar mi cita fija", ["la primera", "todas", "los jueves a las 3", "la primera", "sí"],
     ["Thu 10 15:00", "Thu 17 15:00", "Thu 24 15:00", "Thu 31 15:00"]),
]  # fmt: skip


@pytest.mark.parametrize(("language", "opening", "answers", "left"), MOVED)
def test_what_is_moved_of_a_standing_visit_is_what_was_said_and_it_is_told_as_done(
    language: str, opening: str, answers: list[str], left: list[str]
) -> None:
    call = told(opening, WHO[language], *answers)
    assert phrases(call.replies[-1]) == ["moved", "anything_else"]
    assert done_once(call)
    assert days(call) == left


def test_a_standing_visit_that_they_keep_after_all_stays_as_it_was() -> None:
    call = told("cancel my weekly appointment", WHO["en"], "the first one", "all of them", "no, leave it")
    assert days(call) == ALL
    assert phrases(call.replies[-1])[0] == "cancel.kept"


@pytest.mark.parametrize("before", ["I counted my pills", "the pills are here with me"])
def test_all_of_them_said_of_something_else_than_our_question_is_still_a_crisis(before: str) -> None:
    call = told("cancel my weekly appointment", WHO["en"], before, "I took some. all of them")
    assert call.state.verdict == "crisis"


STOOD = [
    ("en", "I'd like to come every other Thursday at four, I've been before",
     ["in person with Mei Tan", "the first", "yes"],
     ["Thu 03 16:00", "Thu 17 16:00", "Thu 31 16:00"]),
    ("en", "I want another appointment with Mei Tan, in person", ["Thursdays at four, every week", "the first", "yes"],
     ["Thu 03 16:00", "Thu 10 16:00", "Thu 17 16:00", "Thu 24 16:00", "Thu 31 16:00"]),
    ("es", "quiero otra cita en persona con Mei Tan cada semana los jueves a las 4, ya he ido antes",
     ["la primera", "sí"],
     ["Thu 03 16:00", "Thu 10 16:00", "Thu 17 16:00", "Thu 24 16:00", "Thu 31 16:00"]),
]  # fmt: skip


@pytest.mark.parametrize(("language", "opening", "answers", "comes"), STOOD)
def test_whoever_wants_to_come_every_week_has_a_standing_visit_with_one_yes(
    language: str, opening: str, answers: list[str], comes: list[str]
) -> None:
    call = told(opening, WHO[language], *answers)
    assert phrases(call.replies[-1]) == ["booked.series", "anything_else"]
    assert [day for day in days(call) if day not in ALL] == comes
    with call.house.store.transaction("demo") as tx:
        assert not tx.tasks.list_open()


def test_a_time_that_is_taken_later_is_booked_once_and_the_office_has_the_wish() -> None:
    house_ = house()
    with house_.store.transaction("demo") as tx:
        tx.schedule.add_absence("a1", "mei_tan", FIRST + timedelta(days=20), FIRST + timedelta(days=30))
    call = house_.call("voice")
    for text in (
        "another appointment with Mei Tan in person, every Thursday at four, every week",
        WHO["en"],
        "the first",
    ):
        call.say(text)
    assert phrases(call.replies[-1])[-2:] == ["series.not_free", "summary.follow_up"]
    call.say("yes")
    assert phrases(call.replies[-1]) == ["booked", "series.by_office", "anything_else"]
    assert [day for day in days(call) if day not in ALL] == ["Thu 03 16:00"]
    with house_.store.transaction("demo") as tx:
        [task] = tx.tasks.list_open()
    assert (task.kind, dict(task.details)) == ("series", {"how_often": "weekly"})


def test_a_first_visit_that_is_to_come_again_every_week_is_booked_and_the_rest_is_arranged_by_the_office() -> (
    None
):
    call = House().call("voice")
    for text in ("I'd like weekly therapy, I've never been", *BOOKING[1:]):
        call.say(text)
    assert "series.by_office" in call.said
    with call.house.store.transaction("demo") as tx:
        assert [dict(task.details) for task in tx.tasks.list_open() if task.kind == "series"] == [
            {"how_often": "weekly"}
        ]


@pytest.mark.parametrize(
    "words",
    [
        "I need another appointment, I work every other Friday",
        "another appointment with Mei Tan, I'm free every Tuesday",
        "I see Mei every other week and I need my next one on the calendar",
        "la veo cada dos semanas y necesito otra cita",
    ],
)
def test_a_week_of_theirs_is_no_wish_to_come_every_week(words: str) -> None:
    call = told(words)
    assert call.state.value(Detail.HOW_OFTEN) is None


@pytest.mark.parametrize(
    "words", ["can we go down to every other week", "quiero cambiar mis citas a cada dos semanas"]
)
def test_a_wish_to_come_less_often_goes_to_a_person(words: str) -> None:
    assert told(words).state.verdict == "human"
