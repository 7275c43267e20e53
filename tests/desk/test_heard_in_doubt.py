"""Names that came over a line in doubt: read back, spelled, and never taken for right unasked."""

import pytest

from lamplighter.conversation.details import Detail
from lamplighter.desk.contacts import Reply
from tests.promises.desks import Call, House, phrases

WHO = "corinne vasquez february third nineteen eighty one"


@pytest.fixture(scope="module")
def house() -> House:
    return House()


def asked_who(house: House) -> Call:
    call = house.call()
    call.say("when is my appointment", confidence=0.7)
    return call


def last(reply: Reply) -> str:
    return phrases(reply)[-1]


def test_a_patients_name_that_was_heard_in_doubt_is_read_back_before_anybody_is_looked_for(
    house: House,
) -> None:
    call = asked_who(house)
    assert last(call.say("Korean. Baskets. February 3, 1981.", confidence=0.6)) == "confirm.identity"
    call.say("no, it's corinne, c o r i n n e. vasquez, v a s q u e z", confidence=0.7)
    assert call.state.value(Detail.FIRST_NAME) == "Corinne"
    assert call.state.value(Detail.LAST_NAME) == "Vasquez"
    assert call.said[-1] == "confirm.identity"
    assert last(call.say("yes", confidence=0.7)) != "confirm.identity"


def test_a_no_to_the_name_that_was_read_back_asks_what_is_wrong(house: House) -> None:
    call = asked_who(house)
    call.say(WHO, confidence=0.6)
    assert last(call.say("no", confidence=0.9)) == "ask.what_to_change"


def test_a_name_that_was_heard_surely_is_not_read_back_on_its_own(house: House) -> None:
    assert "confirm.identity" not in phrases(asked_who(house).say(WHO))


def test_a_name_that_is_misheard_twice_over_a_line_is_asked_for_letter_by_letter(house: House) -> None:
    call = house.call()
    for words in ("I'd like a first appointment", "any day, in person", "the first one",
                  "sofia molina. august thirtieth nineteen ninety"):  # fmt: skip
        call.say(words, confidence=0.7)
    call.say("no, malina. two one two five five five oh one four three. new york", confidence=0.7)
    reply = call.say("no, melina. aetna", confidence=0.7)
    assert "reask.last_name" in phrases(reply)
    assert call.state.value(Detail.LAST_NAME) is None


def test_a_whole_name_that_was_not_understood_over_a_line_is_asked_for_letter_by_letter(house: House) -> None:
    call = asked_who(house)
    assert last(call.say("February 3, 1981", confidence=0.6)) == "reask.first_name+last_name"
    sure = asked_who(house)
    assert "reask.first_name+last_name" not in phrases(sure.say("February 3, 1981"))


def test_a_correction_over_a_line_is_of_the_name_that_it_is_like(house: House) -> None:
    call = asked_who(house)
    call.say("Vivienne Vroomin. November 19, 1961.", confidence=0.6)
    call.say("No, Vroomin. V as in Victor, R, O, O, M as in Mary, A, N.", confidence=0.7)
    assert call.state.value(Detail.FIRST_NAME) == "Vivienne"
    assert call.state.value(Detail.LAST_NAME) == "Vrooman"


def test_a_yes_over_a_line_to_what_should_be_changed_agrees_to_nothing(house: House) -> None:
    call = asked_who(house)
    call.say(WHO, confidence=0.6)
    call.say("no", confidence=0.7)
    assert last(call.say("yes", confidence=0.5)) == "confirm.identity"
