"""Durable jobs on DBOS: enqueued on the transaction's own connection, run at least once whatever is killed.

DBOS keeps one engine a process, so a process has one runner. What a job is and whether it still counts stands in our
own row; DBOS carries the ids that find it. Arguments are JSON, the version is pinned, and a worker that stops beating
is adopted by another.
"""

import socket
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

from sqlalchemy import Connection, inspect

from lamplighter import logs
from lamplighter.desk.handoffs import JOB as HANDOFF_JOB
from lamplighter.desk.ports import Clock, Job, JobHandler, Task
from lamplighter.practice.model import PracticeId
from lamplighter.records.enqueuing import Inserts
from lamplighter.records.errors import NoHandler, RecordsError
from lamplighter.records.pulse import Pulse
from lamplighter.records.sql.database import Database
from lamplighter.records.sql.store import SqlRecords
from lamplighter.records.vital_signs import Lack, lack

if TYPE_CHECKING:
    from dbos import DBOSClient
    from dbos._sys_db import WorkflowStatus

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
KEEP = timedelta(days=7)
TIDY_AT_ONCE = 500
_FAILED = ["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


log = logs.get(__name__)


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

    def __init__(self, database: Database) -> None:
        self._database = database
        self._thread = threading.local()
        self._tell: Callable[[], None] | None = None
        self._client: DBOSClient | None = None
        self._lock = threading.Lock()

    def enqueue(
        self, connection: Connection, practice: str, key: str, generation: int, delay: timedelta
    ) -> None:
        options: dict[str, Any] = {
            "workflow_name": WORKFLOW, "queue_name": QUEUE, "app_version": APP_VERSION,
            "workflow_id": workflow_id(practice, key, generation),
        }  # fmt: skip
        if delay > timedelta():
            options["delay_seconds"] = delay.total_seconds()
        else:
            self._thread.due_now = True
        client = self._connected()
        client.enqueue_in_transaction(connection, options, practice, key, generation)  # type: ignore[arg-type]

    def on_due_now(self, tell: Callable[[], None] | None) -> None:
        """Whom to tell when a transaction has committed that enqueued something due at once."""
        self._tell = tell

    def committed(self) -> None:
        due_now, self._thread.due_now = getattr(self._thread, "due_now", False), False
        if due_now and (tell := self._tell) is not None:
            tell()

    def rolled_back(self) -> None:
        self._thread.due_now = False

    def _connected(self) -> "DBOSClient":
        with self._lock:
            if self._client is None:
                from dbos import DBOSClient

                self._client = DBOSClient(
                    system_database_engine=self._database.jobs_engine(), serializer=_serializer(),
                    application_name=NAME, lazy=True,
                )  # fmt: skip
                if self._database.name == "sqlite":
                    self._client._sys_db._execute_prepared = Inserts()  # type: ignore[method-assign, assignment]
            return self._client


def workflow_id(practice: str, key: str, generation: int) -> str:
    """Fresh for every generation of a key, since DBOS answers a known id with its old result."""
    return f"{practice}/{key}/{generation}"


class RunnerTaken(RecordsError):
    """DBOS keeps one engine a process, and another runner of this process has it."""

    def __init__(self) -> None:
        super().__init__("another job runner is started in this process: stop it first")


_running = threading.Lock()


def _own_id(database: Database, worker: str) -> str:
    shared = worker == EMBEDDED and database.name == "postgresql"
    return f"{socket.gethostname()}-{uuid4().hex}" if shared else worker


class DbosJobs:
    """Runs jobs from threads of its own between `start` and `stop`.

    `worker` is this process's id. Where one process owns the file it is always the same, so that a restart finds what
    was interrupted; on PostgreSQL, EMBEDDED stands for an id of this process's own, whose jobs another worker adopts.
    """

    def __init__(
        self,
        records: SqlRecords,
        clock: Clock,
        worker: str = EMBEDDED,
        *,
        ttl_seconds: float = TTL_SECONDS,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._records = records
        self._clock = clock
        self.worker = worker = _own_id(records.database, worker)
        self._handlers: dict[str, JobHandler] = {}
        self._poll_seconds = poll_seconds
        self._pulse = Pulse(records.database, worker, ttl_seconds, self._adopt, self.tidy, self.take_up)
        self._stranded: frozenset[str] = frozenset()
        self._nudge = Nudge(worker)
        self._started = False

    def __repr__(self) -> str:
        return f"<DbosJobs {self.worker} over {self._records!r}>"

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
                    "name": NAME, "application_version": APP_VERSION, "executor_id": self.worker,
                    "system_database_url": _url(self._records.database),
                    "system_database_engine": self._records.database.jobs_engine(),
                    "serializer": _serializer(), "use_listen_notify": False, "enable_otlp": False,
                    "log_level": "ERROR",
                }
            )  # fmt: skip
            self._register_workflow()
            with self._records.database.alone():
                prepare(self._records.database)
                self._records.database.migrated()
            DBOS.launch()
            DBOS.register_queue(
                QUEUE,
                worker_concurrency=AT_ONCE,
                polling_interval_sec=self._poll_seconds,
                on_conflict="always_update",
            )
        except BaseException:
            DBOS.destroy(destroy_registry=True)
            _running.release()
            raise
        self._started = True
        self._pulse.start()
        self._nudge.start()
        self._listen(self._nudge.now)

    def _register_workflow(self) -> None:
        from dbos import DBOS

        @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=None)
        def run_job(practice: str, key: str, generation: int) -> None:
            self._run(practice, key, generation)

    def _run(self, practice: PracticeId, key: str, generation: int) -> None:
        """Runs the handler if our row still waits. Killed anywhere in here, it is run again; failed, it is later."""
        with self._records.transaction(practice) as transaction:
            job = transaction.queue.waiting(key, generation)
        if job is None:
            return
        try:
            self._handler(job.name)(practice, job)
        except Exception:
            log.exception("job_failed", practice=practice, job=key)
            self._try_later(practice, key, generation)
            return
        with self._records.transaction(practice) as transaction:
            transaction.finish_job(key)

    def _try_later(self, practice: PracticeId, key: str, generation: int) -> None:
        """Has a job that failed run again; after the last attempt it is a task for staff, in the same transaction."""
        with self._records.transaction(practice) as transaction:
            job = transaction.queue.waiting(key, generation)
            if job is None or transaction.queue.retry(key, generation):
                return
            transaction.tasks.add(_given_up(job, self._clock.now()))
        log.error("job_given_up", practice=practice, job=key)

    def take_up(self) -> int:
        """Has jobs run again that fell out of the engine though they still wait. Says how many it looked at.

        A handler may fail, and then the note of its failure too: the engine holds such a job for failed and never
        starts it again, or for running when nothing here runs it any more.
        """
        from dbos import DBOS

        fallen = DBOS.list_workflows(status=_FAILED, name=WORKFLOW, limit=TIDY_AT_ONCE, load_output=False)
        fallen += self._left_by_this_worker()
        for workflow in fallen:
            practice, key, generation = workflow.input["args"] if workflow.input else ("", "", 0)
            self._try_later(practice, key, generation)
            DBOS.delete_workflows([workflow.workflow_id])
        return len(fallen)

    def _left_by_this_worker(self) -> "list[WorkflowStatus]":
        """What is said to run here and was seen not to twice: what was only just taken is not active yet."""
        from dbos import DBOS
        from dbos._dbos import _get_dbos_instance

        said_to_run = DBOS.list_workflows(
            status="PENDING", name=WORKFLOW, executor_id=self.worker, load_output=False
        )
        active = set(_get_dbos_instance()._active_workflows_set.activeList())
        idle = [workflow for workflow in said_to_run if workflow.workflow_id not in active]
        before, self._stranded = self._stranded, frozenset(workflow.workflow_id for workflow in idle)
        return [workflow for workflow in idle if workflow.workflow_id in before]

    def _handler(self, name: str) -> JobHandler:
        if name not in self._handlers:
            raise NoHandler(name)
        return self._handlers[name]

    def stop(self) -> None:
        """Lets what runs finish, five seconds at most; what doesn't is run again after the next start."""
        if not self._started:
            return
        from dbos import DBOS

        self._started = False
        self._listen(None)
        self._nudge.stop()
        self._pulse.stop()
        try:
            DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=5)
        finally:
            _running.release()

    def lack(self) -> Lack | None:
        """What fails of the store and of running jobs; None where nothing does."""
        database = self._records.database
        return lack(database, QUEUE, APP_VERSION, running=self._started, beats=self._pulse.beats)

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

    def tidy(self) -> int:
        """Drops what the engine keeps of jobs that ended over a week ago; our own rows stay. Says how many."""
        from dbos import DBOS

        before = (self._clock.now() - KEEP).isoformat()
        ended = DBOS.list_workflows(
            status=["SUCCESS", "ERROR", "CANCELLED"], name=WORKFLOW, completed_before=before, limit=TIDY_AT_ONCE,
            load_input=False, load_output=False,
        )  # fmt: skip
        DBOS.delete_workflows([workflow.workflow_id for workflow in ended])
        return len(ended)

    def _listen(self, tell: Callable[[], None] | None) -> None:
        if isinstance(self._records.enqueuer, DbosEnqueuer):
            self._records.enqueuer.on_due_now(tell)

    @staticmethod
    def _adopt(worker: str) -> None:
        from dbos import DBOS

        DBOS._recover_pending_workflows([worker])


def _given_up(job: Job, now: datetime) -> Task:
    """What a person must see to, since no further attempt is made: the ids that the job carried say about whom."""
    args = dict(job.args)
    route: Literal["person_now", "desk"] = "person_now" if job.name == HANDOFF_JOB else "desk"
    return Task(
        f"given up {job.key}", "not_done", route, now, args.get("contact"), details=(("work", job.name),)
    )


class Nudge:
    """Takes what is due from the queue at once, as DBOS's own thread does at its next poll."""

    def __init__(self, worker: str) -> None:
        self._worker = worker
        self._due = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="lamplighter-nudge", daemon=True)
        self._thread.start()

    def now(self) -> None:
        self._due.set()

    def stop(self) -> None:
        self._stopping = True
        self._due.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _run(self) -> None:
        while True:
            self._due.wait()
            self._due.clear()
            if self._stopping:
                return
            try:
                self._take()
            except Exception:
                log.exception("jobs_wait_for_the_poll", worker=self._worker)

    def _take(self) -> None:
        from dbos import DBOS
        from dbos._core import execute_dequeued_workflow
        from dbos._dbos import _get_dbos_instance

        dbos, owner = _get_dbos_instance(), uuid4().hex
        queue = DBOS.retrieve_queue(QUEUE)
        if queue is None:
            return
        running = dbos._active_workflows_set.count_for_queue(QUEUE)
        claimed, _ = dbos._sys_db.start_queued_workflows(
            queue, self._worker, APP_VERSION, None, running, owner_xid=owner
        )
        for status in dbos._sys_db.get_workflow_statuses(claimed):
            execute_dequeued_workflow(dbos, status, owner)
