"""By which way somebody wants to be reached is told from a wish to be left alone, and from one text asked for."""

import pytest

from lamplighter.conversation.answers import found_in
from lamplighter.conversation.reached import examples, wished_in

MUST, MUST_NOT = examples()


@pytest.mark.parametrize("way", MUST)
def test_tel_06_every_way_of_being_reached_is_heard_in_many_words(way: str) -> None:
    read = {text: found.way if (found := wished_in(text)) else None for text in MUST[way]}  # type: ignore[index]
    assert {text: heard for text, heard in read.items() if heard != way} == {}
    assert len(read) >= 10


def test_tel_06_what_asks_for_one_text_or_for_none_is_no_way_to_be_reached() -> None:
    assert [text for text in MUST_NOT if wished_in(text)] == []


@pytest.mark.parametrize("channel", ["voice", "sms", "chat", "email"])
def test_tel_06_a_wish_for_texts_is_never_taken_for_stop(channel: str) -> None:
    assert [text for text in MUST["sms"] if found_in(text, channel)] == []


def test_tel_06_whoever_wants_no_texts_but_another_way_says_so_in_so_many_words() -> None:
    stops = [text for way in ("email", "voice") for text in MUST[way] if found_in(text, "sms")]  # type: ignore[index]
    assert len(stops) >= 4
    assert [text for text in stops if not (wish := wished_in(text)) or not wish.no_texts] == []
    assert not any(wish.no_texts for text in MUST["sms"] if (wish := wished_in(text)))
