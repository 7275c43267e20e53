"""One encrypted file for every practice, through SQLCipher. Its key lies beside it, wrapped by the master key."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, PoolProxiedConnection, QueuePool, create_engine
from sqlalchemy.exc import DBAPIError

from lamplighter.desk.ports import Keys
from lamplighter.records.errors import KeyFileGone, StoreTooSlow, WrongKey
from lamplighter.records.vault import new_key
from lamplighter.whole_files import OWNER_ONLY, write_once

_CONTEXT = "database file"
_PRAGMAS = (
    "PRAGMA busy_timeout = 30000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
)


class SqliteDatabase:
    """`path` is made, readable by its owner alone, when it isn't there. Raises WrongKey when the key doesn't fit."""

    name = "sqlite"

    def __init__(self, path: Path, keys: Keys) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path = path
        self._key = _file_key(path, keys)
        _touch(path)
        self.engine = self._make_engine(None)
        # not as a listener: where an engine has one, every statement pays for asking
        self.engine.dialect.do_begin = _begin_immediate  # type: ignore[method-assign]
        self._jobs: Engine | None = None
        self._writer = threading.Lock()

    def __repr__(self) -> str:
        return f"<SqliteDatabase {self.path.name}>"

    def _make_engine(self, isolation_level: str | None) -> Engine:
        return create_engine(
            f"sqlite:///{self.path}",
            module=sqlcipher,
            creator=lambda: self._connect(isolation_level),
            poolclass=QueuePool,
            hide_parameters=True,
            pool_size=5,
            max_overflow=20,
        )

    def _connect(self, isolation_level: str | None) -> Any:
        connection = sqlcipher.connect(str(self.path), check_same_thread=False, timeout=30)
        connection.isolation_level = None
        try:
            connection.execute(f"PRAGMA key = \"x'{self._key.hex()}'\"")
            for pragma in _PRAGMAS:
                connection.execute(pragma)
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlcipher.DatabaseError as problem:
            connection.close()
            if "not a database" in str(problem):
                raise WrongKey(f"the store {self.path.name}") from None
            raise
        connection.isolation_level = isolation_level
        return connection

    @contextmanager
    def begin(self, practice: str) -> Iterator[Connection]:
        """The file has one writer at a time, whatever its practice; those of this process wait in line for it.

        Raises StoreTooSlow when another process keeps it for longer than the busy timeout."""
        try:
            with self._writer, self.engine.begin() as connection:
                yield connection
        except DBAPIError as problem:
            if "database is locked" not in str(problem.orig):
                raise
            raise StoreTooSlow("another process keeps the file") from problem

    def jobs_engine(self) -> Engine:
        if self._jobs is None:
            self._jobs = self._make_engine("IMMEDIATE")
        return self._jobs

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Each step that changes a file waits for its one writer."""
        yield

    def migrated(self) -> None:
        """A file has no roles to grant anything to."""

    def close(self) -> None:
        self.engine.dispose()
        if self._jobs is not None:
            self._jobs.dispose()


def _begin_immediate(dbapi_connection: PoolProxiedConnection) -> None:
    dbapi_connection.cursor().execute("BEGIN IMMEDIATE")


def _touch(path: Path) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, OWNER_ONLY))


def _file_key(path: Path, keys: Keys) -> bytes:
    """The raw key of the file: made with it, kept wrapped in `<name>.key` beside it."""
    beside = path.with_name(f"{path.name}.key")
    if not beside.exists():
        if path.exists() and path.stat().st_size:
            raise KeyFileGone(beside.name)
        write_once(beside, keys.wrap(new_key(), _CONTEXT))
    try:
        return keys.unwrap(beside.read_bytes(), _CONTEXT)
    except Exception as problem:
        raise WrongKey(f"the store {path.name}") from problem
