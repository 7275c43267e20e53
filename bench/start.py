"""Start and size of the whole product, seen from outside: a process that answers, and what it took."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import Budget, Budgets, CannotMeasure

PATIENCE_SECONDS = 300
TICKS = os.sysconf("SC_CLK_TCK")


def budgets() -> Budgets:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        with running(folder):
            pass  # the first start makes the data folder and the invented week
        with running(folder) as (process, seconds):
            cpu, largest = spent(process.pid)
    how = f"second start of the demo, bytecode kept, speech models absent; {seconds:.1f} s by the clock"
    yield Budget("start until a page answers, without speech", 3, cpu, "s CPU", how)
    yield Budget("largest resident set, without speech", 400, largest, "MB", "the same process")


@contextmanager
def running(folder: str) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """The demo on free ports, answering; with the seconds that it took. Ended as Ctrl-C ends it."""
    port, staff = free_ports()
    own = {
        "LAMPLIGHTER_MODELS": f"{folder}/models",
        "LAMPLIGHTER_STAFF_PORT": str(staff),
        "PYTHONPYCACHEPREFIX": f"{folder}/bytecode",
        "PYTHONDONTWRITEBYTECODE": "",  # the first start leaves bytecode behind, as it does where it is installed
    }
    command = [str(Path(sys.executable).with_name("lamplighter")), "demo", "--headless", "--port", str(port)]
    began = time.monotonic()
    with (Path(folder) / "output").open("wb") as output:
        process = subprocess.Popen(
            [*command, "--data", f"{folder}/data"], env=os.environ | own, stdout=output, stderr=output
        )
        try:
            wait_for(port, process)
            yield process, time.monotonic() - began
        finally:
            process.terminate()
            process.wait(30)


def free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10).close()
            return
        except OSError:
            time.sleep(0.05)
    raise CannotMeasure("the demo did not answer; run it by hand to see why")


def spent(process: int) -> tuple[float, float]:
    """CPU seconds so far, and the largest resident set in megabytes."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return (int(fields[11]) + int(fields[12])) / TICKS, int(peak.split()[1]) / 1024
