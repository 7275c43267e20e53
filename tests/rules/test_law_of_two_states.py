"""AID-06, AID-07 and MIN-01: the stricter of the practice's state and the person's holds, and stale data narrows."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from lamplighter import rehearsal
from lamplighter.conversation import events as e
from lamplighter.conversation.actions import Interpret, Perform
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.law.states import LAWS_FILE, SHIPPED
from lamplighter.practice.load import load_files
from lamplighter.practice.protocol import Protocol, snapshot
from lamplighter.wiring.lines import protocol_of, signed_line
from lamplighter.wiring.stage import MemoryStage
from tests.practice.folder import SAMPLE
from tests.promises.desks import CHANNELS, Call, Channel, House, of_kind
from tests.rules.scenes import DANGER, NIGHT, NOON, PERSON, REFILL, house, texts

CHICAGO, LOS_ANGELES, HOUSTON = "+13125550143", "+12135550143", "+17135550143"
STALE = datetime(2027, 2, 2, 17, 0, tzinfo=UTC)
BACKGROUND = "I'd like a first appointment, my mother died in the spring and I've been sad"
CLOSING = "closing.automated"


def laws_of(made: Call) -> list[tuple[str | None, str, str]]:
    return [(each.state, each.how, each.profile) for each in of_kind(made.bodies, e.LawApplies)]


# -- AID-06: whose law ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", ["voice", "sms"])
def test_aid_06_a_number_from_another_state_brings_its_law_before_a_word_is_said(channel: Channel) -> None:
    made = House().call(channel, CHICAGO)

    assert laws_of(made) == [("IL", "number", "IL+NY 2026-07-31")]
    assert made.state.law == of_kind(made.bodies, e.LawApplies)[0]
    if channel == "voice":
        kinds = [type(body) for body in made.bodies]
        assert kinds.index(e.LawApplies) < kinds.index(e.Said)


@pytest.mark.parametrize("address", ["+12125550123", None, "+18005550123", "+442079460143"])
def test_aid_06_whoever_is_from_here_or_from_nowhere_brings_none(address: str | None) -> None:
    assert laws_of(House().call("voice", address)) == []


def test_aid_06_what_somebody_says_of_their_state_counts_over_their_number_and_stays() -> None:
    made = House().call("voice", CHICAGO)
    made.say("I'd like a first appointment, I'm in New York")
    made.say("actually I'd like to leave a message")

    assert laws_of(made) == [("IL", "number", "IL+NY 2026-07-31"), (None, "said", "NY 2026-07-31")]


def test_aid_06_the_law_data_that_the_practice_signed_counts_and_not_what_ships() -> None:
    desk = House()
    desk.conversation = replace(desk.conversation, law=signed_line(signed_in("2026-01-01")).conversation.law)
    desk.reopen()

    assert [profile for _, _, profile in laws_of(desk.call("voice", CHICAGO))] == ["IL+NY 2026-01-01"]


def test_rule_11_signed_law_data_that_cannot_be_read_any_more_keeps_nobody_from_being_answered() -> None:
    files = protocol_of(SAMPLE).files
    without = snapshot({name: raw for name, raw in files.items() if not name.startswith("law/")})

    assert signed_line(without).conversation.law is SHIPPED
    assert signed_line(snapshot({**files, f"law/{LAWS_FILE}": b"[[["})).conversation.law is SHIPPED


def signed_in(day: str) -> Protocol:
    files = protocol_of(SAMPLE).files
    laws = re.sub(rb"compiled_on = [\d-]+", f"compiled_on = {day}".encode(), files[f"law/{LAWS_FILE}"])
    return snapshot({**files, f"law/{LAWS_FILE}": laws})


# -- AID-07: Illinois, narrow --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("address", "narrow"), [(CHICAGO, True), ("+12125550123", False), (HOUSTON, False)])
def test_aid_07_whoever_tells_of_themselves_in_a_narrow_state_is_told_only_what_we_are_for(
    address: str, narrow: bool
) -> None:
    made = House().call("voice", address)
    made.say(BACKGROUND)

    assert ("aside.background.narrow" in made.said) == narrow
    assert ("aside.background" in made.said) != narrow


@pytest.mark.parametrize("channel", ["voice", "sms"])
def test_aid_07_a_crisis_in_a_narrow_state_is_met_with_the_same_first_words_and_never_left_in_silence(
    channel: Channel,
) -> None:
    here, there = House(), House()
    made, narrow = here.call(channel), there.call(channel, CHICAGO)
    for call in (made, narrow):
        call.say(DANGER)
        for _ in range(16):
            call.say("please")

    assert narrow.replies[1].said[-1].text == made.replies[1].said[-1].text
    waiting = [reply.said[-1].text for reply in narrow.replies[2:]]
    assert len(set(waiting)) >= 8
    assert all(first != second for first, second in pairwise(waiting))
    assert not any("You don't have to" in text or "here with you" in text for text in texts(narrow))


def test_aid_07_a_narrow_state_asks_no_large_model_and_another_does() -> None:
    def asks(address: str) -> bool:
        desk = House()
        made = desk.call("voice", address)
        heard = e.Event(
            made.state.seq + 1, NOON, "demo", made.contact, "signed", e.Heard("the blue gizmo thing")
        )
        _, actions = replace(desk.conversation, asks_reader=True).turn(made.state, heard)
        return any(isinstance(each, Perform) and isinstance(each.request, Interpret) for each in actions)

    assert (asks(CHICAGO), asks("+12125550123")) == (False, True)


@pytest.mark.parametrize("locale", Phrasebook.load().locales)
def test_every_narrow_sentence_has_its_wide_one_and_asks_for_nothing(locale: str) -> None:
    phrases = Phrasebook.load().phrases(locale)
    narrow = {name: phrase for name, phrase in phrases.items() if name.endswith(".narrow")}

    assert all(name.removesuffix(".narrow") in phrases for name in narrow)
    assert all(phrase.asks == phrases[name.removesuffix(".narrow")].asks for name, phrase in narrow.items())


# -- AID-01: at the end --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", CHANNELS)
def test_aid_01_a_contact_that_touched_clinical_matters_ends_with_what_we_are_and_how_to_reach_a_person(
    channel: Channel,
) -> None:
    sample = load_files(SAMPLE)
    desk = house(ladder=replace(sample.ladder, may_wait=("refill",)))
    made = desk.call(channel)
    made.say(REFILL)
    if channel == "chat":
        made.say("212 555 0123")  # nobody had their number

    last = CLOSING if channel == "voice" else f"{CLOSING}.text"
    assert made.said[-2:] == [last, "goodbye.promised"]
    assert "automated assistant, not a person" in texts(made)[-2]


@pytest.mark.parametrize(("address", "said"), [(LOS_ANGELES, True), ("+12125550123", False)])
def test_aid_01_where_a_state_asks_for_it_so_does_one_in_which_somebody_told_why_they_came(
    address: str, said: bool
) -> None:
    made = House().call("voice", address)
    made.say(BACKGROUND)
    made.say("goodbye")

    assert made.said[-1].startswith("goodbye")
    assert (CLOSING in made.said) == said


def test_aid_01_plain_administration_ends_without_it_everywhere() -> None:
    made = House().call("voice", LOS_ANGELES)
    made.say("what are your hours?")
    made.say("no thank you, goodbye")

    assert made.said[-1] == "goodbye"
    assert CLOSING not in made.said


# -- MIN-01: minors ------------------------------------------------------------------------------------------------

FOR_A_CHILD = """
- id: for-a-child
  locale: en
  channel: voice
  practice: {practice}
  at: {at}
  caller_id: "+12125550143"
  opens: "hi i'd like to make a first appointment for my daughter"
  knows:
    new_patient: "yes"
    caller_name: "dana okafor"
    relationship: "i'm her mother"
    first_name: "maya"
    last_name: "okafor o k a f o r"
    date_of_birth: "march fourth two thousand eleven"
    phone: "this number"
    state: "{state}"
    modality: "in person"
    clinician: "anyone"
    availability: "next week in the morning"
    insurance: "i'll pay myself"
    contact_channel: "you can text me"
    choice: "the first one"
    confirm: "yes that's right"
  expect: {{outcome: booked, handoff: none}}
"""
HELD = "It isn't final yet: the office will confirm it with you."


def for_a_child(tmp_path: Path, state: str, wish: str = "book", at: str = "2026-12-01T10:10:00-05:00") -> str:
    """All that was said by us to a parent who asks for a first visit."""
    folder = tmp_path / "practice"
    folder.mkdir()
    for name, raw in SAMPLE.items():
        (folder / name).write_bytes(raw.replace(b"of_a_minor: book", f"of_a_minor: {wish}".encode()))
    file = tmp_path / "child.yaml"
    file.write_text(FOR_A_CHILD.format(practice="practice", state=state, at=at))
    (result,) = rehearsal.run([file], MemoryStage())
    assert result.passed, result.failures
    return " ".join(line.said for line in result.transcript)


@pytest.mark.parametrize(
    ("state", "held"), [("new york", False), ("new jersey", False), ("louisiana", True), ("wisconsin", True)]
)
def test_min_01_a_parents_request_is_held_for_a_person_unless_their_word_is_surely_enough_where_they_are(
    tmp_path: Path, state: str, held: bool
) -> None:
    assert (HELD in for_a_child(tmp_path, state)) == held


def test_min_01_a_practice_that_signed_hold_has_every_minors_first_visit_confirmed_by_a_person(
    tmp_path: Path,
) -> None:
    assert HELD in for_a_child(tmp_path, "new york", wish="hold")


@pytest.mark.parametrize(("state", "held"), [("new york", False), ("new jersey", True)])
def test_min_01_once_the_data_is_stale_the_practices_own_signature_stands_and_other_states_go_to_a_person(
    tmp_path: Path, state: str, held: bool
) -> None:
    said = for_a_child(tmp_path, state, at="2027-02-02T10:10:00-05:00")

    assert (HELD in said) == held


# -- rule 11: stale data narrows and never mutes -------------------------------------------------------------------


@pytest.mark.parametrize("words", [DANGER, PERSON, "what are your hours?", "I'd like a first appointment"])
def test_rule_11_stale_law_data_narrows_what_we_say_and_silences_nothing(words: str) -> None:
    fresh, stale = House(NOON).call(), House(STALE).call()
    told = [made.say(words) for made in (fresh, stale)]

    assert [u.text for u in told[0].said] == [u.text for u in told[1].said]
    assert stale.state.outcome == fresh.state.outcome


def test_rule_11_stale_law_data_holds_back_what_could_be_taken_for_therapy() -> None:
    made = House(STALE).call()
    made.say(BACKGROUND)

    assert "aside.background.narrow" in made.said


def test_a_night_call_from_a_narrow_state_is_still_told_of_988() -> None:
    made = House(NIGHT).call("voice", CHICAGO)
    made.say(DANGER)

    assert "988" in made.replies[-1].said[-1].text


def test_a_recording_is_announced_in_the_first_words_in_every_state_and_language() -> None:
    book = Phrasebook.load()
    for locale in book.locales:
        for when in ("open", "closed"):
            said = book.phrase(locale, f"greeting.voice.{when}").text
            assert "transcri" in said.lower(), locale
