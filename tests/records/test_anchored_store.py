"""A store that anchors its ledger's heads outside the data folder."""

from pathlib import Path

from lamplighter.records.anchors import read_heads
from lamplighter.records.opening import open_sqlite
from tests.records.stores import KEYS, TestClock


def test_looking_at_an_anchored_store_needs_no_head_and_writing_to_it_anchors_one(tmp_path: Path) -> None:
    clock, anchors = TestClock(), tmp_path / "anchors.jsonl"
    records = open_sqlite(tmp_path / "records.db", KEYS, clock, anchors)
    with records.transaction("demo") as look:
        assert look.log.contacts() == ()
    with records.transaction("demo") as write:
        write.ledger.note(at=clock.now(), who="test", what="try", about="anchor")
        assert [entry.what for entry in write.ledger.entries()] == ["try"]
    with records.transaction("demo") as tx:
        public = tx.scope.vault.signing_key.public_key()
    records.close()
    assert [head.seq for head in read_heads(anchors, "demo", public)] == [1]
