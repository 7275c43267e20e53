"""The schedule: nothing is promised twice."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lamplighter.desk.ports import Busy, Series, Visit
from lamplighter.practice.model import Modality
from lamplighter.records.errors import TimeTaken, UnknownRecord
from tests.records.contract.examples import TOMORROW, a_person, a_series, a_slot
from tests.records.stores import START, Store

SOON = START + timedelta(minutes=2)
WEEK = (START, START + timedelta(days=7))
SECOND_TUESDAY = datetime(2026, 12, 8, 15, 0, tzinfo=UTC)


def test_a_held_slot_is_kept_from_others_until_it_lapses(store: Store) -> None:
    with store.transaction() as transaction:
        assert transaction.schedule.hold(a_slot(), "c1", SOON, START)
        assert not transaction.schedule.hold(a_slot(), "c2", SOON, START)
        assert transaction.schedule.hold(a_slot(), "c2", SOON + timedelta(hours=1), SOON)


def test_a_slot_that_overlaps_by_a_minute_is_taken_and_one_that_touches_is_free(store: Store) -> None:
    with store.transaction() as transaction:
        schedule = transaction.schedule
        schedule.hold(a_slot(), "c1", SOON, START)
        assert not schedule.hold(a_slot(TOMORROW + timedelta(minutes=49)), "c2", SOON, START)
        assert schedule.hold(a_slot(TOMORROW + timedelta(minutes=50)), "c2", SOON, START)
        assert schedule.hold(a_slot(TOMORROW - timedelta(minutes=50)), "c3", SOON, START)
        assert schedule.hold(a_slot(clinician="reyes"), "c4", SOON, START)


def test_a_new_hold_of_a_contact_replaces_its_earlier_one(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.schedule.hold(a_slot(), "c1", SOON, START)
        later = a_slot(TOMORROW + timedelta(minutes=20), modality=Modality.TELEHEALTH)
        assert transaction.schedule.hold(later, "c1", SOON, START)
        assert transaction.schedule.held("c1") == (later, SOON)
        assert transaction.schedule.hold(a_slot(TOMORROW - timedelta(minutes=30)), "c2", SOON, START)


def test_a_hold_that_fails_leaves_the_earlier_one(store: Store) -> None:
    elsewhere = a_slot(TOMORROW + timedelta(hours=3))
    with store.transaction() as transaction:
        transaction.schedule.hold(a_slot(), "c1", SOON, START)
        transaction.schedule.hold(elsewhere, "c2", SOON, START)
        assert not transaction.schedule.hold(a_slot(), "c2", SOON, START)
        assert transaction.schedule.held("c2") == (elsewhere, SOON)


def test_a_renewed_hold_lasts_longer_and_a_released_one_is_gone(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.schedule.hold(a_slot(), "c1", SOON, START)
        transaction.schedule.renew("c1", SOON + timedelta(minutes=5))
        assert not transaction.schedule.hold(a_slot(), "c2", SOON, SOON + timedelta(minutes=4))
        transaction.schedule.release("c1")
        assert transaction.schedule.held("c1") is None
        assert transaction.schedule.hold(a_slot(), "c2", SOON, START)


def test_booking_under_a_hold_ends_the_hold_and_fills_the_time(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.schedule.hold(a_slot(), "c1", SOON, START)
        visit = transaction.schedule.book("v1", a_slot(), ["p1", "p2"], "c1", START, "booked")
        assert visit == Visit("v1", a_slot(), ("p1", "p2"), "booked", contact="c1")
        assert transaction.schedule.held("c1") is None
        assert transaction.schedule.book("v2", a_slot(), ["p3"], "c2", START, "booked") is None
    with store.transaction() as transaction:
        assert transaction.schedule.visit("v1") == visit


def test_a_lapsed_hold_still_books_when_the_time_is_free_and_not_when_it_is_not(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.schedule.hold(a_slot(), "c1", SOON, START)
        assert transaction.schedule.book("v1", a_slot(), ["p1"], "c1", SOON, "held_for_office") is not None
        other = a_slot(TOMORROW + timedelta(hours=2))
        transaction.schedule.hold(other, "c1", SOON, START)
        transaction.schedule.hold(other, "c2", SOON + timedelta(hours=1), SOON)
        assert transaction.schedule.book("v2", other, ["p1"], "c1", SOON, "booked") is None


def test_booking_the_same_visit_again_changes_nothing(store: Store) -> None:
    with store.transaction() as transaction:
        first = transaction.schedule.book("v1", a_slot(), ["p1"], "c1", START, "booked")
        again = transaction.schedule.book(
            "v1", a_slot(TOMORROW + timedelta(days=1)), ["p9"], "c9", START, "confirmed"
        )
        assert again == first
        assert len(transaction.schedule.visits_between(*WEEK)) == 1


def test_a_word_that_is_no_status_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="status"), store.transaction() as transaction:
        transaction.schedule.book("v1", a_slot(), ["p1"], "c1", START, "perhaps")


@pytest.mark.parametrize("minutes", [0, -50, 60 * 24 + 1])
def test_a_slot_without_a_sound_length_is_refused(store: Store, minutes: int) -> None:
    with pytest.raises(ValueError, match="minutes"), store.transaction() as transaction:
        transaction.schedule.hold(a_slot(minutes=minutes), "c1", SOON, START)


def test_a_moved_visit_leaves_its_time_and_takes_the_other(store: Store) -> None:
    later = a_slot(TOMORROW + timedelta(hours=2))
    with store.transaction() as transaction:
        transaction.schedule.book("v1", a_slot(), ["p1"], "c1", START, "booked")
        transaction.schedule.set_status("v1", "confirmed")
        moved = transaction.schedule.move("v1", later, "c2", START)
        assert moved == Visit("v1", later, ("p1",), "booked", contact="c1")
        assert transaction.schedule.hold(a_slot(), "c3", SOON, START)
        assert not transaction.schedule.hold(later, "c4", SOON, START)
    with store.transaction() as transaction:
        assert transaction.schedule.visit("v1") == moved


def test_a_visit_that_moved_to_another_clinician_is_busy_there_and_nowhere_else(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.schedule.book("v1", a_slot(), ["p1"], "c1", START, "booked")
        transaction.schedule.move("v1", a_slot(clinician="reyes"), "c1", START)
        busy = transaction.schedule.busy(["osei", "reyes"], *WEEK, START)
        assert [(taken.clinician, taken.ref) for taken in busy] == [("reyes", "v1")]
        assert transaction.schedule.hold(a_slot(), "c2", SOON, START)


def test_a_visit_may_move_onto_part_of_its_own_time(store: Store) -> None:
    shifted = a_slot(TOMORROW + timedelta(minutes=15))
    with store.transaction() as transaction:
        transaction.schedule.book("v1", a_slot(), ["p1"], "c1", START, "booked")
        assert not transaction.schedule.hold(shifted, "c1", SOON, START)
        assert transaction.schedule.hold(shifted, "c1", SOON, START, moving="v1")
        assert transaction.schedule.move("v1", shifted, "c1", START) is not None
        assert transaction.schedule.held("c1") is None


def test_a_visit_does_not_move_onto_another(store: Store) -> None:
    other = a_slot(TOMORROW + timedelta(hours=2))
    with store.transaction() as transaction:
        transaction.schedule.book("v1", a_slot(), ["p1"], "c1", START, "booked")
        transaction.schedule.book("v2", other, ["p2"], "c2", START, "booked")
        assert transaction.schedule.move("v1", other, "c1", START) is None
        visit = transaction.schedule.visit("v1")
        assert visit is not None
        assert visit.slot == a_slot()


def test_a_cancelled_visit_frees_its_time_and_comes_back_only_to_a_free_one(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.schedule.book("v1", a_slot(), ["p1"], "c1", START, "booked")
        assert transaction.schedule.set_status("v1", "cancelled").status == "cancelled"
        assert transaction.schedule.book("v2", a_slot(), ["p2"], "c2", START, "booked") is not None
        assert transaction.schedule.visits_of("p1", START) == ()
    with pytest.raises(TimeTaken), store.transaction() as transaction:
        transaction.schedule.set_status("v1", "booked")
    with store.transaction() as transaction:
        transaction.schedule.set_status("v2", "cancelled")
        assert transaction.schedule.set_status("v1", "booked").status == "booked"


def test_a_visit_that_is_not_there_cannot_be_moved_or_changed(store: Store) -> None:
    with pytest.raises(UnknownRecord), store.transaction() as transaction:
        transaction.schedule.move("v1", a_slot(), "c1", START)
    with pytest.raises(UnknownRecord), store.transaction() as transaction:
        transaction.schedule.set_status("v1", "cancelled")
    with store.transaction() as transaction:
        assert transaction.schedule.visit("v1") is None


def test_a_persons_visits_come_by_start_from_a_moment_on(store: Store) -> None:
    with store.transaction() as transaction:
        for visit_id, days, present in (("b", 2, ["p1"]), ("a", 1, ["p2", "p1"]), ("c", 3, ["p2"])):
            transaction.schedule.book(
                visit_id, a_slot(START + timedelta(days=days)), present, "c1", START, "booked"
            )
        assert [visit.id for visit in transaction.schedule.visits_of("p1", START)] == ["a", "b"]
        after = START + timedelta(days=1, minutes=1)
        assert [visit.id for visit in transaction.schedule.visits_of("p1", after)] == ["b"]


def test_busy_names_everything_that_stands_in_the_way(store: Store) -> None:
    hours = [TOMORROW + timedelta(hours=hour) for hour in range(6)]
    with store.transaction() as transaction:
        schedule = transaction.schedule
        schedule.book("v1", a_slot(hours[0]), ["p1"], "c1", START, "booked")
        schedule.book("v2", a_slot(hours[0], clinician="reyes"), ["p1"], "c1", START, "booked")
        schedule.hold(a_slot(hours[1]), "c2", SOON, START)
        schedule.hold(a_slot(hours[2]), "c3", START, START - timedelta(minutes=1))
        schedule.add_absence("a1", "osei", hours[3], hours[4])
        schedule.add_absence("a1", "osei", hours[3], hours[5])
        schedule.add_series(a_series(first=a_slot(hours[5])))
        busy = schedule.busy(["osei"], *WEEK, START)
    fifty = timedelta(minutes=50)
    assert busy == (
        Busy("osei", hours[0], hours[0] + fifty, "visit", "v1"),
        Busy("osei", hours[1], hours[1] + fifty, "hold", "c2"),
        Busy("osei", hours[3], hours[4], "absence", "a1"),
        Busy("osei", hours[5], hours[5] + fifty, "series", "s1"),
    )


def test_busy_takes_in_what_began_before_and_leaves_out_what_only_touches(store: Store) -> None:
    with store.transaction() as transaction:
        schedule = transaction.schedule
        schedule.book("v1", a_slot(minutes=23 * 60), ["p1"], "c1", START, "booked")
        schedule.add_absence("a1", "osei", START - timedelta(days=30), START + timedelta(days=30))
        last_hour = TOMORROW + timedelta(hours=22)
        found = schedule.busy(["osei", "reyes"], last_hour, last_hour + timedelta(minutes=1), START)
        assert {busy.ref for busy in found} == {"v1", "a1"}
        end = TOMORROW + timedelta(hours=23)
        assert {busy.ref for busy in schedule.busy(["osei"], end, end + timedelta(hours=1), START)} == {"a1"}


def test_an_absence_that_ends_early_frees_what_is_left_of_it_and_one_that_has_not_begun_all(
    store: Store,
) -> None:
    with store.transaction() as transaction:
        schedule = transaction.schedule
        schedule.add_absence("a1", "osei", TOMORROW, TOMORROW + timedelta(hours=8))
        schedule.add_absence("a2", "osei", TOMORROW + timedelta(hours=9), TOMORROW + timedelta(hours=10))
        schedule.end_absence("a1", TOMORROW + timedelta(hours=2))
        schedule.end_absence("a1", TOMORROW + timedelta(hours=3))
        schedule.end_absence("a2", TOMORROW)
        schedule.end_absence("no such", TOMORROW)
    with store.transaction() as transaction:
        busy = transaction.schedule.busy(["osei"], TOMORROW, TOMORROW + timedelta(days=1), TOMORROW)
    assert busy == (Busy("osei", TOMORROW, TOMORROW + timedelta(hours=2), "absence", "a1"),)


def test_an_absence_can_not_be_booked(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.schedule.add_absence("a1", "osei", TOMORROW, TOMORROW + timedelta(days=7))
        assert transaction.schedule.book("v1", a_slot(), ["p1"], "c1", START, "booked") is None


def test_a_series_fills_its_time_every_week_across_the_clock_change(store: Store) -> None:
    in_march = datetime(2027, 3, 16, 14, 0, tzinfo=UTC)  # 10:00 in New York, which is an hour earlier by then
    with store.transaction() as transaction:
        transaction.schedule.add_series(a_series())
        assert not transaction.schedule.hold(a_slot(SECOND_TUESDAY), "c1", SOON, START)
        assert not transaction.schedule.hold(a_slot(in_march), "c1", SOON, START)
        assert transaction.schedule.hold(a_slot(in_march + timedelta(hours=1)), "c1", SOON, START)


def test_a_series_every_other_week_with_a_skipped_date_and_an_end_leaves_the_rest_free(store: Store) -> None:
    series = a_series(every_weeks=2, skipped=(date(2026, 12, 15),), until=date(2026, 12, 29))
    with store.transaction() as transaction:
        transaction.schedule.add_series(series)
        assert transaction.schedule.series("s1") == series
        visits = transaction.schedule.visits_of("p1", START)
        assert [visit.id for visit in visits] == ["s1@2026-12-01", "s1@2026-12-29"]
        assert {visit.series for visit in visits} == {"s1"}


def test_a_series_shows_ninety_days_of_a_persons_visits(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.schedule.add_series(a_series())
        visits = transaction.schedule.visits_of("p1", START)
        assert len(visits) == 13
        assert visits[-1].slot.start <= START + timedelta(days=90)
        assert transaction.schedule.visits_of("p2", START) == ()


def test_cancelling_one_occurrence_frees_that_week_alone(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.schedule.add_series(a_series())
        cancelled = transaction.schedule.set_status("s1@2026-12-08", "cancelled")
        assert (cancelled.status, cancelled.series, cancelled.participants) == ("cancelled", "s1", ("p1",))
    with store.transaction() as transaction:
        assert transaction.schedule.hold(a_slot(SECOND_TUESDAY), "c1", SOON, START)
        assert not transaction.schedule.hold(a_slot(SECOND_TUESDAY + timedelta(days=7)), "c1", SOON, START)
        ids = [visit.id for visit in transaction.schedule.visits_of("p1", START)]
        assert ids[:2] == ["s1@2026-12-01", "s1@2026-12-15"]


def test_moving_one_occurrence_moves_that_week_alone(store: Store) -> None:
    wednesday = a_slot(SECOND_TUESDAY + timedelta(days=1))
    with store.transaction() as transaction:
        transaction.schedule.add_series(a_series())
        moved = transaction.schedule.move("s1@2026-12-08", wednesday, "c1", START)
        assert moved == Visit("s1@2026-12-08", wednesday, ("p1",), "booked", series="s1")
        assert transaction.schedule.hold(a_slot(SECOND_TUESDAY), "c2", SOON, START)
        between = transaction.schedule.visits_between(SECOND_TUESDAY, SECOND_TUESDAY + timedelta(days=2))
        assert between == (moved,)


def test_an_occurrence_may_move_onto_part_of_its_own_time_but_not_of_the_next(store: Store) -> None:
    with store.transaction() as transaction:
        schedule = transaction.schedule
        schedule.add_series(a_series())
        shifted = a_slot(SECOND_TUESDAY + timedelta(minutes=15))
        assert schedule.hold(shifted, "c1", SOON, START, moving="s1@2026-12-08")
        a_week_on = a_slot(SECOND_TUESDAY + timedelta(days=7, minutes=15))
        assert not schedule.hold(a_week_on, "c1", SOON, START, moving="s1@2026-12-08")
        assert schedule.hold(a_week_on, "c1", SOON, START, moving="s1")


def test_a_changed_series_takes_place_as_it_says_now(store: Store) -> None:
    wednesdays = a_series(first=a_slot(datetime(2026, 12, 9, 15, 0, tzinfo=UTC)))
    with store.transaction() as transaction:
        transaction.schedule.add_series(a_series())
        transaction.schedule.add_series(wednesdays)
        assert transaction.schedule.series("s1") == a_series()
        transaction.schedule.change_series(wednesdays)
        assert transaction.schedule.visits_of("p1", START)[0].id == "s1@2026-12-09"
        assert transaction.schedule.hold(a_slot(SECOND_TUESDAY), "c1", SOON, START)


def test_a_series_that_is_not_there_cannot_be_changed(store: Store) -> None:
    with pytest.raises(UnknownRecord), store.transaction() as transaction:
        transaction.schedule.change_series(a_series())


def test_no_visit_is_named_by_a_date_on_which_its_series_does_not_meet(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.schedule.add_series(a_series())
        assert transaction.schedule.visit("s1@2026-12-09") is None
        assert transaction.schedule.visit("s1@someday") is None
        assert transaction.schedule.visit("s2@2026-12-08") is None
        assert transaction.schedule.visit("s1@2026-12-08") is not None


def test_how_visits_stand_is_told_by_when_they_begin_without_what_was_cancelled(store: Store) -> None:
    hour = timedelta(hours=1)
    with store.transaction() as tx:
        tx.people.add(a_person())
        for place, status in enumerate(("booked", "missed", "cancelled")):
            slot = a_slot(TOMORROW + place * hour)
            assert tx.schedule.book(f"v{place}", slot, ("p1",), "c1", START, "booked")
            tx.schedule.set_status(f"v{place}", status)
        tx.schedule.add_series(Series("s1", a_slot(TOMORROW + 5 * hour), 1, ("p1",), "UTC"))
        assert tx.schedule.standings(TOMORROW, TOMORROW + timedelta(days=7)) == (
            (TOMORROW, "booked"), (TOMORROW + hour, "missed"), (TOMORROW + 5 * hour, "booked"),
        )  # fmt: skip
        assert tx.schedule.standings(TOMORROW + hour / 2, TOMORROW + 5 * hour) == (
            (TOMORROW + hour, "missed"),
        )
