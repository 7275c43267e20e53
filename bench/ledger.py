"""The ledger: what it costs to add to it, and to prove it. On a file and on PostgreSQL."""

from bench import Budget, Budgets, Stopwatch, median_cpu
from bench._stores import NOW, SetClock, postgres, sqlite
from lamplighter.records.audit import verify
from lamplighter.records.sql.store import SqlRecords

BATCHES, BATCH = 400, 50
PRACTICE = "bench"


def budgets() -> Budgets:
    with sqlite(SetClock()) as records:
        yield from kept("encrypted file", records)
    with postgres(SetClock()) as records:
        yield from kept("PostgreSQL, its own CPU apart", records)


def kept(where: str, records: SqlRecords) -> Budgets:
    adding = Stopwatch()
    for number in range(BATCHES):
        adding.time(lambda number=number: add(records, number))  # type: ignore[misc]
    found = verify(records, PRACTICE)
    proving = median_cpu(lambda: verify(records, PRACTICE), times=5)
    if not found.sound:
        raise RuntimeError(str(found))
    each = adding.percentile(0.5) / BATCH
    yield Budget(
        "ledger, add an entry", 0.5, each, "ms CPU", f"{where}, median of {BATCHES} batches of {BATCH}"
    )
    rate = found.proven / proving * 1000
    how = f"{where}, {found.proven:,} entries by CPU time, median of 5"
    yield Budget("ledger, verify", 100_000, rate, "entries/s", how, bound="at least")


def add(records: SqlRecords, batch: int) -> None:
    with records.transaction(PRACTICE) as transaction:
        for number in range(BATCH):
            about = f"contact/{batch}#{number}"
            transaction.ledger.note(at=NOW, who="agent", what="heard", about=about)
