"""REM-03: whoever waits, answers as they please, or not: each is asked at most once, in order, and one has the time."""

from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamplighter.conversation.actions import JoinWaitlist, Participant
from lamplighter.conversation.state import State
from lamplighter.conversation.wish import Wish
from lamplighter.desk import waiting
from lamplighter.desk.context import Errand
from tests.desk.waitlist.freed import VISIT_AT, Freed, somebody


@dataclass(frozen=True)
class Waits:
    suits: bool
    answer: str | None


SOMEBODY = st.builds(Waits, st.booleans(), st.sampled_from(["yes", "no", None]))


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(SOMEBODY, min_size=1, max_size=4))
def test_rem_03_all_whom_it_suits_are_asked_by_waiting_time_until_one_says_yes(people: list[Waits]) -> None:
    freed = Freed()
    for place, each in enumerate(people):
        freed.joins(place, clinician="mei_tan" if each.suits else "amara_osei")
    freed.frees()
    expected, has_it = [], None
    for place, each in enumerate(people):
        if not each.suits:
            continue
        expected.append(f"w{place}")
        assert freed.offered() == [f"w{place}"]
        if each.answer is not None:
            freed.thread(place).writes(each.answer)
        if each.answer == "yes":
            has_it = place
            break
        freed.goes_by(minutes=31 if each.answer is None else 0)
    freed.goes_by(hours=8)
    assert [each.person for each in freed.over()] == expected
    booked = [place for place in range(len(people)) if freed.visits(place)]
    assert booked == ([] if has_it is None else [has_it])
    assert all(visit.slot.start == VISIT_AT for place in booked for visit in freed.visits(place))
    assert f"w{has_it}" not in freed.waiting()


def test_rem_03_to_join_the_list_is_to_agree_to_be_written_to_when_a_time_opens() -> None:
    freed = Freed()
    with freed.tx() as tx:
        tx.people.add(somebody(1))
        state = State(practice="demo", contact="c5", channel="voice")
        errand = Errand(tx, freed.house.practice, state, freed.house.clock.now(), lambda: "123456")
        waiting.join(errand, JoinWaitlist(Wish().dumps(), "follow_up", Participant((), "w1")))
    freed.frees()
    assert freed.offered() == ["w1"] and [each.status for each in freed.texts()] == ["sent"]
