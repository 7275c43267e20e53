"""Somebody here moves a visit or calls it off: who hears of it, what stands for two minutes, and what follows then."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.conversation.slots import Slot
from lamplighter.desk import clinician_gone, preferences, rearranging, reminders, stopping
from lamplighter.desk.ports import Consent, Person, Series, Visit, Waiting
from lamplighter.desk.preferences import Preferences
from lamplighter.desk.rearranging import NotDone, Wanted
from lamplighter.desk.rearranging_kept import Change
from lamplighter.desk.rearranging_undo import CanNotBeUndone, undo
from lamplighter.practice.calendar import open_spans
from lamplighter.practice.model import Modality
from tests.desk.gate.threads import Thread
from tests.promises.desks import House

MORNING = datetime(2026, 12, 8, 15, 0, tzinfo=UTC)  # a Tuesday, ten in New York
TEN = datetime(2026, 12, 10, 15, 0, tzinfo=UTC)  # the Thursday after, ten there
WHO = "mei_tan"
WHOM = (WHO, "luis_ortega", "amara_osei")
NUMBERS = tuple(f"+121255501{place}" for place in (20, 21, 22))


def slot(at: datetime, clinician: str = WHO, kind: str = "follow_up", minutes: int = 45) -> Slot:
    return Slot(at, minutes, clinician, Modality.IN_PERSON, kind, "harbor_lane")


class Desk:
    """v0 on Thursday at ten, of somebody who gets texts."""

    def __init__(self, **person: Any) -> None:
        self.house = House(MORNING)
        self.practice = self.house.practice
        with self.tx() as tx:
            for place, number in enumerate(NUMBERS):
                known = Person(
                    f"p{place}", "Tabitha", "Nettleship" + "abc"[place], date(1980, 1, 1 + place), number,
                    contact_channel="sms", language="en",
                )  # fmt: skip
                tx.people.add(replace(known, **person) if place == 0 else known)
        self.books("v0", slot(TEN), "p0")

    def tx(self) -> Any:
        return self.house.store.transaction(self.practice.id)

    @property
    def now(self) -> datetime:
        return self.house.clock.now()

    def books(self, name: str, at: Slot, *people: str, status: str = "booked") -> None:
        with self.tx() as tx:
            visit = tx.schedule.book(name, at, people, "c0", self.now, status)
            assert visit is not None
            reminders.plan_for_all(tx, self.practice, visit, self.now)

    def changes(
        self, to: Slot | None, reason: Any = "practice", name: str = "v0", *, and_after: bool = False
    ) -> Change | NotDone:
        before = self.visit(name)
        wanted = Wanted(name, before.slot.start, before.slot.clinician, reason, to, and_after)
        with self.tx() as tx:
            return rearranging.change(tx, self.practice, wanted, by="Kit Marlow", now=self.now)

    def done(self, *given: Any, **more: Any) -> Change:
        change = self.changes(*given, **more)
        assert isinstance(change, Change), change
        return change

    def undoes(self, change: Change) -> Change | None:
        with self.tx() as tx:
            return undo(tx, self.practice, change.id, by="Rosa Ferro", now=self.now)

    def visit(self, name: str = "v0") -> Visit:
        with self.tx() as tx:
            found = tx.schedule.visit(name)
        assert found is not None
        return found

    def passes(self, **time: Any) -> None:
        self.house.pass_time(timedelta(**time).total_seconds())

    def texts(self, place: int = 0) -> list[str]:
        sent = self.house.messenger.texts.values()
        return [each.text for each in sent if each.to == NUMBERS[place]]

    def tasks(self, kind: str) -> list[Any]:
        with self.tx() as tx:
            return [each for each in tx.tasks.list_open() if each.kind == kind]

    def reminded_at(self) -> set[str]:
        with self.tx() as tx:
            return {dict(job.args)["start"] for job in tx.jobs.pending() if job.name == reminders.JOB}


def test_a_visit_is_moved_at_once_reminded_of_anew_and_told_of_when_two_minutes_are_over() -> None:
    desk = Desk()
    to = slot(TEN + timedelta(hours=3))
    change = desk.done(to)
    assert desk.visit().slot.start == to.start
    assert desk.reminded_at() == {to.start.isoformat()}
    desk.passes(minutes=1, seconds=59)
    assert desk.texts() == []
    desk.passes(seconds=2)
    [text] = desk.texts()
    assert "your time is now Thursday, December 10 at 1 PM" in text
    assert desk.undoes(change) is None
    assert desk.visit().slot.start == to.start
    thread = Thread(desk.house, NUMBERS[0])
    thread.writes("C")
    assert desk.visit().status == "confirmed", "they answer it as they answer any text about a visit"


def test_what_is_taken_back_is_as_it_was_and_nobody_hears_of_it() -> None:
    desk = Desk()
    with desk.tx() as tx:
        tx.schedule.set_status("v0", "confirmed")
    before, reminded = desk.visit(), desk.reminded_at()
    for to in (slot(TEN + timedelta(minutes=30)), slot(TEN, "luis_ortega"), None):
        change = desk.done(to)
        with desk.tx() as tx:
            assert tx.schedule.book("w", slot(TEN, minutes=15), ["p1"], "c1", desk.now, "booked") is None
        assert desk.undoes(change) is not None
        assert desk.undoes(change) is None, "once"
        assert desk.visit() == before
        assert desk.reminded_at() == reminded
    desk.passes(minutes=5)
    assert desk.texts() == [] and desk.tasks("not_reached") == []


def test_of_two_who_change_the_same_visit_the_second_is_told_that_it_has_changed() -> None:
    desk = Desk()
    before = desk.visit()
    desk.done(slot(TEN + timedelta(hours=1)))
    for to in (slot(TEN + timedelta(hours=2)), None):
        wanted = Wanted("v0", before.slot.start, before.slot.clinician, "practice", to)
        with desk.tx() as tx:
            assert rearranging.change(tx, desk.practice, wanted, by="Rosa", now=desk.now) == NotDone(
                "changed"
            )
    desk.done(None)
    wanted = Wanted("v0", TEN + timedelta(hours=1), WHO, "practice", None)
    with desk.tx() as tx:
        assert rearranging.change(tx, desk.practice, wanted, by="Rosa", now=desk.now) == NotDone("changed")


@pytest.mark.parametrize(
    ("to", "why"),
    [
        (slot(TEN + timedelta(hours=1)), "another visit"),
        (slot(TEN + timedelta(hours=8)), "the practice is closed by then"),
        (slot(TEN - timedelta(days=2, minutes=-30)), "sooner than the practice's notice"),
        (slot(TEN + timedelta(days=15)), "a holiday"),
        (slot(TEN + timedelta(minutes=10)), "no start of the practice's grid"),
        (slot(TEN + timedelta(hours=3), "luis_ortega"), "they are with somebody else then"),
    ],
)
def test_a_time_that_can_not_be_had_is_refused_with_others_and_nothing_is_changed(to: Slot, why: str) -> None:
    desk = Desk()
    desk.books("v1", slot(TEN + timedelta(hours=1)), "p1")
    desk.books("v2", slot(TEN + timedelta(hours=3), "amara_osei"), "p0")
    refused = desk.changes(to)
    assert isinstance(refused, NotDone) and refused.why == "taken", why
    assert all(other.start != to.start for other in refused.others)
    assert desk.visit().slot.start == TEN


def test_whoever_gets_no_texts_is_called_unless_they_asked_for_it_themselves() -> None:
    for reason, calls in (("practice", 1), ("they_asked", 0)):
        desk = Desk(contact_channel="voice")
        with desk.tx() as tx:
            [plan] = rearranging.preview(tx, desk.practice, tx.schedule.visit("v0"), None, desk.now)
        assert (plan.how, plan.why) == ("call", "channel")
        desk.done(slot(TEN + timedelta(hours=2)), reason)
        assert desk.tasks("not_reached") == []
        desk.passes(minutes=3)
        assert len(desk.tasks("not_reached")) == calls
        assert desk.texts() == []


def test_whoever_is_not_to_be_contacted_is_left_to_a_clinician_without_a_number() -> None:
    desk = Desk()
    with desk.tx() as tx:
        stopping.stop(tx, "p0", "deceased", by="dr", now=desk.now)
    desk.done(None)
    desk.passes(minutes=3)
    [task] = desk.tasks("not_reached")
    assert task.route == "clinician" and dict(task.details) == {"do_not_call_back": "true"}


def test_at_night_the_text_waits_for_its_hours_and_one_that_would_come_too_late_is_a_call() -> None:
    desk = Desk()
    desk.passes(hours=12)
    desk.done(slot(TEN + timedelta(hours=2)))
    desk.passes(minutes=3)
    assert desk.texts() == []
    desk.passes(hours=12)
    assert len(desk.texts()) == 1
    late = Desk()
    with late.tx() as tx:
        wish = Preferences(start=time(17))
        preferences.state(tx, "p0", wish, by="Kit", now=late.now)
    late.passes(days=1, hours=11)
    with late.tx() as tx:
        [plan] = rearranging.preview(tx, late.practice, tx.schedule.visit("v0"), None, late.now)
    assert (plan.how, plan.why) == ("call", "quiet_hours")


def test_a_word_that_waits_does_not_go_when_the_visit_has_changed_again() -> None:
    desk = Desk()
    desk.passes(hours=12)
    desk.done(slot(TEN + timedelta(hours=2)))
    desk.passes(minutes=3)
    desk.done(slot(TEN + timedelta(hours=4)))
    desk.passes(hours=13)
    [text] = desk.texts()
    assert "2 PM" in text


def test_it_counts_for_no_cap_so_that_nobody_comes_in_vain() -> None:
    desk = Desk()
    for hours in (1, 2, 3, 4):
        desk.done(slot(TEN + timedelta(hours=hours)))
        desk.passes(minutes=3)
    assert len(desk.texts()) == 4


def test_the_time_that_comes_free_is_offered_to_whoever_waits_when_two_minutes_are_over() -> None:
    for to in (None, slot(TEN + timedelta(hours=4))):
        desk = Desk()
        with desk.tx() as tx:
            waiting = Waiting("w1", "p1", "", "follow_up", desk.now - timedelta(days=3), WHO)
            tx.waitlist.join(waiting)
            tx.consents.record(Consent("k1", "p1", "waitlist", "sms", True, desk.now, "w"))
        desk.done(to, "they_asked")
        desk.passes(minutes=1)
        assert desk.texts(1) == []
        desk.passes(minutes=2)
        [offer] = desk.texts(1)
        assert "Thursday, December 10 at 10 AM" in offer


def test_a_late_cancellation_that_they_asked_for_is_their_clinicians_task_and_one_of_ours_is_not() -> None:
    for reason, tasks in (("they_asked", 1), ("clinician", 0), ("mistake", 0)):
        desk = Desk()
        desk.passes(days=1, hours=2)
        desk.done(None, reason)
        desk.passes(minutes=3)
        assert len(desk.tasks("late_cancel")) == tasks, reason
        assert desk.visit().status == "cancelled"


def test_r_to_the_text_that_calls_it_off_finds_another_time_for_the_same_visit() -> None:
    desk = Desk()
    desk.done(None)
    desk.passes(minutes=3)
    thread = Thread(desk.house, NUMBERS[0])
    thread.writes("R")
    thread.writes("1")
    assert desk.visit().status in ("booked", "confirmed")


def test_a_visit_that_waits_for_the_office_stays_held_and_says_so() -> None:
    desk = Desk()
    desk.books("v1", slot(TEN + timedelta(hours=1)), "p1", status="held_for_office")
    desk.done(slot(TEN + timedelta(hours=5)), name="v1")
    desk.passes(minutes=3)
    assert desk.visit("v1").status == "held_for_office"
    [text] = desk.texts(1)
    assert "we're holding Thursday, December 10 at 3 PM" in text


def test_everybody_who_comes_is_told_and_two_with_one_number_once() -> None:
    desk = Desk()
    with desk.tx() as tx:
        other = tx.people.get("p2")
        assert other is not None
        tx.people.update(replace(other, phone=NUMBERS[1]))
    at = slot(TEN + timedelta(hours=1), "luis_ortega")
    desk.books("v1", at, "p0", "p1", "p2")
    desk.done(None, name="v1")
    desk.passes(minutes=3)
    assert (len(desk.texts(0)), len(desk.texts(1))) == (1, 1)


def weekly(desk: Desk) -> None:
    first = slot(TEN + timedelta(hours=1, days=-7))
    with desk.tx() as tx:
        tx.schedule.add_series(Series("s1", first, 1, ("p1",), desk.practice.timezone_name))


def days(desk: Desk, hour: int) -> list[int]:
    """On which days of December the standing appointment is at this hour."""
    with desk.tx() as tx:
        visits = tx.schedule.visits_of("p1", desk.now)
    local = [each.slot.start.astimezone(desk.practice.timezone) for each in visits]
    return [each.day for each in local if each.month == 12 and each.hour == hour]


@pytest.mark.parametrize(
    ("and_after", "left", "moved"),
    [(False, [17, 24, 31], [10]), (True, [], [10, 17, 24, 31])],
)
def test_one_of_a_series_is_moved_alone_or_with_those_after_it_and_put_back(
    and_after: bool, left: list[int], moved: list[int]
) -> None:
    desk = Desk()
    weekly(desk)
    change = desk.done(slot(TEN + timedelta(hours=4)), name="s1@2026-12-10", and_after=and_after)
    assert (days(desk, 11), days(desk, 14)) == (left, moved)
    assert desk.undoes(change) is not None
    assert (days(desk, 11), days(desk, 14)) == ([10, 17, 24, 31], [])
    change = desk.done(None, name="s1@2026-12-10", and_after=and_after)
    assert days(desk, 11) == left
    assert desk.undoes(change) is not None
    assert days(desk, 11) == [10, 17, 24, 31]
    desk.done(None, name="s1@2026-12-10", and_after=and_after)
    desk.passes(minutes=3)
    assert len(desk.texts(1)) == 1 and days(desk, 11) == left


def test_a_series_is_not_moved_onto_a_day_on_which_its_new_time_is_taken() -> None:
    desk = Desk()
    weekly(desk)
    desk.books("v1", slot(TEN + timedelta(hours=4, days=7)), "p0")
    to = slot(TEN + timedelta(hours=4))
    assert desk.changes(to, name="s1@2026-12-10", and_after=True) == NotDone(
        "taken", days=(date(2026, 12, 17),)
    )
    assert days(desk, 11) == [10, 17, 24, 31]


def test_what_stands_in_the_old_time_by_now_can_not_be_taken_back_and_nothing_is() -> None:
    desk = Desk()
    change = desk.done(None)
    with desk.tx() as tx:
        tx.schedule.add_absence("a1", WHO, TEN, TEN + timedelta(hours=2))
    with pytest.raises(CanNotBeUndone):
        desk.undoes(change)
    assert desk.visit().status == "cancelled"
    desk.passes(minutes=3)
    assert len(desk.texts()) == 1, "what was done stands, and is told"


starts = st.builds(
    lambda day, half: MORNING + timedelta(days=day, minutes=30 * half),
    st.integers(0, 12),
    st.integers(-20, 30),
)
steps = st.lists(
    st.tuples(st.sampled_from(["v0", "v1", "v2"]), starts, st.sampled_from(WHOM), st.booleans()),
    min_size=1,
    max_size=6,
)


@settings(max_examples=25, deadline=None)
@given(steps)
def test_whatever_is_moved_where_and_taken_back_no_two_overlap_and_none_is_out_of_hours(
    moves: list[tuple[str, datetime, str, bool]],
) -> None:
    desk = Desk()
    desk.books("v1", slot(TEN + timedelta(hours=1)), "p1")
    desk.books("v2", slot(TEN + timedelta(hours=1), "luis_ortega"), "p2")
    for name, at, clinician, back in moves:
        change = desk.changes(slot(at, clinician), name=name)
        if isinstance(change, Change) and back:
            assert desk.undoes(change) is not None
            assert desk.visit(name) == change.before
        with desk.tx() as tx:
            visits = tx.schedule.visits_between(MORNING, MORNING + timedelta(days=30))
        assert len(visits) == 3
        for visit in visits:
            _within_hours(desk, visit)
            others = [
                each for each in visits if each.slot.clinician == visit.slot.clinician and each.id != visit.id
            ]
            assert all(
                visit.slot.end <= each.slot.start or each.slot.end <= visit.slot.start for each in others
            )


def _within_hours(desk: Desk, visit: Visit) -> None:
    who, day = (
        desk.practice.clinician(visit.slot.clinician),
        visit.slot.start.astimezone(desk.practice.timezone).date(),
    )
    for hours in (None, who.hours):
        spans = open_spans(desk.practice, day, hours)
        assert any(each.start <= visit.slot.start and visit.slot.end <= each.end for each in spans)


def test_a_visit_with_somebody_who_has_left_is_not_moved_before_a_person_has_spoken_to_them() -> None:
    desk = Desk()
    with desk.tx() as tx:
        clinician_gone.say(tx, WHO, desk.now, by="Rosa Ferro", now=desk.now)
    desk.passes(minutes=3)
    assert desk.changes(slot(TEN + timedelta(hours=2))) == NotDone("by_person")
    assert desk.visit().slot.start == TEN


def test_what_they_move_themselves_within_the_two_minutes_stands_and_is_the_only_thing_they_hear_of() -> None:
    desk = Desk()
    change = desk.done(slot(TEN + timedelta(hours=2)))
    with desk.tx() as tx:
        assert tx.schedule.move("v0", slot(TEN + timedelta(hours=5)), "c0", desk.now)
    with pytest.raises(CanNotBeUndone):
        desk.undoes(change)
    desk.passes(minutes=3)
    assert desk.texts() == [] and desk.visit().slot.start == TEN + timedelta(hours=5)
