"""The ledger in memory: the same chain as on disk, kept only as long as the process."""

import hashlib
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from itertools import islice

from lamplighter.desk.ports import Ledger, LedgerEntry, Sought
from lamplighter.records.chain import link, origin, storable
from lamplighter.records.instants import to_micros
from lamplighter.records.ledger import Verification
from lamplighter.records.ledger import verify as verify_chain
from lamplighter.records.memory.state import State

KEY = b"in memory: nothing to protect"


class MemoryLedger:
    def __init__(
        self,
        state: State,
        practice: str,
        who: str,
        now: Callable[[], datetime],
        seen: Collection[str] = (),
    ) -> None:
        self._state = state
        self._practice = practice
        self.now = now
        self._seen = seen
        self.noted: set[str] = set()
        self.who = who

    def note(
        self, *, at: datetime, who: str, what: str, about: str, why: str = "", sealed_hash: str = ""
    ) -> None:
        entries = self._state.ledger
        seq = len(entries) + 1
        who, what, about, why = (storable(part) for part in (who, what, about, why))
        last = entries.get(seq - 1)
        before = last.hash if last else origin(KEY, self._practice)
        digest = link(KEY, before, seq, to_micros(at), who, what, about, why, sealed_hash)
        entries.put(seq, LedgerEntry(seq, at.astimezone(UTC), who, what, about, why, sealed_hash, digest))

    def entries(self, after: int = 0, limit: int = 1000) -> tuple[LedgerEntry, ...]:
        entries = self._state.ledger
        found = (entries.get(seq) for seq in range(after + 1, min(after + limit, len(entries)) + 1))
        return tuple(entry for entry in found if entry is not None)

    def search(self, sought: Sought, before: int | None = None, limit: int = 1000) -> tuple[LedgerEntry, ...]:
        newest = reversed(list(self._state.ledger.values()))
        fitting = (each for each in newest if (before is None or each.seq < before) and sought.fits(each))
        return tuple(islice(fitting, limit))

    def length(self) -> int:
        return len(self._state.ledger)

    def wrote(self, what: str, about: str, content: bytes = b"", who: str = "") -> None:
        """Notes a write of this transaction by whoever opened it, or by the member of staff whom the record names."""
        digest = hashlib.sha256(content).hexdigest() if content else ""
        self.note(at=self.now(), who=who or self.who, what=what, about=about, sealed_hash=digest)

    def read(self, about: str) -> None:
        """Notes that a record was read: once a transaction, however often, and not at all when it was seen before."""
        if about not in self.noted and about not in self._seen:
            self.noted.add(about)
            self.note(at=self.now(), who=self.who, what="read", about=about)


def verify(ledger: Ledger, practice: str, told: Callable[[int], None]) -> Verification:
    """Follows the chain of a practice from its beginning, as `records.audit.verify` does on disk."""
    entries = ledger.entries(limit=ledger.length())
    told(len(entries))
    lines = (
        (each.seq, to_micros(each.at), each.who, each.what, each.about, each.why, each.sealed_hash, each.hash)
        for each in entries
    )
    head = (entries[-1].seq, entries[-1].hash) if entries else None
    return verify_chain(practice, KEY, lines, head)
