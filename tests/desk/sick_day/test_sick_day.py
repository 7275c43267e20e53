"""Rule 28: a clinician is sick at 7:15. one action, who is told how, two minutes to undo it, and calls."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lamplighter.conversation.events import FloorTaken, StaffSaid
from lamplighter.conversation.slots import Slot
from lamplighter.desk import preferences, quiet, sick_day, sick_day_work, stopping
from lamplighter.desk.ports import Consent, Fact, Job, MessageRefused, Series
from lamplighter.desk.sick_day import Spell
from lamplighter.practice.model import Modality
from tests.desk.sick_day.days import DAY, ELEVEN, FOUR, NINE, TWO, WHO, Morning, somebody


@pytest.fixture
def morning() -> Morning:
    return Morning()


def test_rule_28_the_preview_says_whom_a_text_reaches_in_time_and_who_has_to_be_called_and_why(
    morning: Morning,
) -> None:
    """Texts begin at nine: too late for whoever comes at nine."""
    assert [(each.person.id, each.way, each.why) for each in morning.preview()] == [
        ("p0", "call", "quiet_hours"),
        ("p1", "text", None),
        ("p2", "text", None),
        ("p3", "call", "channel"),
    ]
    assert [each.at for each in morning.preview()][1:3] == [NINE, NINE]


def test_rule_28_nothing_happens_for_two_minutes(morning: Morning) -> None:
    morning.says()
    morning.passes(seconds=119)
    assert morning.statuses() == ["booked"] * 4
    assert (morning.written(), morning.calls()) == ([], [])


def test_rule_28_after_two_minutes_all_visits_are_called_off_and_the_calls_are_due_by_the_time_of_the_visit(
    morning: Morning,
) -> None:
    called_off = morning.is_done()
    assert morning.statuses() == ["cancelled"] * 4
    assert [(task.person, task.due) for task in morning.calls()] == [("p0", NINE), ("p3", FOUR)]
    tally = morning.tally(called_off)
    assert (tally.told, tally.waits, tally.to_call) == (0, 2, 2)


def test_rule_28_texts_go_when_they_may_and_the_tally_follows(morning: Morning) -> None:
    called_off = morning.is_done()
    morning.until(NINE + timedelta(minutes=1))
    assert [(each.person, each.status) for each in morning.written()] == [("p1", "sent"), ("p2", "sent")]
    assert morning.tally(called_off).told == 2


def test_rule_28_undone_within_two_minutes_nothing_was_sent_and_all_stands(morning: Morning) -> None:
    called_off = morning.says()
    morning.passes(seconds=90)
    assert morning.undoes(called_off, by="Somebody Else")
    morning.passes(hours=3)
    assert morning.statuses() == ["booked"] * 4
    assert (morning.written(), morning.calls()) == ([], [])


def test_rule_28_after_two_minutes_it_can_not_be_undone(morning: Morning) -> None:
    assert not morning.undoes(morning.is_done())
    assert morning.statuses() == ["cancelled"] * 4


def test_rule_28_it_may_be_said_again_after_it_was_undone(morning: Morning) -> None:
    assert morning.undoes(morning.says())
    morning.passes(seconds=30)
    morning.is_done()
    assert morning.statuses() == ["cancelled"] * 4


def test_rule_28_two_who_say_it_at_once_say_it_once(morning: Morning) -> None:
    first = morning.says("Rosa Ferro")
    assert morning.says("Somebody Else") == first
    morning.passes(minutes=3)
    assert len(morning.calls()) == 2 and len(morning.written()) == 2


def test_rule_28_hours_that_were_called_off_are_extended_to_the_day_and_nobody_is_told_twice(
    morning: Morning,
) -> None:
    with morning.tx() as tx:
        hours = sick_day.call_off(tx, Spell(WHO, DAY.start, TWO), by="Rosa Ferro", now=morning.now)
    morning.until(NINE + timedelta(hours=1))
    assert morning.statuses() == ["cancelled", "cancelled", "booked", "booked"]
    rest = morning.is_done()
    morning.passes(minutes=5)
    assert morning.statuses() == ["cancelled"] * 4
    assert [each.person for each in morning.told(hours)] == ["p0", "p1"]
    assert [each.person for each in morning.told(rest)] == ["p2", "p3"]
    assert [(each.person, each.status) for each in morning.written()] == [("p1", "sent"), ("p2", "sent")]


def test_rule_28_two_who_say_different_hours_at_once_are_both_heard(morning: Morning) -> None:
    with morning.tx() as tx:
        sick_day.call_off(tx, Spell(WHO, DAY.start, TWO), by="Rosa Ferro", now=morning.now)
    morning.is_done()
    assert morning.statuses() == ["cancelled"] * 4
    assert (len(morning.calls()), len(morning.written())) == (2, 2)


def test_rule_28_two_who_undo_it_at_once_undo_it_once(morning: Morning) -> None:
    called_off = morning.says()
    assert [morning.undoes(called_off), morning.undoes(called_off)] == [True, False]


def test_rule_28_what_a_crash_cut_short_is_done_whole_and_once(morning: Morning) -> None:
    """The job runs again after it broke off among its writes, and once more after it was done."""
    called_off = morning.says()
    job = Job("again", "call_off_visits", called_off.begins, (("called_off", called_off.id),))
    morning.house.clock.move_to(called_off.begins + timedelta(seconds=1))
    house = morning.house
    off = sick_day_work.CallingVisitsOff(
        Breaks(house.store, after=3), {house.practice.id: house.practice}, house.clock
    )
    with pytest.raises(KilledError):
        off.run(house.practice.id, job)
    assert morning.statuses() == ["booked"] * 4
    whole = sick_day_work.CallingVisitsOff(house.store, {house.practice.id: house.practice}, house.clock)
    whole.run(house.practice.id, job)
    whole.run(house.practice.id, job)
    morning.passes(hours=2)
    assert morning.statuses() == ["cancelled"] * 4
    assert (len(morning.calls()), len(morning.written()), len(morning.told(called_off))) == (2, 2, 4)


def test_rule_28_whoever_was_called_off_is_no_longer_reminded(morning: Morning) -> None:
    morning.books(5, TWO + timedelta(days=5))
    with morning.tx() as tx:
        sick_day.call_off(
            tx,
            Spell(WHO, DAY.start + timedelta(days=5), DAY.end + timedelta(days=5)),
            by="R",
            now=morning.now,
        )
    morning.passes(minutes=3)
    with morning.tx() as tx:
        assert not [job for job in tx.jobs.pending() if job.name == "remind" and ("visit", "v5") in job.args]


def test_rule_28_it_stands_as_the_practices_own_doing(morning: Morning) -> None:
    called_off = morning.is_done()
    with morning.tx() as tx:
        assert not [task for task in tx.tasks.list_open() if task.kind == "late_cancel"]
    assert called_off.by == "Rosa Ferro"


def test_rule_28_the_time_is_offered_to_nobody_and_can_not_be_booked(morning: Morning) -> None:
    morning.is_done()
    with morning.tx() as tx:
        slot = Slot(TWO, 45, WHO, Modality.IN_PERSON, "follow_up", "harbor_lane")
        assert tx.schedule.book("v9", slot, ["p1"], "c9", morning.now, "booked") is None
        assert tx.facts.standing("opening") == ()


def test_rule_28_r_offers_new_times_and_moves_the_visit(morning: Morning) -> None:
    called_off = morning.is_done()
    morning.until(NINE + timedelta(minutes=5))
    thread = morning.thread(1)
    thread.writes("R")
    thread.writes("the first one")
    assert morning.visit(1).status == "booked" and morning.visit(1).slot.start > FOUR
    tally = morning.tally(called_off)
    assert (tally.rebooked, tally.answered, tally.told) == (1, 1, 2)


def test_rule_28_r_still_works_when_the_time_of_the_visit_has_gone_by(morning: Morning) -> None:
    morning.is_done()
    morning.until(ELEVEN + timedelta(hours=3))
    thread = morning.thread(1)
    thread.writes("R")
    thread.writes("the first one")
    assert morning.visit(1).status == "booked"


def test_rule_28_only_what_they_write_themselves_is_an_answer(morning: Morning) -> None:
    called_off = morning.is_done()
    thread = morning.thread(1)
    thread.writes("where are you located?")
    morning.until(NINE + timedelta(minutes=5))
    with morning.tx() as tx:
        tx.log.append(
            thread.contact,
            [FloorTaken("Rosa"), StaffSaid("Rosa", "We are on Harbor Lane.")],
            expected=tx.log.read(thread.contact)[-1].seq,
            at=morning.now,
            protocol_hash="-",
        )
    assert morning.tally(called_off).answered == 0
    morning.thread(1).writes("thanks")
    assert morning.tally(called_off).answered == 1


def test_rule_28_an_ok_is_answered_and_confirms_nothing(morning: Morning) -> None:
    morning.is_done()
    morning.until(NINE + timedelta(minutes=5))
    assert morning.thread(2).writes("ok")[-1:] == ["sms.called_off.noted"]
    assert morning.visit(2).status == "cancelled"


def test_rule_28_a_text_that_no_carrier_takes_becomes_a_call(morning: Morning) -> None:
    called_off = morning.is_done()
    morning.house.messenger = Refuses()  # type: ignore[assignment]
    morning.house.reopen()
    morning.until(NINE + timedelta(minutes=15))
    assert [task.person for task in morning.calls()] == ["p0", "p1", "p2", "p3"]
    assert morning.tally(called_off).to_call == 4


def test_rule_28_a_text_that_still_waits_an_hour_before_the_visit_becomes_a_call_and_is_never_sent(
    morning: Morning,
) -> None:
    morning.is_done()
    with morning.tx() as tx:
        [written] = [
            each for each in tx.outbox.recent(100) if each.person == "p1" and each.phrase == "sms.called_off"
        ]
        for job in tx.jobs.pending():
            if job.name == "send_message" and ("message", written.id) in job.args:
                tx.jobs.cancel(job.key)
    morning.until(ELEVEN - timedelta(minutes=40))
    assert "p1" in [task.person for task in morning.calls()]
    assert [each.status for each in morning.written() if each.person == "p1"] == ["cancelled"]


def test_rule_28_caps_do_not_keep_somebody_from_knowing(morning: Morning) -> None:
    """Whoever has had their text of the day is told all the same."""
    with morning.tx() as tx:
        tx.people.add(somebody(5))
    morning.until(NINE + timedelta(minutes=1))
    morning.is_done()
    morning.passes(minutes=3)
    assert {each.person: each.status for each in morning.written()}["p2"] == "sent"


def test_rule_28_whoever_opted_out_is_called(morning: Morning) -> None:
    morning.thread(1).writes("STOP")
    assert {each.person.id: (each.way, each.why) for each in morning.preview()}["p1"] == ("call", "opted_out")


@pytest.mark.parametrize("why", ["violence at home", "wish", "deceased", "in_hospital"])
@pytest.mark.parametrize("place", [1, 3])
def test_rule_28_whoever_is_never_to_be_contacted_is_no_call_of_the_desk_but_left_to_a_clinician(
    morning: Morning, why: str, place: int
) -> None:
    person = f"p{place}"
    may_not_be_contacted(morning, person, why)
    assert next(each.way for each in morning.preview() if each.person.id == person) == "clinician"
    called_off = morning.is_done()
    [task] = [each for each in morning.calls() if each.person == person]
    assert (task.route, task.details) == ("clinician", (("do_not_call_back", "true"),))
    assert person not in [each.person for each in morning.written()]
    tally = morning.tally(called_off)
    assert (tally.to_decide, tally.to_call) == (1, 2 if place == 1 else 1)
    with morning.tx() as tx:
        tx.tasks.close(task.id, "dr")
    assert (morning.tally(called_off).to_decide, morning.tally(called_off).told) == (0, 0)


def test_rule_28_whoever_may_no_longer_be_contacted_when_their_text_did_not_go_is_left_to_a_clinician(
    morning: Morning,
) -> None:
    called_off = morning.is_done()
    may_not_be_contacted(morning, "p1", "violence at home")
    with morning.tx() as tx:
        for each in tx.outbox.recent(100):
            if each.person == "p1" and each.status == "queued":
                tx.outbox.advance(each.id, "cancelled")
    assert morning.tally(called_off).to_decide == 1
    morning.passes(minutes=15)
    assert [task.route for task in morning.calls() if task.person == "p1"] == ["clinician"]


def may_not_be_contacted(morning: Morning, person: str, why: str) -> None:
    now = morning.now
    with morning.tx() as tx:
        if why == "violence at home":
            tx.consents.record(
                Consent("q1", person, quiet.PURPOSE, quiet.CHANNEL, False, now, "handoff.crisis.home", "c0")
            )
        elif why == "wish":
            wish = preferences.Preferences(do_not_contact=True)
            preferences.state(tx, person, wish, by="rosa", now=now)
        else:
            stopping.stop(tx, person, "deceased" if why == "deceased" else "in_hospital", by="dr", now=now)


def test_rule_28_a_visit_of_a_series_is_called_off_for_that_day_and_can_be_moved() -> None:
    morning = Morning()
    slot = Slot(TWO - timedelta(days=7, hours=1), 45, WHO, Modality.IN_PERSON, "follow_up", "harbor_lane")
    with morning.tx() as tx:
        tx.people.add(somebody(6))
        tx.schedule.add_series(Series("s1", slot, 1, ("p6",), "America/New_York"))
    called_off = morning.is_done()
    [own] = [each for each in morning.told(called_off) if each.person == "p6"]
    with morning.tx() as tx:
        stands = tx.schedule.visit(own.visit)
        assert stands is not None and stands.status == "cancelled" and stands.series is None
        ahead = tx.schedule.visits_of("p6", morning.now)
    assert next(visit.slot.start for visit in ahead) == TWO + timedelta(days=7) - timedelta(hours=1)
    morning.until(NINE + timedelta(minutes=5))
    thread = morning.thread(6)
    thread.writes("R")
    thread.writes("the first one")
    with morning.tx() as tx:
        moved = tx.schedule.visit(own.visit)
    assert moved is not None and moved.status == "booked"


@pytest.mark.parametrize("in_the_way", ["a hold", "another visit", "its own confirmation"])
def test_rule_28_a_visit_of_a_series_in_whose_time_something_else_stands_keeps_nobody_from_being_called_off(
    morning: Morning, in_the_way: str
) -> None:
    at = Slot(TWO - timedelta(hours=1), 45, WHO, Modality.IN_PERSON, "follow_up", "harbor_lane")
    with morning.tx() as tx:
        tx.people.add(somebody(6))
        if in_the_way == "a hold":
            assert tx.schedule.hold(at, "c7", morning.now + timedelta(minutes=30), morning.now)
        if in_the_way == "another visit":
            tx.people.add(somebody(7))
            assert tx.schedule.book("v7", at, ["p7"], "c7", morning.now, "booked")
        first = replace(at, start=at.start - timedelta(days=7))
        series = Series("s1", first, 1, ("p6",), "America/New_York")
        tx.schedule.add_series(series)
        if in_the_way == "its own confirmation":
            tx.schedule.set_status("s1@2026-12-09", "confirmed")
    called_off = morning.is_done()
    assert morning.statuses() == ["cancelled"] * 4
    assert "p6" in [each.person for each in morning.told(called_off)]
    with morning.tx() as tx:
        stands = tx.schedule.visit("s1@2026-12-09")
        ahead = tx.schedule.visits_of("p6", morning.now)
        assert tx.schedule.series("s1") == series
    assert stands is not None and stands.status == "cancelled"
    assert ahead[0].slot.start == at.start + timedelta(days=7)


def test_rule_28_a_confirmed_visit_of_a_series_is_moved_by_answering_and_counts_as_having_a_new_time(
    morning: Morning,
) -> None:
    at = Slot(TWO - timedelta(days=7, hours=1), 45, WHO, Modality.IN_PERSON, "follow_up", "harbor_lane")
    with morning.tx() as tx:
        tx.people.add(somebody(6))
        tx.schedule.add_series(Series("s1", at, 1, ("p6",), "America/New_York"))
        tx.schedule.set_status("s1@2026-12-09", "confirmed")
    called_off = morning.is_done()
    morning.until(NINE + timedelta(minutes=5))
    thread = morning.thread(6)
    thread.writes("R")
    thread.writes("the first one")
    assert morning.tally(called_off).rebooked == 1


def test_rule_28_both_who_come_together_are_told(morning: Morning) -> None:
    with morning.tx() as tx:
        tx.people.add(somebody(7))
        slot = Slot(TWO + timedelta(hours=1), 45, WHO, Modality.IN_PERSON, "couples", "harbor_lane")
        tx.schedule.book("v7", slot, ["p1", "p7"], "c0", morning.now, "booked")
    found = [each.person.id for each in morning.preview() if each.visit.id == "v7"]
    assert found == ["p1", "p7"]


def test_rule_28_what_has_begun_is_left_alone(morning: Morning) -> None:
    morning.until(NINE + timedelta(minutes=30))
    assert [each.visit.id for each in morning.preview()] == ["v1", "v2", "v3"]


class KilledError(Exception):
    """The process is gone."""


class Breaks:
    """Records under which a process dies after so many facts were stated."""

    def __init__(self, records: Any, after: int) -> None:
        self.records, self.left = records, after

    def transaction(self, *given: Any) -> Any:
        return Broken(self, self.records.transaction(*given))


class Broken:
    def __init__(self, breaks: Breaks, inner: Any) -> None:
        self.breaks, self.inner = breaks, inner

    def __enter__(self) -> Any:
        tx = self.inner.__enter__()
        state = tx.facts.state

        def stating(fact: Fact) -> None:
            self.breaks.left -= 1
            if not self.breaks.left:
                raise KilledError
            state(fact)

        tx.facts.state = stating
        return tx

    def __exit__(self, *how: Any) -> Any:
        return self.inner.__exit__(*how)


class Refuses:
    def send(self, *message: Any) -> None:
        raise MessageRefused("the carrier refuses")
