"""Whether the store answers and jobs run, as a checker outside the machine is told."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from lamplighter.desk.ports import Job
from lamplighter.records.jobs_dbos import APP_VERSION, QUEUE, DbosJobs
from lamplighter.records.opening import open_sqlite
from lamplighter.records.pulse import Pulse
from lamplighter.records.sql.store import SqlRecords
from lamplighter.records.vital_signs import lack
from tests.records.conftest import ON_SQL, _practices
from tests.records.stores import KEYS, PATIENCE, Store, TestClock, forget_jobs

HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture(params=ON_SQL)
def store(request: pytest.FixtureRequest, clock: TestClock) -> Store:
    store = Store(request.getfixturevalue(f"{request.param}_records"), next(_practices), clock)
    assert isinstance(store.records, SqlRecords)
    forget_jobs(store.records)
    return store


@pytest.fixture
def own_store(tmp_path: Path, clock: TestClock) -> Iterator[Store]:
    records = open_sqlite(tmp_path / "records.db", KEYS, clock)
    yield Store(records, "practice", clock)
    records.close()


def lack_of(store: Store, *, beats: bool = True) -> str | None:
    """As where a runner is started."""
    assert isinstance(store.records, SqlRecords)
    return lack(store.records.database, QUEUE, APP_VERSION, running=True, beats=beats)


def enqueue(store: Store, key: str) -> None:
    with store.transaction() as transaction:
        transaction.jobs.enqueue(Job(key, "work", store.clock.now() + HALF_AN_HOUR, ()))


def an_hour_passes(store: Store, *since: str) -> None:
    """Since jobs were enqueued and due ("created_at", "delay_until_epoch_ms"), or done ("completed_at")."""
    assert isinstance(store.records, SqlRecords)
    table = ("dbos." if store.records.database.name == "postgresql" else "") + "workflow_status"
    with store.records.database.jobs_engine().begin() as connection:
        for what in since:
            connection.execute(text(f"UPDATE {table} SET {what} = {what} - 3600000"))


def test_rule_19_jobs_run_while_what_is_due_or_anything_else_gets_done(store: Store) -> None:
    assert isinstance(store.records, SqlRecords)
    done = threading.Event()
    runner = DbosJobs(store.records, store.clock, poll_seconds=0.1)
    runner.register("work", lambda practice, job: done.set())
    enqueue(store, "first")
    assert (runner.lack(), lack_of(store)) == ("jobs", None)  # it is not started; nothing is due

    an_hour_passes(store, "created_at", "delay_until_epoch_ms")
    assert lack_of(store) == "jobs"
    runner.start()
    assert done.wait(PATIENCE)
    assert runner.lack() is None
    runner.stop()
    assert runner.lack() == "jobs"

    enqueue(store, "second")
    an_hour_passes(store, "created_at", "delay_until_epoch_ms")
    assert lack_of(store) is None  # late, and another was done just now
    an_hour_passes(store, "completed_at")
    assert lack_of(store) == "jobs"


def test_rule_19_a_store_that_cannot_be_read_or_was_not_written_to_of_late_does_not_answer(
    own_store: Store,
) -> None:
    assert isinstance(own_store.records, SqlRecords)
    assert lack_of(own_store) is None
    assert lack_of(own_store, beats=False) == "store"
    with own_store.records.database.jobs_engine().begin() as connection:
        connection.execute(text("ALTER TABLE workflow_status RENAME TO gone"))
    assert lack_of(own_store) == "store"


def test_rule_19_a_worker_beats_only_if_it_could_be_written_of_late(own_store: Store) -> None:
    assert isinstance(own_store.records, SqlRecords)
    for seconds, beats in ((60.0, True), (-1.0, False)):
        pulse = Pulse(own_store.records.database, "worker", seconds, print, int)
        assert not pulse.beats
        pulse.beat()
        assert pulse.beats is beats
