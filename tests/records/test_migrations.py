"""A store is brought to the schema that this version knows, and refused when it is ahead."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.schema import SchemaItem

from lamplighter.desk.ports import Job
from lamplighter.records.errors import NewerStore
from lamplighter.records.opening import open_postgres, open_sqlite
from lamplighter.records.sql.migrate import HEAD, configuration, revision
from lamplighter.records.sql.postgres import PostgresDatabase
from lamplighter.records.sql.store import SqlRecords
from lamplighter.records.sql.tables import metadata
from tests.records.contract.examples import begin
from tests.records.stores import KEYS, Store, TestClock


def differences(connection: Connection) -> list[object]:
    """What the migrations left otherwise than the tables are written; DBOS's tables are its own affair."""

    def ours(_item: SchemaItem, name: str | None, kind: str, *_how: object) -> bool:
        return kind != "table" or name in metadata.tables

    context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": True})
    return list(compare_metadata(context, metadata))


def test_migrations_lead_to_the_tables_as_they_are_written(sql_store: Store) -> None:
    with sql_store.records.database.jobs_engine().connect() as connection:  # type: ignore[union-attr]
        assert differences(connection) == []


def test_the_schema_that_this_version_knows_is_the_last_migration(sqlite_records: SqlRecords) -> None:
    with sqlite_records.database.engine.begin() as connection:
        script = ScriptDirectory.from_config(configuration(connection))
        assert script.get_current_head() == HEAD
        assert revision(connection) == HEAD


def test_a_store_that_is_opened_again_still_holds_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    for expected in (0, 1):
        records = open_sqlite(path, KEYS, TestClock())
        with records.transaction("demo") as transaction:
            contacts = transaction.log.contacts()
        assert len(contacts) == expected
        if not contacts:
            begin(Store(records, "demo", TestClock()))
        records.close()


def test_a_store_of_the_first_version_is_brought_up_to_date_and_keeps_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    records = open_sqlite(path, KEYS, TestClock())
    begin(Store(records, "demo", TestClock()))
    with records.database.engine.begin() as connection:
        for table in (
            "staff",
            "staff_sessions",
            "facts",
            "surnames",
            "mailboxes",
            "counters",
            "pictures",
            "tallies",
        ):
            connection.execute(text(f"DROP TABLE {table}"))
        for index in (
            "messages_by_person",
            "messages_by_carrier",
            "messages_by_contact",
            "contact_people_by_contact",
        ):
            connection.execute(text(f"DROP INDEX {index}"))
        for column in ("moved_at", "why", "carrier_id", "sent_from"):
            connection.execute(text(f"ALTER TABLE messages DROP COLUMN {column}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    records.close()
    records = open_sqlite(path, KEYS, TestClock())
    with records.transaction("demo") as transaction:
        assert len(transaction.log.contacts()) == 1
        assert transaction.staff.all() == ()
        assert transaction.facts.standing("cover") == ()
    records.close()


def test_a_store_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    records = open_sqlite(path, KEYS, TestClock())
    with records.database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    records.close()
    with pytest.raises(NewerStore, match="9999"):
        open_sqlite(path, KEYS, TestClock())


def a_new_database(url: str, name: str) -> str:
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    server.dispose()
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def jobs_in(url: str) -> int:
    database = PostgresDatabase(url)
    with database.engine.connect() as connection:
        found = connection.execute(text("SELECT count(*) FROM dbos.workflow_status")).scalar_one()
    database.close()
    return int(found)


@pytest.mark.postgres
def test_workers_that_meet_a_new_database_in_the_same_moment_do_not_trip_over_each_other(
    postgres_url: str,
) -> None:
    urls = [a_new_database(postgres_url, f"met_at_once_{number}") for number in range(2)]
    barrier = threading.Barrier(4, timeout=120)

    def start(worker: str) -> None:
        for url in urls:
            barrier.wait()
            records = open_postgres(url, KEYS, TestClock())
            with records.transaction(worker) as tx:
                tx.jobs.enqueue(Job("first", "nothing", TestClock().now()))
            records.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(start, ("one", "two", "three", "four")))
    assert [jobs_in(url) for url in urls] == [4, 4]


@pytest.mark.postgres
def test_a_worker_waits_for_as_long_as_another_changes_the_tables(postgres_url: str) -> None:
    impatient = PostgresDatabase(postgres_url, {"lock_timeout": "20ms", "statement_timeout": "200ms"})
    other = PostgresDatabase(postgres_url)

    def alone() -> bool:
        with impatient.alone():
            return True

    with ThreadPoolExecutor(1) as pool:
        with other.alone(), other.engine.connect() as watcher:
            waiting = pool.submit(alone)
            watcher.execute(text("SELECT pg_sleep(0.5)"))
            assert not waiting.done()
        assert waiting.result(timeout=60)
    impatient.close()
    other.close()
