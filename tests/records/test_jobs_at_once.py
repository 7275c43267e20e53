"""What is due now starts as its transaction commits."""

import threading

import pytest

from lamplighter.desk.ports import Job
from lamplighter.records.jobs_dbos import DbosJobs
from tests.records.stores import Store, forget_jobs

LONG = 3600.0


@pytest.fixture(autouse=True)
def nothing_left(sql_store: Store) -> None:
    forget_jobs(sql_store.records)  # type: ignore[arg-type]


def test_a_job_due_now_starts_at_commit_and_not_at_the_next_poll(sql_store: Store) -> None:
    ran = threading.Event()
    runner = DbosJobs(sql_store.records, sql_store.clock, poll_seconds=LONG)  # type: ignore[arg-type]
    runner.register("ring", lambda practice, job: ran.set())
    runner.start()
    try:
        with sql_store.transaction() as transaction:
            transaction.jobs.enqueue(Job("a", "ring", sql_store.clock.now()))
            assert not ran.is_set()
        assert ran.wait(120)
    finally:
        runner.stop()


def test_a_runner_may_be_started_again_after_it_was_stopped(sql_store: Store) -> None:
    came = threading.Semaphore(0)
    for number in range(2):
        runner = DbosJobs(sql_store.records, sql_store.clock)  # type: ignore[arg-type]
        runner.register("ring", lambda practice, job: came.release())
        runner.start()
        try:
            with sql_store.transaction() as transaction:
                transaction.jobs.enqueue(Job(f"job {number}", "ring", sql_store.clock.now()))
            assert came.acquire(timeout=120)
        finally:
            runner.stop()
