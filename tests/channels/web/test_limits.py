import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.channels.web.limits import (
    LONGEST_FRAME,
    LONGEST_TEXT,
    BadFrame,
    Doors,
    TooMany,
    id_of,
    read_frame,
    words_of,
)
from lamplighter.channels.web.tickets import NotYours, Tickets

TICKETS = Tickets(b"s" * 32)


def tried(read: Callable[[], str]) -> str:
    """What was read, or the code of what is wrong with it."""
    try:
        return read()
    except BadFrame as bad:
        return bad.code


@given(st.text(max_size=300))
def test_whatever_comes_over_the_line_is_a_frame_or_says_that_it_is_none(raw: str) -> None:
    found = tried(lambda: read_frame(raw)["type"])
    assert isinstance(found, str)


@pytest.mark.parametrize(
    "raw", ["", "null", "[]", "3", '"say"', "{", "{}", '{"type": 1}', "[" * 50_000, '{"type": NaN}']
)
def test_what_is_no_frame_is_refused(raw: str) -> None:
    with pytest.raises(BadFrame, match="malformed"):
        read_frame(raw)


def test_a_frame_of_a_megabyte_is_refused_as_too_long() -> None:
    with pytest.raises(BadFrame, match="too_long"):
        read_frame(json.dumps({"type": "say", "text": "a" * 1_000_000}))
    assert LONGEST_FRAME > 4 * LONGEST_TEXT


@given(st.text(min_size=1, max_size=200))
def test_words_that_pass_can_be_stored_and_keep_what_can_be_read(text: str) -> None:
    words = tried(lambda: words_of({"text": text}))
    assert "\x00" not in words and words.encode().decode() == words


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("a\x00b", "a b"),
        ("😀 ok", "😀 ok"),
        ("שלום", "שלום"),
        ("\u202eabc", "\u202eabc"),
        ("half \ud83d", "half ?"),
        ("  spaced  ", "spaced"),
    ],
)
def test_odd_characters_are_kept_where_they_can_be(given_text: str, kept: str) -> None:
    assert words_of({"text": given_text}) == kept


@pytest.mark.parametrize("text", [None, 3, ["a"], {"a": 1}])
def test_words_are_text(text: object) -> None:
    with pytest.raises(BadFrame, match="malformed"):
        words_of({"text": text})


@pytest.mark.parametrize("name", [None, "", "short", "x" * 65, "tab\tinside", "ünïcode!", 12345678])
def test_a_message_has_an_id_that_can_be_kept(name: object) -> None:
    with pytest.raises(BadFrame):
        id_of({"id": name})


def test_one_browser_cannot_take_all_the_lines() -> None:
    doors = Doors(most=3, each=2)
    with doors.entered("a"), doors.entered("a"):
        with pytest.raises(TooMany), doors.entered("a"):
            pass
        with doors.entered("b"), pytest.raises(TooMany), doors.entered("c"):
            pass
    with doors.entered("a"), doors.entered("a"), pytest.raises(TooMany), doors.entered("a"):
        pass


@given(st.text(max_size=80))
def test_a_ticket_that_was_not_made_here_opens_nothing(ticket: str) -> None:
    with pytest.raises(NotYours):
        TICKETS.contact("demo", ticket)


def test_a_ticket_opens_its_contact_in_its_practice_only() -> None:
    ticket = TICKETS.issue("demo", "chat-1")
    assert TICKETS.contact("demo", ticket) == "chat-1"
    for practice, other in (("other", ticket), ("demo", ticket[:-1] + "x"), ("demo", "chat-2" + ticket[6:])):
        with pytest.raises(NotYours):
            TICKETS.contact(practice, other)


def test_tickets_of_another_secret_open_nothing() -> None:
    with pytest.raises(NotYours):
        Tickets(b"t" * 32).contact("demo", TICKETS.issue("demo", "chat-1"))
    assert "s" * 32 not in repr(TICKETS)
