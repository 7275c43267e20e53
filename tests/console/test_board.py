import re

import pytest

from lamplighter.console.board import SEALED, Board, Card
from lamplighter.conversation import events as e
from tests.channels.web.stage import Stage

CRISIS = "I want to kill myself tonight"
PERSON = "I want to talk to a person please"


@pytest.fixture
def stage() -> Stage:
    return Stage()


def opened(stage: Stage, *words: str) -> str:
    practice = stage.practice
    contact = stage.contacts.open(practice.id, channel="chat", dialled=practice.phone, address=None).contact
    for text in words:
        stage.contacts.hear(practice.id, contact, text)
    return contact


def card(stage: Stage, contact: str, *, clinical: bool = False) -> Card:
    with stage.records.transaction(stage.practice.id) as tx:
        events = tx.log.read(contact)
    return Board(stage.practice, stage.phrasebook).card(events, clinical=clinical)


def test_a_card_tells_what_was_heard_understood_and_known(stage: Stage) -> None:
    shown = card(stage, opened(stage, "I'd like a first appointment, by video"))
    assert shown.heard is not None
    assert shown.heard.text == "I'd like a first appointment, by video"
    assert "First appointment" in shown.heard.understood
    assert ("How", "by video") in shown.known
    assert shown.errand == "First appointment"
    assert shown.floor is None


def test_a_hand_over_shows_its_route_and_who_is_rung(stage: Stage) -> None:
    contact = opened(stage, PERSON)
    stage.run_due()
    need = card(stage, contact).need
    assert need is not None
    assert (need.route, need.status, need.line) == ("Desk", "ringing", "Ringing front desk")


def test_the_sentence_behind_a_hand_over_is_for_clinical_roles(stage: Stage) -> None:
    contact = opened(stage, CRISIS)
    desk, clinician = card(stage, contact), card(stage, contact, clinical=True)
    assert CRISIS not in repr(desk)
    assert desk.heard is not None
    assert desk.heard.text == SEALED
    assert clinician.heard is not None
    assert clinician.heard.text == CRISIS


def test_whoever_needs_a_person_now_comes_first_and_the_ended_last(stage: Stage) -> None:
    ended = opened(stage, "hello")
    stage.contacts.hang_up(stage.practice.id, ended)
    desk, now, quiet = opened(stage, PERSON), opened(stage, CRISIS), opened(stage, "hello")
    cards = sorted((card(stage, each) for each in (ended, quiet, desk, now)), key=lambda each: each.order)
    assert [each.id for each in cards] == [now, desk, quiet, ended]


def test_a_hang_up_leaves_an_open_hand_over_at_the_top(stage: Stage) -> None:
    gone, quiet = opened(stage, CRISIS), opened(stage, "hello")
    stage.contacts.hang_up(stage.practice.id, gone)
    assert card(stage, gone).needs_someone
    assert card(stage, gone).order < card(stage, quiet).order


def test_an_accepted_hand_over_says_who_has_it(stage: Stage) -> None:
    contact = opened(stage, PERSON)
    stage.run_due()
    stage.handoffs.answered(stage.practice.id, contact, 0, "front_desk", "Rosa", "accepted")
    shown = card(stage, contact)
    assert not shown.needs_someone
    assert shown.floor == "Rosa"
    assert shown.need is not None
    assert shown.need.line == "Rosa has it"


def test_no_card_ever_names_a_kind_or_a_level(stage: Stage) -> None:
    contact = opened(stage, CRISIS)
    stage.run_due()
    shown = repr(card(stage, contact))
    ours = re.sub(r"text=(['\"]).*?\1, by=", "", shown)
    assert not re.search(r"crisis|clinical'|suicid|severity|score|level|risk|urgent", ours, re.IGNORECASE)


def test_why_somebody_calls_is_not_among_what_was_understood(stage: Stage) -> None:
    shown = card(stage, opened(stage, "my anxiety is bad lately, I'd like a first appointment"))
    understood = [each for line in shown.lines for each in line.understood]
    assert understood
    assert not any("anxiety" in each.lower() or "background" in each.lower() for each in understood)


def test_staff_words_and_changes_of_the_floor_stand_in_the_transcript(stage: Stage) -> None:
    contact = opened(stage, "hello")
    for body in (e.FloorTaken("Rosa"), e.StaffSaid("Rosa", "This is Rosa."), e.FloorGiven("Rosa")):
        stage.contacts.note(stage.practice.id, contact, body)
    lines = [(line.who, line.text) for line in card(stage, contact).lines]
    for line in (
        ("note", "Rosa took the floor"),
        ("staff", "This is Rosa."),
        ("note", "Rosa gave the floor back"),
    ):
        assert line in lines
