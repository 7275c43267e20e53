"""Whoever we asked for the number on their card answers by text, in their words, and needs nobody."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from lamplighter.desk.ports import Person
from tests.desk.eligibility.scene import ANNA, AT, NUMBER, SOON, Payers, Scene
from tests.promises.desks import Call, phrases

RIGHT = "W987654321"


def asked(person: Person = ANNA, start: datetime = SOON, right: str = RIGHT) -> tuple[Scene, Call]:
    scene = Scene(person, payers=Payers(plans={right: ()}))
    scene.book(start=start)
    scene.until(AT + timedelta(hours=1))
    return scene, scene.house.call("sms", ANNA.phone)


def on_file(scene: Scene) -> str | None:
    with scene.tx() as tx:
        found: str | None = tx.people.get(ANNA.id).member_id
    return found


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", RIGHT),
        ("en", "it's w 987 654-321 thanks"),
        ("en", "my member id is W987654321, call me at 718 555 0154 if not"),
        ("es", "mi numero de miembro es w987654321"),
    ],
)
def test_a_number_that_is_texted_is_kept_thanked_for_and_asked_about_at_once(
    language: str, words: str
) -> None:
    scene, thread = asked(replace(ANNA, language=language))
    assert phrases(thread.say(words)) == ["sms.plan_number.thanks"]
    scene.a_moment()
    assert (on_file(scene), scene.outcomes()[0]) == (RIGHT, "answered")
    assert phrases(thread.say("I need to move my appointment"))[-1] != "sms.plan_number.thanks"


@pytest.mark.parametrize("words", ["can i just send a photo of my card?", "¿puedo mandar una foto?"])
def test_rule_40_a_wish_to_send_a_photo_gets_a_kind_sentence_and_the_number_may_still_come(
    words: str,
) -> None:
    scene, thread = asked()
    assert phrases(thread.say(words)) == ["sms.plan_number.photo"]
    assert phrases(thread.say(RIGHT)) == ["sms.plan_number.thanks"]
    assert on_file(scene) == RIGHT


@pytest.mark.parametrize(
    "words",
    [
        "718 555 0154",
        "call me at 7185550154",
        "what time is my visit",
        "STOP",
        "12/15",
        "yes",
        "April 12 1988",
        "12 de abril de 1988",
        "04-12-1988",
        "04121988",
        "my code is 482913",
        "10001-2345",
        "apt 12345",
    ],
)
def test_what_is_no_number_of_a_card_changes_nothing(words: str) -> None:
    scene, thread = asked()
    assert "sms.plan_number.thanks" not in phrases(thread.say(words))
    assert on_file(scene) == NUMBER


def test_a_number_that_nobody_asked_for_is_not_taken_by_a_text() -> None:
    scene = Scene()
    scene.book()
    scene.a_moment()
    thread = scene.house.call("sms", ANNA.phone)
    thread.say(RIGHT)
    assert on_file(scene) == NUMBER


def test_guard_first_a_number_with_a_cry_for_help_goes_to_a_person_and_is_kept_all_the_same() -> None:
    scene, thread = asked()
    thread.say(f"{RIGHT} i want to kill myself")
    assert thread.state.verdict == "crisis"
    assert not any(said.startswith("sms.plan_number") for said in thread.said)
    assert on_file(scene) == RIGHT


@pytest.mark.parametrize(
    "words", ["my id is 987654321", "it's 987 654 321", "es 987654321", "DOB 04/12/1988 987654321"]
)
def test_a_word_before_a_number_is_no_part_of_it(words: str) -> None:
    scene, thread = asked(right="987654321")
    thread.say(words)
    assert on_file(scene) == "987654321"


def test_a_number_of_medicare_is_heard_with_its_letters_and_without_its_dashes() -> None:
    scene, thread = asked(right="1EG4TE5MK73")
    thread.say("1eg4-te5-mk73")
    assert on_file(scene) == "1EG4TE5MK73"


def test_a_number_counts_after_a_reminder_as_well_and_one_more_where_the_first_was_wrong_too() -> None:
    scene, _ = asked(start=AT + timedelta(days=4))
    scene.until(AT + timedelta(days=2, hours=1))
    assert "see you" in scene.texts()[-1]
    thread = scene.house.call("sms", ANNA.phone)
    assert phrases(thread.say("W111111111")) == ["sms.plan_number.thanks"]
    scene.until(scene.now + timedelta(minutes=2))
    assert phrases(thread.say(RIGHT)) == ["sms.plan_number.thanks"]
    assert on_file(scene) == RIGHT
