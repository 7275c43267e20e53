"""Workers beat while they live; whoever stops beating is dead, and another takes over what it left."""

import threading
from collections.abc import Callable
from datetime import timedelta
from time import monotonic

from sqlalchemy import ColumnElement, delete, insert, literal_column, select, update

from lamplighter import logs
from lamplighter.records.sql.database import Database
from lamplighter.records.sql.tables import workers

log = logs.get(__name__)


BEATS_TO_TIDY = 120


class Pulse:
    """Beats for this worker, and finds those that stopped. Time is the database's, so that machines needn't agree."""

    def __init__(
        self,
        database: Database,
        worker: str,
        ttl_seconds: float,
        adopt: Callable[[str], None],
        tidy: Callable[[], object],
        take_up: Callable[[], object] = int,
    ) -> None:
        self._engine = database.jobs_engine()
        self._now = now_micros(database)
        self._worker = worker
        self._ttl = timedelta(seconds=ttl_seconds)
        self._adopt = adopt
        self._tidy = tidy
        self._take_up = take_up
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._beaten: float | None = None

    def start(self) -> None:
        self._stopping.clear()
        self.beat()
        self._thread = threading.Thread(target=self._run, name="lamplighter-pulse", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        beats = 0
        while not self._stopping.wait(self._ttl.total_seconds() / 3):
            beats += 1
            for step in (self.beat, self.look_for_the_dead, self._take_up):
                self._do(step)
            if beats % BEATS_TO_TIDY == 0:
                self._do(self._tidy)

    def _do(self, step: Callable[[], object]) -> None:
        """What fails is done again with the next beat, and keeps nothing else from being done."""
        try:
            step()
        except Exception:
            log.exception("beat_missed", worker=self._worker)

    def stop(self) -> None:
        """Stops beating. What this worker left unfinished is adopted like a dead one's."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def beat(self) -> None:
        with self._engine.begin() as connection:
            now = connection.execute(select(self._now)).scalar_one()
            mine = workers.c.id == self._worker
            if connection.execute(update(workers).where(mine).values(beat=now)).rowcount == 0:
                connection.execute(insert(workers).values(id=self._worker, beat=now))
        self._beaten = monotonic()

    @property
    def beats(self) -> bool:
        """Whether it could be written of late, as it is again and again."""
        return self._beaten is not None and monotonic() - self._beaten <= self._ttl.total_seconds()

    def look_for_the_dead(self) -> tuple[str, ...]:
        """Adopts the jobs of workers that stopped beating. Adopting twice is harmless; forgetting one is not."""
        with self._engine.begin() as connection:
            now = connection.execute(select(self._now)).scalar_one()
            limit = now - self._ttl // timedelta(microseconds=1)
            late = (workers.c.beat < limit) & (workers.c.id != self._worker)
            dead = tuple(connection.execute(select(workers.c.id).where(late)).scalars())
        for worker in dead:
            log.warning("worker_adopted", worker=worker)
            self._adopt(worker)
            with self._engine.begin() as connection:
                connection.execute(delete(workers).where(workers.c.id == worker, workers.c.beat < limit))
        return dead


def now_micros(database: Database) -> ColumnElement[int]:
    """Microseconds since 1970, by the database's own clock."""
    return literal_column(_EPOCH_MICROS[database.name])


_EPOCH_MICROS = {
    "sqlite": "CAST(unixepoch('subsec') * 1000000 AS INTEGER)",
    "postgresql": "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)",
}
