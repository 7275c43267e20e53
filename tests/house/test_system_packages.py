"""System packages are installed where that is allowed; elsewhere one line says what to type, and the rest goes on."""

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "system-packages"


class Machine:
    """A PATH of its own: the programs that it has are the ones put there; what apt-get was told is kept."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.told = folder / "told"
        self.bin.mkdir()
        self.told.touch()
        for program in ("sh", "cat"):
            found = shutil.which(program)
            assert found
            (self.bin / program).symlink_to(found)

    def has(self, program: str, does: str = "true") -> None:
        file = self.bin / program
        file.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
        file.chmod(0o755)

    def has_apt(self, ends_with: int = 0) -> None:
        self.has("apt-get", f'echo "$@" >> {self.told}; exit {ends_with}')

    def run(self, *packages: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(SCRIPT), *packages], env={"PATH": str(self.bin)}, capture_output=True, text=True, check=False
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_root_installs_what_is_missing_and_nothing_else(machine: Machine) -> None:
    machine.has("id", "echo 0")
    machine.has("sox")
    machine.has_apt()
    assert machine.run("sox", "chromium", "espeak-ng").returncode == 0
    assert machine.told.read_text(encoding="utf-8").splitlines() == [
        "update -q",
        "install -y -q --no-install-recommends chromium espeak-ng",
    ]


def test_where_all_is_there_nothing_is_done_or_said(machine: Machine) -> None:
    machine.has("id", "echo 0")
    machine.has("sox")
    machine.has_apt()
    ran = machine.run("sox")
    assert (ran.returncode, ran.stdout + ran.stderr, machine.told.read_text(encoding="utf-8")) == (0, "", "")


def test_an_ordinary_user_without_sudo_is_told_the_one_line_and_goes_on(machine: Machine) -> None:
    machine.has("id", "echo 1000")
    machine.has("sudo", "exit 1")
    machine.has_apt()
    ran = machine.run("espeak-ng")
    assert ran.returncode == 0
    assert "sudo apt-get install -y --no-install-recommends espeak-ng" in ran.stderr
    assert machine.told.read_text(encoding="utf-8") == ""


def test_sudo_that_asks_nothing_is_used(machine: Machine) -> None:
    machine.has("id", "echo 1000")
    machine.has("sudo", 'shift; "$@"')
    machine.has_apt()
    assert machine.run("espeak-ng").returncode == 0
    assert "install -y -q --no-install-recommends espeak-ng" in machine.told.read_text(encoding="utf-8")


def test_an_installation_that_fails_is_told_and_stops_nothing(machine: Machine) -> None:
    machine.has("id", "echo 0")
    machine.has_apt(ends_with=100)
    ran = machine.run("espeak-ng")
    assert ran.returncode == 0
    assert "Could not install: espeak-ng" in ran.stderr


def test_another_system_is_told_what_is_missing(machine: Machine) -> None:
    ran = machine.run("sox", "espeak-ng")
    assert ran.returncode == 0
    assert "Missing: sox espeak-ng" in ran.stderr
