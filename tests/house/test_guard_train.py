"""One command trains the guard. It takes minutes, so that here somebody else stands where Python does."""

import hashlib
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
GUARD = Path("src/lamplighter/conversation/guard")
TRAINER = """#!/bin/sh
echo "$2" >> trained
[ ! -e broken ] || exit 1
case "$2" in
    *.train) echo one > {guard}/model.npz ;;
    *.train_others) echo two > {guard}/others.npz ;;
esac
"""


def checkout(folder: Path) -> Path:
    for part in ("scripts", ".venv/bin", str(GUARD)):
        (folder / part).mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "guard-train", folder / "scripts")
    python = folder / ".venv" / "bin" / "python"
    python.write_text(TRAINER.format(guard=GUARD))
    python.chmod(0o755)
    return folder


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["scripts/guard-train"], cwd=folder, capture_output=True, text=True, check=False)


def test_both_models_are_trained_by_one_command_that_says_what_each_took_and_its_hash(
    tmp_path: Path,
) -> None:
    done = run(checkout(tmp_path))
    assert done.returncode == 0, done.stderr
    modules = (tmp_path / "trained").read_text().split()
    assert [module.rpartition(".")[2] for module in modules] == ["train", "train_others"]
    for name in ("model.npz", "others.npz"):
        found = hashlib.sha256((tmp_path / GUARD / name).read_bytes()).hexdigest()
        [told] = [line for line in done.stdout.splitlines() if line.startswith(f"{name}: ")]
        assert told.endswith(f" s, sha256 {found}")
    for module in modules:
        assert (ROOT / "src" / (module.replace(".", "/") + ".py")).is_file()


def test_nothing_is_trained_after_a_training_that_failed(tmp_path: Path) -> None:
    folder = checkout(tmp_path)
    (folder / "broken").touch()
    assert run(folder).returncode != 0
    assert len((folder / "trained").read_text().split()) == 1


def test_make_brings_what_training_needs_first() -> None:
    told = subprocess.run(
        ["make", "-n", "--no-print-directory", "guard-train"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert [line.split()[0] for line in told] == ["scripts/bootstrap", "scripts/guard-train"]
