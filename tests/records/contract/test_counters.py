"""Numbers that never come twice: not in a practice, not among many at once, not after somebody was killed."""

import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

from lamplighter.records.opening import open_sqlite
from tests.records.contract.examples import Undone
from tests.records.stores import KEYS, Store, TestClock

MANY, EACH = 4, 5


def taken(store: Store, name: str, practice: str | None = None) -> int:
    with store.transaction(practice=practice) as transaction:
        return transaction.counters.next(name)


def test_a_sequence_counts_from_one_by_itself_in_each_practice(store: Store) -> None:
    assert [taken(store, "group"), taken(store, "set"), taken(store, "group")] == [1, 1, 2]
    assert taken(store, "group", practice=f"{store.practice}-next-door") == 1


def test_a_number_of_a_transaction_that_fails_was_never_given_out(store: Store) -> None:
    taken(store, "group")
    with suppress(Undone), store.transaction() as transaction:
        transaction.counters.next("group")
        raise Undone
    assert taken(store, "group") == 2


def test_many_at_once_get_a_number_each(store: Store) -> None:
    found: list[int] = []
    barrier = threading.Barrier(MANY)

    def work() -> None:
        barrier.wait()
        found.extend(taken(store, "interchange") for _ in range(EACH))

    threads = [threading.Thread(target=work) for _ in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(1, MANY * EACH + 1))


_WORKER = """
import sys
from pathlib import Path
from lamplighter.records.opening import open_sqlite
from tests.records.stores import KEYS, TestClock
records = open_sqlite(Path(sys.argv[1]), KEYS, TestClock())
while True:
    with records.transaction("demo") as transaction:
        number = transaction.counters.next("interchange")
    print(number, flush=True)
"""


def test_no_number_comes_again_after_whoever_took_it_was_killed(tmp_path: Path) -> None:
    path, seen = tmp_path / "records.db", [0]
    for _ in range(2):
        with subprocess.Popen(
            [sys.executable, "-c", _WORKER, str(path)], stdout=subprocess.PIPE, text=True
        ) as worker:
            assert worker.stdout is not None
            first = int(worker.stdout.readline())
            assert first > seen[-1]
            seen = [first, *(int(worker.stdout.readline()) for _ in range(5))]
            worker.kill()
            seen += [int(line) for line in worker.stdout.read().split() if line]
    records = open_sqlite(path, KEYS, TestClock())
    with records.transaction("demo") as transaction:
        assert transaction.counters.next("interchange") > seen[-1]
    records.close()
