"""A million inputs, each grown from those that reached new code: none makes the reader fail in a way of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.connectors.clearinghouse.x12.texts import answer

RUNS = 1_000_000


@pytest.mark.slow
def test_a_million_inputs_led_by_coverage_crash_nothing(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    golden = Path(__file__).with_name("golden")
    for file in golden.glob("*.x12"):
        (seeds / file.name).write_bytes(file.read_bytes())
    (seeds / "answer.271").write_text(answer("EB*1**30**LANTERN OPEN~EB*B*IND*A6***27*20****N*Y~MSG*SAID~"))
    program = Path(__file__).with_name("fuzzing.py")
    ran = subprocess.run(
        [sys.executable, str(program), f"-runs={RUNS}", "-max_len=640", "-seed=1", str(seeds)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=3000,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert f"Done {RUNS} runs" in ran.stderr
