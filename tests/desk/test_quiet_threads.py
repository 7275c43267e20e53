"""A thread goes on by the carrier as the log has it; where somebody at home may read it, unasked words stay here."""

from collections.abc import Callable
from datetime import timedelta

from lamplighter.conversation.events import FloorTaken, Said, StaffSaid
from lamplighter.desk.ports import Outgoing, Taken
from tests.channels.sms.carriers.stage import CarriedHouse
from tests.promises.desks import Call


class Open:
    """A carrier that takes whatever it gets."""

    settles = timedelta(minutes=1)

    def __init__(self) -> None:
        self.numbers: tuple[str, ...] = ("+12125550100",)
        self.taken: list[str] = []

    def send(self, message: Outgoing) -> Taken:
        self.taken.append(message.text)
        return Taken(f"SM{len(self.taken)}")

    def ask(self, message: Outgoing, others: Callable[[str], bool]) -> Taken | None:
        raise AssertionError("nothing was in doubt")


def thread(text: str) -> tuple[Open, Call]:
    carrier = Open()
    house = CarriedHouse(carrier)
    call = house.call("sms")
    call.say(text)
    house.pass_time(5)
    return carrier, call


def said(call: Call) -> int:
    return sum(isinstance(body, Said) for body in call.bodies)


def test_what_is_said_while_somebody_waits_in_a_crisis_reaches_their_telephone() -> None:
    carrier, call = thread("I want to kill myself")
    answered, before = len(carrier.taken), said(call)
    call.house.pass_time(600)
    assert said(call) > before
    assert len(carrier.taken) > answered


def test_after_word_of_violence_at_home_only_answers_and_what_staff_write_reach_it() -> None:
    carrier, call = thread("my husband beats me and I am scared to go home")
    assert call.state.quiet
    answered = len(carrier.taken)
    assert answered > 0
    call.house.pass_time(600)
    assert len(carrier.taken) == answered
    call.say("are you still there?")
    call.house.pass_time(5)
    assert len(carrier.taken) == answered + 1
    for body in (FloorTaken("Rosa"), StaffSaid("Rosa", "This is Rosa.")):
        call.note(body)
    call.house.pass_time(5)
    assert carrier.taken[-1] == "This is Rosa."


def test_what_the_desk_was_about_to_say_is_dropped_when_staff_have_stepped_in() -> None:
    carrier = Open()
    house = CarriedHouse(carrier)
    call = house.call("sms")
    call.say("what are your hours?")
    call.note(FloorTaken("Rosa"))
    house.pass_time(5)
    assert carrier.taken == []
