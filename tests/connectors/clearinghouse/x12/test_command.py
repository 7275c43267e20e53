"""`lamplighter x12`."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lamplighter.cli import app
from tests.connectors.clearinghouse.x12.texts import answer

ANSWER = answer("EB*1**30**LANTERN OPEN~EB*B*IND*A6***27*20****N*Y~EB*B*IND*30***27*45****N*Y~")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "two.271").write_text(ANSWER + ANSWER)
    (tmp_path / "cut.271").write_text(ANSWER[: ANSWER.index("EB*B")])
    (tmp_path / "notes.txt").write_text("call them back")
    return tmp_path


def run(*files: Path) -> tuple[int, list[str]]:
    result = CliRunner().invoke(app, ["x12", *map(str, files)])
    return result.exit_code, result.stdout.splitlines()


def test_each_transaction_set_is_a_line_of_json(folder: Path) -> None:
    code, lines = run(folder / "two.271")
    assert code == 0
    assert [json.loads(line)["transaction_set"] for line in lines] == ["271", "271"]


def test_a_figure_names_its_segment_and_those_it_beat(folder: Path) -> None:
    _, lines = run(folder / "two.271")
    figures = json.loads(lines[0])["content"]["members"][0]["figures"]
    assert figures["copay"] == {
        "state": "known", "value": {"amount": "20", "currency": "USD"}, "row": 19, "beaten": [20],
    }  # fmt: skip
    assert figures["deductible_left"] == {"state": "unknown"}


def test_a_file_that_cannot_be_read_is_one_line_with_file_and_segment_and_the_next_is_read(
    folder: Path,
) -> None:
    code, lines = run(folder / "cut.271", folder / "notes.txt", folder / "gone.271", folder / "two.271")
    assert code == 1
    assert (
        lines[0]
        == f"{folder / 'cut.271'}: segment 18 (EB): the transaction set is cut off here: no SE ends it"
    )
    assert lines[1] == f"{folder / 'notes.txt'}: no ISA: this is not X12"
    assert lines[2].startswith(f"{folder / 'gone.271'}: ")
    assert len(lines) == 5


def test_what_stands_before_a_fault_is_printed(tmp_path: Path) -> None:
    inside = ANSWER[ANSWER.index("ST*") : ANSWER.index("GE*")]
    cut = inside[: inside.index("SE*")].replace("ST*271*0001", "ST*271*0002")
    (tmp_path / "group.271").write_text(ANSWER.replace("GE*", cut + "GE*"))
    (tmp_path / "file.271").write_text(ANSWER + ANSWER.replace("ST*271*0001", "XX*Nora~ST*271*0001"))
    for name in ("group.271", "file.271"):
        code, lines = run(tmp_path / name)
        assert (code, len(lines), lines[0].startswith("{")) == (1, 2, True)
        assert lines[1].startswith(f"{tmp_path / name}: segment ")
