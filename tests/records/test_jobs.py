"""Durable jobs in this process, on the encrypted file and on PostgreSQL."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from dbos import DBOS

from lamplighter.desk.ports import Job
from lamplighter.records.jobs_dbos import DbosJobs, RunnerTaken
from lamplighter.records.memory import MemoryJobs, MemoryRecords
from lamplighter.records.pulse import Pulse
from lamplighter.records.sql.store import SqlRecords
from tests.records.conftest import ON_SQL
from tests.records.contract.examples import undo
from tests.records.stores import Store, TestClock, forget_jobs

PATIENCE = 120.0  # seconds: machines that run tests are busy


class Calls:
    """A handler that remembers what it was called with, and fails as often as it is told to."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.fail = 0
        self._came = threading.Condition()

    def __call__(self, practice: str, job: Job) -> None:
        with self._came:
            self.keys.append(f"{practice}/{job.key}")
            self._came.notify_all()
            if self.fail:
                self.fail -= 1
                raise ConnectionError("the world outside is away")

    def wait_for(self, key: str, times: int = 1) -> bool:
        with self._came:
            return self._came.wait_for(lambda: self.keys.count(key) >= times, PATIENCE)


@pytest.fixture(scope="module", params=ON_SQL)
def running(request: pytest.FixtureRequest, clock: TestClock) -> Iterator[tuple[DbosJobs, SqlRecords, Calls]]:
    """A runner that polls quickly, its store, and its one handler."""
    records: SqlRecords = request.getfixturevalue(f"{request.param}_records")
    runner, calls = DbosJobs(records, clock, poll_seconds=0.1), Calls()
    runner.register("note", calls)
    forget_jobs(records)
    runner.start()
    yield runner, records, calls
    runner.stop()


@pytest.fixture
def store(
    running: tuple[DbosJobs, SqlRecords, Calls], request: pytest.FixtureRequest, clock: TestClock
) -> Store:
    name = request.node.name.replace("/", "-")
    return Store(running[1], f"jobs {name}", clock)


@pytest.fixture
def calls(running: tuple[DbosJobs, SqlRecords, Calls]) -> Calls:
    return running[2]


def enqueue(store: Store, key: str, due: timedelta = timedelta(), name: str = "note") -> str:
    with store.transaction() as transaction:
        transaction.jobs.enqueue(Job(key, name, store.clock.now() + due, (("visit", "v1"),)))
    return f"{store.practice}/{key}"


def pending(store: Store) -> list[str]:
    with store.transaction() as transaction:
        return [job.key for job in transaction.jobs.pending()]


def finished(store: Store, calls: Calls, key: str = "last") -> bool:
    """Whether a job enqueued now has run, by which time those due before it have begun too."""
    return calls.wait_for(enqueue(store, key, timedelta(seconds=0.3)))


def over(store: Store, key: str) -> bool:
    """Whether it waits no longer: that is stored a little after it has run."""
    give_up = time.monotonic() + PATIENCE
    while key in pending(store) and time.monotonic() < give_up:
        time.sleep(0.02)
    return key not in pending(store)


def engine_keeps(key: str) -> bool:
    return bool(DBOS.list_workflows(workflow_id_prefix=f"{key}/"))


def test_a_job_due_now_runs_and_waits_no_longer(store: Store, calls: Calls) -> None:
    assert calls.wait_for(enqueue(store, "a"))
    assert over(store, "a")


def test_a_job_of_a_transaction_that_failed_never_runs(store: Store, calls: Calls) -> None:
    undo(store, lambda transaction: transaction.jobs.enqueue(Job("never", "note", store.clock.now())))
    assert finished(store, calls)
    assert f"{store.practice}/never" not in calls.keys


def test_a_cancelled_job_never_runs_and_runs_once_when_enqueued_anew(store: Store, calls: Calls) -> None:
    with store.transaction() as transaction:
        transaction.jobs.enqueue(Job("a", "note", store.clock.now(), (("visit", "v1"),)))
        transaction.jobs.cancel("a")
    key = f"{store.practice}/a"
    assert finished(store, calls, "first")
    assert key not in calls.keys
    assert calls.wait_for(enqueue(store, "a"))
    assert finished(store, calls, "second")
    assert calls.keys.count(key) == 1


def test_a_job_that_fails_is_tried_again_later(store: Store, calls: Calls) -> None:
    calls.fail = 1
    key = enqueue(store, "a")
    assert calls.wait_for(key, times=2)
    assert finished(store, calls)
    assert over(store, "a")
    assert calls.keys.count(key) == 2


def test_a_job_in_three_days_runs_when_the_clock_has_moved_there(
    store: Store, calls: Calls, running: tuple[DbosJobs, SqlRecords, Calls]
) -> None:
    key = enqueue(store, "reminder", timedelta(days=3))
    later = enqueue(store, "later", timedelta(days=4))
    assert finished(store, calls)
    assert key not in calls.keys
    store.clock.pass_time(days=3)
    assert running[0].clock_moved() >= 1
    assert calls.wait_for(key)
    assert later not in calls.keys


def test_what_the_engine_keeps_of_jobs_that_ended_goes_after_a_week(
    store: Store, calls: Calls, running: tuple[DbosJobs, SqlRecords, Calls]
) -> None:
    runner = running[0]
    real = datetime.now(UTC)
    before, store.clock.at = store.clock.at, real
    key = enqueue(store, "a")
    waiting = enqueue(store, "waits", timedelta(days=30))
    assert over(store, "a")
    runner.tidy()
    assert engine_keeps(key)
    store.clock.pass_time(days=8)
    give_up = time.monotonic() + PATIENCE
    while engine_keeps(key) and time.monotonic() < give_up:
        runner.tidy()
    assert (engine_keeps(key), engine_keeps(waiting)) == (False, True)
    assert "waits" in pending(store)
    assert calls.keys.count(key) == 1
    assert waiting not in calls.keys
    store.clock.at = before


def test_a_process_has_one_runner(running: tuple[DbosJobs, SqlRecords, Calls], clock: TestClock) -> None:
    with pytest.raises(RunnerTaken):
        DbosJobs(running[1], clock).start()


def test_only_a_worker_that_owns_its_file_keeps_one_id(sql_store: Store) -> None:
    ids = {DbosJobs(sql_store.records, sql_store.clock).worker for _ in range(2)}  # type: ignore[arg-type]
    owns_its_file = sql_store.records.database.name == "sqlite"  # type: ignore[union-attr]
    assert len(ids) == (1 if owns_its_file else 2)


def test_a_worker_that_stopped_beating_is_adopted_and_one_that_beats_is_not(sql_store: Store) -> None:
    adopted: list[str] = []
    database = sql_store.records.database  # type: ignore[union-attr]
    worker, heir = f"worker {sql_store.practice}", f"heir {sql_store.practice}"
    Pulse(database, worker, 3600, adopted.append, list).beat()
    assert worker not in Pulse(database, heir, 3600, adopted.append, list).look_for_the_dead()
    impatient = Pulse(database, heir, -3600, adopted.append, list)
    assert worker in impatient.look_for_the_dead()
    assert worker in adopted
    assert worker not in impatient.look_for_the_dead()


# -- in memory ---------------------------------------------------------------------------------------------------------


def test_in_memory_jobs_run_in_order_when_their_time_is_told(clock: TestClock) -> None:
    records = MemoryRecords(clock)
    jobs, calls = MemoryJobs(records), Calls()
    jobs.register("note", calls)
    store = Store(records, "demo", clock)
    enqueue(store, "second", timedelta(hours=2))
    enqueue(store, "first", timedelta(hours=1))
    enqueue(store, "later", timedelta(hours=5))
    now = clock.now()
    assert jobs.next_due() == now + timedelta(hours=1)
    assert jobs.run_due(now) == 0
    assert jobs.run_due(now + timedelta(hours=2)) == 2
    assert calls.keys == ["demo/first", "demo/second"]
    assert jobs.next_due() == now + timedelta(hours=5)


def test_in_memory_a_job_that_a_job_enqueues_runs_with_it_when_due(clock: TestClock) -> None:
    records = MemoryRecords(clock)
    jobs, store, ran = MemoryJobs(records), Store(records, "demo", clock), list[str]()

    def climb(practice: str, job: Job) -> None:
        ran.append(job.key)
        if job.key != "step 3":
            enqueue(store, f"step {int(job.key[-1]) + 1}", name="climb")

    jobs.register("climb", climb)
    enqueue(store, "step 1", name="climb")
    jobs.run_due(clock.now())
    assert ran == ["step 1", "step 2", "step 3"]
    assert jobs.next_due() is None


def test_in_memory_a_job_whose_handler_fails_is_told_and_stays_pending(clock: TestClock) -> None:
    records = MemoryRecords(clock)
    jobs, calls = MemoryJobs(records), Calls()
    jobs.register("note", calls)
    store = Store(records, "demo", clock)
    calls.fail = 1
    enqueue(store, "a")
    with pytest.raises(ConnectionError):
        jobs.run_due(clock.now())
    assert pending(store) == ["a"]
    assert jobs.run_due(clock.now()) == 1
    assert pending(store) == []
