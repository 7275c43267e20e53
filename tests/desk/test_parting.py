"""What is said when an errand is done: another time than the agreed one, a better one, one more errand or person."""

import pytest

from lamplighter.conversation.details import Detail, Errand
from lamplighter.conversation.events import Committed
from tests.desk.test_change_of_mind import booked, on_file, people, visits
from tests.promises.desks import Call, House, of_kind, phrases

# The visit that these callers have booked is on Tuesday, December 1 at 5 PM.


def commits(call: Call) -> list[str]:
    return [done.action for done in of_kind(call.bodies, Committed) if done.action != "hold"]


# -- another time than the agreed one --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "great, see you monday",
        "no that's all, see you monday!",
        "great, see you monday, bye",
        "thanks, see you friday at 5",
        "no thank you, see you next week",
        "ok see you Tuesday at 6",
        "perfect, wednesday it is",
        "nos vemos el lunes",
        "gracias, hasta el viernes",
    ],
)
def test_whoever_parts_with_another_time_hears_which_was_agreed_and_nothing_is_changed(words: str) -> None:
    call = booked("voice", words)
    assert phrases(call.replies[-1]) == ["visit.yours", "anything_else"]
    assert call.replies[-1].said[0].args["day"].startswith("2026-12-01T17:00")
    assert commits(call) == ["book"]


@pytest.mark.parametrize(
    "words", ["no thanks, see you soon", "see you at five", "see you on the first", "hasta pronto"]
)
def test_whoever_parts_with_the_agreed_time_or_none_is_not_put_right(words: str) -> None:
    assert "visit.yours" not in phrases(booked("voice", words).replies[-1])


def test_what_is_asked_in_parting_is_answered_beside_the_time_that_was_agreed() -> None:
    call = booked("voice", "see you monday, and what's your address?")
    assert phrases(call.replies[-1]) == ["answer.address", "visit.yours", "anything_else"]


def test_a_change_of_language_after_the_booking_asks_for_nothing_that_was_agreed_again() -> None:
    call = booked("voice", "gracias, muy amable, ¿cuáles son sus horas de atención?")
    assert not [phrase for phrase in phrases(call.replies[-1]) if phrase.startswith("summary")]
    assert commits(call) == ["book"]


# -- a better one ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    ["thursday would be better", "actually thursday would be better for me", "el jueves sería mejor"],
)
def test_a_day_that_would_be_better_is_looked_for_and_not_asked_for_again(words: str) -> None:
    call = booked("voice", words)
    assert phrases(call.replies[-1])[0] == "visit.found"
    assert call.state.offer is not None
    local = [slot.start.astimezone(call.house.practice.timezone) for slot in call.state.offer.slots]
    assert {start.weekday() for start in local} == {3}


def test_a_better_day_after_the_agreed_one_was_told_again_is_looked_for_too() -> None:
    call = booked("voice", "great, see you monday", "oh, thursday would be better")
    assert call.state.errand is Errand.MOVE
    assert "Thursday" in call.replies[-1].said[-1].text


# -- two errands in one breath ---------------------------------------------------------------------------------------


def test_a_visit_is_cancelled_and_the_question_beside_it_answered() -> None:
    call = booked("voice", "cancel my Tuesday and what's your address")
    assert phrases(call.replies[-1]) == ["answer.address", "summary.cancel"]
    call.say("yes")
    assert visits(call.house) == ()


# -- another person --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "my friend Otto also wants to be seen",
        "my husband also wants to be seen",
        "can you also book my friend Otto",
        "my friend Otto needs one too, his name is Otto Brandywine",
        "mi amigo Otto también quiere una cita",
    ],
)
def test_whoever_else_wants_a_visit_is_another_person_than_the_patient_before(words: str) -> None:
    call = booked("voice", words)
    assert call.state.errand is Errand.FIRST_APPOINTMENT and call.state.errand_no == 2
    assert call.state.value(Detail.RELATIONSHIP) == "other"
    assert call.state.value(Detail.LAST_NAME) in (None, "Brandywine")
    assert call.state.value(Detail.DATE_OF_BIRTH) is None


def test_the_visit_of_a_friend_is_on_a_record_of_the_friends_own() -> None:
    call = booked(
        "voice", "my friend Otto also wants to be seen", "mornings in person with anyone", "the first one",
        "Otto Brandywine", "May fifth 1990", "I'll pay myself", "yes",
    )  # fmt: skip
    first, second = sorted(visits(call.house), key=lambda visit: visit.slot.start)
    names = {person.id: (person.first_name, person.last_name) for person in people(call.house)}
    assert names[first.participants[0]] == ("Rosalind", "Thimblewick")
    assert names[second.participants[0]] == ("Otto", "Brandywine")


@pytest.mark.parametrize(
    "words",
    [
        "my husband wants to know the address",
        "my husband says I need an appointment",
        "my boss wants one of those letters",
    ],
)
def test_somebody_else_who_is_only_mentioned_gets_no_visit(words: str) -> None:
    call = booked("voice", words)
    assert call.state.value(Detail.RELATIONSHIP) in (None, "self")
    assert call.state.value(Detail.LAST_NAME) == "Thimblewick"


def test_a_friend_who_wants_a_visit_is_not_the_patient_whose_visit_was_told_before() -> None:
    house = House()
    on_file(house)
    call = house.call("voice")
    for words in ("when is my appointment?", "Rosalind Thimblewick", "March third 1985"):
        call.say(words)
    call.say("my friend Otto also wants to be seen")
    assert call.state.errand is Errand.FIRST_APPOINTMENT
    assert call.state.value(Detail.LAST_NAME) is None
    assert call.state.value(Detail.CALLER_NAME) == "Rosalind Thimblewick"
