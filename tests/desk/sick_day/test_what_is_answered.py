"""Rule 28: what a yes is to, where more than one text of ours waits for an answer."""

from datetime import datetime, timedelta

import pytest

from lamplighter.conversation.slots import Slot
from lamplighter.desk import clinician_gone, reminders, sick_day, sick_day_choices
from lamplighter.practice.model import Modality
from tests.desk.gate.threads import Thread
from tests.desk.sick_day.days import DAY, ELEVEN, FOUR, NINE, WHO, Morning, somebody
from tests.desk.sick_day.test_choices import after_nine, called, is_done

THE_NEXT_DAY = NINE + timedelta(days=1, hours=1, minutes=30)


def asked(called_off: datetime, other: datetime, how: str) -> Morning:
    """One visit that is called off is asked about today; the reminder of another, with somebody else, goes tomorrow at
    nine."""
    morning = Morning()
    with morning.tx() as tx:
        tx.people.add(somebody(6))
        for name, at, who in (("v6", called_off, WHO), ("w1", other, "luis_ortega")):
            slot = Slot(at, 45, who, Modality.IN_PERSON, "follow_up", "harbor_lane")
            visit = tx.schedule.book(name, slot, ["p6"], "c0", morning.now, "booked")
            assert visit is not None
        reminders.plan_for_all(tx, morning.house.practice, visit, morning.now)
        spell = sick_day.Spell(WHO, DAY.start, DAY.end + timedelta(days=3))
        found = sick_day_choices.choosing(tx, morning.house.practice, spell, morning.now)
        choices, colleagues = sick_day_choices.chosen(found, {"v6": how})
        sick_day.call_off(tx, spell, by="Rosa Ferro", now=morning.now, choices=choices, colleagues=colleagues)
    return morning


def statuses(morning: Morning) -> tuple[str, ...]:
    with morning.tx() as tx:
        found = (tx.schedule.visit(name) for name in ("v6", "w1"))
        return tuple(each.status for each in found if each is not None)


@pytest.mark.parametrize("how", ["cover", "video"])
@pytest.mark.parametrize("lapsed", [False, True])
def test_rule_28_a_letter_to_a_newer_reminder_confirms_that_visit_and_keeps_no_other(
    how: str, lapsed: bool
) -> None:
    called_off = ELEVEN + timedelta(hours=1) if lapsed else FOUR + timedelta(days=2)
    other = NINE + (timedelta(days=1, hours=5) if lapsed else timedelta(days=2, hours=1))
    morning = asked(called_off, other, how)
    morning.until(THE_NEXT_DAY)
    thread = morning.thread(6)
    assert thread.writes("C")[-1] == "sms.confirmed"
    assert statuses(morning) == ("cancelled", "confirmed")


def test_rule_28_whoever_had_written_of_the_question_before_still_answers_the_newer_reminder() -> None:
    morning = asked(FOUR + timedelta(days=2), NINE + timedelta(days=2, hours=1), "cover")
    morning.until(NINE + timedelta(hours=10))
    thread = morning.thread(6)
    thread.writes("who is this?")
    morning.until(THE_NEXT_DAY)
    assert thread.writes("C")[-1] == "sms.confirmed"
    assert statuses(morning) == ("cancelled", "confirmed")


def test_rule_28_whoever_is_in_the_middle_of_a_yes_when_a_reminder_comes_keeps_their_time() -> None:
    morning = asked(FOUR + timedelta(days=2), NINE + timedelta(days=2, hours=1), "video")
    morning.until(NINE + timedelta(hours=23, minutes=55))
    thread: Thread = morning.thread(6)
    assert thread.writes("yes")[-1] == "day.where"
    morning.until(NINE + timedelta(days=1, hours=1, minutes=1))
    assert thread.writes("New York")[-1] == "sms.called_off.by_video"


def test_rule_28_whoever_says_yes_to_a_time_that_is_lost_meanwhile_hears_that_they_are_called() -> None:
    morning = Morning()
    is_done(morning, v2="cover")
    after_nine(morning)
    with morning.tx() as tx:
        clinician_gone.say(tx, "amara_osei", morning.now, by="Rosa Ferro", now=morning.now)
    thread = morning.thread(2)
    assert thread.writes("yes")[-1] == "sms.called_off.gone"
    assert "p2" in called(morning) and morning.visit(2).status == "cancelled"
