from pathlib import Path

import pytest

from lamplighter.practice.load import check, load
from lamplighter.practice.new import CannotCreate, create

FILLED = {
    "a neutral name": "Linden Office",
    "the time zone": "America/Chicago",
    "the state, two": "MN",
    "the main number": "(612) 555-0100",
    "what you call": "Linden Street",
    "street, city": "3 Linden Street, Saint Paul, Minnesota",
    "the fee for": "$50",
    "the fee,": "$150",
    "your name": "Ada Reyes",
    "your credential": "LICSW",
    "the states of": "MN]",
    "the number on": "(612) 555-0101",
    "the number of your": "(612) 555-0102",
}


def test_a_new_practice_has_nothing_wrong_but_what_is_left_to_fill_in(tmp_path: Path) -> None:
    create(tmp_path / "linden", "Linden Therapy")

    messages = {problem.message for problem in check(tmp_path / "linden")}

    assert messages
    assert all(message.endswith("is still to be filled in") for message in messages)


def test_a_new_practice_loads_once_every_line_is_filled_in(tmp_path: Path) -> None:
    for path in create(tmp_path, "Linden Therapy"):
        lines = path.read_text().splitlines()
        path.write_text("\n".join(_filled(line) for line in lines))

    practice = load(tmp_path)

    assert (practice.id, practice.name, practice.sender_name) == (
        "linden_therapy",
        "Linden Therapy",
        "Linden Office",
    )
    assert practice.ladder.by_day["crisis"][0].phone == "+16125550101"


def _filled(line: str) -> str:
    before, mark, hint = line.partition("FILL IN ")
    return (
        before + next((value for start, value in FILLED.items() if hint.startswith(start)), "Yes.")
        if mark
        else line
    )


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "practice.yaml").write_text("mine")

    with pytest.raises(CannotCreate, match="not empty"):
        create(tmp_path, "Linden Therapy")

    assert [path.name for path in tmp_path.iterdir()] == ["practice.yaml"]
    assert (tmp_path / "practice.yaml").read_text() == "mine"


def test_a_file_in_the_way_is_an_error_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")

    for folder in (tmp_path / "taken", tmp_path / "taken" / "within"):
        with pytest.raises(CannotCreate):
            create(folder, "Linden Therapy")


@pytest.mark.parametrize(
    "name", ["Río: “Luz” #1", 'He said "yes"', "@id@ - {x}", "北京咨询", "42 Main", "It's \\n"]
)
def test_any_name_is_kept_as_it_is_written(tmp_path: Path, name: str) -> None:
    create(tmp_path / "new", name)

    problems = check(tmp_path / "new")

    assert all(problem.message.endswith("is still to be filled in") for problem in problems)


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\0b", "a\x1bb"])
def test_a_name_that_cannot_be_said_is_refused_before_anything_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(CannotCreate):
        create(tmp_path / "new", name)

    assert not (tmp_path / "new").exists()
