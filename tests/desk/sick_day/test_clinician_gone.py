"""Rule 28: a clinician who has left or has died is no sick day: a call list, and nothing that goes by itself."""

from datetime import timedelta

import pytest

from lamplighter.conversation.slots import Slot
from lamplighter.desk import clinician_gone, sick_day, stopping
from lamplighter.desk.clinician_gone import Gone
from lamplighter.desk.ports import Message, Series, Task
from lamplighter.practice.model import Modality
from tests.desk.sick_day.days import DAY, NINE, TWO, WHO, Morning, number, somebody

LATER = TWO + timedelta(days=5)


@pytest.fixture
def morning() -> Morning:
    """Beside the four of this day: one next week, who is to be reminded by then, and a weekly series of p1."""
    morning = Morning()
    morning.books(5, LATER)
    slot = Slot(TWO - timedelta(days=6, hours=1), 45, WHO, Modality.IN_PERSON, "follow_up", "harbor_lane")
    with morning.tx() as tx:
        tx.schedule.add_series(Series("s1", slot, 1, ("p1",), "America/New_York"))
        stopping.stop(tx, "p2", "in_hospital", by="dr", now=morning.now)
    return morning


def says(morning: Morning, by: str = "Rosa Ferro") -> Gone:
    with morning.tx() as tx:
        return clinician_gone.say(tx, WHO, DAY.start, by=by, now=morning.now)


def tasks(morning: Morning) -> list[Task]:
    with morning.tx() as tx:
        return [task for task in tx.tasks.list_open() if task.kind == "clinician_gone"]


def written(morning: Morning, person: str) -> list[Message]:
    with morning.tx() as tx:
        found = [each for each in tx.outbox.recent(1000) if each.person == person]
    return [each for each in found if each.status in ("sent", "delivered") and each.moved_at >= NINE]


def test_rule_28_everybody_is_a_task_by_their_first_visit_and_no_visit_is_touched_and_nothing_is_sent(
    morning: Morning,
) -> None:
    with morning.tx() as tx:
        shown = [each.person.id for each in clinician_gone.preview(tx, WHO, DAY.start, morning.now)]
        before = tx.schedule.visits_between(DAY.start, DAY.end + timedelta(days=30))
    assert shown == ["p0", "p1", "p2", "p3", "p5"]
    says(morning)
    found = tasks(morning)
    assert [task.person for task in found] == shown
    assert [task.due for task in found] == sorted(task.due for task in found)
    assert {task.person for task in found if ("do_not_call_back", "true") in task.details} == {"p2"}
    morning.until(LATER + timedelta(hours=1))
    with morning.tx() as tx:
        assert tx.schedule.visits_between(DAY.start, DAY.end + timedelta(days=30)) == before
        assert [
            each.visit for each in tx.outbox.recent(1000) if each.at > NINE and each.status == "sent"
        ] == []


def test_rule_28_whoever_has_been_spoken_to_is_reminded_again_and_nobody_else(morning: Morning) -> None:
    with morning.tx() as tx:
        tx.people.add(somebody(6))
    morning.books(6, LATER + timedelta(hours=1))
    says(morning)
    [task] = [each for each in tasks(morning) if each.person == "p5"]
    with morning.tx() as tx:
        tx.tasks.close(task.id, "Dr. Osei")
    morning.until(LATER)
    assert "sms.reminder" in [each.phrase for each in written(morning, "p5")]
    assert written(morning, "p6") == []


@pytest.mark.parametrize("letter", ["C", "R", "can i cancel"])
def test_rule_28_whoever_answers_an_earlier_reminder_gets_a_person_and_no_visit_is_confirmed_or_offered(
    morning: Morning, letter: str
) -> None:
    says(morning)
    thread = morning.thread(1)
    thread.writes(letter)
    assert thread.state.handed_over
    assert morning.visit(1).status == "booked"


def test_rule_28_their_time_is_offered_to_nobody(morning: Morning) -> None:
    says(morning)
    slot = Slot(LATER + timedelta(hours=3), 45, WHO, Modality.IN_PERSON, "follow_up", "harbor_lane")
    with morning.tx() as tx:
        assert tx.schedule.book("v9", slot, ["p1"], "c9", morning.now, "booked") is None


def test_rule_28_said_twice_it_is_said_once_and_undone_in_time_all_is_as_it_was(morning: Morning) -> None:
    gone = says(morning)
    assert says(morning, "Somebody Else") == gone and len(tasks(morning)) == 5
    with morning.tx() as tx:
        assert clinician_gone.undo(tx, gone.id, by="Somebody Else", now=morning.now + timedelta(seconds=119))
        assert not clinician_gone.undo(tx, gone.id, by="Rosa", now=morning.now + timedelta(seconds=119))
        assert not [
            b for b in tx.schedule.busy([WHO], DAY.start, DAY.end, morning.now) if b.kind == "absence"
        ]
        assert not stopping.by_a_person_first(tx, tx.schedule.visit("v1"))
    assert tasks(morning) == []
    morning.passes(seconds=1)
    again = says(morning)
    morning.passes(minutes=2)
    with morning.tx() as tx:
        assert not clinician_gone.undo(tx, again.id, by="Rosa", now=morning.now)
    assert len(tasks(morning)) == 5


def test_rule_28_a_sick_day_of_whoever_is_gone_tells_nobody(morning: Morning) -> None:
    says(morning)
    assert {each.way for each in morning.preview()} == {"clinician"}
    with morning.tx() as tx:
        sick_day.call_off(tx, DAY, by="Rosa", now=morning.now)
    morning.until(NINE + timedelta(minutes=5))
    assert morning.written() == []


@pytest.mark.parametrize(
    "words",
    ["I'm in the lobby for my appointment", "I'm running ten minutes late for my appointment"],
)
def test_rule_28_whoever_comes_to_a_visit_of_whoever_is_gone_gets_a_person_and_hears_of_no_clinician(
    words: str, morning: Morning
) -> None:
    morning.until(NINE - timedelta(minutes=15))
    says(morning)
    call = morning.house.call("voice", number(0))
    call.say(words)
    call.say(f"{somebody(0).first_name} Nettleship")
    assert call.state.handed_over
    assert not {phrase for phrase in call.said if phrase.startswith("day.")}
    assert morning.visit(0).slot.modality is Modality.IN_PERSON


def test_rule_28_whoever_has_a_visit_every_week_with_whoever_is_gone_is_read_none_of_them(
    morning: Morning,
) -> None:
    says(morning)
    call = morning.house.call("voice", number(1))
    call.say("when is my appointment?")
    call.say(f"{somebody(1).first_name} Nettleship")
    call.say("January second 1980")
    assert call.state.handed_over
    assert "which_visit.2" not in call.said
