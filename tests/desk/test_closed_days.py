"""A day on which nobody works is no reason for the wait list, before they have said when else they can come."""

import pytest

from tests.promises.desks import House, phrases

NEW = "i'd like a first appointment, i've never been before"


def after(*words: str) -> list[str]:
    call = House().call("voice")
    for text in (NEW, *words):
        call.say(text)
    return phrases(call.replies[-1])


@pytest.mark.parametrize("day", ["christmas day, in person, anyone", "january first, in person, anyone"])
def test_whoever_names_a_holiday_is_asked_when_else_they_can_come(day: str) -> None:
    heard = after(day)
    assert "why.closed_then" in heard
    assert "waitlist" not in " ".join(heard)
    assert "offer" in " ".join(after(day, "then tuesday january fifth"))


def test_who_can_only_come_when_nobody_works_is_offered_the_wait_list() -> None:
    assert "waitlist" in " ".join(after("only saturdays, in person, anyone"))
    again = "it has to be december 25th"
    assert "offer" in " ".join(
        after("christmas day, in person, anyone", again)
    )  # the days behind it come first
