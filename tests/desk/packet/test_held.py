"""A visit that was held for the office: once it is confirmed, it is told, reminded of, and its papers go out."""

from dataclasses import replace
from datetime import timedelta

from lamplighter.desk import office
from lamplighter.desk.ports import Task
from lamplighter.practice.sample import load_sample
from tests.desk.links.scene import Linked
from tests.desk.packet.scene import Owed
from tests.desk.test_change_of_mind import booked as a_booking
from tests.promises.desks import NOON

OFFICE = replace(load_sample(), schedule_of_record="office_confirms")


def held() -> Owed:
    call = a_booking("voice", house=Linked(NOON, practice=OFFICE))
    call.house.pass_time(60)
    return Owed(call.house, call)


def confirms(owed: Owed) -> Task:
    """The task is done as the board does it."""
    house = owed.house
    with house.store.transaction("demo") as tx:
        [task] = [each for each in tx.tasks.list_open() if each.kind == "office_confirm"]
        office.done(tx, task, house.clock.now())
        tx.tasks.close(task.id, "Rosa")
    house.pass_time(10)
    return task


def test_rule_32_the_papers_of_a_visit_held_for_the_office_go_out_once_it_is_confirmed() -> None:
    owed = held()
    assert owed.visit.status == "held_for_office" and owed.messages() == []
    assert [each.phrase for each in owed.messages("sms.held")] == ["sms.held"]
    confirms(owed)
    assert owed.visit.status == "booked"
    assert [each.phrase for each in owed.messages()] == ["sms.confirmation.packet"]
    assert owed.looks().wanted


def test_a_held_visit_that_was_called_off_is_confirmed_by_no_task() -> None:
    owed = held()
    visit = owed.visit.id
    with owed.house.store.transaction("demo") as tx:
        tx.schedule.set_status(visit, "cancelled")
    confirms(owed)
    with owed.house.store.transaction("demo") as tx:
        stands = tx.schedule.visit(visit)
    assert stands is not None and stands.status == "cancelled" and owed.messages() == []


def test_of_a_visit_that_stays_held_the_desk_has_the_papers_on_the_day() -> None:
    owed = held()
    owed.goes_to(owed.visit.slot.start - timedelta(hours=1))
    assert owed.messages() == [] and {each.kind for each in owed.tasks()} >= {"packet"}
