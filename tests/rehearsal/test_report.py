import json
from pathlib import Path

import pytest

from lamplighter.rehearsal import as_json, as_text
from lamplighter.rehearsal.reading import RehearsalProblems
from lamplighter.rehearsal.run import run
from tests.rehearsal.scripted import ScriptedStage, says

FILE = """
- id: right
  locale: en
  channel: voice
  at: 2026-12-01T21:10:00-05:00
  opens: hello
  expect: {outcome: answered}
- id: wrong
  locale: es
  channel: sms
  at: 2026-12-01T21:10:00-05:00
  opens: hola
  expect: {outcome: booked}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "r.yaml"
    path.write_text(FILE)
    return path


def stage() -> ScriptedStage:
    return ScriptedStage([says("ask", "first_name")], [says("goodbye")])


def test_json_is_one_list_with_every_field_of_the_contract(file: Path) -> None:
    right, wrong = json.loads(as_json(run([file], stage())))
    assert (right["passed"], wrong["passed"]) == (True, False)
    assert set(right) == {
        "id", "passed", "failures", "outcome", "handoff", "turns", "details", "appointment", "transcript",
    }  # fmt: skip
    assert right["appointment"] is None
    assert wrong["transcript"][0] == {"who": "caller", "said": "hola"}


def test_text_shows_the_transcript_of_what_failed_and_only_of_that(file: Path) -> None:
    text = as_text(run([file], stage()))
    assert "ok    right: answered, 2 turns" in text
    assert "FAIL  wrong" in text
    assert "caller: hola" in text
    assert "caller: hello" not in text
    assert "the outcome should be booked and was answered (we said goodbye at turn 2)" in text
    assert "1 of 2 ended as expected" in text


def test_a_practice_that_is_not_there_is_told_before_anything_is_played(file: Path) -> None:
    file.write_text(FILE.replace("opens: hola", "opens: hola\n  practice: elsewhere"))
    with pytest.raises(RehearsalProblems) as told:
        run([file], stage())
    assert "elsewhere" in str(told.value)


def test_the_same_files_give_the_same_results(file: Path) -> None:
    assert run([file], stage(), seed=3) == run([file], stage(), seed=3)
