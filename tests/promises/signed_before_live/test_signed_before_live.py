"""Promise 7: nobody is answered before a named person signed; the last signed protocol answers while a draft waits."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from lamplighter.conversation.before_signing import BeforeSigning
from lamplighter.conversation.engine import Conversation
from lamplighter.desk.contacts import NoSuchPractice
from lamplighter.practice.protocol import ProtocolUnreadable, demo_key, sign
from lamplighter.practice.sample import SAMPLE_FOLDER
from lamplighter.practice.sections import cut
from lamplighter.rehearsal.clock import SimulatedClock
from lamplighter.wiring.lines import protocol_of, signed_line
from lamplighter.wiring.practices import practices_in
from lamplighter.wiring.reviewing import FolderReview
from lamplighter.wiring.serve import NothingToServe, lines_of, signed_practices
from lamplighter.wiring.signed_folder import keep_approval
from lamplighter.wiring.signing import SIGNED, NotSignable, folder_files, keep, sign_folder, signed_protocol
from tests.practice.approving import REPORT, approved, signed
from tests.promises.desks import House
from tests.wiring.live_practice import live_practice

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def practices(tmp_path: Path) -> Path:
    """A folder of practice folders, with one that nobody has signed."""
    folder = tmp_path / "practices"
    shutil.copytree(SAMPLE_FOLDER, folder / "maple", ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    file = folder / "maple" / "practice.yaml"
    file.write_text(file.read_text().replace("id: demo", "id: maple"))
    return folder


def signs(folder: Path, at: datetime = AT, key: Ed25519PrivateKey = KEY) -> str:
    protocol = protocol_of(folder_files(folder))
    keep(folder, protocol, signed(protocol, key, "Dr. Amara Osei", at))
    return protocol.hash


def changes(folder: Path) -> None:
    file = folder / "practice.yaml"
    file.write_text(file.read_text() + "\n# a draft\n")


def conversations(practices: Path) -> dict[str, Conversation]:
    """How each practice of the folder is answered."""
    lines = lines_of(practices_in(practices), asks_reader=False, texts=False)
    return {line.conversation.practice.id: line.conversation for line in lines}


def beside(practices: Path, name: str) -> Path:
    """Another practice with an id, a number and a host of its own."""
    folder = practices / name
    shutil.copytree(practices / "maple", folder)
    file = folder / "practice.yaml"
    text = file.read_text().replace("id: maple", f"id: {name}").replace("555-0100", "555-0190")
    file.write_text(text.replace("[localhost, 127.0.0.1]", f"[{name}.example]"))
    return folder


def test_aid_08_an_unsigned_practice_has_one_sentence_to_be_answered_with_and_no_other_word(
    practices: Path,
) -> None:
    assert signed_practices(practices) == []
    answering = conversations(practices)["maple"]
    assert isinstance(answering, BeforeSigning)
    words = {name for locale in answering.phrasebook.locales for name in answering.phrasebook.phrases(locale)}
    assert words and all(name.startswith("before_signing") for name in words)


def test_a_signed_practice_is_answered_in_full_and_one_beside_it_that_is_not_signed_is_not(
    practices: Path,
) -> None:
    beside(practices, "oak")
    signed = signs(practices / "maple")
    assert [protocol.hash for protocol in signed_practices(practices)] == [signed]
    answering = conversations(practices)
    assert not isinstance(answering["maple"], BeforeSigning)
    assert isinstance(answering["oak"], BeforeSigning)


def test_where_there_is_no_practice_at_all_the_message_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NothingToServe, match="practice new"):
        signed_practices(tmp_path)


def test_the_last_signed_protocol_answers_while_a_draft_waits(practices: Path) -> None:
    signed = signs(practices / "maple")
    changes(practices / "maple")
    draft = protocol_of(folder_files(practices / "maple")).hash
    assert draft != signed
    [serving] = signed_practices(practices)
    assert serving.hash == signed
    signs(practices / "maple", AT + timedelta(days=1))
    [serving] = signed_practices(practices)
    assert serving.hash == draft


def test_what_was_signed_first_answers_again_when_it_is_signed_again(practices: Path) -> None:
    folder = practices / "maple"
    before = (folder / "practice.yaml").read_text()
    first = signs(folder)
    changes(folder)
    signs(folder, AT + timedelta(days=1))
    (folder / "practice.yaml").write_text(before)
    signs(folder, AT + timedelta(days=2))
    found = signed_protocol(folder)
    assert found is not None and found.hash == first


def test_the_demos_key_signs_for_nobody_else(practices: Path) -> None:
    signs(practices / "maple", key=demo_key())
    assert signed_protocol(practices / "maple") is None


def test_a_kept_protocol_that_was_changed_by_hand_is_refused(practices: Path) -> None:
    signed = signs(practices / "maple")
    file = practices / "maple" / SIGNED / f"{signed}.protocol.json"
    file.write_text(file.read_text().replace("555-0101", "555-0199"))
    with pytest.raises(ProtocolUnreadable):
        signed_protocol(practices / "maple")
    assert practices_in(practices).answered == ()


def test_a_practice_whose_phrases_nobody_has_reviewed_cannot_be_signed(
    practices: Path, tmp_path: Path
) -> None:
    key = tmp_path / "key.pem"
    key.write_bytes(KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(NotSignable, match="doctor"):
        sign_folder(practices / "maple", "Dr. Amara Osei", key)
    assert signed_protocol(practices / "maple") is None


SECTIONS = [each.id for each in cut(protocol_of(folder_files(SAMPLE_FOLDER)).files)]


@pytest.mark.parametrize("section", SECTIONS)
def test_nobody_is_answered_under_a_signature_that_lacks_the_approval_of_one_section(
    practices: Path, section: str
) -> None:
    folder = practices / "maple"
    protocol = protocol_of(folder_files(folder))
    given = approved(protocol.files, AT, but=section)
    keep(folder, protocol, sign(protocol, KEY, "Rosa Ferro", AT, given, report=REPORT))
    assert signed_practices(practices) == []
    assert isinstance(conversations(practices)["maple"], BeforeSigning)


@pytest.mark.parametrize("file", ["ladder.yaml", "parties.yaml", "answers.es.yaml"])
def test_an_approval_of_what_a_file_said_before_carries_no_signature(practices: Path, file: str) -> None:
    folder = practices / "maple"
    before = approved(protocol_of(folder_files(folder)).files, AT)
    path = folder / file
    path.write_text(path.read_text() + "# changed\n")
    protocol = protocol_of(folder_files(folder))
    keep(folder, protocol, sign(protocol, KEY, "Rosa Ferro", AT, before, report=REPORT))
    assert signed_protocol(folder) is None


@pytest.mark.parametrize("change", [{"role": "owner"}, {"reads": False}, {"name": " "}])
def test_the_words_of_a_crisis_are_signed_only_on_a_named_clinician_who_reads_the_language(
    practices: Path, change: dict[str, object]
) -> None:
    folder = practices / "maple"
    protocol = protocol_of(folder_files(folder))
    given = [
        replace(each, **change) if each.section == "words/es" else each  # type: ignore[arg-type]
        for each in approved(protocol.files, AT)
    ]
    keep(folder, protocol, sign(protocol, KEY, "Rosa Ferro", AT, given, report=REPORT))
    assert signed_protocol(folder) is None


def test_nobody_is_answered_in_a_language_that_the_practice_did_not_sign(practices: Path) -> None:
    folder = practices / "maple"
    file = folder / "practice.yaml"
    file.write_text(file.read_text().replace("signed: [en, es]", "signed: [en]"))
    (folder / "answers.es.yaml").unlink()
    signs(folder)
    [serving] = signed_practices(practices)
    assert signed_line(serving).conversation.phrasebook.locales == ("en",)


def test_what_everybody_approved_is_not_signed_before_the_safety_rehearsal_passed_on_it(
    tmp_path: Path,
) -> None:
    folder = live_practice(tmp_path / "maple")
    for approval in approved(protocol_of(folder_files(folder)).files, AT):
        keep_approval(folder / SIGNED, approval)
    review = FolderReview(folder, SimulatedClock(AT))
    with pytest.raises(NotSignable, match="safety rehearsal") as stopped:
        review.sign(review.look().hash, "Rosa Ferro", "owner", KEY)
    assert "doctor" not in str(stopped.value)
    assert "not approved" not in str(stopped.value)
    assert signed_protocol(folder) is None


def test_whoever_reaches_a_practice_that_is_not_answered_leaves_nothing_behind() -> None:
    house = House()
    with pytest.raises(NoSuchPractice):
        house.desk.contacts.open("maple", channel="voice", dialled="+12125550199", address="+12125550123")
    with house.store.transaction("maple") as tx:
        assert tx.log.contacts() == ()


def test_every_event_names_the_protocol_under_which_it_happened() -> None:
    call = House().call()
    call.say("I'd like to book a first visit")
    assert {event.protocol_hash for event in call.events} == {"signed"}
