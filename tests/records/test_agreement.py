"""Whatever is done to the schedule, the store on disk answers as the one in memory does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.desk.ports import Series, Transaction
from lamplighter.records.errors import RecordsError
from lamplighter.records.memory import MemoryRecords
from lamplighter.records.names import comparable
from lamplighter.records.sql.store import SqlRecords
from lamplighter.records.standing import occurrence, occurrences
from tests.records.conftest import _practices
from tests.records.contract.examples import a_series, a_slot
from tests.records.stores import START, TestClock

Step = Callable[[Transaction], object]
NEW_YORK = ZoneInfo("America/New_York")

times = st.integers(0, 24).map(lambda quarter: START + timedelta(days=7, minutes=15 * quarter))
slots = st.builds(a_slot, times, st.sampled_from(["osei", "reyes"]), st.sampled_from([30, 50, 90]))
contacts = st.sampled_from(["c1", "c2", "c3"])
visits = st.sampled_from(["v1", "v2", "v3", "s1@2026-12-08", "s1@2026-12-15"])
moments = st.integers(0, 6).map(lambda minutes: START + timedelta(minutes=minutes))
people = st.lists(st.sampled_from(["p1", "p2"]), min_size=1, max_size=2)


@dataclass(frozen=True)
class Call:
    """One call of the schedule, readable when a run of them fails."""

    method: str
    arguments: tuple[object, ...]

    def __call__(self, transaction: Transaction) -> object:
        try:
            answer = getattr(transaction.schedule, self.method)(*self.arguments)
        except RecordsError as refused:
            return type(refused)
        return answer


def calls(method: str, *arguments: st.SearchStrategy[object]) -> st.SearchStrategy[Call]:
    return st.builds(Call, st.just(method), st.tuples(*arguments))


steps = st.one_of(
    calls("hold", slots, contacts, moments, moments, st.none() | visits),
    calls("renew", contacts, moments),
    calls("release", contacts),
    calls("held", contacts),
    calls("book", visits.filter(lambda v: "@" not in v), slots, people, contacts, moments, st.just("booked")),
    calls("move", visits, slots, contacts, moments),
    calls("set_status", visits, st.sampled_from(["booked", "confirmed", "cancelled"])),
    calls("visit", visits),
    calls("visits_of", st.sampled_from(["p1", "p2"]), times),
    calls("visits_between", times, times),
    calls("busy", st.just(["osei", "reyes"]), times, times, moments),
    calls("add_absence", st.sampled_from(["a1", "a2"]), st.just("osei"), times, times),
    calls("add_series", times.map(lambda at: a_series(first=a_slot(at)))),
    calls("change_series", times.map(lambda at: a_series(first=a_slot(at), every_weeks=2))),
)


@settings(max_examples=60)
@given(st.lists(steps, min_size=4, max_size=20))
def test_the_store_on_disk_answers_as_the_one_in_memory(sqlite_records: SqlRecords, run: list[Call]) -> None:
    memory, practice = MemoryRecords(TestClock()), next(_practices)
    with memory.transaction(practice) as one, sqlite_records.transaction(practice) as other:
        for step in run:
            assert step(one) == step(other), step


@given(
    st.integers(0, 400),
    st.integers(1, 4),
    st.integers(0, 500),
    st.integers(0, 60),
    st.sets(st.integers(0, 30)),
    st.none() | st.integers(0, 300),
)
def test_a_series_meets_on_the_days_that_counting_weeks_gives(
    first_day: int, every: int, after: int, length: int, skipped: set[int], until: int | None
) -> None:
    day_one = date(2026, 1, 5) + timedelta(days=first_day)
    first = datetime.combine(day_one, datetime.min.time().replace(hour=10), NEW_YORK)
    skips = tuple(day_one + timedelta(weeks=every * number) for number in skipped)
    end = day_one + timedelta(days=until) if until is not None else None
    series = Series("s", a_slot(first), every, ("p",), "America/New_York", end, skips)
    start = datetime(2026, 1, 5, tzinfo=NEW_YORK) + timedelta(days=after)
    stop = start + timedelta(days=length)
    counted = [day_one + timedelta(weeks=every * number) for number in range(150)]
    wanted = [
        day
        for day in counted
        if day not in skips and (end is None or day <= end) and start.date() <= day < stop.date()
    ]
    found = [visit.slot.start.astimezone(NEW_YORK) for visit in occurrences(series, start, stop)]
    assert [moment.date() for moment in found] == wanted
    assert {moment.hour for moment in found} <= {10}
    for day in wanted[:3]:
        visit = occurrence(series, day)
        assert visit is not None
        assert visit.id == f"s@{day.isoformat()}"


@given(st.text(max_size=30))
def test_a_name_made_comparable_stays_as_it_is(name: str) -> None:
    assert comparable(comparable(name)) == comparable(name)


@given(st.text(st.characters(categories=["Ll", "Lu"], max_codepoint=0x24F), max_size=12))
def test_a_name_compares_alike_in_capitals(name: str) -> None:
    assert comparable(name.upper()) == comparable(name.lower())
