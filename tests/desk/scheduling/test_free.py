from dataclasses import replace
from datetime import time

from lamplighter.conversation.actions import FindSlots
from lamplighter.conversation.slots import Slot
from lamplighter.conversation.wish import Window, Wish
from lamplighter.desk.scheduling import is_free, others_near
from lamplighter.practice.model import Modality
from tests.desk.scheduling.diary import NOW, PRACTICE, Diary, local

THREE = Slot(local(2026, 12, 4, 15), 60, "osei", Modality.IN_PERSON, "first", "main")


def test_a_time_in_nobodys_way_is_free() -> None:
    assert is_free(PRACTICE, Diary(), THREE, NOW)


def test_a_booked_time_is_not_free_and_neither_is_one_that_overlaps() -> None:
    diary = Diary()
    diary.add("osei", local(2026, 12, 4, 15, 30))
    assert not is_free(PRACTICE, diary, THREE, NOW)
    assert is_free(PRACTICE, diary, replace(THREE, clinician="ortega"), NOW)


def test_the_contacts_own_hold_is_in_nobody_elses_favour() -> None:
    diary = Diary()
    diary.add("osei", local(2026, 12, 4, 15), kind="hold", ref="c1")
    assert is_free(PRACTICE, diary, THREE, NOW, contact="c1")
    assert not is_free(PRACTICE, diary, THREE, NOW, contact="c2")
    assert not is_free(PRACTICE, diary, THREE, NOW)


def test_a_visit_may_move_onto_part_of_itself() -> None:
    diary = Diary()
    diary.add("osei", local(2026, 12, 4, 15, 30), ref="mine")
    assert is_free(PRACTICE, diary, THREE, NOW, moving="mine")


def test_the_past_and_closed_hours_are_not_free() -> None:
    assert not is_free(PRACTICE, Diary(), THREE, local(2026, 12, 4, 15, 1))
    assert not is_free(PRACTICE, Diary(), replace(THREE, start=local(2026, 12, 4, 17, 30)), NOW)
    assert not is_free(PRACTICE, Diary(), replace(THREE, start=local(2026, 12, 5, 15)), NOW)


def test_a_taken_time_has_three_neighbours_of_the_same_clinician() -> None:
    diary = Diary()
    diary.add("osei", THREE.start)
    near = others_near(PRACTICE, diary, THREE, NOW)
    assert [slot.start for slot in near] == [
        local(2026, 12, 4, 13, 30),
        local(2026, 12, 4, 14),
        local(2026, 12, 4, 16),
    ]
    assert {(slot.clinician, slot.modality) for slot in near} == {("osei", Modality.IN_PERSON)}


def test_with_the_request_another_clinician_at_the_same_time_comes_first() -> None:
    diary = Diary()
    diary.add("osei", THREE.start)
    wish = Wish((Window(first=THREE.start.date(), last=THREE.start.date(), at=time(15)),))
    near = others_near(PRACTICE, diary, THREE, NOW, request=FindSlots(wish.dumps(), "first"))
    assert [(slot.start, slot.clinician) for slot in near] == [(THREE.start, "ortega")]


def test_a_wish_that_leaves_nothing_is_dropped_for_the_neighbours() -> None:
    diary = Diary()
    diary.add("osei", THREE.start)
    wish = Wish((Window(first=THREE.start.date(), last=THREE.start.date(), at=time(15)),))
    near = others_near(
        PRACTICE, diary, THREE, NOW, request=FindSlots(wish.dumps(), "first", clinician="osei")
    )
    assert len(near) == 3


def test_refused_times_are_no_neighbours() -> None:
    refused = (local(2026, 12, 4, 14, 30).isoformat(),)
    request = FindSlots(Wish().dumps(), "first", clinician="osei", refused=refused)
    near = others_near(PRACTICE, Diary(), THREE, NOW, request=request)
    assert [slot.start for slot in near] == [
        local(2026, 12, 4, h, m) for h, m in ((14, 0), (15, 30), (16, 0))
    ]
