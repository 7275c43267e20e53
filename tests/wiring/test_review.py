"""Reviewing and signing a practice's protocol: in code and on the command line, up to the ledger."""

import io
import json
import os
import pty
import select
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.console import Console
from typer.testing import CliRunner

from lamplighter.cli import app
from lamplighter.cli_review import side_by_side
from lamplighter.practice.approvals import ApprovalWrong
from lamplighter.practice.protocol import DEMO, demo_key, public_key, sign
from lamplighter.practice.standing import NotSignable, Stale
from lamplighter.records.audit import verify
from lamplighter.rehearsal.clock import SimulatedClock
from lamplighter.rehearsal.result import Line
from lamplighter.rehearsal.safety.report import SafetyReport, SafetyResult
from lamplighter.settings import Settings
from lamplighter.wiring import safety_review
from lamplighter.wiring.clocks import WallClock
from lamplighter.wiring.doctor import examine_today
from lamplighter.wiring.lines import protocol_of
from lamplighter.wiring.practices import practices_in
from lamplighter.wiring.reviewing import FolderReview, folder_files
from lamplighter.wiring.serve import tell_unanswered
from lamplighter.wiring.signed_folder import SIGNED, keep, last_signed_in, look_through, signatures_in
from lamplighter.wiring.signed_ledger import NOTED, acts_in, note_unseen
from lamplighter.wiring.signers import NotAPublicKey, Signers, SignersUnreadable
from lamplighter.wiring.signing import KeyFileWrong, key_in, new_key, sign_folder
from lamplighter.wiring.store import open_records
from tests.practice.approving import PEOPLE, signed
from tests.practice.folder import SAMPLE
from tests.wiring.live_practice import live_practice

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
WIDE = 100
REPORT = b"every promise was kept"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A practice that lacks nothing but what people have to do: approve, rehearse and sign."""
    return live_practice(tmp_path / "maple")


def reviewed(folder: Path, *, passed: bool = True, at: datetime = AT) -> FolderReview:
    return FolderReview(folder, SimulatedClock(at), passed=lambda _, __: REPORT if passed else None)


def approves(review: FolderReview, *, but: str = "") -> None:
    for each in review.look().unapproved:
        section = each.section
        if section.id != but:
            role = section.approved_by
            review.approve(section.id, section.digest, PEOPLE[role], role, reads=True)


def changes(folder: Path, file: str = "ladder.yaml") -> None:
    path = folder / file
    path.write_text(path.read_text() + "# a draft\n")


def typed(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(word) for word in words])
    error = done.exception
    return done.exit_code, done.output + (
        "" if error is None or isinstance(error, SystemExit) else str(error)
    )


# -- what it takes to sign ---------------------------------------------------------------------------------------------


def test_a_practice_that_lacks_nothing_is_signed_and_its_signature_names_everybody(folder: Path) -> None:
    review = reviewed(folder)
    approves(review)
    review.sign(review.look().hash, "Rosa Ferro", "owner", KEY)
    found = last_signed_in(folder / SIGNED)
    assert found is not None
    protocol, signature = found
    assert protocol.hash == review.look().hash
    assert {approval.name for approval in signature.approvals} == set(PEOPLE.values())
    assert review.look().is_signed


@pytest.mark.parametrize("section", ["ladder", "words/es", "money", "parties"])
def test_one_section_that_nobody_approved_keeps_all_of_it_from_being_signed(
    folder: Path, section: str
) -> None:
    review = reviewed(folder)
    approves(review, but=section)
    with pytest.raises(NotSignable, match=r"not approved|doctor"):
        review.sign(review.look().hash, "Rosa Ferro", "owner", KEY)
    assert last_signed_in(folder / SIGNED) is None


def test_nobody_signs_before_the_safety_rehearsal_passed_on_this_very_version(folder: Path) -> None:
    review = reviewed(folder, passed=False)
    approves(review)
    with pytest.raises(NotSignable, match="safety rehearsal"):
        review.sign(review.look().hash, "Rosa Ferro", "owner", KEY)


def test_the_rehearsal_of_another_version_does_not_count(folder: Path) -> None:
    passed = protocol_of(folder_files(folder)).hash
    changes(folder)
    review = FolderReview(
        folder, SimulatedClock(AT), passed=lambda _, asked: REPORT if asked == passed else None
    )
    approves(review)
    with pytest.raises(NotSignable, match="safety rehearsal"):
        review.sign(review.look().hash, "Rosa Ferro", "owner", KEY)


def test_what_the_doctor_finds_before_going_live_stops_the_signature(folder: Path) -> None:
    path = folder / "ladder.yaml"
    path.write_text(path.read_text().replace("(212) 055-5102", "(212) 555-0102"))
    review = reviewed(folder)
    approves(review)
    with pytest.raises(NotSignable, match="1 thing stops this practice"):
        review.sign(review.look().hash, "Rosa Ferro", "owner", KEY)


def test_a_clinician_signs_for_nobody(folder: Path) -> None:
    review = reviewed(folder)
    approves(review)
    with pytest.raises(NotSignable, match="an owner signs"):
        review.sign(review.look().hash, "Dr. Amara Osei", "clinician", KEY)


def test_what_changed_after_it_was_shown_is_neither_approved_nor_signed(folder: Path) -> None:
    review = reviewed(folder)
    shown = review.look()
    ladder = shown.section("ladder")
    assert ladder is not None
    changes(folder)
    with pytest.raises(Stale):
        review.approve("ladder", ladder.section.digest, "Dr. Amara Osei", "clinician")
    approves(review)
    with pytest.raises(Stale):
        review.sign(shown.hash, "Rosa Ferro", "owner", KEY)


def test_the_next_version_keeps_the_approvals_of_what_did_not_change(folder: Path) -> None:
    review = reviewed(folder)
    approves(review)
    review.sign(review.look().hash, "Rosa Ferro", "owner", KEY)
    for file in (folder / SIGNED).glob("*.approval.json"):
        file.unlink()
    changes(folder)
    review = reviewed(folder, at=AT + timedelta(days=1))
    standing = review.look()
    assert [each.section.id for each in standing.unapproved] == ["ladder"]
    approves(review)
    assert review.sign(review.look().hash, "Rosa Ferro", "owner", KEY).protocol_hash == review.look().hash


@pytest.mark.parametrize("later", [timedelta(0), timedelta(hours=-1)])
def test_a_signature_that_would_not_be_the_last_is_not_given(folder: Path, later: timedelta) -> None:
    review = reviewed(folder)
    approves(review)
    first = review.sign(review.look().hash, "Rosa Ferro", "owner", KEY)
    changes(folder)
    review = reviewed(folder, at=AT + later)
    approves(review)
    with pytest.raises(NotSignable, match="clock"):
        review.sign(review.look().hash, "Rosa Ferro", "owner", KEY)
    assert [each.id for each in signatures_in(folder / SIGNED)] == [first.id]


def test_a_signature_from_the_future_is_named_and_does_not_count_before_its_time(folder: Path) -> None:
    protocol = protocol_of(folder_files(folder))
    keep(folder, protocol, signed(protocol, KEY, "Rosa Ferro", AT))
    changes(folder)
    later = protocol_of(folder_files(folder))
    keep(folder, later, signed(later, KEY, "Rosa Ferro", AT + timedelta(days=1)))
    [passed_over] = look_through(folder / SIGNED, now=AT).passed_over
    assert "dated in the future" in passed_over.message
    assert practices_in(folder.parent, now=AT).signed[0].protocol == protocol
    assert practices_in(folder.parent, now=AT + timedelta(days=1)).signed[0].protocol == later
    assert passed_over in reviewed(folder).look().problems


def test_the_doctor_and_the_start_name_a_newer_signature_that_cannot_be_used(folder: Path) -> None:
    protocol = protocol_of(folder_files(folder))
    keep(folder, protocol, signed(protocol, KEY, "Rosa Ferro", AT))
    older, newer = (f"{protocol.hash}.{day}T000000000000.signature.json" for day in (20200101, 20261126))
    for name in (older, newer):
        (folder / SIGNED / name).write_bytes(b"\xff")
    told = typed("doctor", folder)[1]
    assert f"{SIGNED}/{newer}" in told
    assert f"{SIGNED}/{older}" not in told
    console = Console(file=io.StringIO(), width=80)
    tell_unanswered(practices_in(folder.parent), console)
    assert f"NOT USED: maple/{SIGNED}/{newer}" in console.file.getvalue()  # type: ignore[attr-defined]


def test_an_approval_that_somebody_changed_in_its_file_counts_for_nothing(folder: Path) -> None:
    review = reviewed(folder)
    money = review.look().section("money")
    assert money is not None
    review.approve("money", money.section.digest, "Rosa Ferro", "owner")
    [file] = (folder / SIGNED).glob("*.approval.json")
    file.write_text(file.read_text().replace("Rosa Ferro", "Ada Reyes"))
    found = review.look().section("money")
    assert found is not None
    assert not found.approved


def test_a_section_that_there_is_not_is_approved_by_nobody(folder: Path) -> None:
    with pytest.raises(ApprovalWrong, match="no section"):
        reviewed(folder).approve("fax", "0", "Rosa Ferro", "owner")


# -- languages ---------------------------------------------------------------------------------------------------------


def test_words_that_nobody_of_this_practice_approved_are_no_part_of_what_it_signs(folder: Path) -> None:
    path = folder / "practice.yaml"
    path.write_text(path.read_text().replace("signed: [en, es]", "signed: [en]"))
    (folder / "answers.es.yaml").unlink()
    files = protocol_of(folder_files(folder)).files
    assert [name for name in files if name.startswith("phrasebook/")] == ["phrasebook/en.yaml"]


def test_a_practices_own_review_lifts_a_draft_for_itself_and_for_nobody_else(
    folder: Path, tmp_path: Path
) -> None:
    other = live_practice(tmp_path / "oak")
    review = reviewed(folder)

    def drafts(of: Path) -> list[str]:
        return [p.message for p in examine_today(of, AT) if "has not been reviewed" in p.message]

    before = drafts(folder)
    assert before == drafts(other) != []
    spanish = review.look().section("words/es")
    assert spanish is not None
    review.approve("words/es", spanish.section.digest, "Dr. Amara Osei", "clinician", reads=True)
    assert drafts(folder) == [message for message in before if " in es " not in message]
    assert drafts(other) == before


def test_papers_that_nobody_has_read_over_keep_a_practice_from_going_live_until_it_approves_their_words(
    folder: Path, tmp_path: Path
) -> None:
    other, review = live_practice(tmp_path / "oak"), reviewed(folder)

    def drafts(of: Path) -> list[tuple[str, str]]:
        return [(p.file, p.severity) for p in examine_today(of, AT) if "the papers in" in p.message]

    assert drafts(folder) == drafts(other) == [(f"packet.{tag}.yaml", "go_live") for tag in ("en", "es")]
    spanish = review.look().section("packet/es")
    assert spanish is not None
    review.approve("packet/es", spanish.section.digest, "Kit Marlow", "owner")
    assert drafts(folder) == [("packet.en.yaml", "go_live")]
    assert len(drafts(other)) == 2
    words = folder / "packet.es.yaml"
    words.write_text(words.read_text().replace("status: draft", "status: draft\n# another word"))
    assert len(drafts(folder)) == 2, "it was approved of other words than these"


def test_an_owner_who_is_no_clinician_lifts_no_draft(folder: Path) -> None:
    review = reviewed(folder)
    spanish = review.look().section("words/es")
    assert spanish is not None
    review.approve("words/es", spanish.section.digest, "Rosa Ferro", "owner", reads=True)
    assert any(" in es has not been reviewed" in p.message for p in review.look().problems)


# -- the command -------------------------------------------------------------------------------------------------------


def test_the_command_lists_every_section_with_its_state_and_never_waits_without_a_terminal(
    folder: Path,
) -> None:
    code, told = typed("review", folder)
    assert code == 0
    assert "open ladder" in told
    assert "Nobody has signed this practice" in told
    assert "hears one sentence and is put through to a person" in told
    assert "answers nobody" not in told
    assert "takes the clinician" in told


def test_a_section_is_printed_beside_what_was_signed_in_a_hundred_columns(folder: Path) -> None:
    protocol = protocol_of(folder_files(folder))
    keep(folder, protocol, signed(protocol, KEY, "Rosa Ferro", AT))
    path = folder / "ladder.yaml"
    path.write_text(path.read_text().replace("name: Office manager", f"name: Ms. {'北京' * 12} {'n' * 30}"))
    _, told = typed("review", folder, "--section", "ladder")
    [changed] = [line for line in told.splitlines() if "Office manager" in line]
    assert "!" in changed
    assert "北京" in changed
    assert all(len(line) + sum(letter in "北京" for letter in line) <= WIDE for line in told.splitlines())


def test_words_are_printed_as_sentences_and_a_section_of_another_kind_as_its_file(folder: Path) -> None:
    _, words = typed("review", folder, "--section", "words/en", "--sentences")
    _, money = typed("review", folder, "--section", "money", "--sentences")

    assert (
        "[greeting.voice.closed] ‹Thank you for calling {practice}.› The office is closed right now." in words
    )
    assert "asks:" not in words
    assert "late_fee:" in money


def test_what_was_taken_out_and_what_was_added_stand_on_their_own_sides(folder: Path) -> None:
    protocol = protocol_of(folder_files(folder))
    keep(folder, protocol, signed(protocol, KEY, "Rosa Ferro", AT))
    path = folder / "ladder.yaml"
    path.write_text("# on top\n" + path.read_text().replace("seconds: 20\n", ""))
    each = reviewed(folder).look().section("ladder")
    assert each is not None
    lines = side_by_side(each).splitlines()
    assert any(line.strip().startswith(">") and "# on top" in line for line in lines)
    assert any("seconds: 20 " in line and line.endswith("<") for line in lines)


def test_a_section_is_approved_from_the_command_line_with_a_note_that_the_list_shows(folder: Path) -> None:
    words = ("review", folder, "--approve", "--section", "words/es", "--name", "Dr. Amara Osei")
    code, told = typed(*words, "--role", "clinician", "--reads", "--note", "read twice")
    assert (code, "ledger once" in told) == (0, True), told
    _, told = typed("review", folder)
    assert "approved by Dr. Amara Osei (clinician, who reads the language) on" in told
    assert '"read twice"' in told


def test_an_owner_alone_is_told_who_else_it_takes(folder: Path) -> None:
    words = ("review", folder, "--approve", "--section", "ladder", "--name", "Rosa Ferro", "--role", "owner")
    assert "It still takes the clinician" in typed(*words)[1]


@pytest.mark.slow
def test_what_everybody_approved_is_rehearsed_before_the_eyes_of_whoever_signs_and_then_signed(
    folder: Path,
) -> None:
    key = folder.parent / "rosa.pem"
    assert typed("review", "--new-key", key)[0] == 0
    approves(reviewed(folder))
    code, told = typed("review", folder, "--name", "Rosa Ferro", "--key", key)
    assert code == 0, told[-2000:]
    assert "kept every promise" in told
    assert "988" in told
    assert "Rosa Ferro signed version" in told
    assert "answers new contacts under it in seconds" in told
    found = last_signed_in(folder / SIGNED)
    assert found is not None
    assert FolderReview(folder, WallClock()).look().is_signed
    assert "There is nothing to sign".lower() in typed("review", folder)[1].lower()


def test_whoever_signs_is_told_what_a_running_server_does_with_it_and_with_whom_it_is_speaking(
    folder: Path,
) -> None:
    key = folder.parent / "rosa.pem"
    new_key(key)
    for goes_on in (False, True):
        changes(folder)
        approves(reviewed(folder))
        _passes(folder)
        code, told = typed("review", folder, "--name", "Rosa Ferro", "--key", key)
        assert code == 0 and "answers new contacts under it in seconds" in told, told
        assert ("goes on under the version before" in told) is goes_on
        rehearsed, _, after = told.partition("Rosa Ferro signed version")
        assert "Please call or text 988 now." in rehearsed and after


def _passes(folder: Path) -> None:
    """Keeps a report in which the safety rehearsal passed on what stands in the folder."""
    version_played = protocol_of(folder_files(folder)).hash
    said = (Line("agent", "Please call or text 988 now.", 1),)
    scene = SafetyResult("one", "a scene", (), "", (), said)
    safety_review.keep(folder, SafetyReport(version_played, version("lamplighter"), AT, (scene,)))


def test_signing_by_the_old_call_says_what_is_missing(folder: Path) -> None:
    key = folder.parent / "rosa.pem"
    new_key(key)
    code, told = typed("review", folder, "--name", "Rosa Ferro", "--key", key)
    assert code == 1
    for missing in (
        "lamplighter doctor",
        "not approved: Ladder and rota (by a clinician)",
        "safety rehearsal",
    ):
        assert missing in told
    assert last_signed_in(folder / SIGNED) is None


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        ((), "folder"),
        (("--sign",), "folder"),
        (("{folder}", "--sign"), "--name and --key"),
        (("{folder}", "--sign", "--name", "Rosa"), "--key"),
        (("{folder}", "--approve"), "--section and --name and --role"),
        (("{folder}", "--section", "fax"), 'no section "fax"'),
    ],
)
def test_what_is_missing_of_the_options_is_said(folder: Path, words: tuple[str, ...], missing: str) -> None:
    code, told = typed("review", *(word.format(folder=folder) for word in words))
    assert (code, missing in told) == (2, True), told


def test_a_new_key_is_its_owners_alone_signs_and_is_never_written_over(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "rosa.pem"
    new_key(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    written = file.read_bytes()
    with pytest.raises(KeyFileWrong, match="there already"):
        new_key(file)
    assert file.read_bytes() == written
    protocol = protocol_of(folder_files(folder))
    keep(folder, protocol, signed(protocol, key_in(file), "Rosa Ferro", AT))
    assert last_signed_in(folder / SIGNED) is not None


@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN RSA PRIVATE KEY-----"])
def test_a_file_without_a_key_is_named_with_what_to_do(
    folder: Path, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "none.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(KeyFileWrong, match="--new-key"):
        sign_folder(folder, "Rosa Ferro", file)


def test_at_a_terminal_it_walks_through_the_sections_and_keeps_what_was_approved_before_stopping(
    folder: Path,
) -> None:
    said = at_a_terminal(folder, "d", "y", "Dr. Amara Osei", "", "q")
    assert "seconds: 20" in said
    assert "approved by Dr. Amara Osei (clinician)" in said
    states = {each.section.id: each.approved for each in reviewed(folder).look().sections}
    assert [name for name, approved in states.items() if approved] == ["ladder"]


def at_a_terminal(folder: Path, *answers: str) -> str:
    """What the command says to somebody who types these lines."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "lamplighter.cli", "review", str(folder)]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True) as running:
        os.close(theirs)
        os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
        said = b""
        while select.select([ours], [], [], 180)[0]:
            try:
                said += os.read(ours, 65536)
            except OSError:
                break
        running.wait(180)
    os.close(ours)
    return said.decode()


# -- the ledger --------------------------------------------------------------------------------------------------------


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    key = tmp_path / "master.key"
    key.touch(mode=0o600)
    key.write_bytes(bytes(range(32)))
    return Settings(data=tmp_path / "data", practices=tmp_path, master_key_file=key)


def test_approvals_and_signatures_from_elsewhere_are_noted_once_and_the_ledger_stays_sound(
    folder: Path, settings: Settings
) -> None:
    review = reviewed(folder)
    approves(review)
    signature = review.sign(review.look().hash, "Rosa Ferro", "owner", KEY)
    signers, noted = Signers(settings.data), settings.data / NOTED
    signers.add("maple", signature.key)
    acts = acts_in(folder / SIGNED, signers)
    records = open_records(settings, WallClock())
    try:
        assert note_unseen(records, "maple", acts, WallClock(), noted) == len(acts)
        assert note_unseen(records, "maple", acts, WallClock(), noted) == 0
        noted.unlink()
        assert note_unseen(records, "maple", acts, WallClock(), noted) == 0
        with records.transaction("maple") as tx:
            entries = tx.ledger.entries()
        assert verify(records, "maple").sound
    finally:
        records.close()
    [last] = [entry for entry in entries if entry.what == "protocol_signed"]
    assert (last.who, last.about) == ("Rosa Ferro", f"protocol/{signature.protocol_hash}")
    found = [entry for entry in entries if entry.what == "approval_found"]
    assert {entry.about for entry in found} == {
        f"protocol/{each.section.id}" for each in review.look().sections
    }
    assert {entry.who for entry in found} == {"folder"}
    assert any("in the name of Dr. Amara Osei" in entry.why for entry in found)


def test_a_place_that_was_written_down_wrongly_makes_nobody_believe_that_it_was_noted(
    folder: Path, settings: Settings
) -> None:
    review = reviewed(folder)
    money = review.look().section("money")
    assert money is not None
    review.approve("money", money.section.digest, "Rosa Ferro", "owner")
    [act] = acts_in(folder / SIGNED)
    noted = settings.data / NOTED
    noted.parent.mkdir()
    noted.write_text(json.dumps({f"maple/{act.id}": 1}))
    records = open_records(settings, WallClock())
    try:
        assert note_unseen(records, "maple", [act], WallClock(), noted) == 1
    finally:
        records.close()


def test_what_a_key_that_nobody_trusts_signed_is_noted_as_found_and_as_nobodys_deed(folder: Path) -> None:
    review = reviewed(folder)
    approves(review)
    review.sign(review.look().hash, "Rosa Ferro", "owner", KEY)
    acts = acts_in(folder / SIGNED, lambda _: frozenset())
    assert {act.who for act in acts} == {"folder"}
    assert acts[-1].what == "signature_found"


def test_a_signature_that_does_not_hold_is_not_noted(folder: Path) -> None:
    protocol = protocol_of(folder_files(folder))
    keep(folder, protocol, sign(protocol, KEY, "Rosa Ferro", AT))
    assert acts_in(folder / SIGNED) == ()


def test_on_the_command_line_the_ledger_has_it_at_once_where_the_key_of_the_store_is_set(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAMPLIGHTER_DATA", str(settings.data))
    monkeypatch.setenv("LAMPLIGHTER_MASTER_KEY_FILE", str(settings.master_key_file))
    code, told = typed(
        "review", folder, "--approve", "--section", "money", "--name", "Rosa Ferro", "--role", "owner"
    )
    assert (code, "The ledger of maple has it (1 new entries)" in told) == (0, True), told


# -- whose signatures a server goes by ---------------------------------------------------------------------------------


def answered_by(folder: Path, settings: Settings) -> list[str]:
    return [each.practice.id for each in practices_in(folder.parent, Signers(settings.data)).signed]


def test_the_report_of_the_rehearsal_is_kept_with_the_signature_and_cannot_be_swapped(folder: Path) -> None:
    review = reviewed(folder)
    approves(review)
    review.sign(review.look().hash, "Rosa Ferro", "owner", KEY)
    [report] = (folder / SIGNED).glob("*.safety.json")
    assert report.read_bytes() == REPORT
    report.write_bytes(b"another")
    assert last_signed_in(folder / SIGNED) is None


def test_a_server_goes_by_no_key_that_its_operator_does_not_know_and_says_what_to_do(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    protocol = protocol_of(folder_files(folder))
    signature = signed(protocol, KEY, "Rosa Ferro", AT)
    keep(folder, protocol, signature)
    found = practices_in(folder.parent, Signers(settings.data))
    assert found.signed == ()
    console = Console(file=io.StringIO())
    tell_unanswered(found, console)
    said = console.file.getvalue()  # type: ignore[attr-defined]
    assert "NOT USED: maple" in said and f"--trust {signature.key}" in said
    assert typed("review", folder, "--trust", signature.key)[0] == 1
    assert answered_by(folder, settings) == []
    monkeypatch.setenv("LAMPLIGHTER_DATA", str(settings.data))
    monkeypatch.setenv("LAMPLIGHTER_MASTER_KEY_FILE", str(settings.master_key_file))
    code, told = typed("review", folder, "--trust", signature.key)
    assert (code, "this server goes by that key's signatures for maple" in told) == (0, True), told
    assert answered_by(folder, settings) == ["maple"]
    records = open_records(settings, WallClock())
    try:
        with records.transaction("maple") as tx:
            [entry] = tx.ledger.entries()
    finally:
        records.close()
    assert (entry.who, entry.what, entry.about) == ("operator", "signer_trusted", f"signer/{signature.key}")


def test_a_key_that_is_trusted_for_one_practice_signs_for_no_other(folder: Path, settings: Settings) -> None:
    protocol = protocol_of(folder_files(folder))
    signature = signed(protocol, KEY, "Rosa Ferro", AT)
    keep(folder, protocol, signature)
    Signers(settings.data).add("oak", signature.key)
    assert answered_by(folder, settings) == []


@pytest.mark.parametrize("key", ["", "not base64", "AAAA", public_key(demo_key())])
def test_what_is_no_key_of_a_signer_is_not_trusted(settings: Settings, key: str) -> None:
    with pytest.raises(NotAPublicKey):
        Signers(settings.data).add("maple", key)


@pytest.mark.parametrize("content", [b"\xff", b"[]", b"{", b'{"maple": ["x"]}', b'{"maple": 3}'])
def test_a_damaged_list_of_signers_is_said_and_trusts_nobody(settings: Settings, content: bytes) -> None:
    settings.data.mkdir()
    (settings.data / "trusted-signers.json").write_bytes(content)
    with pytest.raises(SignersUnreadable, match="bring it back"):
        Signers(settings.data)("maple")


def test_the_sample_is_the_only_practice_that_the_demos_key_signs(folder: Path) -> None:
    assert protocol_of(SAMPLE).practice.id == DEMO
    assert protocol_of(folder_files(folder)).practice.id != DEMO
