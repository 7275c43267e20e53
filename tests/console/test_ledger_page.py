"""The ledger on its page: looked through, taken away as a file, proven; and nothing that anybody said."""

import csv
import io
import json
import time
from dataclasses import replace

import pytest

from lamplighter.console.history import Proving
from lamplighter.desk.proving import Proof, Told
from tests.channels.web.stage import MORNING, Stage
from tests.console.people import Enrolled, first_owner, invited


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def auditor(stage: Stage) -> Enrolled:
    return invited(stage, first_owner(stage), "Ada Count", "auditor")


def a_talk(stage: Stage) -> str:
    opened = stage.contacts.open(
        stage.practice.id, channel="chat", dialled=stage.practice.phone, address=None
    )
    stage.contacts.hear(
        stage.practice.id, opened.contact, "my name is Nora Quill, a first appointment please"
    )
    return opened.contact


def lines(auditor: Enrolled, query: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in auditor.browser.get(f"/ledger.jsonl?{query}").text.splitlines()]


def test_the_auditor_finds_entries_and_takes_those_that_fit_away_in_two_shapes(
    stage: Stage, auditor: Enrolled
) -> None:
    contact = a_talk(stage)
    found = lines(auditor, f"about=contact/{contact}")
    assert found and {str(each["about"]).partition("#")[0] for each in found} == {f"contact/{contact}"}
    assert [each["seq"] for each in found] == sorted((each["seq"] for each in found), reverse=True)
    table = csv.DictReader(io.StringIO(auditor.browser.get(f"/ledger.csv?about=contact/{contact}").text))
    assert [int(row["seq"]) for row in table] == [each["seq"] for each in found]
    page = auditor.browser.get("/ledger?what=staff+invited").text
    assert "Nothing fits" in page or "staff invited" in page
    assert {each["what"] for each in lines(auditor, "what=ledger exported")} == {"ledger_exported"}
    assert "That is no day" in auditor.browser.get("/ledger?from=soon").text
    assert lines(auditor, "from=2020-01-01&to=2020-01-02") == []


def test_no_file_says_more_of_a_person_than_that_there_is_one(stage: Stage, auditor: Enrolled) -> None:
    a_talk(stage)
    for path in ("/ledger.csv", "/ledger.jsonl", "/ledger"):
        taken = auditor.browser.get(path).text
        assert "heard" in taken
        assert "Quill" not in taken and "appointment please" not in taken


def test_text_in_a_ledger_is_no_formula_in_a_spreadsheet(stage: Stage, auditor: Enrolled) -> None:
    with stage.records.transaction(stage.practice.id) as tx:
        tx.ledger.note(at=MORNING, who="agent", what="tried", about="thing/1", why="=1+1")
    assert "'=1+1" in auditor.browser.get("/ledger.csv?what=tried").text
    assert lines(auditor, "what=tried")[0]["why"] == "=1+1"


def proven(auditor: Enrolled) -> str:
    give_up = time.monotonic() + 60
    while auditor.browser.get("/ledger/proof").json()["running"]:
        assert time.monotonic() < give_up
    return auditor.browser.get("/ledger").text


def test_the_page_proves_the_ledger_and_names_the_first_entry_that_was_altered(
    stage: Stage, auditor: Enrolled
) -> None:
    auditor.post("/ledger/prove")
    page = proven(auditor)
    assert "entries are exactly what was written" in page and "Ada Count asked on" in page
    assert "But entry" not in page
    with stage.records.transaction(stage.practice.id) as tx:
        table = tx.ledger._state.ledger  # type: ignore[attr-defined]
        third = table.get(3)
        assert third is not None
        table.put(3, replace(third, who="nobody"))
    auditor.post("/ledger/prove")
    page = proven(auditor)
    assert "2 entries are exactly what was written" in page
    assert "But entry 3 was altered" in page


def test_one_proof_is_under_way_at_a_time_and_one_that_fails_says_so() -> None:
    proving: Proving

    def prove(told: Told) -> Proof:
        told(7)
        assert not proving.start("Other", 9, MORNING)
        assert (proving.done, proving.of) == (7, 9)
        raise OSError

    proving = Proving(prove)
    assert proving.start("Ada", 9, MORNING)
    give_up = time.monotonic() + 60
    while proving.running:
        assert time.monotonic() < give_up
    assert proving.proof is not None and "could not be read" in proving.proof.problem
