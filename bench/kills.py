"""Workers killed in the middle of their jobs; a driver outside counts what was lost and what came twice."""

import tempfile
from collections import Counter
from pathlib import Path

from bench import Budget, Budgets
from tests.records.stores import postgres_server
from tests.records.test_kill import enqueue, run_worker, sent

JOBS, KILLS = 1000, 20


def budgets() -> Budgets:
    with tempfile.TemporaryDirectory() as folder:
        yield from killed("encrypted file", f"{folder}/records.db", Path(folder) / "outside", "embedded")
    with tempfile.TemporaryDirectory() as folder, postgres_server() as url:
        yield from killed("PostgreSQL", url, Path(folder) / "outside", "worker {}")


def killed(where: str, store: str, outside: Path, worker: str) -> Budgets:
    enqueue(store, JOBS)
    for number in range(KILLS):
        run_worker(store, outside, worker.format(number), kill_after=JOBS // (KILLS + 2))
    run_worker(store, outside, worker.format("last"), kill_after=None)
    came = Counter(sent(outside))
    lost = JOBS - len(came)
    doubled = sum(times - 1 for times in came.values())
    how = f"{where}, {JOBS:,} texts to send, kill -9 {KILLS} times"
    yield Budget(f"kill -9, {where}: lost", 0, lost, "", how)
    yield Budget(f"kill -9, {where}: doubled", 0, doubled, "", how)
