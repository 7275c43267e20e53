"""A visit of a series that was missed stays on file as that, on every store, whatever else covers its time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lamplighter.desk import missed
from lamplighter.practice.sample import load_sample
from tests.records.contract.examples import a_series
from tests.records.stores import Store


@pytest.mark.parametrize("away", [False, True])
def test_one_of_a_series_is_missed_and_taken_back_though_an_absence_covers_it(
    store: Store, away: bool
) -> None:
    practice = replace(load_sample(), id=store.practice)
    series = a_series()
    start = series.first.start
    name, now = f"s1@{start.date().isoformat()}", start + timedelta(hours=2)
    with store.transaction() as tx:
        tx.schedule.add_series(series)
        if away:
            tx.schedule.add_absence("a1", series.first.clinician, start, start + timedelta(hours=8))
    with store.transaction() as tx:
        marked = missed.mark(tx, practice, name, by="Kit Marlow", now=now)
    assert marked is not None and (marked.id, marked.status) == (name, "missed")
    with store.transaction() as tx:
        assert missed.mark(tx, practice, name, by="Kit Marlow", now=now) is None
        assert [visit.status for visit in tx.schedule.visits_of("p1", start)[:2]] == ["missed", "booked"]
        assert tx.schedule.series("s1") == series
        assert missed.undo(tx, practice, name, by="Kit Marlow", now=now)
    with store.transaction() as tx:
        assert [visit.status for visit in tx.schedule.visits_of("p1", start)[:2]] == ["booked", "booked"]
