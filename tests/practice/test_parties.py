"""Who else gets something of what people say: read from parties.yaml, and nobody without an agreement when live."""

from datetime import date
from pathlib import Path

import pytest

from lamplighter.practice.doctor import examine
from lamplighter.practice.load import check, load
from lamplighter.practice.model import Party
from tests.practice.folder import SAMPLE

DAY = date(2026, 11, 25)
CARRIER = """parties:
  - name: Linden Carrier
    for: telephone calls
    gets: [telephone numbers, what is said]
    agreement_since: {since}
    may_reuse: no
  - name: Elm Hosting
    for: keeps the machine
    gets: what is sealed
    agreement_since: 2026-01-05
    may_reuse: no
"""


def folder_with(tmp_path: Path, parties: str | None) -> Path:
    for name, content in SAMPLE.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "parties.yaml").unlink()
    if parties is not None:
        (tmp_path / "parties.yaml").write_text(parties)
    return tmp_path


def found(folder: Path) -> list[tuple[int, str, str]]:
    return [(p.line, p.message, p.severity) for p in examine(folder, DAY) if p.file == "parties.yaml"]


def test_a_party_says_what_it_is_for_what_it_gets_and_since_when_an_agreement_is_on_file(
    tmp_path: Path,
) -> None:
    read = load(folder_with(tmp_path, CARRIER.format(since="2026-02-03"))).parties
    gets = ("telephone numbers", "what is said")
    assert read[0] == Party("Linden Carrier", "telephone calls", gets, date(2026, 2, 3), may_reuse=False)
    assert found(tmp_path) == []


@pytest.mark.parametrize(("since", "more"), [("", ""), ("2026-11-26", " before 2026-11-26")])
def test_a_party_without_an_agreement_stops_going_live_and_its_line_is_named(
    tmp_path: Path, since: str, more: str
) -> None:
    folder = folder_with(tmp_path, CARRIER.format(since=since))
    assert found(folder) == [(5, f"no agreement with Linden Carrier is on file{more}", "go_live")]


def test_a_practice_that_never_said_who_gets_what_does_not_go_live_and_an_empty_list_is_an_answer(
    tmp_path: Path,
) -> None:
    [(_, message, severity)] = found(folder_with(tmp_path, None))
    assert (severity, "nobody has said" in message) == ("go_live", True)
    (tmp_path / "parties.yaml").write_text("parties: []\n")
    assert found(tmp_path) == []


def test_a_party_that_is_listed_twice_or_gets_nothing_is_a_mistake(tmp_path: Path) -> None:
    twice = CARRIER.format(since="2026-02-03").replace("Elm Hosting", "linden carrier")
    problems = check(folder_with(tmp_path, twice.replace("gets: what is sealed", "gets:")))
    assert {problem.message for problem in problems} == {"linden carrier is listed twice", "gets is empty"}
