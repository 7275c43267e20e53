"""Jobs whose failure could not even be noted are taken up again, and what is given up becomes a task for staff."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from lamplighter.desk.ports import Job
from lamplighter.records.jobs_dbos import DbosEnqueuer, DbosJobs
from lamplighter.records.sql.queue import ATTEMPTS
from lamplighter.records.sql.store import SqlRecords, SqlTransaction
from lamplighter.records.sql.tables import jobs
from tests.records.conftest import ON_SQL, _practices
from tests.records.stores import Store, TestClock, forget_jobs

PATIENCE = 120.0


class Shaky(DbosEnqueuer):
    """An enqueuer under which the transaction breaks that would put off a job, as often as `failures` says."""

    failures = 0

    def enqueue(
        self, connection: Connection, practice: str, key: str, generation: int, delay: timedelta
    ) -> None:
        if generation > 1 and self.failures:
            self.failures -= 1
            raise OSError("the disk is gone")
        super().enqueue(connection, practice, key, generation, delay)


class Failing:
    """A handler that fails as often as it is told to, and says when it has run through."""

    def __init__(self) -> None:
        self.failures = 0
        self.done = threading.Event()

    def __call__(self, practice: str, job: Job) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("the world outside is away")
        self.done.set()


@pytest.fixture(params=ON_SQL)
def store(request: pytest.FixtureRequest, clock: TestClock) -> Iterator[Store]:
    records: SqlRecords = request.getfixturevalue(f"{request.param}_records")
    kept = records.enqueuer
    records.enqueuer = Shaky(records.database)
    yield Store(records, next(_practices), clock)
    records.enqueuer = kept


@pytest.fixture
def running(store: Store) -> Iterator[tuple[DbosJobs, Shaky, Failing]]:
    assert isinstance(store.records, SqlRecords)
    assert isinstance(store.records.enqueuer, Shaky)
    runner, work = DbosJobs(store.records, store.clock, poll_seconds=0.1, ttl_seconds=1.5), Failing()
    runner.register("work", work)
    forget_jobs(store.records)
    runner.start()
    yield runner, store.records.enqueuer, work
    runner.stop()


def enqueue(store: Store, attempts: int = 0) -> None:
    """`attempts` were made already."""
    with store.transaction() as transaction:
        assert isinstance(transaction, SqlTransaction)
        transaction.jobs.enqueue(Job("a", "work", store.clock.now(), (("contact", "c1"),)))
        transaction.scope.update(jobs, {"key": "a"}, attempts=attempts)


def pending(store: Store) -> list[str]:
    with store.transaction() as transaction:
        return [job.key for job in transaction.jobs.pending()]


def test_a_job_whose_failure_could_not_be_noted_runs_again(
    store: Store, running: tuple[DbosJobs, Shaky, Failing]
) -> None:
    _, shaky, work = running
    work.failures, shaky.failures = 1, 3
    enqueue(store)
    assert work.done.wait(PATIENCE)
    assert (work.failures, shaky.failures) == (0, 0)


def test_a_job_that_was_tried_enough_is_a_task_for_staff(
    store: Store, running: tuple[DbosJobs, Shaky, Failing]
) -> None:
    _, _, work = running
    work.failures = 1
    enqueue(store, attempts=ATTEMPTS - 1)
    deadline = time.monotonic() + PATIENCE
    while pending(store) and time.monotonic() < deadline:
        time.sleep(0.05)
    with store.transaction() as transaction:
        (task,) = transaction.tasks.list_open()
    assert (task.kind, task.contact, dict(task.details)) == ("not_done", "c1", {"work": "work"})
    assert not work.done.is_set()
