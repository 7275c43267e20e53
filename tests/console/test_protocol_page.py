"""The protocol on the staff page: read beside what was signed, approved by those who may, signed by an owner."""

import re
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lamplighter.connectors.keys.local import LocalKeys
from lamplighter.connectors.keys.problems import KeyProblem
from lamplighter.desk.ports import Account
from lamplighter.practice.protocol import demo_key, sign, snapshot
from lamplighter.practice.sample import SAMPLE_FOLDER
from lamplighter.practice.sections import CLINICIAN, OWNER
from lamplighter.rehearsal.result import Line
from lamplighter.rehearsal.safety.report import Broken, SafetyReport, SafetyResult
from lamplighter.wiring import safety_review
from lamplighter.wiring.lines import protocol_of
from lamplighter.wiring.reviewing import folder_files
from lamplighter.wiring.signed_folder import SIGNED, keep, keep_in, last_signed_in
from lamplighter.wiring.signing_keys import SigningKeys
from tests.channels.web.stage import Stage
from tests.console.people import Enrolled, first_owner, invited
from tests.console.watch import Watch
from tests.practice.approving import PEOPLE, signed
from tests.wiring.live_practice import live_practice

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
REPORT = b"every promise was kept"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return live_practice(tmp_path / "maple")


@pytest.fixture
def stage(stage: Stage, folder: Path) -> Stage:
    """A practice that passed its safety rehearsal, whatever stands in its files."""
    stage.review = stage.reviewing(folder, folder / SIGNED, passed=lambda _, __: REPORT)
    return stage


@pytest.fixture
def clinician(stage: Stage, owner: Enrolled) -> Enrolled:
    return invited(stage, owner, "Dr. Amara Osei", "clinician")


def shown(person: Enrolled, section: str = "") -> str:
    path = f"/protocol/section?name={section}" if section else "/protocol"
    return re.sub(r"\s+", " ", person.browser.get(path).text)


def approve(person: Enrolled, section: str, **more: str) -> tuple[int, str]:
    digest = re.search(r'name="digest" value="([^"]+)"', shown(person, section))
    data = {"csrf": person.csrf, "section": section, "digest": digest[1] if digest else "", "reads": "yes"}
    answer = person.browser.post("/protocol/approve", data={**data, **more})
    return answer.status_code, answer.text


def approve_all(stage: Stage) -> None:
    """By people who work there, elsewhere; the safety rehearsal has been played."""
    rehearsed(stage.review.review.folder)
    with stage.records.transaction(stage.practice.id) as tx:
        known = {each.name for each in tx.staff.all()}
        for role in (OWNER, CLINICIAN):
            if PEOPLE[role] not in known:
                tx.staff.add(Account(f"s-{role}", PEOPLE[role], (role,), AT, "operator"), "operator")
    for each in stage.review.look().unapproved:
        section, role = each.section, each.section.approved_by
        stage.review.review.approve(section.id, section.digest, PEOPLE[role], role, reads=True)


def sign_it(person: Enrolled) -> tuple[int, str]:
    page = person.browser.get("/protocol/rehearsal").text
    version = re.search(r'name="version" value="([^"]+)"', page)
    data = {"csrf": person.csrf, "version": version[1] if version else ""}
    answer = person.browser.post("/protocol/sign", data=data)
    return answer.status_code, answer.text


def ledger(stage: Stage) -> list[tuple[str, str, str]]:
    with stage.records.transaction(stage.practice.id) as tx:
        entries = [(entry.who, entry.what, entry.about) for entry in tx.ledger.entries()]
    return [entry for entry in entries if entry[2].startswith("protocol/")]


def account(stage: Stage, name: str) -> str:
    with stage.records.transaction(stage.practice.id) as tx:
        return next(each.id for each in tx.staff.all() if each.name == name)


def test_a_clinician_approves_the_ladder_and_the_ledger_says_who_did(
    stage: Stage, owner: Enrolled, clinician: Enrolled
) -> None:
    assert "Takes a clinician" in shown(owner)
    approve(clinician, "ladder", note="called them all")
    page = shown(owner)
    assert "Approved by Dr. Amara Osei (Clinician) on" in page
    assert "called them all" in page
    who = account(stage, "Dr. Amara Osei")
    assert ledger(stage) == [(who, "section_approved", "protocol/ladder")]


def test_what_an_owner_says_of_the_ladder_is_kept_and_a_clinician_still_has_to(
    stage: Stage, owner: Enrolled
) -> None:
    assert "A clinician still has to approve it" in shown(owner, "ladder")
    approve(owner, "ladder")
    ladder = stage.review.look().section("ladder")
    assert ladder is not None
    assert [(each.name, each.role) for each in ladder.approvals] == [(owner.name, "owner")]
    assert not ladder.approved


def test_an_approval_counts_no_longer_once_its_author_has_left_or_was_never_there(
    stage: Stage, owner: Enrolled, clinician: Enrolled
) -> None:
    approve(clinician, "ladder")
    routes = stage.review.look().section("routes")
    assert routes is not None
    stage.review.review.approve("routes", routes.section.digest, "Dr. Invented", "clinician")
    assert "routes" in {each.section.id for each in stage.review.look().unapproved}
    assert "ladder" not in {each.section.id for each in stage.review.look().unapproved}
    with stage.records.transaction(stage.practice.id) as tx:
        who = next(each for each in tx.staff.all() if each.name == clinician.name)
        tx.staff.update(replace(who, revoked=AT), "operator", "staff_revoked")
    assert "ladder" in {each.section.id for each in stage.review.look().unapproved}


def test_a_clinician_is_told_that_money_takes_an_owner_and_cannot_approve_it(
    stage: Stage, clinician: Enrolled
) -> None:
    page = shown(clinician, "money")
    assert "It takes an owner to approve this" in page
    assert "Approve<" not in page
    money = stage.review.look().section("money")
    assert money is not None
    assert approve(clinician, "money", digest=money.section.digest)[0] == 404
    assert ledger(stage) == []


def test_words_are_not_approved_by_somebody_who_does_not_say_that_they_read_them(
    stage: Stage, clinician: Enrolled
) -> None:
    assert "I read Spanish" in shown(clinician, "words/es")
    status, page = approve(clinician, "words/es", reads="")
    assert (status, "somebody who says that they read it" in page) == (422, True)
    assert ledger(stage) == []


def test_what_changed_after_it_was_shown_is_not_approved(
    stage: Stage, folder: Path, clinician: Enrolled
) -> None:
    ladder = stage.review.look().section("ladder")
    assert ladder is not None
    path = folder / "ladder.yaml"
    path.write_text(path.read_text() + "# a draft\n")
    status, page = approve(clinician, "ladder", digest=ladder.section.digest)
    assert (status, "files changed since this was shown" in page) == (409, True)
    assert ledger(stage) == []


def test_an_owner_signs_what_is_approved_and_the_page_says_when_it_answers(
    stage: Stage, folder: Path, owner: Enrolled
) -> None:
    approve_all(stage)
    page = shown(owner)
    assert "Once nothing stops it" not in page
    assert "Read the rehearsal and sign" in page and 'action="/protocol/sign"' not in page
    said, _, form = owner.browser.get("/protocol/rehearsal").text.partition('action="/protocol/sign"')
    assert "Please call or text 988 now." in said and form
    status, page = sign_it(owner)
    assert status == 200
    assert "New contacts are answered under it within a few seconds" in page
    found = last_signed_in(folder / SIGNED)
    assert found is not None
    protocol, signature = found
    assert signature.name == owner.name
    assert stage.review.signers(stage.practice.id) == {signature.key}
    assert ledger(stage)[-1] == (account(stage, owner.name), "protocol_signed", f"protocol/{protocol.hash}")
    assert "exactly what was signed last" in re.sub(r"\s+", " ", page)


def test_a_practice_that_nobody_signed_is_told_what_whoever_reaches_it_hears(
    stage: Stage, folder: Path
) -> None:
    stage.review = replace(stage.review, answers=lambda: "unsigned")
    owner = first_owner(stage)
    assert "hears one sentence and is put through to a person" in shown(owner)
    approve_all(stage)
    assert "New contacts are answered under it within a few seconds" in sign_it(owner)[1]


def test_what_was_signed_on_the_page_is_not_noted_again_at_the_next_start(
    stage: Stage, owner: Enrolled
) -> None:
    approve_all(stage)
    stage.review.note_unseen()
    sign_it(owner)
    before = ledger(stage)
    assert before[-1][1] == "protocol_signed"
    assert stage.review.note_unseen() == 0
    assert ledger(stage) == before


def test_nothing_is_signed_while_something_is_missing_and_the_page_names_it(
    stage: Stage, folder: Path, owner: Enrolled
) -> None:
    path = folder / "ladder.yaml"
    path.write_text(path.read_text().replace("(212) 055-5102", "(212) 555-0102"))
    status, page = sign_it(owner)
    assert (status, "signed yet; below is what is missing" in page) == (422, True)
    assert re.search(r"ladder\.yaml:\d+</code> An invented telephone number", page)
    assert "Write the real number." in page
    assert "Not approved: " in page
    assert last_signed_in(folder / SIGNED) is None


def test_a_version_that_changed_after_it_was_shown_is_not_signed(
    stage: Stage, folder: Path, owner: Enrolled
) -> None:
    approve_all(stage)
    data = {"csrf": owner.csrf, "version": "f" * 64}
    answer = owner.browser.post("/protocol/sign", data=data)
    assert (answer.status_code, "read it again" in answer.text) == (409, True)
    assert last_signed_in(folder / SIGNED) is None


def test_signing_takes_a_proof_that_is_ten_minutes_old_at_most(
    stage: Stage, folder: Path, owner: Enrolled, watch: Watch
) -> None:
    approve_all(stage)
    token = owner.csrf
    watch.seconds += 11 * 60
    assert "Signing takes a proof that it is you" in shown(owner)
    data = {"csrf": token, "version": stage.review.look().hash}
    answer = owner.browser.post("/protocol/sign", data=data)
    assert (answer.status_code, "Prove that it is you" in answer.text) == (403, True)
    assert last_signed_in(folder / SIGNED) is None


def test_approving_takes_the_same_proof(stage: Stage, owner: Enrolled, watch: Watch) -> None:
    money = stage.review.look().section("money")
    assert money is not None
    token = owner.csrf
    watch.seconds += 11 * 60
    assert "Approving takes a proof that it is you" in shown(owner, "money")
    data = {"csrf": token, "section": "money", "digest": money.section.digest}
    answer = owner.browser.post("/protocol/approve", data=data)
    assert (answer.status_code, "Prove that it is you" in answer.text) == (403, True)
    assert "money" in {each.section.id for each in stage.review.look().unapproved}


def test_a_folder_that_cannot_be_written_is_said_and_nothing_stands_in_the_ledger(
    stage: Stage, folder: Path, owner: Enrolled
) -> None:
    (folder / SIGNED).write_text("in the way")
    status, page = approve(owner, "money")
    assert (status, "be written" in page) == (409, True)
    assert ledger(stage) == []


def test_a_form_that_was_not_drawn_here_neither_approves_nor_signs(stage: Stage, owner: Enrolled) -> None:
    for path in ("/protocol/approve", "/protocol/sign"):
        assert owner.browser.post(path, data={"csrf": "wrong", "section": "money"}).status_code == 403
    assert ledger(stage) == []


def test_a_changed_line_stands_beside_what_was_signed_and_cannot_run_as_a_script(
    stage: Stage, folder: Path, owner: Enrolled
) -> None:
    protocol = protocol_of(folder_files(folder))
    keep(folder, protocol, signed(protocol, KEY, "Rosa Ferro", AT))
    path = folder / "ladder.yaml"
    path.write_text(path.read_text().replace("name: Office manager", 'name: "<script>Ada</script>"'))
    page = shown(owner, "ladder")
    assert "<del>" in page and "name: Office manager" in page
    assert "&lt;script&gt;Ada" in page
    assert "<script>Ada" not in page
    assert "Unchanged since signed by Rosa Ferro on" in shown(owner, "money")


def test_words_that_nobody_signed_are_read_sentence_by_sentence_and_the_file_is_a_click_away(
    stage: Stage, clinician: Enrolled
) -> None:
    page, file = shown(clinician, "words/en"), shown(clinician, "words/en&as=file")
    assert "Read it whole" in page
    assert re.search(r"About \d+ minutes to read", page)
    assert (
        '<span class="again">Thank you for calling {practice}.</span> The office is closed right now.' in page
    )
    assert "asks: [errand]" not in page and "asks: [errand]" in file
    assert '<span class="again">' not in file
    approve(clinician, "words/en")
    assert "Approved by Dr. Amara Osei (Clinician, who reads the language)" in shown(clinician, "words/en")


def test_words_that_changed_are_read_beside_what_was_signed_unless_somebody_asks_for_sentences(
    stage: Stage, folder: Path, clinician: Enrolled
) -> None:
    files = protocol_of(folder_files(folder)).files
    words = files["phrasebook/en.yaml"].replace(b"What can I do for you?", b"What shall it be?")
    signed_then = snapshot({**files, "phrasebook/en.yaml": words})
    keep(folder, signed_then, signed(signed_then, KEY, "Rosa Ferro", AT))
    page, whole = shown(clinician, "words/en"), shown(clinician, "words/en&as=sentences")
    assert "<del>" in page and "Read it sentence by sentence" in page
    assert "<del>" not in whole and "What changed" in whole and "What shall it be?" not in whole


def test_files_with_mistakes_leave_nothing_to_read_and_every_mistake_named(
    stage: Stage, folder: Path, owner: Enrolled
) -> None:
    (folder / "money.yaml").write_text("cancelling: soon\n")
    page = shown(owner)
    assert "there is nothing to read yet" in page
    assert re.search(r"money\.yaml:\d", page)
    assert "Read and approve" not in page


def rehearsed(folder: Path, *broken: Broken) -> None:
    result = SafetyResult(
        "en-goodbye", "somebody says goodbye", broken, "handed_over", ("Dr. Osei",),
        (Line("caller", "you won't hear from me again", 1), Line("us", "Please call or text 988 now.", 1)),
    )  # fmt: skip
    protocol = protocol_of(folder_files(folder))
    safety_review.keep(folder, SafetyReport(protocol.hash, version("lamplighter"), AT, (result,)))


def test_who_signs_can_read_what_was_said_in_the_safety_rehearsal(
    stage: Stage, folder: Path, owner: Enrolled
) -> None:
    assert owner.browser.get("/protocol/rehearsal").status_code == 404
    rehearsed(folder)
    assert "Sign version" not in owner.browser.get("/protocol/rehearsal").text
    assert "The safety rehearsal passed on this version: 1 scenes" in shown(owner)
    page = owner.browser.get("/protocol/rehearsal").text
    assert "Please call or text 988 now." in page
    assert "somebody says goodbye" in page


def test_a_rehearsal_that_broke_a_promise_stops_the_signature_and_says_which(
    stage: Stage, folder: Path, owner: Enrolled
) -> None:
    approve_all(stage)
    rehearsed(folder, Broken("never_alone", "988 was not said first", "Look at the words for a crisis."))
    assert not stage.reviewing(folder, folder / SIGNED).look().signable
    page = owner.browser.get("/protocol/rehearsal").text
    assert "<strong>never alone</strong>: 988 was not said first" in page
    assert "Look at the words for a crisis." in page


def test_the_demonstration_says_that_nobody_approved_a_word_and_cannot_be_signed(tmp_path: Path) -> None:
    stage = Stage()
    kept = tmp_path / "protocols"
    kept.mkdir()
    protocol = protocol_of(folder_files(SAMPLE_FOLDER), drafts=True)
    keep_in(kept, protocol, sign(protocol, demo_key(), "Lamplighter demo", AT))
    stage.review = replace(
        stage.reviewing(SAMPLE_FOLDER, kept, drafts=True, passed=lambda _, __: REPORT),
        answers=lambda: protocol.hash,
    )
    owner = first_owner(stage)
    page = re.sub(r"\s+", " ", owner.browser.get("/protocol").text)
    assert "signed by <strong>Lamplighter demo</strong>" in page
    assert "An invented telephone number" in page
    assert "Sign version" not in page
    assert 'class="chip done"' not in page


# -- the keys that the server holds ------------------------------------------------------------------------------------


@pytest.fixture
def keys(tmp_path: Path) -> Callable[[int], SigningKeys]:
    return lambda master: SigningKeys(tmp_path, "maple", LocalKeys(bytes([master] * 32)))


def test_everybody_signs_with_a_key_of_their_own_that_stays_the_same(
    keys: Callable[[int], SigningKeys],
) -> None:
    first = keys(1).of("s-1").private_bytes_raw()
    assert keys(1).of("s-1").private_bytes_raw() == first
    assert keys(1).of("s-2").private_bytes_raw() != first


def test_a_key_is_sealed_and_its_file_is_nobody_elses(
    keys: Callable[[int], SigningKeys], tmp_path: Path
) -> None:
    raw = keys(1).of("s-1").private_bytes_raw()
    [file] = (tmp_path / "signing-keys").iterdir()
    assert raw not in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    with pytest.raises(KeyProblem):
        keys(2).of("s-1")
