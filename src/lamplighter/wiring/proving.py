"""Lets the staff page prove the ledger of its practice as `lamplighter audit verify` does."""

from pathlib import Path

from lamplighter.desk.ports import Records
from lamplighter.desk.proving import Proof, Prove, Told
from lamplighter.practice.model import PracticeId
from lamplighter.records.anchors import ForgedHead
from lamplighter.records.audit import verify
from lamplighter.records.memory import MemoryRecords
from lamplighter.records.memory.ledger import verify as verify_in_memory
from lamplighter.records.sql.store import SqlRecords

FORGED = "the file of signed heads that is kept outside was tampered with"


def prover(records: Records, practice: PracticeId, anchors: Path | None = None) -> Prove | None:
    """None where these records have no ledger that could be proven."""

    def prove(told: Told) -> Proof:
        try:
            if isinstance(records, MemoryRecords):
                with records.transaction(practice) as tx:
                    found = verify_in_memory(tx.ledger, practice, told)
            else:
                assert isinstance(records, SqlRecords)
                found = verify(records, practice, anchors, told)
        except ForgedHead:
            return Proof(0, None, 0, FORGED)
        problem = "" if found.problem is None else str(found.problem)
        return Proof(found.proven, found.proven_until, found.anchored, problem)

    return prove if isinstance(records, MemoryRecords | SqlRecords) else None
