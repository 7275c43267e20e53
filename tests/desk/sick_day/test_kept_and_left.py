"""Rule 28: a visit that was kept by video leaves no hole in the day when it leaves its time."""

from datetime import timedelta

from lamplighter.conversation.slots import Slot
from lamplighter.desk import sick_day, sick_day_lift
from lamplighter.desk.scheduling import is_free
from lamplighter.practice.model import Modality
from tests.desk.sick_day.days import TWO, WHO, Morning, somebody
from tests.desk.sick_day.test_choices import after_nine, is_done

THREE = TWO + timedelta(hours=1)


def says(morning: Morning, place: int, *words: str) -> None:
    call = morning.house.call("voice", somebody(place).phone)
    for each in (
        words[0],
        f"{somebody(place).first_name} Nettleship",
        f"January {1 + place} 1980",
        *words[1:],
    ):
        call.say(each)


def bookable(morning: Morning) -> list[bool]:
    with morning.tx() as tx:
        slots = [Slot(at, 45, WHO, Modality.IN_PERSON, "follow_up", "harbor_lane") for at in (TWO, THREE)]
        return [is_free(morning.house.practice, tx.schedule, each, morning.now) for each in slots]


def test_rule_28_the_time_of_a_visit_kept_by_video_is_blocked_once_it_is_moved_or_cancelled_until_they_can_come(
) -> None:  # fmt: skip
    morning = Morning()
    with morning.tx() as tx:
        tx.people.add(somebody(5))
        slot = Slot(THREE, 45, WHO, Modality.TELEHEALTH, "follow_up")
        assert tx.schedule.book("v5", slot, ["p5"], "c0", morning.now, "booked")
    called_off = is_done(morning, v2="video", v5="video")
    after_nine(morning)
    thread = morning.thread(2)
    thread.writes("yes")
    thread.writes("New York")
    says(morning, 2, "I need to cancel my appointment", "yes")
    says(morning, 5, "I need to move my appointment", "next week any time", "the first one", "yes")
    assert morning.visit(2).status == "cancelled" and morning.visit(5).slot.start > THREE
    assert bookable(morning) == [False, False]
    with morning.tx() as tx:
        stands = sick_day.of(tx, called_off.id)
        assert stands is not None
        assert sick_day_lift.lift(tx, stands, by="Rosa Ferro", now=morning.now)
    morning.passes(minutes=3)
    assert bookable(morning) == [True, True]
