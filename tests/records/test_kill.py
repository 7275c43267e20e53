"""Workers are killed in the middle of their jobs; a driver outside counts what reached the world."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from lamplighter.desk.ports import Job
from tests.records import jobs_worker
from tests.records.contract.examples import a_message
from tests.records.jobs_worker import PRACTICE, SystemClock, open_store
from tests.records.stores import postgres_server

PATIENCE = 600.0


def enqueue(where: str, count: int) -> None:
    records = open_store(where)
    now = SystemClock().now()
    with records.transaction(PRACTICE) as transaction:
        for number in range(count):
            message = f"m{number}"
            transaction.outbox.add(a_message(message, person=None))
            transaction.jobs.enqueue(Job(f"send {message}", "send", now, (("message", message),)))
    records.close()


def sent(outside: Path) -> list[str]:
    return outside.read_text().split() if outside.exists() else []


def run_worker(where: str, outside: Path, worker: str, kill_after: int | None) -> None:
    """Starts a worker; kills it once that many more messages are out, or waits until it finds nothing left to do."""
    before = len(sent(outside))
    command = [sys.executable, jobs_worker.__file__, where, str(outside), worker]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + PATIENCE
    try:
        while process.poll() is None and time.monotonic() < deadline:
            if kill_after is not None and len(sent(outside)) >= before + kill_after:
                return
            time.sleep(0.01)
        assert process.returncode == 0
    finally:
        process.kill()
        process.wait()


def check_once_each(where: str, outside: Path, count: int, kills: int, worker: str) -> None:
    """`worker` names each start; "{}" in it stands for its number, so that every start is another worker."""
    enqueue(where, count)
    for number in range(kills):
        run_worker(where, outside, worker.format(number), kill_after=count // (kills + 2))
    run_worker(where, outside, worker.format("last"), kill_after=None)
    messages = sorted(f"m{number}" for number in range(count))
    assert sorted(sent(outside)) == messages
    records = open_store(where)
    with records.transaction(PRACTICE) as transaction:
        assert {message.status for message in transaction.outbox.recent(count)} == {"sent"}
        assert transaction.jobs.pending() == ()
    records.close()


def test_fifty_jobs_on_a_file_lose_and_double_nothing_when_their_worker_is_killed(tmp_path: Path) -> None:
    check_once_each(str(tmp_path / "records.db"), tmp_path / "outside", 50, kills=2, worker="embedded")


@pytest.mark.postgres
def test_fifty_jobs_on_postgres_are_taken_over_by_another_worker_when_theirs_is_killed(
    tmp_path: Path,
) -> None:
    with postgres_server() as url:
        check_once_each(url, tmp_path / "outside", 50, kills=1, worker="worker {}")


@pytest.mark.slow
def test_a_thousand_jobs_on_a_file_survive_twenty_kills(tmp_path: Path) -> None:
    check_once_each(str(tmp_path / "records.db"), tmp_path / "outside", 1000, kills=20, worker="embedded")


@pytest.mark.slow
@pytest.mark.postgres
def test_a_thousand_jobs_on_postgres_survive_twenty_kills(tmp_path: Path) -> None:
    with postgres_server() as url:
        check_once_each(url, tmp_path / "outside", 1000, kills=20, worker="worker {}")
