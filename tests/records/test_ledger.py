"""The ledger shows what was done to it, and to the records that it was written for."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, update
from sqlalchemy.sql.dml import UpdateBase

from lamplighter.conversation.events import Heard
from lamplighter.records import audit
from lamplighter.records.anchors import ForgedHead, Head
from lamplighter.records.chain import link, origin
from lamplighter.records.instants import from_micros, to_micros
from lamplighter.records.ledger import Line, Verification, verify
from lamplighter.records.opening import open_sqlite
from lamplighter.records.sql.tables import events, ledger, ledger_heads
from tests.records.contract.examples import PHONE, a_task, begin
from tests.records.stores import KEYS, START, Store, TestClock

KEY = b"k" * 32


def a_ledger(length: int) -> list[Line]:
    lines, before = list[Line](), origin(KEY, "demo")
    for seq in range(1, length + 1):
        micros = to_micros(START + timedelta(seconds=seq))
        digest = link(KEY, before, seq, micros, "agent", "heard", f"contact/c{seq}", "", "")
        lines.append(Line(seq, micros, "agent", "heard", f"contact/c{seq}", "", "", digest))
        before = digest
    return lines


def check(lines: list[Line], whole: list[Line], anchors: tuple[Head, ...] = ()) -> Verification:
    head = (whole[-1].seq, whole[-1].hash) if whole else None
    return verify("demo", KEY, lines, head, anchors)


@given(st.integers(0, 30))
def test_an_untouched_ledger_is_proven_to_its_last_entry(length: int) -> None:
    lines = a_ledger(length)
    found = check(lines, lines)
    assert found.sound
    assert found.proven == length
    assert found.proven_until == (START + timedelta(seconds=length) if length else None)


@given(st.integers(1, 20), st.sampled_from(["micros", "who", "what", "about", "why", "sealed_hash", "hash"]))
def test_an_altered_entry_is_named_whatever_was_altered(at: int, field: str) -> None:
    whole = a_ledger(20)
    altered = list(whole)
    value = 7 if field == "micros" else "someone else"
    changed: dict[str, Any] = {**altered[at - 1]._asdict(), field: value}
    altered[at - 1] = Line(**changed)
    found = check(altered, whole)
    assert found.problem is not None
    assert (found.problem.kind, found.problem.seq, found.proven) == ("altered", at, at - 1)


@given(st.integers(1, 19), st.booleans())
def test_a_removed_entry_is_named_even_if_the_rest_was_renumbered(at: int, renumbered: bool) -> None:
    whole = a_ledger(21)
    rest = whole[: at - 1] + whole[at:]
    if renumbered:
        rest = [line._replace(seq=seq) for seq, line in enumerate(rest, 1)]
    found = check(rest, whole)
    assert found.problem is not None
    assert (found.problem.kind, found.problem.seq) == ("missing", at)


@given(st.integers(1, 20), st.integers(1, 20))
def test_two_entries_that_changed_places_are_named(one: int, other: int) -> None:
    whole = a_ledger(20)
    swapped = list(whole)
    swapped[one - 1] = whole[other - 1]._replace(seq=one)
    swapped[other - 1] = whole[one - 1]._replace(seq=other)
    found = check(swapped, whole)
    if one == other:
        assert found.sound
    else:
        assert found.problem is not None
        assert (found.problem.kind, found.problem.seq) == ("reordered", min(one, other))


@given(st.integers(0, 9))
def test_a_cut_off_end_is_named(kept: int) -> None:
    whole = a_ledger(10)
    found = check(whole[:kept], whole)
    assert found.problem is not None
    assert (found.problem.kind, found.problem.seq, found.proven) == ("cut_off", kept + 1, kept)


def test_a_cut_with_the_head_put_back_shows_against_a_head_kept_outside() -> None:
    whole = a_ledger(10)
    anchors = (Head("demo", 4, whole[3].hash, START), Head("demo", 9, whole[8].hash, START))
    found = check(whole[:6], whole[:6], anchors)
    assert found.problem is not None
    assert (found.problem.kind, found.problem.seq, found.anchored) == ("cut_off", 7, 1)


def test_a_chain_written_anew_by_somebody_with_the_key_shows_against_a_head_kept_outside() -> None:
    whole = a_ledger(10)
    anchor = Head("demo", 5, "another hash", START)
    found = check(whole, whole, (anchor,))
    assert found.problem is not None
    assert (found.problem.kind, found.problem.seq) == ("rewritten", 5)


def test_a_chain_does_not_pass_for_another_practices() -> None:
    whole = a_ledger(3)
    found = verify("other", KEY, whole, (3, whole[-1].hash))
    assert found.problem is not None
    assert found.problem.seq == 1


def test_an_instant_survives_its_way_to_microseconds() -> None:
    moment = START + timedelta(microseconds=123_457)
    assert from_micros(to_micros(moment)) == moment


# -- in a store --------------------------------------------------------------------------------------------------------


def fill(store: Store) -> None:
    begin(store, "c1", PHONE, Heard("one"), Heard("two"))
    with store.transaction() as transaction:
        transaction.tasks.add(a_task())
        for number in range(6):
            transaction.ledger.note(at=START, who="Rosa", what="looked", about=f"thing/{number}")


def tamper(store: Store, statement: UpdateBase) -> None:
    with store.transaction() as transaction:
        transaction.scope.connection.execute(statement)  # type: ignore[union-attr]


def audited(store: Store, anchors: Path | None = None) -> Verification:
    return audit.verify(store.records, store.practice, anchors)  # type: ignore[arg-type]


def test_an_untouched_store_is_proven(sql_store: Store) -> None:
    fill(sql_store)
    found = audited(sql_store)
    assert found.sound
    assert found.proven == 10


def test_a_store_whose_words_and_people_were_forgotten_is_still_proven(sql_store: Store) -> None:
    fill(sql_store)
    with sql_store.transaction() as transaction:
        transaction.log.forget_words("c1")
    assert audited(sql_store).sound


@pytest.mark.parametrize(
    ("change", "kind", "seq"),
    [
        (lambda mine: update(ledger).where(mine, ledger.c.seq == 5).values(who="Ben"), "altered", 5),
        (lambda mine: delete(ledger).where(mine, ledger.c.seq == 5), "missing", 5),
        (lambda mine: delete(ledger).where(mine, ledger.c.seq > 7), "cut_off", 8),
    ],
)
def test_what_was_done_to_the_table_is_named(
    sql_store: Store, change: Callable[[object], UpdateBase], kind: str, seq: int
) -> None:
    fill(sql_store)
    tamper(sql_store, change(ledger.c.practice == sql_store.practice))
    problem = audited(sql_store).problem
    assert problem is not None
    assert (problem.kind, problem.seq) == (kind, seq)


def test_entries_that_changed_places_in_the_table_are_named(sql_store: Store) -> None:
    fill(sql_store)
    for seq, instead in ((6, 1006), (7, 6), (1006, 7)):
        mine = (ledger.c.practice == sql_store.practice) & (ledger.c.seq == seq)
        tamper(sql_store, update(ledger).where(mine).values(seq=instead))
    problem = audited(sql_store).problem
    assert problem is not None
    assert (problem.kind, problem.seq) == ("reordered", 6)


def test_a_head_that_was_put_back_is_noticed(sql_store: Store) -> None:
    fill(sql_store)
    tamper(sql_store, update(ledger_heads).where(ledger_heads.c.practice == sql_store.practice).values(seq=3))
    assert not audited(sql_store).sound


def test_an_event_that_was_exchanged_is_named_by_its_entry(sql_store: Store) -> None:
    fill(sql_store)
    mine = (events.c.practice == sql_store.practice) & (events.c.seq == 2)
    tamper(sql_store, update(events).where(mine).values(body=b"something else"))
    problem = audited(sql_store).problem
    assert problem is not None
    assert (problem.kind, problem.about) == ("content_altered", "contact/c1#2")


def test_an_event_that_was_removed_is_named_by_its_entry(sql_store: Store) -> None:
    fill(sql_store)
    tamper(sql_store, delete(events).where(events.c.practice == sql_store.practice, events.c.seq == 2))
    problem = audited(sql_store).problem
    assert problem is not None
    assert (problem.kind, problem.seq, problem.about) == ("content_missing", 2, "contact/c1#2")


# -- heads kept outside ------------------------------------------------------------------------------------------------


def anchored_store(tmp_path: Path) -> tuple[Path, Path]:
    """A file that was filled and closed, and the heads that went outside."""
    path, outside = tmp_path / "data" / "records.db", tmp_path / "elsewhere" / "heads.jsonl"
    records = open_sqlite(path, KEYS, TestClock(), outside)
    fill(Store(records, "demo", TestClock()))
    records.close()
    return path, outside


def test_closing_a_store_leaves_its_heads_outside_and_they_agree(tmp_path: Path) -> None:
    path, outside = anchored_store(tmp_path)
    records = open_sqlite(path, KEYS, TestClock())
    found = audit.verify(records, "demo", outside)
    records.close()
    assert found.sound
    assert found.anchored == 1


def test_an_end_cut_off_with_its_head_put_back_shows_against_the_heads_outside(tmp_path: Path) -> None:
    path, outside = anchored_store(tmp_path)
    records = open_sqlite(path, KEYS, TestClock())
    with records.transaction("demo") as transaction:
        kept = transaction.ledger.entries(after=5, limit=1)[0]
        transaction.scope.connection.execute(delete(ledger).where(ledger.c.seq > 6))
        transaction.scope.connection.execute(update(ledger_heads).values(seq=6, hash=kept.hash))
    without, against = audit.verify(records, "demo"), audit.verify(records, "demo", outside)
    records.close()
    assert without.sound
    assert against.problem is not None
    assert (against.problem.kind, against.problem.seq) == ("cut_off", 7)


def test_a_head_that_the_practice_did_not_sign_is_refused(tmp_path: Path) -> None:
    path, outside = anchored_store(tmp_path)
    head = json.loads(outside.read_text())
    outside.write_text(json.dumps({**head, "seq": 3}) + "\n")
    records = open_sqlite(path, KEYS, TestClock())
    with pytest.raises(ForgedHead):
        audit.verify(records, "demo", outside)
    records.close()


def test_heads_go_outside_every_so_many_entries_while_the_store_is_open(tmp_path: Path) -> None:
    outside = tmp_path / "elsewhere" / "heads.jsonl"
    records = open_sqlite(tmp_path / "records.db", KEYS, TestClock(), outside)
    with records.transaction("demo") as transaction:
        for number in range(70):
            transaction.ledger.note(at=START, who="Rosa", what="looked", about=f"thing/{number}")
    with records.transaction("demo") as transaction:
        transaction.tasks.add(replace(a_task(), person=None))
    lines = outside.read_text().splitlines()
    records.close()
    assert [json.loads(line)["seq"] for line in lines] == [70]
    assert [json.loads(line)["seq"] for line in outside.read_text().splitlines()] == [70, 71]
