"""The ledger on SQL: notes gather during a transaction and are chained and written as it commits."""

import hashlib
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from lamplighter.desk.ports import LedgerEntry, Sought
from lamplighter.records.chain import link, origin, storable
from lamplighter.records.instants import to_micros
from lamplighter.records.sql.prepared import Prepared
from lamplighter.records.sql.tables import ledger, ledger_heads
from lamplighter.records.vault import Vault

_HEAD = Prepared(
    select(ledger_heads.c.seq, ledger_heads.c.hash).where(ledger_heads.c.practice == bindparam("of_practice"))
)
_BEGIN = Prepared(ledger_heads.insert(), ("practice", "seq", "hash"))
_MOVE = Prepared(
    ledger_heads.update()
    .where(ledger_heads.c.practice == bindparam("of_practice"))
    .values(seq=bindparam("seq"), hash=bindparam("hash"))
)
_ADD = Prepared(
    ledger.insert(), ("practice", "seq", "at", "who", "what", "about", "why", "sealed_hash", "hash")
)


class SqlLedger:
    def __init__(
        self,
        connection: Connection,
        vault: Vault,
        who: str,
        now: Callable[[], datetime],
        seen: Collection[str] = (),
    ) -> None:
        self._connection = connection
        self._vault = vault
        self._practice = vault.practice
        self._pending: list[dict[str, object]] = []
        self._seen = seen
        self.noted: set[str] = set()
        self._head: tuple[int, str] | None = None
        self._moved: tuple[int, str] | None = None
        self.now = now
        self.who = who

    def note(
        self, *, at: datetime, who: str, what: str, about: str, why: str = "", sealed_hash: str = ""
    ) -> None:
        seq, before = self.head()
        who, what, about, why = storable(who), storable(what), storable(about), storable(why)
        digest = link(
            self._vault.chain_key, before, seq + 1, to_micros(at), who, what, about, why, sealed_hash
        )
        self._pending.append(
            {
                "practice": self._practice, "seq": seq + 1, "at": at, "who": who, "what": what, "about": about,
                "why": why, "sealed_hash": sealed_hash, "hash": digest,
            }
        )  # fmt: skip
        self._head = seq + 1, digest

    def head(self) -> tuple[int, str]:
        """The last entry's number and hash, those noted in this transaction included; 0 and the origin before any."""
        if self._head is None:
            row = _HEAD.first(self._connection, {"of_practice": self._practice})
            self._head = (row.seq, row.hash) if row else (0, origin(self._vault.chain_key, self._practice))
        return self._head

    def length(self) -> int:
        return self.head()[0]

    def number(self) -> int:
        """Grows with everything that is added to the practice: the order of insertion among equal times."""
        return self.length()

    def wrote(self, what: str, about: str, content: bytes = b"", who: str = "") -> None:
        """Notes a write of this transaction by whoever opened it, or by the member of staff whom the record names."""
        digest = hashlib.sha256(content).hexdigest() if content else ""
        self.note(at=self.now(), who=who or self.who, what=what, about=about, sealed_hash=digest)

    def read(self, about: str) -> None:
        """Notes that a record was read: once a transaction, however often, and not at all when it was seen before."""
        if about not in self.noted and about not in self._seen:
            self.noted.add(about)
            self.note(at=self.now(), who=self.who, what="read", about=about)

    def flush(self) -> tuple[int, str] | None:
        """Writes what was noted. Gives the head once this transaction wrote any; the transaction calls it last."""
        if not self._pending:
            return self._moved
        first, (seq, digest) = self._pending[0]["seq"], self.head()
        _ADD.run_each(self._connection, self._pending)
        if first == 1:
            _BEGIN.run(self._connection, {"practice": self._practice, "seq": seq, "hash": digest})
        else:
            _MOVE.run(self._connection, {"of_practice": self._practice, "seq": seq, "hash": digest})
        self._pending.clear()
        self._moved = seq, digest
        return self._moved

    def entries(self, after: int = 0, limit: int = 1000) -> tuple[LedgerEntry, ...]:
        self.flush()
        mine = (ledger.c.practice == self._practice) & (ledger.c.seq > after)
        rows = self._connection.execute(select(ledger).where(mine).order_by(ledger.c.seq).limit(limit))
        return tuple(_entry(row) for row in rows)

    def search(self, sought: Sought, before: int | None = None, limit: int = 1000) -> tuple[LedgerEntry, ...]:
        self.flush()
        of = ledger.c
        wanted = (of.practice == self._practice) & (
            of.seq < (self.length() + 1 if before is None else before)
        )
        if sought.who:
            wanted &= of.who.in_(sought.who)
        if sought.what:
            wanted &= of.what == sought.what
        if sought.about:
            begins = func.substr(of.about, 1, len(sought.parts)) == sought.parts
            wanted &= (of.about == sought.about) | begins
        if sought.since is not None:
            wanted &= (of.seq >= self._first_since(sought.since)) & (of.at >= sought.since.astimezone(UTC))
        if sought.until is not None:
            wanted &= of.at < sought.until.astimezone(UTC)
        rows = self._connection.execute(select(ledger).where(wanted).order_by(of.seq.desc()).limit(limit))
        return tuple(_entry(row) for row in rows)

    def _first_since(self, moment: datetime) -> int:
        """The number of the first entry that is no older, in as many looks as the length has binary digits."""
        low, high = 1, self.length() + 1
        while low < high:
            middle = (low + high) // 2
            at = self._connection.execute(
                select(ledger.c.at).where(ledger.c.practice == self._practice, ledger.c.seq == middle)
            ).scalar()
            low, high = (middle + 1, high) if at is not None and at < moment else (low, middle)
        return low


def _entry(row: Row[Any]) -> LedgerEntry:
    return LedgerEntry(row.seq, row.at, row.who, row.what, row.about, row.why, row.sealed_hash, row.hash)
