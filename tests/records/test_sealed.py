"""Nothing about a person can be read without the key: in the file, in the tables, in log lines, by another practice."""

import io
import logging
import sqlite3
from base64 import b64encode
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import IntegrityError

from lamplighter.connectors.keys import LocalKeys
from lamplighter.conversation.details import Detail
from lamplighter.conversation.events import Alternative, Heard, Offered, Said, StaffSaid
from lamplighter.desk.ports import Fact, Job, Proxy, Waiting
from lamplighter.records.errors import KeyFileGone, WrongKey
from lamplighter.records.opening import open_postgres, open_sqlite
from lamplighter.records.sql.postgres import ROLE
from lamplighter.records.sql.sqlite import SqliteDatabase
from lamplighter.records.sql.store import SqlRecords
from lamplighter.records.sql.tables import claims, data_keys, metadata
from lamplighter.records.vault import Unsealable, Vault, new_key, seal, unseal
from tests.records.contract.examples import a_message, a_person, a_slot, a_task, begin
from tests.records.contract.test_staff import an_account
from tests.records.stores import KEYS, START, Store, TestClock

OTHER_KEYS = LocalKeys(b"o" * 32)
MARKERS = [
    "Marquardt", "Zebulon", "Preferella", "+12125550187", "+12125550188", "zeb@marker.example", "Insuramark",
    "MEMBERMARK7", "Subscribella", "Proxymark", "1977-03-09", "heardmarker", "altmarker", "keysmarker", "argmarker",
    "staffmarker", "taskmarker", "wishmarker", "factmarker", "picturemarker",
    "messagemarker", "SECRETMARK", "Rosa Ferro",
]  # fmt: skip


def plant(store: Store) -> None:
    """Puts a marker into every field that may hold something about a person."""
    heard = Heard("heardmarker", (Alternative("altmarker", 0.2),), keys="keysmarker")
    said = Said("greeting", {"name": "argmarker"}, "en")
    begin(
        store, "c1", "+12125550187", heard, said, Offered("o", (a_slot(),)), StaffSaid("Rosa", "staffmarker")
    )
    person = a_person(
        first_name="Zebulon", last_name="Marquardt", date_of_birth=date(1977, 3, 9), phone="+12125550187",
        preferred_name="Preferella", email="zeb@marker.example", insurer="Insuramark", member_id="MEMBERMARK7",
        subscriber="Subscribella", proxies=(Proxy("Proxymark", "+12125550188"),),
    )  # fmt: skip
    with store.transaction() as transaction:
        transaction.people.add(person)
        transaction.people.link_contact("c1", "p1")
        transaction.tasks.add(
            a_task(details=((Detail.MESSAGE, "taskmarker"), (Detail.PHONE, "+12125550188")))
        )
        transaction.tasks.add(
            a_task("t2", person=None, contact="c1", details=((Detail.MESSAGE, "taskmarker"),))
        )
        transaction.tasks.add(
            a_task("t3", person=None, contact=None, details=((Detail.MESSAGE, "taskmarker"),))
        )
        transaction.waitlist.join(Waiting("w1", "p1", "wishmarker", "follow_up", START))
        transaction.outbox.add(a_message(to="+12125550187", args=(("name", "messagemarker"),)))
        transaction.jobs.enqueue(Job("j1", "remind", START, (("visit", "v1"),)))
        transaction.log.claim("+12125550187 at noon")
        transaction.staff.add(an_account(), "link")
        transaction.facts.state(
            Fact("f1", "stopped", "person/p1", START, "a1", (("why", "factmarker"),), "p1")
        )
        transaction.pictures.keep("i1", "p1", b"picturemarker")
        transaction.facts.state(
            Fact("f2", "number", "ladder/osei", START, "a1", (("phone", "+12125550187"),))
        )


def found_in(content: bytes) -> list[str]:
    return [marker for marker in MARKERS if marker.encode() in content]


def every_table(records: SqlRecords) -> bytes:
    """Everything that stands in any table, DBOS's among them, as whoever may read the whole database sees it."""
    engine, seen = records.database.jobs_engine(), io.BytesIO()
    schemas = ("public", "dbos") if records.database.name == "postgresql" else (None,)
    with engine.connect() as connection:
        for schema in schemas:
            for table in inspect(connection).get_table_names(schema=schema):
                name = f'"{schema}"."{table}"' if schema else f'"{table}"'
                for row in connection.execute(text(f"SELECT * FROM {name}")):
                    for value in row:
                        seen.write(
                            bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                        )
    return seen.getvalue()


def test_no_table_holds_anything_readable_about_a_person(sql_store: Store) -> None:
    plant(sql_store)
    content = every_table(sql_store.records)  # type: ignore[arg-type]
    assert sql_store.practice.encode() in content
    assert found_in(content) == []


def test_no_file_of_the_data_folder_holds_anything_readable_at_all(tmp_path: Path) -> None:
    records = open_sqlite(tmp_path / "data" / "records.db", KEYS, TestClock())
    plant(Store(records, "demo", TestClock()))
    content = b"".join(path.read_bytes() for path in (tmp_path / "data").iterdir())
    records.close()
    content += b"".join(path.read_bytes() for path in (tmp_path / "data").iterdir())
    assert len(content) > 100_000
    assert found_in(content) == []
    assert b"CREATE TABLE" not in content
    assert b"osei" not in content


@pytest.fixture
def log_lines() -> Iterator[io.StringIO]:
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    loggers = [logging.getLogger(), logging.getLogger("dbos"), logging.getLogger("sqlalchemy")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    yield lines
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


def test_neither_log_lines_nor_errors_hold_anything_about_a_person(
    sql_store: Store, log_lines: io.StringIO
) -> None:
    plant(sql_store)
    with sql_store.transaction() as transaction:
        damage = text("UPDATE people SET sealed = :x WHERE id = 'p1'")
        transaction.scope.connection.execute(damage, {"x": b"damaged"})  # type: ignore[union-attr]
        with pytest.raises(Unsealable) as unsealable:
            transaction.people.get("p1")
    twice = [{"practice": sql_store.practice, "inbound": b"heardmarker"}] * 2
    with pytest.raises(IntegrityError) as refused, sql_store.transaction() as transaction:
        transaction.scope.connection.execute(claims.insert(), twice)  # type: ignore[union-attr]
    errors = repr(unsealable.value) + str(unsealable.value) + repr(refused.value) + str(refused.value)
    assert found_in((log_lines.getvalue() + errors).encode()) == []


def test_a_store_does_not_open_under_another_master_key(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    open_sqlite(path, KEYS, TestClock()).close()
    with pytest.raises(WrongKey):
        open_sqlite(path, OTHER_KEYS, TestClock())


def test_a_store_whose_key_file_is_gone_asks_for_it_and_makes_no_other(tmp_path: Path) -> None:
    path, beside = tmp_path / "records.db", tmp_path / "records.db.key"
    open_sqlite(path, KEYS, TestClock()).close()
    kept = beside.read_bytes()
    beside.unlink()
    with pytest.raises(KeyFileGone):
        open_sqlite(path, KEYS, TestClock())
    beside.write_bytes(kept)
    open_sqlite(path, KEYS, TestClock()).close()
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["records.db", "records.db.key"]


def test_a_store_under_another_files_key_says_so(tmp_path: Path) -> None:
    for name in ("one.db", "other.db"):
        open_sqlite(tmp_path / name, KEYS, TestClock()).close()
    (tmp_path / "one.db.key").write_bytes((tmp_path / "other.db.key").read_bytes())
    with pytest.raises(WrongKey):
        open_sqlite(tmp_path / "one.db", KEYS, TestClock())


def test_a_practice_does_not_open_under_another_master_key(sql_store: Store, postgres_url: str) -> None:
    plant(sql_store)
    records = sql_store.records
    stranger = SqlRecords(records.database, OTHER_KEYS, sql_store.clock, records.enqueuer)  # type: ignore[union-attr]
    with pytest.raises(WrongKey), stranger.transaction(sql_store.practice):
        pass


def test_the_file_and_its_key_are_their_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "records.db"
    records = open_sqlite(path, KEYS, TestClock())
    modes = {entry.name: entry.stat().st_mode & 0o077 for entry in path.parent.iterdir()}
    records.close()
    assert set(modes.values()) == {0}
    assert {"records.db", "records.db.key"} <= set(modes)
    assert path.parent.stat().st_mode & 0o077 == 0


def test_the_file_is_no_sqlite_to_whoever_lacks_the_key(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    open_sqlite(path, KEYS, TestClock()).close()
    for library in (sqlite3, sqlcipher):
        with pytest.raises(library.DatabaseError):
            library.connect(str(path)).execute("SELECT count(*) FROM sqlite_master")


def test_the_file_is_kept_as_carefully_as_sqlite_can(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "records.db", KEYS)
    with database.begin("demo") as connection:
        answers = {
            pragma: connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()
            for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
        }
    database.close()
    assert answers == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30000, "secure_delete": 1,
    }  # fmt: skip


# -- keys --------------------------------------------------------------------------------------------------------------


def test_forgetting_destroys_the_keys_themselves(sql_store: Store) -> None:
    plant(sql_store)
    mine = data_keys.c.practice == sql_store.practice
    count = select(func.count()).where(mine, data_keys.c.wrapped.is_not(None))
    with sql_store.transaction() as transaction:
        connection = transaction.scope.connection  # type: ignore[union-attr]
        before = connection.execute(count).scalar()
        transaction.log.forget_words("c1")
        without_words = connection.execute(count).scalar()
        transaction.people.forget("p1")
        after = connection.execute(count).scalar()
    assert (before, without_words, after) == (4, 3, 1)


def test_a_sealed_value_opens_only_in_its_place() -> None:
    key, vault = new_key(), Vault("a", new_key())
    place = vault.place("people", "sealed", "p1")
    sealed = seal(key, place, b"content")
    assert unseal(key, place, sealed) == b"content"
    elsewhere = [vault.place("people", "sealed", "p2"), Vault("b", new_key()).place("people", "sealed", "p1")]
    for other in elsewhere:
        with pytest.raises(Unsealable):
            unseal(key, other, sealed)


@pytest.mark.parametrize("at", [0, 1, 13, -1])
def test_a_sealed_value_that_was_touched_does_not_open(at: int) -> None:
    key = new_key()
    sealed = bytearray(seal(key, "place", b"content"))
    sealed[at] ^= 1
    with pytest.raises(Unsealable):
        unseal(key, "place", bytes(sealed))
    with pytest.raises(Unsealable):
        unseal(key, "place", b"")


def test_two_practices_look_up_one_name_by_different_digests() -> None:
    one, other = Vault("a", new_key()), Vault("b", new_key())
    assert one.index("name", "maya") == one.index("name", "maya")
    assert len({one.index("name", "maya"), one.index("phone", "maya"), other.index("name", "maya")}) == 3


def test_one_practices_wrapped_key_opens_nothing_in_another() -> None:
    practice_key, data_key = new_key(), new_key()
    wrapped = Vault("a", practice_key).wrap(data_key, "person", "p1")
    assert Vault("a", practice_key).unwrap(wrapped, "person", "p1") == data_key
    for vault, owner in ((Vault("b", practice_key), "p1"), (Vault("a", practice_key), "p2")):
        with pytest.raises(Unsealable):
            vault.unwrap(wrapped, "person", owner)


def test_keys_show_in_no_repr(sql_store: Store) -> None:
    with sql_store.transaction() as transaction:
        shown = repr(transaction.scope.vault) + repr(sql_store.records)  # type: ignore[union-attr]
        key = transaction.scope.vault.chain_key  # type: ignore[union-attr]
    assert key.hex() not in shown
    assert b64encode(key).decode() not in shown
    assert repr(key) not in shown


# -- row-level security ------------------------------------------------------------------------------------------------

OURS = [table for table in metadata.tables.values() if "practice" in table.c]


@pytest.mark.postgres
def test_sql_of_ones_own_in_a_transaction_reaches_no_other_practices_rows(
    postgres_records: SqlRecords, clock: TestClock
) -> None:
    plant(Store(postgres_records, "crossed", clock))
    with postgres_records.transaction("crossing") as transaction:
        connection = transaction.scope.connection
        seen = {
            table.name: connection.execute(select(func.count()).where(table.c.practice == "crossed")).scalar()
            for table in OURS
        }
        changed = connection.execute(
            text("UPDATE people SET legal_hold = true WHERE practice = 'crossed'")
        ).rowcount
    assert set(seen.values()) == {0}
    assert changed == 0


@pytest.mark.postgres
def test_the_role_that_transactions_act_as_writes_into_no_other_practice(
    postgres_records: SqlRecords, clock: TestClock
) -> None:
    with (
        pytest.raises(Exception, match="row-level security"),
        postgres_records.transaction("crossing") as transaction,
    ):
        transaction.scope.connection.execute(
            text("INSERT INTO claims (practice, inbound) VALUES ('crossed', 'x')")
        )


@pytest.mark.postgres
def test_without_a_practice_the_role_sees_nothing(postgres_records: SqlRecords, clock: TestClock) -> None:
    plant(Store(postgres_records, "seen by nobody", clock))
    with postgres_records.database.engine.begin() as connection:
        connection.execute(text(f"SET LOCAL ROLE {ROLE}"))
        assert {connection.execute(select(func.count()).select_from(table)).scalar() for table in OURS} == {0}


@pytest.mark.postgres
def test_every_table_of_a_practice_forces_row_level_security(postgres_records: SqlRecords) -> None:
    query = text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    with postgres_records.database.engine.connect() as connection:
        forced = set(connection.execute(query).scalars())
    assert {table.name for table in OURS} <= forced


@pytest.mark.postgres
def test_the_practice_of_one_transaction_is_not_left_to_the_next_on_its_connection(
    postgres_records: SqlRecords,
) -> None:
    with postgres_records.transaction("first"):
        pass
    with postgres_records.database.engine.connect() as connection:
        left = connection.execute(text("SELECT current_setting('lamplighter.practice', true)")).scalar()
    assert not left


@pytest.mark.postgres
def test_an_owner_without_special_rights_is_held_to_its_practice_too(
    postgres_url: str, clock: TestClock
) -> None:
    admin = open_postgres(postgres_url, KEYS, clock)
    with admin.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CREATE ROLE plain LOGIN NOSUPERUSER PASSWORD 'plain'"))
        connection.execute(text("CREATE DATABASE plain OWNER plain"))
    admin.close()
    records = open_postgres(postgres_url.replace("postgres:@/postgres", "plain:plain@/plain"), KEYS, clock)
    plant(Store(records, "crossed", clock))
    with records.transaction("crossing") as transaction:
        people = transaction.scope.connection.execute(text("SELECT count(*) FROM people")).scalar()
    records.close()
    assert people == 0
