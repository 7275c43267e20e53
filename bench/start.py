"""Start and size of the whole product, seen from outside: a process that answers, and what it took."""

import json
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
from lamplighter.channels.speech.models import installed, models_folder

PATIENCE_SECONDS = 300
RENDERING_SECONDS = 3600
TICKS = os.sysconf("SC_CLK_TCK")


def budgets() -> Budgets:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        nowhere = f"{folder}/models"
        with running(folder, nowhere):
            pass  # the first start makes the data folder and the invented week
        with running(folder, nowhere) as (process, _, seconds):
            cpu, largest = spent(process.pid)
        how = f"second start of the demo, bytecode kept, speech models absent; {seconds:.1f} s by the clock"
        yield Budget("start until a page answers, without speech", 3, cpu, "s CPU", how)
        yield Budget("largest resident set, without speech", 400, largest, "MB", "the same process")
        if installed(models_folder()):
            yield from with_speech(folder)


def with_speech(folder: str) -> Budgets:
    """Of a start after calls have been spoken once: the greeting and all fixed sentences are rendered by then."""
    with running(folder, str(models_folder())) as (process, port, _):
        wait_for_speech(port, process)
        wait_for_quiet(process.pid)
    with running(folder, str(models_folder())) as (process, port, seconds):
        answered, _ = spent(process.pid)
        began = time.monotonic()
        wait_for_speech(port, process)
        spoken = time.monotonic() - began + seconds
        cpu, largest = spent(process.pid)
    how = f"models installed, sentences rendered before; {spoken:.1f} s by the clock, a page after {answered:.1f} s CPU"
    yield Budget("start until calls can be spoken, with speech", 8, cpu, "s CPU", how)
    yield Budget(
        "largest resident set, English and Spanish speech", 1200, largest, "MB", "the same process, no call"
    )


@contextmanager
def running(folder: str, models: str) -> Iterator[tuple[subprocess.Popen[bytes], int, float]]:
    """The demo on free ports, answering; with its port and the seconds that it took. Ended as Ctrl-C ends it."""
    port, staff = free_ports()
    own = {
        "LAMPLIGHTER_MODELS": models,
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
            yield process, port, time.monotonic() - began
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


def wait_for_speech(port: int, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + RENDERING_SECONDS
    while time.monotonic() < give_up and process.poll() is None:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/speech", timeout=10) as answer:
            if json.load(answer)["state"] == "ready":
                return
        time.sleep(0.1)
    raise CannotMeasure("speech did not get ready; run the demo by hand to see why")


def wait_for_quiet(process: int) -> None:
    """Until it has nothing more to render."""
    before, now = -1.0, spent(process)[0]
    while now - before > 0.5:
        time.sleep(2)
        before, now = now, spent(process)[0]


def spent(process: int) -> tuple[float, float]:
    """CPU seconds so far, and the largest resident set in megabytes."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return (int(fields[11]) + int(fields[12])) / TICKS, int(peak.split()[1]) / 1024
