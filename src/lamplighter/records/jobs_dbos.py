"""Durable jobs on DBOS: enqueued on the transaction's own connection, run at least once whatever is killed.

DBOS keeps one engine a process, so a process has one runner. What a job is and whether it still counts stands in our
own row; DBOS carries the ids that find it. Arguments are JSON, the version is pinned, and a worker that stops beating
is adopted by another.
"""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, delete, insert, inspect, literal_column, select, update

from lamplighter.desk.ports import Clock, Job, JobHandler
from lamplighter.practice.model import PracticeId
from lamplighter.records.errors import NoHandler, RecordsError
from lamplighter.records.sql.database import Database
from lamplighter.records.sql.store import SqlRecords
from lamplighter.records.sql.tables import workers

if TYPE_CHECKING:
    from dbos import DBOSClient

APP_VERSION = "lamplighter-jobs-1"
"""Jobs in flight run only under the version that enqueued them; it changes when their arguments do."""

NAME = "lamplighter"
QUEUE = "lamplighter"
WORKFLOW = "run_job"
EMBEDDED = "embedded"
"""The worker's id where one process owns the file: after a restart it finds its own interrupted jobs."""

POLL_SECONDS = 0.25
AT_ONCE = 8
TTL_SECONDS = 15.0
_ATTEMPTS = 12
_FIRST_RETRY_SECONDS = 1.0
"""Retries double from here: the last of the attempts comes about half an hour after the first."""


def prepare(database: Database) -> None:
    """Makes the job engine's tables where they are missing or old, so that a transaction can enqueue from the start."""
    from dbos._sys_db import SystemDatabase

    engine = database.jobs_engine()
    SystemDatabase.create(
        system_database_url=_url(database), engine_kwargs={}, engine=engine, schema="dbos", serializer=_serializer(),
        executor_id=None, use_listen_notify=False,
    ).run_migrations()  # fmt: skip


def prepared(database: Database) -> bool:
    """Whether the job engine's tables are there; whether they are current is checked when a runner starts."""
    schema = "dbos" if database.name == "postgresql" else None
    return inspect(database.jobs_engine()).has_table("workflow_status", schema=schema)


def _serializer() -> Any:
    from dbos import DBOSPortableJSONSerializer

    return DBOSPortableJSONSerializer()


def _url(database: Database) -> str:
    """DBOS reads only the dialect from it; the engine is ours."""
    return "sqlite:///x" if database.name == "sqlite" else "postgresql://x@x/x"


class DbosEnqueuer:
    """Puts a job into DBOS's tables as part of the caller's transaction."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._client: DBOSClient | None = None
        self._lock = threading.Lock()

    def enqueue(self, connection: Connection, practice: str, job: Job, generation: int) -> None:
        delay = (job.due - self._clock.now()).total_seconds()
        client = self._connected()
        options: dict[str, Any] = {
            "workflow_name": WORKFLOW, "queue_name": QUEUE, "app_version": APP_VERSION,
            "workflow_id": workflow_id(practice, job.key, generation),
        }  # fmt: skip
        if delay > 0:
            options["delay_seconds"] = delay
        client.enqueue_in_transaction(connection, options, practice, job.key, generation)  # type: ignore[arg-type]

    def _connected(self) -> "DBOSClient":
        with self._lock:
            if self._client is None:
                from dbos import DBOSClient

                self._client = DBOSClient(
                    system_database_engine=self._database.jobs_engine(), serializer=_serializer(),
                    application_name=NAME, lazy=True,
                )  # fmt: skip
            return self._client


def workflow_id(practice: str, key: str, generation: int) -> str:
    """Fresh for every generation of a key, since DBOS answers a known id with its old result."""
    return f"{practice}/{key}/{generation}"


class RunnerTaken(RecordsError):
    """DBOS keeps one engine a process, and another runner of this process has it."""

    def __init__(self) -> None:
        super().__init__("another job runner is started in this process: stop it first")


_running = threading.Lock()


class DbosJobs:
    """Runs jobs from threads of its own between `start` and `stop`.

    `worker` is this process's id: stable over restarts where one process owns the store, its own for each of several.
    """

    def __init__(
        self, records: SqlRecords, clock: Clock, worker: str = EMBEDDED, ttl_seconds: float = TTL_SECONDS
    ) -> None:
        self._records = records
        self._clock = clock
        self._worker = worker
        self._handlers: dict[str, JobHandler] = {}
        self._pulse = Pulse(records.database, worker, ttl_seconds, self._adopt)
        self._started = False

    def __repr__(self) -> str:
        return f"<DbosJobs {self._worker} over {self._records!r}>"

    def register(self, name: str, handler: JobHandler) -> None:
        self._handlers[name] = handler

    def start(self) -> None:
        """Raises RunnerTaken while another runner of this process is started."""
        if not _running.acquire(blocking=False):
            raise RunnerTaken
        from dbos import DBOS

        try:
            DBOS(
                config={
                    "name": NAME, "application_version": APP_VERSION, "executor_id": self._worker,
                    "system_database_url": _url(self._records.database),
                    "system_database_engine": self._records.database.jobs_engine(),
                    "serializer": _serializer(), "use_listen_notify": False, "enable_otlp": False,
                    "log_level": "ERROR",
                }
            )  # fmt: skip
            self._register_workflow()
            DBOS.launch()
            DBOS.register_queue(
                QUEUE,
                worker_concurrency=AT_ONCE,
                polling_interval_sec=POLL_SECONDS,
                on_conflict="always_update",
            )
        except BaseException:
            DBOS.destroy(destroy_registry=True)
            _running.release()
            raise
        self._started = True
        self._pulse.start()

    def _register_workflow(self) -> None:
        from dbos import DBOS

        @DBOS.step(
            name="handle",
            retries_allowed=True,
            max_attempts=_ATTEMPTS,
            interval_seconds=_FIRST_RETRY_SECONDS,
            backoff_rate=2.0,
        )
        def handle(practice: str, key: str, generation: int) -> None:
            self._handle(practice, key, generation)

        @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=None)
        def run_job(practice: str, key: str, generation: int) -> None:
            handle(practice, key, generation)

    def _handle(self, practice: PracticeId, key: str, generation: int) -> None:
        """Runs the handler if our row still waits. Killed anywhere in here, it is run again."""
        with self._records.transaction(practice) as transaction:
            job = transaction.queue.waiting(key, generation)
        if job is None:
            return
        handler = self._handlers.get(job.name)
        if handler is None:
            raise NoHandler(job.name)
        handler(practice, job)
        with self._records.transaction(practice) as transaction:
            transaction.finish_job(key)

    def stop(self) -> None:
        """Lets what runs finish, five seconds at most; what doesn't is run again after the next start."""
        if not self._started:
            return
        from dbos import DBOS

        self._started = False
        self._pulse.stop()
        try:
            DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=5)
        finally:
            _running.release()

    def clock_moved(self) -> int:
        """After the clock port jumped ahead: starts what is due by it now. Says how many."""
        from dbos import DBOS

        moved = 0
        for waiting in DBOS.list_workflows(status="DELAYED", name=WORKFLOW):
            practice, key, generation = waiting.input["args"] if waiting.input else ("", "", 0)
            with self._records.transaction(practice) as transaction:
                job = transaction.queue.waiting(key, generation)
            if job is not None and job.due <= self._clock.now():
                DBOS.resume_workflow(waiting.workflow_id)
                moved += 1
        return moved

    @staticmethod
    def _adopt(worker: str) -> None:
        from dbos import DBOS

        DBOS._recover_pending_workflows([worker])


class Pulse:
    """Beats for this worker, and finds those that stopped. Time is the database's, so that machines needn't agree."""

    def __init__(
        self, database: Database, worker: str, ttl_seconds: float, adopt: Callable[[str], None]
    ) -> None:
        self._engine = database.jobs_engine()
        self._now: ColumnElement[int] = literal_column(_EPOCH_MICROS[database.name])
        self._worker = worker
        self._ttl = timedelta(seconds=ttl_seconds)
        self._adopt = adopt
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._stopping.clear()
        self.beat()
        self._thread = threading.Thread(target=self._run, name="lamplighter-pulse", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stopping.wait(self._ttl.total_seconds() / 3):
            self.beat()
            self.look_for_the_dead()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=5)
        with self._engine.begin() as connection:
            connection.execute(delete(workers).where(workers.c.id == self._worker))

    def beat(self) -> None:
        with self._engine.begin() as connection:
            now = connection.execute(select(self._now)).scalar_one()
            mine = workers.c.id == self._worker
            if connection.execute(update(workers).where(mine).values(beat=now)).rowcount == 0:
                connection.execute(insert(workers).values(id=self._worker, beat=now))

    def look_for_the_dead(self) -> tuple[str, ...]:
        """Adopts the jobs of workers that stopped beating. Adopting twice is harmless; forgetting one is not."""
        with self._engine.begin() as connection:
            now = connection.execute(select(self._now)).scalar_one()
            limit = now - self._ttl // timedelta(microseconds=1)
            late = (workers.c.beat < limit) & (workers.c.id != self._worker)
            dead = tuple(connection.execute(select(workers.c.id).where(late)).scalars())
        for worker in dead:
            self._adopt(worker)
            with self._engine.begin() as connection:
                connection.execute(delete(workers).where(workers.c.id == worker, workers.c.beat < limit))
        return dead


_EPOCH_MICROS = {
    "sqlite": "CAST(unixepoch('subsec') * 1000000 AS INTEGER)",
    "postgresql": "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)",
}
