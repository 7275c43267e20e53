"""TEL-02: whatever is to go to somebody, and whenever it comes up, no week and no day holds too much of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.desk import gate
from lamplighter.desk.ports import Message, Person
from lamplighter.law.contact_hours import contact_hours, local_day
from lamplighter.practice.sample import load_sample
from lamplighter.records.memory import MemoryRecords
from tests.records.stores import TestClock

NUMBER = "+12125550123"
MONDAY = datetime(2026, 10, 26, 4, tzinfo=UTC)  # the week in which the clocks change
WHO = Person("p1", "Rosalind", "Thimblewick", date(1985, 12, 1), NUMBER)
ARGS = (("practice_phone", "+12125550100"), ("sender", "HLC Office"))


@settings(max_examples=40)
@given(
    st.lists(st.integers(0, 14 * 24 * 4), min_size=1, max_size=14), st.sampled_from(["NY", "CA", "HI", "AL"])
)
def test_tel_02_over_any_two_weeks_nobody_gets_more_than_one_a_day_and_three_in_seven(
    quarters: list[int], state: str
) -> None:
    practice, records = load_sample(), MemoryRecords(TestClock(MONDAY))
    waiting = sorted(
        (MONDAY + timedelta(minutes=15 * each), f"m{number}") for number, each in enumerate(quarters)
    )
    went: list[datetime] = []
    with records.transaction("demo") as tx:
        tx.people.add(replace(WHO, state=state))
        for at, name in waiting:
            tx.outbox.add(Message(name, "sms", NUMBER, "sms.waitlisted", ARGS, "en", at, person="p1"))
        while waiting:
            now, name = waiting.pop(0)
            message = tx.outbox.get(name)
            assert message is not None
            ruling = gate.rule(tx, practice, message, now)
            if ruling.why is None:
                tx.outbox.advance(name, "sending", at=now)
                went.append(now)
            elif ruling.again is not None:
                assert ruling.again > now
                waiting = sorted([*waiting, (ruling.again, name)])
    hours = contact_hours(state=state, number=NUMBER, otherwise=("NY", "America/New_York"))
    assert went and all(map(hours.allow, went))
    for place in hours.places:
        days = [local_day(each, place.zone) for each in went]
        assert len(set(days)) == len(days)
    assert all(fourth - first >= timedelta(days=7) for first, fourth in zip(went, went[3:], strict=False))
