"""`audit verify`: whether a practice's ledger, and the records it was written for, are what was written."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import cast as cast_type

from sqlalchemy import BigInteger, String, cast, func, literal, select, type_coerce

from lamplighter.records.anchors import read_heads
from lamplighter.records.ledger import Problem, Verification
from lamplighter.records.ledger import Row as LedgerRow
from lamplighter.records.ledger import verify as verify_chain
from lamplighter.records.sql.database import take_your_time
from lamplighter.records.sql.scope import Scope
from lamplighter.records.sql.store import SqlRecords
from lamplighter.records.sql.tables import contacts, events, ledger, ledger_heads

AUDIT = "audit"
_PAGE = 20_000


def verify(
    records: SqlRecords,
    practice: str,
    anchors: Path | None = None,
    told: Callable[[int], None] = lambda _: None,
) -> Verification:
    """Checks the practice's chain, its signed heads in the file `anchors`, and every event against its entry.

    Reads in short transactions, so that the desk goes on meanwhile; what is added meanwhile is left for the next time.
    `told` hears the number of the last entry that was looked at, page by page.
    Raises ForgedHead when the file of heads itself was tampered with.
    """
    with records.transaction(practice, who=AUDIT) as transaction:
        scope = transaction.scope
        heads = read_heads(anchors, practice, scope.vault.signing_key.public_key()) if anchors else ()
        head, ends_at = _head(scope), _ends_at(scope)
        key = scope.vault.chain_key
    found = verify_chain(practice, key, _lines(records, practice, ends_at, told), head, heads)
    if found.problem is not None:
        return found
    with records.transaction(practice, who=AUDIT) as transaction:
        take_your_time(transaction.scope.connection)
        problem = _altered_content(transaction.scope) or _missing_content(transaction.scope)
    if problem is None:
        return found
    return Verification(practice, problem.seq - 1, found.proven_until, found.anchored, problem)


def _head(scope: Scope) -> tuple[int, str] | None:
    row = scope.one(ledger_heads)
    return (int(row.seq), str(row.hash)) if row else None


def _ends_at(scope: Scope) -> int:
    last = scope.connection.execute(select(func.max(ledger.c.seq)).where(scope.mine(ledger))).scalar()
    return int(last or 0)


def _lines(
    records: SqlRecords, practice: str, ends_at: int, told: Callable[[int], None]
) -> Iterator[LedgerRow]:
    columns = [
        ledger.c.seq, type_coerce(ledger.c.at, BigInteger), ledger.c.who, ledger.c.what, ledger.c.about,
        ledger.c.why, ledger.c.sealed_hash, ledger.c.hash,
    ]  # fmt: skip
    query = select(*columns).where(ledger.c.seq <= ends_at).order_by(ledger.c.seq).limit(_PAGE)
    after = -1
    while True:
        with records.transaction(practice, who=AUDIT) as transaction:
            scope = transaction.scope
            result = scope.connection.execute(query.where(scope.mine(ledger), ledger.c.seq > after))
            page = cast_type(
                "Sequence[LedgerRow]", result.cursor.fetchall()
            )  # as the driver has them: plain tuples
            result.close()
        yield from page
        if page:
            told(page[-1][0])
        if len(page) < _PAGE:
            return
        after = page[-1][0]


def _altered_content(scope: Scope) -> Problem | None:
    """The first event that isn't the one that its entry in the ledger was written for."""
    about = literal("contact/") + events.c.contact + literal("#") + cast(events.c.seq, String)
    query = (
        select(ledger.c.seq, ledger.c.sealed_hash, ledger.c.about, events.c.body)
        .join_from(events, ledger, (ledger.c.practice == events.c.practice) & (ledger.c.about == about))
        .where(scope.mine(events), ledger.c.sealed_hash != "")
        .order_by(ledger.c.seq)
        .execution_options(yield_per=1000)
    )
    with scope.connection.execute(query) as rows:
        for row in rows:
            if hashlib.sha256(row.body).hexdigest() != row.sealed_hash:
                return Problem("content_altered", row.seq, row.about)
    return None


def _missing_content(scope: Scope) -> Problem | None:
    """The first contact on file that has fewer events than it had."""
    kept = (
        select(func.count())
        .where(events.c.practice == contacts.c.practice, events.c.contact == contacts.c.id)
        .scalar_subquery()
    )
    row = scope.connection.execute(
        select(contacts.c.id, kept.label("kept"))
        .where(scope.mine(contacts), contacts.c.last_seq != kept)
        .order_by(contacts.c.number)
        .limit(1)
    ).first()
    if row is None:
        return None
    present = scope.connection.execute(
        select(events.c.seq).where(scope.mine(events, contact=row.id)).order_by(events.c.seq)
    ).scalars()
    gone = next((want for want, seq in enumerate(present, 1) if seq != want), row.kept + 1)
    about = f"contact/{row.id}#{gone}"
    entry = scope.connection.execute(
        select(ledger.c.seq).where(scope.mine(ledger, about=about)).order_by(ledger.c.seq).limit(1)
    ).scalar()
    return Problem("content_missing", int(entry or 1), about)
