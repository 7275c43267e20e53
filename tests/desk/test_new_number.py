"""A change of number goes to a person; and whoever has none that we know is asked for one before a call is promised."""

import pytest

from lamplighter.conversation.details import Detail
from tests.promises.desks import CALLER, NIGHT, Call, Channel, House, phrases
from tests.records.contract.examples import a_person

NEW = "+12125550188"


@pytest.mark.parametrize(
    ("channel", "address", "words"),
    [
        ("sms", CALLER, "I've got a new phone number, can you update it"),
        ("voice", NEW, "hi my number changed, it's 212 555 0188 now"),
        ("chat", None, "please update my contact info, I have a new cell"),
        ("voice", CALLER, "I need to change the phone number you have for me"),
        ("sms", NEW, "cambié de número de teléfono, me lo pueden actualizar?"),
        ("voice", NEW, "buenas, es que tengo un número nuevo"),
    ],
)
def test_whoever_has_a_new_number_is_given_a_person_and_no_number_changes(
    channel: Channel, address: str | None, words: str
) -> None:
    house = House()
    with house.store.transaction("demo") as tx:
        tx.people.add(a_person("p1", phone=CALLER))
    call = house.call(channel, address)
    call.say(words)
    assert call.state.verdict == "human"
    with house.store.transaction("demo") as tx:
        assert tx.people.get("p1").phone == CALLER
        assert [task.kind for task in tx.tasks.list_open()] == ["handoff"]


@pytest.mark.parametrize(
    "words",
    ["did your phone number change", "I want to change my phone visit to Tuesday", "¿cuál es su número?"],
)
def test_what_is_said_of_another_number_fetches_nobody(words: str) -> None:
    call = House().call("voice")
    call.say(words)
    assert call.state.verdict == "clear"


def at_night(channel: Channel, *lines: str) -> Call:
    call = House(NIGHT).call(channel, None)
    call.say(lines[0])
    call.house.pass_time(240)
    for text in lines[1:]:
        call.say(text)
    return call


def task_of(call: Call) -> dict[str, str]:
    with call.house.store.transaction("demo") as tx:
        [task] = tx.tasks.list_open()
    return dict(task.details)


@pytest.mark.parametrize("channel", ["voice", "chat"])
@pytest.mark.parametrize(
    ("opening", "promise"),
    [
        ("can I talk to a real person", "call_back.promised"),
        ("I'm sixteen, can I see somebody", "call_back.minor"),
        ("quiero hablar con una persona", "call_back.promised"),
    ],
)
def test_a_number_is_asked_before_a_call_back_is_promised_and_whoever_calls_has_it(
    channel: Channel, opening: str, promise: str
) -> None:
    call = at_night(channel, opening)
    assert call.said[-1] == "call_back.number"
    assert not [phrase for phrase in call.said if "promised" in phrase]
    call.say("212 555 0188")
    assert phrases(call.replies[-1])[:2] == ["readback.phone", promise]
    assert task_of(call)["phone"] == NEW
    call.say("sorry, it's 212 555 0199")
    assert "+12125550199" in [call.state.value(Detail.PHONE)]


def test_whoever_gives_no_number_is_promised_no_call() -> None:
    call = at_night("voice", "can I talk to a real person", "I'd rather not say", "no")
    assert phrases(call.replies[-1])[0] == "call_back.none"
    assert not [phrase for phrase in call.said if "promised" in phrase]
    assert task_of(call) == {"number": "withheld"}


def test_words_of_danger_in_place_of_a_number_are_a_crisis() -> None:
    call = at_night("voice", "can I talk to a real person", "I want to kill myself")
    assert call.state.verdict == "crisis"
