"""Records on SQL: one transaction over every part, on one connection, for one practice."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from lamplighter import logs
from lamplighter.desk.ports import (
    AGENT,
    Clock,
    Consents,
    Counters,
    Facts,
    Jobs,
    Keys,
    Ledger,
    Log,
    Outbox,
    People,
    Pictures,
    Schedule,
    Staff,
    Tallies,
    Tasks,
    Waitlist,
)
from lamplighter.practice.model import PracticeId
from lamplighter.records.anchors import Anchors
from lamplighter.records.errors import AlreadyInTransaction, WrongKey
from lamplighter.records.sql.counters import SqlCounters
from lamplighter.records.sql.database import Database
from lamplighter.records.sql.facts import SqlFacts
from lamplighter.records.sql.keyring import Keyring
from lamplighter.records.sql.ledger import SqlLedger
from lamplighter.records.sql.lists import SqlConsents, SqlOutbox, SqlTasks, SqlWaitlist
from lamplighter.records.sql.log import SqlLog
from lamplighter.records.sql.people import SqlPeople
from lamplighter.records.sql.pictures import SqlPictures
from lamplighter.records.sql.queue import Enqueuer, SqlQueue
from lamplighter.records.sql.schedule import SqlSchedule
from lamplighter.records.sql.scope import Scope
from lamplighter.records.sql.staff import SqlStaff
from lamplighter.records.sql.tables import practice_keys
from lamplighter.records.sql.tallies import SqlTallies
from lamplighter.records.vault import Vault, new_key

log = logs.get(__name__)


class SqlTransaction:
    """All parts over one connection."""

    practice: PracticeId
    log: Log
    schedule: Schedule
    people: People
    tasks: Tasks
    consents: Consents
    waitlist: Waitlist
    outbox: Outbox
    jobs: Jobs
    staff: Staff
    facts: Facts
    pictures: Pictures
    counters: Counters
    tallies: Tallies
    ledger: Ledger

    def __init__(self, scope: Scope, enqueuer: Enqueuer) -> None:
        log = SqlLog(scope)
        self.scope = scope
        self.practice = scope.practice
        self.log = self._log = log
        self.schedule = SqlSchedule(scope)
        self._people = SqlPeople(scope, log)
        self.people = self._people
        self.tasks = SqlTasks(scope)
        self.consents = SqlConsents(scope)
        self.waitlist = SqlWaitlist(scope)
        self.outbox = SqlOutbox(scope)
        self.queue = SqlQueue(scope, enqueuer)
        self.jobs = self.queue
        self.staff = SqlStaff(scope)
        self.facts = SqlFacts(scope)
        self.pictures = SqlPictures(scope)
        self.counters = SqlCounters(scope)
        self.tallies = SqlTallies(scope, log)
        self.ledger = scope.ledger

    def flush(self) -> None:
        """Writes what has gathered; the store calls it before the ledger's."""
        self._log.flush()

    def set_legal_hold(self, person_id: str, held: bool) -> None:
        """While it is set, `people.forget` refuses this person."""
        self._people.set_legal_hold(person_id, held)

    def finish_job(self, key: str) -> None:
        """Marks a job as run, so that its key never runs again."""
        self.queue.finish(key)


class SqlRecords:
    """The store of a deployment. `anchors` takes signed heads of the ledger to a place outside the database."""

    def __init__(
        self, database: Database, keys: Keys, clock: Clock, enqueuer: Enqueuer, anchors: Anchors | None = None
    ) -> None:
        self.database = database
        self._keys = keys
        self._clock = clock
        self.enqueuer = enqueuer
        self._anchors = anchors
        self._vaults: dict[PracticeId, Vault] = {}
        self._inside = threading.local()

    def __repr__(self) -> str:
        return f"<SqlRecords on {self.database!r}>"

    @contextmanager
    def transaction(
        self, practice: PracticeId, who: str = AGENT, seen: set[str] | None = None
    ) -> Iterator[SqlTransaction]:
        """Raises AlreadyInTransaction when nested."""
        if getattr(self._inside, "practice", None) is not None:
            raise AlreadyInTransaction(practice)
        self._inside.practice = practice
        try:
            with self.database.begin(practice) as connection:
                vault = self._vaults.get(practice) or self._open_vault(connection, practice)
                ledger = SqlLedger(connection, vault, who, self._clock.now, seen or ())
                scope = Scope(connection, practice, vault, Keyring(connection, vault), ledger)
                transaction = SqlTransaction(scope, self.enqueuer)
                yield transaction
                transaction.flush()
                head = ledger.flush()
            self._vaults[practice] = vault
            if seen is not None:
                seen |= ledger.noted
            self.enqueuer.committed()
            if self._anchors is not None and head is not None:
                self._anchor(vault, head)
        except BaseException:
            self.enqueuer.rolled_back()
            raise
        finally:
            self._inside.practice = None

    def _anchor(self, vault: Vault, head: tuple[int, str]) -> None:
        """What was committed stands, whether or not its head could be written elsewhere."""
        assert self._anchors is not None
        try:
            self._anchors.offer(vault, *head, self._clock.now())
        except OSError:
            log.exception("head_not_anchored", practice=vault.practice)

    def _open_vault(self, connection: Connection, practice: PracticeId) -> Vault:
        """The vault of the practice, with a key made for it at its first transaction."""
        context = f"practice {practice}"
        mine = practice_keys.c.practice == practice
        row = connection.execute(practice_keys.select().where(mine)).first()
        if row is None:
            key = new_key()
            wrapped = self._keys.wrap(key, context)
            connection.execute(practice_keys.insert().values(practice=practice, wrapped=wrapped))
            return Vault(practice, key)
        try:
            return Vault(practice, self._keys.unwrap(row.wrapped, context))
        except Exception as problem:
            raise WrongKey(f"practice {practice!r}") from problem

    def close(self) -> None:
        """Anchors the heads that are not anchored yet, and closes every connection."""
        if self._anchors is not None:
            self._anchors.flush()
        self.database.close()
