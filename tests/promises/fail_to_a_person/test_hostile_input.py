"""Promise 8, for input that nobody would speak or type: an answer or a hand-over, no exception, and it is kept."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamplighter import logs
from lamplighter.conversation.events import Heard
from tests.promises.desks import CHANNELS, Channel, House, of_kind

STRANGE = {
    "emoji only": "😀🎉👍🏽👨‍👩‍👧",
    "right to left": "\u202eأريد موعدا \u202cplease",
    "NUL": "hello\x00there",
    "only NUL": "\x00" * 9,
    "control characters": "".join(map(chr, range(32))) + "\x7f\x9f",
    "nothing": "",
    "spaces": " \t\u00a0\u2003",
    "ten thousand digits": "1234567890" * 1000,
    "half a surrogate pair": "hi \ud800 there \udfff",
    "a whole pair in halves": "\ud83d\ude00",
    "piled accents": "a" + "\u0301" * 5000,
    "nothing visible": "\u200b\u200d\ufeff\u2060",
    "braces": "{name} {{x}} {0} %s %(x)s ${jndi:ldap://x} {{ 7*7 }}",
    "markup": "<script>alert(1)</script>",
    "SQL": "'; DROP TABLE people; --",
    "a date that is none": "99999999/99/99999 at 99:99, the 31st of February 10000",
    "digits of another script": "٢١٢٥٥٥٠١٢٣",
    "newlines": "\n" * 3000,
    "one long word": "x" * 20_000,
    "noncharacters": "\ufffe\uffff\U0010ffff",
}


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("name", STRANGE)
def test_strange_input_is_kept_and_answered_before_and_during_an_errand(name: str, channel: Channel) -> None:
    since, house = logs.mark(), House()
    call = house.call(channel)
    assert call.say(STRANGE[name]).said
    call.say("I'd like to book a first visit")
    assert call.say(STRANGE[name]).said
    assert len(of_kind(call.bodies, Heard)) == 3
    assert not [line for line in logs.since(since) if "turn_failed" in line]


def test_a_megabyte_is_kept_whole_and_answered() -> None:
    call = House().call("chat")
    words = "I would like to book an appointment on Tuesday at five " * 19_000
    assert len(words) > 1_000_000
    assert call.say(words).said
    assert of_kind(call.bodies, Heard)[-1].text == words


def test_a_crisis_at_the_end_of_a_very_long_text_is_found() -> None:
    call = House().call("chat")
    call.say("and then we went home and had dinner. " * 5000 + "I want to kill myself")
    assert call.state.verdict == "crisis"


def test_half_a_surrogate_pair_is_kept_as_a_mark_and_a_whole_pair_as_what_it_is() -> None:
    call = House().call("chat")
    call.say("hi \ud800")
    call.say("\ud83d\ude00")
    assert [body.text for body in of_kind(call.bodies, Heard)] == ["hi \ufffd", "😀"]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    text=st.text(st.characters(exclude_categories=()), max_size=60),
    keys=st.text(max_size=5),
    other=st.text(st.characters(exclude_categories=()), max_size=20),
    channel=st.sampled_from(CHANNELS),
    final=st.booleans(),
)
def test_no_text_keys_or_alternative_breaks_a_turn(
    text: str, keys: str, other: str, channel: Channel, final: bool
) -> None:
    since = logs.mark()
    call = House().call(channel)
    reply = call.say(text, keys=keys, alternatives=[(other, 0.5)], final=final)
    assert reply.said or not final
    assert not [line for line in logs.since(since) if "turn_failed" in line]
