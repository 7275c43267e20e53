"""`practice new` as somebody types it, or a script."""

import os
import pty
import subprocess
import sys
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


def test_at_a_terminal_it_asks_for_the_name_and_the_kind_and_offers_to_ask_the_rest(tmp_path: Path) -> None:
    told = at_a_terminal(tmp_path / "linden", "Linden Therapy\n3\ny\n911\nNY\n\x04")

    assert "3 psychiatry: a clinic that prescribes" in told
    assert "15 lines are left that only you know." in told
    assert '"911" is not a state of the US' in told
    assert "Left to fill in, marked FILL IN (14):" in told
    assert gaps_in(tmp_path / "linden")[0].key == "phone"


def at_a_terminal(folder: Path, typed: str) -> str:
    """What is on the screen of somebody who types this."""
    ours, theirs = pty.openpty()
    command = [str(Path(sys.executable).parent / "lamplighter"), "practice", "new", str(folder)]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs) as running:
        os.close(theirs)
        os.write(ours, typed.encode())
        shown = b""
        while chunk := _read(ours):
            shown += chunk
        running.wait()
    os.close(ours)
    return shown.decode()


def _read(end: int) -> bytes:
    """Nothing once the other end is closed, which Linux tells as an error."""
    try:
        return os.read(end, 4096)
    except OSError:
        return b""
