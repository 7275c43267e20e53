"""`practice new` as somebody types it, or a script."""

from pathlib import Path

from typer.testing import CliRunner

from lamplighter.cli import app
from lamplighter.practice.filling import gaps_in

RUN = CliRunner()


def test_without_a_terminal_nothing_is_waited_for_and_what_is_left_is_listed_with_file_and_line(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "linden"

    told = RUN.invoke(app, ["practice", "new", str(folder), "--kind", "solo", "--name", "Linden Therapy"])

    lines = told.stdout.splitlines()
    assert told.exit_code == 0
    assert lines[1] == "Left to fill in, marked FILL IN (12):"
    assert lines[2] == f"  1 {folder}/practice.yaml:10: state, the state, such as NY"
    assert lines[-1] == f"Next: lamplighter doctor {folder}"


def test_without_a_terminal_a_name_must_be_given(tmp_path: Path) -> None:
    told = RUN.invoke(app, ["practice", "new", str(tmp_path / "linden")])

    assert (told.exit_code, told.stderr) == (1, "The practice needs a name: give it with --name.\n")
    assert not (tmp_path / "linden").exists()


def test_asked_for_it_asks_what_is_left_and_takes_what_it_suggests(tmp_path: Path) -> None:
    folder = tmp_path / "linden"
    answers = "Atlantis\nNY\n(212) 555-0140\n\n3 Linden Street, Albany, New York\nAda Reyes\nLCSW\n\n(212) 555-0141\n"

    told = RUN.invoke(
        app, ["practice", "new", str(folder), "--name", "Linden Therapy", "--ask"], input=answers
    )

    assert told.exit_code == 0
    assert 'State: "Atlantis" is not a state of the US.' in told.stdout
    assert "The time zone (such as America/New_York) [America/New_York]:" in told.stdout
    assert [gap.key for gap in gaps_in(folder)] == ["phone", "late_fee", "fee", "fee"]


def test_a_kind_that_there_is_not_makes_nothing(tmp_path: Path) -> None:
    told = RUN.invoke(app, ["practice", "new", str(tmp_path / "linden"), "--name", "Linden", "--kind", "spa"])

    assert told.exit_code == 1
    assert "solo, group, psychiatry, community, university" in told.stderr
    assert not (tmp_path / "linden").exists()
