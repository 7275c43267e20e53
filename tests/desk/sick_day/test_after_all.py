"""Rule 28: she can come after all. What is left of the time is free again; visits that were called off stay so."""

from dataclasses import replace
from datetime import timedelta

from lamplighter.desk import sick_day, sick_day_lift
from lamplighter.desk.sick_day import CalledOff, Spell
from lamplighter.desk.sick_day_lift import Lifted
from tests.desk.sick_day.days import DAY, ELEVEN, NINE, WHO, Morning


def lifts(morning: Morning, called_off: CalledOff) -> bool:
    with morning.tx() as tx:
        stands = sick_day.of(tx, called_off.id)
        assert stands is not None
        return sick_day_lift.lift(tx, stands, by="Dana Reed", now=morning.now)


def undoes(morning: Morning, called_off: CalledOff) -> bool:
    with morning.tx() as tx:
        return sick_day_lift.undo(tx, called_off.id, by="Rosa Ferro", now=morning.now)


def lifted(morning: Morning, called_off: CalledOff) -> Lifted | None:
    with morning.tx() as tx:
        return sick_day_lift.of(tx, called_off.id)


def blocked(morning: Morning) -> list[tuple[object, object]]:
    with morning.tx() as tx:
        busy = tx.schedule.busy([WHO], DAY.start, DAY.end, morning.now)
    return [(each.start, each.end) for each in busy if each.kind == "absence"]


def at_ten(morning: Morning) -> CalledOff:
    called_off = morning.is_done()
    morning.until(NINE + timedelta(hours=1))
    return called_off


def test_rule_28_what_is_left_of_the_time_is_free_two_minutes_after_it_was_said() -> None:
    morning = Morning()
    called_off = at_ten(morning)
    assert lifts(morning, called_off)
    morning.passes(seconds=119)
    assert blocked(morning) == [(DAY.start, DAY.end)]
    morning.passes(seconds=2)
    assert blocked(morning) == [(DAY.start, NINE + timedelta(hours=1, minutes=2))]
    found = lifted(morning, called_off)
    assert found is not None and found.done and found.by == "Dana Reed"


def test_rule_28_visits_that_were_called_off_stay_called_off() -> None:
    morning = Morning()
    lifts(morning, at_ten(morning))
    morning.passes(minutes=5)
    assert morning.statuses() == ["cancelled"] * 4


def test_rule_28_taken_back_within_two_minutes_the_time_stays_blocked_and_it_may_be_said_again() -> None:
    morning = Morning()
    called_off = at_ten(morning)
    lifts(morning, called_off)
    assert undoes(morning, called_off)
    morning.passes(minutes=5)
    assert blocked(morning) == [(DAY.start, DAY.end)]
    assert lifts(morning, called_off)


def test_rule_28_once_it_is_free_nothing_takes_it_back() -> None:
    morning = Morning()
    called_off = at_ten(morning)
    lifts(morning, called_off)
    morning.passes(minutes=3)
    assert not undoes(morning, called_off)


def test_rule_28_said_twice_or_before_anything_was_called_off_or_after_the_time_it_does_nothing() -> None:
    morning = Morning()
    early = morning.says()
    assert not lifts(morning, early)
    morning.passes(minutes=3)
    assert lifts(morning, early)
    assert not lifts(morning, early)
    other = Morning()
    over = other.is_done()
    other.until(DAY.end)
    assert not lifts(other, over)


def test_rule_28_a_job_that_runs_twice_frees_once() -> None:
    morning = Morning()
    called_off = at_ten(morning)
    lifts(morning, called_off)
    morning.passes(minutes=3)
    before = blocked(morning)
    morning.until(ELEVEN)
    morning.house.reopen()
    morning.passes(minutes=3)
    assert blocked(morning) == before


def test_rule_28_a_time_that_was_freed_may_be_called_off_again() -> None:
    morning = Morning()
    called_off = at_ten(morning)
    lifts(morning, called_off)
    morning.passes(minutes=3)
    again = morning.is_done()
    assert again.id != called_off.id
    assert (DAY.start, DAY.end) in blocked(morning)


def extended(morning: Morning, spell: Spell) -> CalledOff:
    with morning.tx() as tx:
        said = sick_day.call_off(tx, spell, by="Dana Reed", now=morning.now)
    morning.passes(minutes=3)
    return said


MORNING = replace(DAY, end=ELEVEN)


def test_rule_28_to_free_a_day_frees_the_hours_of_it_that_were_called_off_before() -> None:
    morning = Morning()
    hours = extended(morning, MORNING)
    day = extended(morning, DAY)
    assert hours.id != day.id
    morning.until(NINE)
    lifts(morning, day)
    morning.passes(minutes=3)
    assert max(end for _, end in blocked(morning)) == NINE + timedelta(minutes=2)
    found = lifted(morning, hours)
    assert found is not None and found.done
    again = extended(morning, MORNING)
    assert again.id != hours.id
    assert max(end for _, end in blocked(morning)) == ELEVEN


def test_rule_28_to_free_hours_of_a_day_that_is_called_off_too_says_what_still_blocks_them() -> None:
    morning = Morning()
    hours = extended(morning, MORNING)
    day = extended(morning, DAY)
    morning.until(NINE)
    lifts(morning, hours)
    morning.passes(minutes=3)
    with morning.tx() as tx:
        found = sick_day_lift.still_blocks(tx, hours, morning.now)
    assert [each.id for each in found] == [day.id]
    assert max(end for _, end in blocked(morning)) == DAY.end
    lifts(morning, day)
    morning.passes(minutes=3)
    with morning.tx() as tx:
        assert sick_day_lift.still_blocks(tx, hours, morning.now) == ()
