"""How somebody says that they want to be reached is kept once they are known, and is a task for the desk before."""

from dataclasses import replace

import pytest

from lamplighter.desk import opting_out, preferences
from lamplighter.desk.ports import Task
from lamplighter.practice.sample import load_sample
from tests.desk.test_change_of_mind import on_file
from tests.promises.desks import CALLER, Call, Channel, House, phrases

WHO = ("when is my appointment?", "Rosalind Thimblewick", "March third 1985")
MAILBOX = "rosalind@example.org"


def house_with(**person: object) -> House:
    house = House(practice=replace(load_sample(), email="desk@harbor-lane.example"))
    on_file(house, **person)
    return house


def saying(house: House, *words: str, channel: Channel = "voice") -> Call:
    call = house.call(channel)
    for each in words:
        call.say(each)
    return call


def wished(house: House) -> tuple[str, ...]:
    with house.store.transaction("demo") as tx:
        return preferences.of(tx, "p1").channels


def tasks(house: House) -> list[Task]:
    with house.store.transaction("demo") as tx:
        return [task for task in tx.tasks.list_open() if task.kind == "wants_way"]


def no_texts(house: House) -> bool:
    with house.store.transaction("demo") as tx:
        return opting_out.holds(tx, CALLER, "visits")


@pytest.mark.parametrize(
    ("words", "kept", "said"),
    [
        ("text me instead of calling please", ("sms",), "reach.sms"),
        ("stop calling, text me", ("sms",), "reach.sms"),
        ("don't text me, email me", ("email", "voice"), "reach.email"),
        ("please stop texting me and just call", ("voice",), "reach.voice"),
        ("no me manden mensajes, mejor llámenme", ("voice",), "reach.voice"),
    ],
)
def test_rule_43_whoever_is_known_is_reached_as_they_say_and_hears_so_in_one_sentence(
    words: str, kept: tuple[str, ...], said: str
) -> None:
    house = house_with(email=MAILBOX)
    call = saying(house, *WHO, words)
    assert wished(house) == kept
    assert phrases(call.replies[-1]) == [said, "anything_else"]
    assert (tasks(house), no_texts(house), call.state.stops) == ([], False, 0)


def test_a_wish_told_before_anybody_knew_who_it_was_is_kept_once_they_are_known() -> None:
    house = house_with()
    call = saying(house, "I need to move my appointment and please text me instead of calling")
    assert "reach.passed_on" in call.said and len(tasks(house)) == 1
    for words in WHO[1:]:
        call.say(words)
    assert (wished(house), tasks(house), call.said.count("reach.sms")) == (("sms",), [], 1)
    assert phrases(call.replies[-1])[-1] == "anything_else"


@pytest.mark.parametrize(
    ("channel", "words", "stopped"),
    [
        ("sms", "email me instead", False),
        ("sms", "don't text, call me", True),
        ("sms", "stop texting me and just call", True),
        ("voice", "text me instead of calling", False),
        ("chat", "please only email me", False),
    ],
)
def test_of_whoever_is_not_known_the_desk_has_it_and_texts_stop_at_once_where_they_want_none(
    channel: Channel, words: str, stopped: bool
) -> None:
    house = house_with(email=MAILBOX)
    saying(house, words, channel=channel)
    assert (wished(house), len(tasks(house)), no_texts(house)) == ((), 1, stopped)


@pytest.mark.parametrize(
    ("words", "stopped"),
    [("don't text me, email me", True), ("email me instead", False), ("call my cell not home", False)],
)
def test_where_there_is_no_such_way_to_them_a_person_sees_to_it(words: str, stopped: bool) -> None:
    house = house_with()
    call = saying(house, *WHO, words)
    assert "reach.passed_on" in call.said
    assert (wished(house), len(tasks(house)), no_texts(house)) == ((), 1, stopped)


@pytest.mark.parametrize("words", ["no texts please, just call me", "no text messages, email me"])
def test_whoevers_texts_end_with_their_wish_hears_so_and_how_to_get_them_again(words: str) -> None:
    house = house_with()
    call = saying(house, words)
    assert no_texts(house)
    assert phrases(call.replies[-1])[:2] == ["texts.stopped", "reach.passed_on"]


@pytest.mark.parametrize(
    "words", ["I got no texts, please call me", "I get an email every time.", "can you move it to phone"]
)
def test_a_complaint_and_what_is_said_of_the_visit_change_nothing_of_how_they_are_reached(words: str) -> None:
    for before in ((), WHO):
        house = house_with(email=MAILBOX)
        call = saying(house, *before, words)
        assert (wished(house), tasks(house), no_texts(house)) == ((), [], False)
        assert not any(phrase.startswith("reach.") for phrase in call.said)


def test_a_wish_for_texts_takes_back_no_stop() -> None:
    house = house_with()
    saying(house, "STOP", channel="sms")
    saying(house, *WHO, "text me instead of calling")
    assert (wished(house), len(tasks(house)), no_texts(house)) == ((), 1, True)


def test_whoever_books_for_the_first_time_is_written_to_as_they_say_and_not_asked_again() -> None:
    house = House()
    call = saying(house, "I'd like a first appointment, and text me instead of calling")
    assert "reach.passed_on" not in call.said and tasks(house) == []
    assert [
        known.value for place, known in call.state.known.items() if place.detail == "contact_channel"
    ] == ["sms"]
