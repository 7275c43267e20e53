"""What `serve` answers for: signed practices in full, drafts with one sentence, and broken folders loudly with a
number; what is wrong with one keeps no other from being answered."""

import io
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.console import Console
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from lamplighter.practice.problems import PracticeProblems
from lamplighter.practice.sample import SAMPLE_FOLDER
from lamplighter.wiring.lines import protocol_of
from lamplighter.wiring.practices import practices_in
from lamplighter.wiring.serve import public_pages, tell_unanswered
from lamplighter.wiring.signing import SIGNED, folder_files, keep
from tests.practice.approving import signed

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def made(practices: Path, name: str, number: str, *, sign: bool = False) -> Path:
    folder = practices / name
    shutil.copytree(SAMPLE_FOLDER, folder)
    file = folder / "practice.yaml"
    text = file.read_text().replace("id: demo", f"id: {name}").replace("555-0100", number)
    file.write_text(text.replace("[localhost, 127.0.0.1]", f"[{name}.example]"))
    if sign:
        protocol = protocol_of(folder_files(folder))
        keep(folder, protocol, signed(protocol, KEY, "Dr. Amara Osei", AT))
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One signed, one that nobody has signed."""
    made(tmp_path, "oak", "555-0180", sign=True)
    made(tmp_path, "ash", "555-0181")
    return tmp_path


def breaks(folder: Path) -> None:
    (folder / "ladder.yaml").write_text("seconds: soon\n")


def ids(folder: Path) -> tuple[list[str], list[str], list[str]]:
    found = practices_in(folder)
    unloadable = [each.folder.name for each in found.unloadable]
    return [e.practice.id for e in found.signed], [e.practice.id for e in found.unsigned], unloadable


def told(folder: Path) -> str:
    console = Console(file=io.StringIO(), width=80)
    tell_unanswered(practices_in(folder), console)
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_what_is_signed_comes_first_so_that_a_draft_moves_no_staff_page(folder: Path) -> None:
    assert [each.practice.id for each in practices_in(folder).answered] == ["oak", "ash"]


def test_a_folder_that_cannot_be_loaded_keeps_no_other_from_being_answered(folder: Path) -> None:
    breaks(made(folder, "elm", "555-0182"))
    assert ids(folder) == (["oak"], ["ash"], ["elm"])


def test_a_signed_practice_whose_draft_is_broken_is_answered_as_it_was_signed(folder: Path) -> None:
    breaks(folder / "oak")
    assert ids(folder)[0] == ["oak"]


@pytest.mark.parametrize("taken", ["id: oak", "phone: (212) 555-0180", "hosts: [oak.example]"])
def test_a_draft_that_claims_what_a_signed_practice_has_is_left_out_and_the_signed_one_answers(
    folder: Path, taken: str
) -> None:
    file = folder / "ash" / "practice.yaml"
    key = taken.split(":")[0]
    lines = [taken if line.startswith(f"{key}:") else line for line in file.read_text().splitlines()]
    file.write_text("\n".join(lines) + "\n")
    assert ids(folder) == (["oak"], [], ["ash"])
    assert "already leads to oak" in told(folder)


def test_two_signed_practices_that_claim_one_number_are_refused(folder: Path) -> None:
    made(folder, "yew", "555-0180", sign=True)
    with pytest.raises(PracticeProblems, match="already leads to oak"):
        practices_in(folder)


@pytest.mark.parametrize("content", [b"{}", b"\xff\xfe", b'{"format": "lamplighter signature 0"}'])
def test_a_damaged_signature_keeps_no_other_and_no_other_practice_from_being_answered(
    folder: Path, content: bytes
) -> None:
    for name in ("oak", "ash"):
        (folder / name / SIGNED).mkdir(exist_ok=True)
        (folder / name / SIGNED / f"{'0' * 64}.20270101T000000.signature.json").write_bytes(content)
    assert ids(folder) == (["oak"], ["ash"], [])


@pytest.mark.parametrize("content", [b"{}", b"\xff\xfe"])
def test_a_practice_whose_signed_protocol_is_damaged_is_named_and_the_others_are_answered(
    folder: Path, content: bytes
) -> None:
    elm = made(folder, "elm", "555-0182", sign=True)
    next((elm / SIGNED).glob("*.protocol.json")).write_bytes(content)
    assert ids(folder) == (["oak"], ["ash"], ["elm"])
    said = told(folder)
    assert "NOT LOADED: elm; its pages name +12125550182" in said
    assert "nobody is answered under it" in said


def test_what_is_not_in_use_is_said_loudly_with_what_to_do(folder: Path) -> None:
    breaks(made(folder, "elm", "555-0182"))
    said = told(folder)
    assert "NOT SIGNED: Harbor Lane Counseling" in said and f"lamplighter review {folder / 'ash'}" in said
    assert "NOT LOADED: elm; its pages name +12125550182" in said
    assert "ladder.yaml:1" in said


def pages(folder: Path) -> TestClient:
    """The public pages, of which every other host's answers "open"."""

    async def page(_: object) -> PlainTextResponse:
        return PlainTextResponse("open")

    return TestClient(public_pages(Starlette(routes=[Route("/{any:path}", page)]), practices_in(folder)))


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_pages_of_a_broken_practice_show_the_sentence_and_the_number_of_a_person(
    folder: Path, language: str
) -> None:
    breaks(made(folder, "elm", "555-0182"))
    for path in ("/", "/chat", "/call"):
        shown = pages(folder).get(path, headers={"host": "elm.example:8765", "accept-language": language})
        assert shown.status_code == 503
        assert "(212) 555-0182" in shown.text and "911" in shown.text and "988" in shown.text
        assert {"en": "not in use", "es": "todavía no está en uso"}[language] in shown.text
        assert "content-security-policy" in shown.headers
    assert pages(folder).get("/static/public.css", headers={"host": "elm.example"}).text == "open"


def test_a_broken_folder_never_takes_the_host_of_a_practice_that_is_answered(folder: Path) -> None:
    elm = made(folder, "elm", "555-0182")
    file = elm / "practice.yaml"
    file.write_text(file.read_text().replace("elm.example", "elm.example, oak.example, ash.example"))
    breaks(elm)
    for host in ("oak.example", "ash.example"):
        assert pages(folder).get("/chat", headers={"host": host}).text == "open"
    assert pages(folder).get("/chat", headers={"host": "elm.example"}).status_code == 503


def test_nothing_is_shown_for_a_practice_whose_number_cannot_be_read(folder: Path) -> None:
    elm = made(folder, "elm", "555-0182")
    (elm / "practice.yaml").write_text("id: [\n")
    assert practices_in(folder).unloadable[0].phone is None
    assert "nobody can reach it" in told(folder)
