"""A practice that signed its phrases before newer ones were written hears of it, and its callers reach a person."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.console import Console
from ruamel.yaml import YAML
from typer.testing import CliRunner

from lamplighter.cli import app
from lamplighter.law.states import SHIPPED
from lamplighter.practice.protocol import Protocol, snapshot
from lamplighter.practice.sample import SAMPLE_FOLDER
from lamplighter.wiring.lines import protocol_of, signed_law, signed_phrases
from lamplighter.wiring.serve import signed_practices, tell_unsigned_words
from lamplighter.wiring.signed_words import newer_phrases
from lamplighter.wiring.signing import SIGNED, folder_files, keep
from tests.desk.test_change_of_mind import booked
from tests.practice.approving import signed
from tests.promises.desks import Call, House, phrases

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
AT = datetime(2026, 11, 25, 12, tzinfo=UTC)


def signed_without(*phrases: str, locale: str = "en") -> Protocol:
    files = dict(protocol_of(folder_files(SAMPLE_FOLDER)).files)
    book = YAML(typ="safe").load(files[f"phrasebook/{locale}.yaml"])
    for phrase in phrases:
        del book["phrases"][phrase]
    written = io.BytesIO()
    YAML(typ="safe").dump(book, written)
    return snapshot({**files, f"phrasebook/{locale}.yaml": written.getvalue()})


@pytest.fixture
def practices(tmp_path: Path) -> Path:
    """A folder with one practice, which signed before two phrases in Spanish were written."""
    folder = tmp_path / "maple"
    folder.mkdir()
    for name, content in folder_files(SAMPLE_FOLDER).items():
        (folder / name).write_bytes(content)
    protocol = signed_without("corrected", "summary.correct", locale="es")
    keep(folder, protocol, signed(protocol, KEY, "Dr. Amara Osei", AT))
    return tmp_path


def test_the_doctor_names_every_phrase_that_was_not_signed_its_file_and_what_to_do(practices: Path) -> None:
    told = CliRunner().invoke(app, ["doctor", str(practices / "maple")]).output
    [line] = [line for line in told.splitlines() if line.startswith(SIGNED)]
    assert "phrasebook/es.yaml" in line and "a person is fetched" in line
    assert "corrected" in line and "summary.correct" in line
    assert "sign again" in told.partition(line)[2].splitlines()[1]
    assert "phrasebook/en.yaml" not in told


def test_the_start_says_the_same_and_of_which_practice(practices: Path) -> None:
    written = io.StringIO()
    tell_unsigned_words(signed_practices(practices), Console(file=written, width=80))
    assert written.getvalue().startswith(f"demo/{SIGNED}/")
    assert "summary.correct, corrected. " in written.getvalue()


def test_a_practice_that_signed_what_ships_hears_nothing() -> None:
    assert newer_phrases(protocol_of(folder_files(SAMPLE_FOLDER))) == []


@pytest.mark.parametrize(
    ("name", "what"),
    [("hand_over/ways.yaml", "where a hand-over goes first"), ("law/crisis_lines.toml", "crisis line")],
)
def test_a_file_that_ships_in_another_version_than_was_signed_is_named_and_which_of_them_holds(
    name: str, what: str
) -> None:
    files = protocol_of(folder_files(SAMPLE_FOLDER)).files
    [problem] = newer_phrases(snapshot({**files, name: files[name] + b"# as it was\n"}))
    assert name in problem.message and what in problem.message
    assert "goes by what was signed" in problem.message
    assert "sign again" in problem.remedy


def test_ways_that_were_signed_and_cannot_be_read_any_more_are_named() -> None:
    files = protocol_of(folder_files(SAMPLE_FOLDER)).files
    [problem] = newer_phrases(snapshot({**files, "hand_over/ways.yaml": b"[["}))
    assert "hand_over/ways.yaml" in problem.message and "goes by what ships" in problem.message


def test_a_signed_law_that_cannot_be_read_any_more_is_logged_and_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    files = protocol_of(folder_files(SAMPLE_FOLDER)).files
    protocol = snapshot({**files, "law/states.toml": b"[["})
    assert signed_law(protocol) is SHIPPED
    told = capsys.readouterr()
    assert "signed_law_unreadable" in told.out + told.err
    [problem] = newer_phrases(protocol)
    assert "goes by what ships" in problem.message


def test_the_doctor_says_that_a_signed_protocol_is_damaged_and_goes_on(practices: Path) -> None:
    [kept] = (practices / "maple" / SIGNED).glob("*.protocol.json")
    kept.write_text("{")
    told = CliRunner().invoke(app, ["doctor", str(practices / "maple")]).output
    assert f"{SIGNED}: before going live: this is not JSON" in told
    assert "practice.yaml" in told


def without_words(*names: str) -> House:
    house = House()
    house.conversation = replace(house.conversation, phrasebook=signed_phrases(signed_without(*names)))
    house.desk = house._wired()
    return house


def answered_without(*names: str) -> Call:
    call = without_words(*names).call()
    call.say("I'd like to book a first visit")
    call.house.pass_time(1)
    return call


QUESTION = (
    "ask.availability+modality+clinician",
    "ask.availability+modality",
    "ask.availability+clinician",
    "ask.modality+clinician",
    "ask.availability",
    "ask.modality",
    "ask.clinician",
)


def test_a_question_that_is_not_signed_fetches_a_person() -> None:
    call = answered_without(*QUESTION)
    assert phrases(call.replies[-1]) == ["handoff.stuck"]
    assert call.house.pager.rings


def test_a_person_is_fetched_also_where_the_words_for_a_fault_are_not_signed() -> None:
    call = answered_without(*QUESTION, "handoff.stuck")
    assert phrases(call.replies[-1]) == ["handoff.human"]
    assert call.house.pager.rings


def test_a_text_of_which_the_words_are_not_signed_fails_where_staff_see_it_and_is_not_tried_for_ever() -> (
    None
):
    call = booked("voice", house=without_words("sms.confirmation"))
    call.house.pass_time(60)
    assert not call.house.messenger.texts
    with call.house.store.transaction("demo") as tx:
        assert [message.status for message in tx.outbox.recent()] == ["failed"]
