"""Rule 20: a minor alone whom nobody could take at night is called back, and is asked whether the number is private."""

import pytest

from lamplighter.console import task_words
from lamplighter.desk import gate
from lamplighter.desk.ports import Message
from tests.promises.desks import CALLER, NIGHT, Call, Channel, House

EN, ES = "I'm fifteen and I want to see someone", "tengo 15 años y quiero una cita"
TOLD = "347 555 0142"
MINE = "call_back.minor.thanks"


def at_night(channel: Channel, opens: str, *, address: str | None = CALLER) -> Call:
    """Nobody picks up: they have been promised a call."""
    call = House(NIGHT).call(channel, address)
    call.say(opens)
    assert "handoff.minor" in call.said
    call.house.pass_time(300)
    return call


def task(call: Call) -> dict[str, str]:
    with call.house.store.transaction("demo") as tx:
        (only,) = tx.tasks.list_open()
    return dict(only.details)


def may_go_by_itself(call: Call) -> bool:
    with call.house.store.transaction("demo") as tx:
        return gate.may_be_reached(
            tx, Message("m1", "sms", CALLER, "sms.page", (), "en", NIGHT, contact=call.contact)
        )


@pytest.mark.parametrize(
    ("channel", "opens", "answers", "private"),
    [
        ("voice", EN, "yes it's only mine", True),
        ("voice", EN, "no my mom picks up", False),
        ("sms", EN, "i share it with my sister", False),
        ("voice", EN, "yes but my dad checks it", False),
        ("voice", ES, "sí, es solo mío", True),
        ("sms", ES, "no, a veces contesta mi mamá", False),
        ("voice", ES, "no sé", False),
    ],
)
def test_rule_20_what_is_not_surely_private_gets_no_message_and_no_text_and_the_card_says_so(
    channel: Channel, opens: str, answers: str, private: bool
) -> None:
    call = at_night(channel, opens)
    assert call.said[-2:] == ["call_back.minor", "call_back.private"]
    assert task(call)["private_number"] == "unsaid"
    call.say(answers)
    assert (MINE in call.said, "call_back.not_private" in call.said) == (private, not private)
    call.say("after four" if opens is EN else "después de las cuatro")
    assert call.said[-2:] == ["call_back.minor.done", "goodbye.promised"]
    found = task(call)
    assert (found["phone"], found["private_number"]) == (CALLER, "true" if private else "false")
    shown = list(task_words.details(call.house.practice, found))
    assert ("Private number: no: don't leave a message, don't text" in shown) is not private
    assert any("four" in line or "cuatro" in line for line in shown)
    assert may_go_by_itself(call) is private


def test_rule_20_a_withheld_number_is_asked_for_first_and_whoever_rings_off_has_said_nothing() -> None:
    call = at_night("voice", EN, address=None)
    assert call.said[-1] == "call_back.number"
    call.say(TOLD)
    assert call.said[-3:] == ["readback.phone", "call_back.minor", "call_back.private"]
    assert (task(call)["phone"], task(call)["private_number"]) == ("+13475550142", "unsaid")


def test_rule_20_danger_is_heard_in_the_answer_and_nobody_grown_up_is_asked() -> None:
    call = at_night("voice", EN)
    call.say("no and i want to kill myself")
    assert call.state.verdict == "crisis" and call.said[-1] == "handoff.crisis"
    grown = House(NIGHT).call("voice")
    grown.say("I want to speak to a person")
    grown.house.pass_time(300)
    assert "handoff.human.promised" in grown.said and "call_back.private" not in grown.said
