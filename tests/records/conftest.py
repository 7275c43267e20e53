"""A PostgreSQL and an encrypted file for the whole session; every test has a practice of its own in them."""

import itertools
from collections.abc import Iterator

import pytest

from lamplighter.records.opening import open_memory, open_postgres, open_sqlite
from lamplighter.records.sql.store import SqlRecords
from tests.records.stores import KEYS, Store, TestClock, postgres_server

_practices = (f"practice-{number}" for number in itertools.count(1))


@pytest.fixture(scope="session")
def clock() -> TestClock:
    return TestClock()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_records(tmp_path_factory: pytest.TempPathFactory, clock: TestClock) -> Iterator[SqlRecords]:
    records = open_sqlite(tmp_path_factory.mktemp("sqlite") / "records.db", KEYS, clock)
    yield records
    records.close()


@pytest.fixture(scope="session")
def postgres_records(postgres_url: str, clock: TestClock) -> Iterator[SqlRecords]:
    records = open_postgres(postgres_url, KEYS, clock)
    yield records
    records.close()


ON_SQL = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
EVERYWHERE = ["memory", *ON_SQL]


def a_store(kind: str, request: pytest.FixtureRequest) -> Store:
    clock: TestClock = request.getfixturevalue("clock")
    records = open_memory(clock) if kind == "memory" else request.getfixturevalue(f"{kind}_records")
    return Store(records, next(_practices), clock)


@pytest.fixture(params=EVERYWHERE)
def store(request: pytest.FixtureRequest) -> Store:
    """Any store: what holds here holds for all of them."""
    return a_store(request.param, request)


@pytest.fixture(params=ON_SQL)
def sql_store(request: pytest.FixtureRequest) -> Store:
    """A store that outlives the process."""
    return a_store(request.param, request)
