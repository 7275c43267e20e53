"""Numbers that never come twice: not in a practice, not among many at once, not after somebody was killed."""

import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from tests.records.contract.examples import Undone
from tests.records.jobs_worker import open_store
from tests.records.stores import Store

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
from lamplighter.records.opening import open_postgres, open_sqlite
from tests.records.stores import KEYS, TestClock
where = sys.argv[1]
opened = open_postgres if "://" in where else open_sqlite
records = opened(where if "://" in where else Path(where), KEYS, TestClock())
print("ready", flush=True)
sys.stdin.readline()
for _ in range(200):
    with records.transaction("demo") as transaction:
        number = transaction.counters.next("interchange")
    print(number, flush=True)
"""


def check_no_number_comes_twice(where: str) -> None:
    """Two workers at once, each killed after a few; what they had time for counts as well."""
    command, pipe = [sys.executable, "-c", _WORKER, where], subprocess.PIPE
    workers = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(2)]
    outs = [each.stdout for each in workers if each.stdout]
    assert [out.readline() for out in outs] == ["ready\n", "ready\n"]
    for each in workers:
        assert each.stdin
        each.stdin.write("go\n")
        each.stdin.flush()
    found = [int(out.readline()) for out in outs for _ in range(EACH)]
    for each in workers:
        each.kill()
        found += [int(line) for line in each.communicate()[0].split("\n")[:-1] if line]
    records = open_store(where)
    with records.transaction("demo") as transaction:
        assert transaction.counters.next("interchange") > max(found)
    records.close()
    assert len(set(found)) == len(found)


@pytest.mark.slow
def test_no_number_comes_twice_to_two_workers_or_after_they_were_killed(tmp_path: Path) -> None:
    check_no_number_comes_twice(str(tmp_path / "records.db"))


@pytest.mark.postgres
def test_no_number_comes_twice_on_postgres_to_two_workers_or_after_they_were_killed(
    postgres_url: str,
) -> None:
    check_no_number_comes_twice(postgres_url)
