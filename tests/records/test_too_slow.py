"""A store that keeps somebody waiting says so in time, in a way that the desk knows how to answer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import text

from lamplighter.practice.sample import load_sample
from lamplighter.records.errors import StoreTooSlow
from lamplighter.records.jobs_dbos import DbosEnqueuer
from lamplighter.records.sql.postgres import TIMEOUTS, PostgresDatabase
from lamplighter.records.sql.store import SqlRecords, SqlTransaction
from tests.promises.desks import House, phrases
from tests.records.conftest import _practices
from tests.records.stores import KEYS, TestClock

pytestmark = pytest.mark.postgres
Impatient = Callable[..., SqlRecords]


@pytest.fixture
def impatient(postgres_records: SqlRecords, postgres_url: str, clock: TestClock) -> Iterator[Impatient]:
    """The same database over connections with shorter limits."""
    opened: list[SqlRecords] = []

    def with_limits(**limits: str) -> SqlRecords:
        database = PostgresDatabase(postgres_url, limits)
        opened.append(SqlRecords(database, KEYS, clock, DbosEnqueuer(database)))
        return opened[-1]

    yield with_limits
    for records in opened:
        records.close()


@pytest.fixture
def practice() -> str:
    return next(_practices)


def test_connections_carry_limits_on_every_kind_of_waiting(postgres_records: SqlRecords) -> None:
    with postgres_records.transaction("limits") as transaction:
        shown = {
            name: transaction.scope.connection.execute(text(f"SHOW {name}")).scalar() for name in TIMEOUTS
        }
    assert shown == TIMEOUTS


def test_whoever_waits_too_long_for_a_practice_is_told_so(
    postgres_records: SqlRecords, impatient: Impatient, practice: str
) -> None:
    records = impatient(lock_timeout="100ms")
    with (
        postgres_records.transaction(practice),
        pytest.raises(StoreTooSlow, match="keeps"),
        records.transaction(practice),
    ):
        pytest.fail("the practice is taken")
    assert nobody_there(records, practice)


def test_a_statement_that_runs_too_long_is_told_so(impatient: Impatient, practice: str) -> None:
    records = impatient(statement_timeout="200ms")
    with pytest.raises(StoreTooSlow, match="statement"), records.transaction(practice) as transaction:
        transaction.scope.connection.execute(text("SELECT pg_sleep(5)"))


def test_a_worker_that_stood_still_in_a_transaction_loses_it_and_others_go_on(
    postgres_records: SqlRecords, impatient: Impatient, practice: str
) -> None:
    records = impatient(idle_in_transaction_session_timeout="1s")

    def stand_still() -> None:
        with records.transaction(practice) as transaction:
            assert nobody_there(postgres_records, practice)  # which waits until the server has ended ours
            transaction.log.contacts()

    with pytest.raises(StoreTooSlow, match="stood still"):
        stand_still()
    assert nobody_there(records, practice)


def nobody_there(records: SqlRecords, practice: str) -> bool:
    with records.transaction(practice) as transaction:
        return transaction.log.contacts() == ()


def test_a_turn_that_a_slow_store_broke_once_is_taken_again(impatient: Impatient, practice: str) -> None:
    store = impatient(statement_timeout="1s")
    house = House(practice=replace(load_sample(), id=practice), store=store, records=Slow)
    call = house.call()
    assert isinstance(house.records, Slow)
    house.records.sleeps = 1
    assert phrases(call.say("let me talk to a person"))[-1].startswith("handoff.human")


class Slow:
    """Records with a transaction that takes too long, as often as `sleeps` says."""

    def __init__(self, records: SqlRecords) -> None:
        self._records = records
        self.sleeps = 0

    @contextmanager
    def transaction(self, practice: str) -> Iterator[SqlTransaction]:
        with self._records.transaction(practice) as transaction:
            if self.sleeps:
                self.sleeps -= 1
                transaction.scope.connection.execute(text("SELECT pg_sleep(5)"))
            yield transaction
