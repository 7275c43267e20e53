"""REM-02: figures with their definitions, each computed in one place from what happened."""

from datetime import timedelta
from typing import Any

import pytest

from lamplighter.conversation.events import FloorTaken, Heard, Opened, StaffSaid
from lamplighter.conversation.slots import Slot
from lamplighter.desk import missed, sick_day
from lamplighter.desk.figures import Figure, figures
from lamplighter.desk.last_heard import last_heard
from lamplighter.desk.ports import Visit
from lamplighter.practice.load import load_files
from lamplighter.practice.model import Modality
from tests.desk.sick_day.days import DAY, FOUR, NINE, TWO, Morning
from tests.desk.waitlist.freed import Freed
from tests.practice.folder import SAMPLE


@pytest.fixture
def morning() -> Morning:
    """Visits at nine, eleven, two and four, of which the last is of somebody who gets no texts."""
    return Morning()


def found(house: Any) -> dict[str, Figure]:
    return {each.which: each for each in figures(house.store, house.practice, house.clock.now())}


def counted(house: Any, which: str) -> tuple[int, int | None]:
    figure = found(house)[which]
    return figure.count, figure.of


def test_rem_02_with_nothing_to_count_nothing_is_said_of_a_part(morning: Morning) -> None:
    assert {which: (each.count, each.of, each.percent) for which, each in found(morning.house).items()} == {
        "reach": (0, 0, None),
        "answers": (0, 0, None),
        "moves": (0, None, None),
        "missed": (0, 0, None),
        "filled": (0, 0, None),
    }


def test_rem_02_reach_counts_the_visits_that_a_reminder_was_sent_of(morning: Morning) -> None:
    morning.until(FOUR + timedelta(hours=1))
    assert counted(morning.house, "reach") == (3, 4)


def test_rem_02_a_visit_ahead_or_more_than_thirty_days_ago_is_not_counted(morning: Morning) -> None:
    morning.until(TWO - timedelta(minutes=1))
    assert counted(morning.house, "reach") == (2, 2)
    morning.until(FOUR + timedelta(days=31))
    assert counted(morning.house, "reach") == (0, 0)


def test_rem_02_answers_are_those_who_wrote_back_or_confirmed(morning: Morning) -> None:
    morning.until(NINE - timedelta(minutes=5))
    morning.thread(0).writes("C")
    morning.thread(1).writes("where are you located?")
    morning.until(FOUR + timedelta(hours=1))
    assert counted(morning.house, "answers") == (2, 3)


def test_rem_02_what_staff_say_to_somebody_is_no_answer_of_theirs(morning: Morning) -> None:
    """They asked something before they were reminded; a person here goes into it after."""
    morning.books(5, TWO + timedelta(days=5))
    thread = morning.thread(5)
    thread.writes("where are you located?")
    morning.until(TWO + timedelta(days=5, hours=-2))
    with morning.tx() as tx:
        seq = tx.log.read(thread.contact)[-1].seq
        said = [FloorTaken("Rosa"), StaffSaid("Rosa", "We are on Harbor Lane.")]
        tx.log.append(thread.contact, said, expected=seq, at=morning.now, protocol_hash="-")
    morning.until(TWO + timedelta(days=5, hours=1))
    assert counted(morning.house, "answers") == (0, 4)


def test_rem_02_an_answer_by_email_is_found_by_its_address_and_after_its_moment_only(
    morning: Morning,
) -> None:
    with morning.tx() as tx:
        opened = Opened("email", "office@hlc.example", "en", "tabitha@post.example")
        written = [opened, Heard("Yes, I will come")]
        tx.log.append("m1", written, expected=0, at=morning.now, protocol_hash="-")
        before = morning.now - timedelta(hours=1)
        assert last_heard(tx, {"tabitha@post.example": before}) == {"tabitha@post.example": morning.now}
        assert last_heard(tx, {"tabitha@post.example": morning.now, "office@hlc.example": before}) == {}


def test_rem_02_a_move_by_answering_counts_and_one_by_staff_does_not(morning: Morning) -> None:
    thread = morning.thread(2)
    thread.writes("R")
    thread.writes("the first one")
    assert morning.visit(2).slot.start != TWO
    with morning.house.store.transaction(morning.house.practice.id, "rosa") as tx:
        slot = Slot(FOUR + timedelta(days=1), 45, "mei_tan", Modality.IN_PERSON, "follow_up", "harbor_lane")
        assert tx.schedule.move("v3", slot, "c9", morning.now)
    assert counted(morning.house, "moves") == (1, None)


def test_rem_02_missed_visits_are_those_that_staff_marked(morning: Morning) -> None:
    morning.until(FOUR + timedelta(hours=1))
    assert marked(morning, "v1")
    assert counted(morning.house, "missed") == (1, 4)
    assert found(morning.house)["missed"].before is None


def marked(morning: Morning, visit: str) -> Visit | None:
    with morning.tx() as tx:
        return missed.mark(tx, morning.house.practice, visit, by="rosa", now=morning.now)


def test_rem_02_what_the_practice_called_off_counts_against_nobody(morning: Morning) -> None:
    morning.is_done()
    morning.until(FOUR + timedelta(hours=1))
    assert counted(morning.house, "missed") == (0, 0)
    with morning.tx() as tx:
        assert sick_day.standing(tx, morning.now)[0].spell == DAY


def test_rem_02_the_past_is_what_the_practice_states() -> None:
    practice = load_files({**SAMPLE, "reminders.yaml": b"missed_before_percent: 22\n"})
    assert practice.reminders.missed_before == 22
    assert load_files(SAMPLE).reminders.missed_before is None


def test_rem_03_filled_counts_the_freed_times_that_somebody_on_the_list_took() -> None:
    freed = Freed()
    freed.joins(1)
    freed.frees()
    freed.thread(1).writes("YES")
    assert counted(freed.house, "filled") == (1, 1)
    freed.goes_by(days=29)
    assert counted(freed.house, "filled") == (1, 1)


def test_rem_03_a_freed_time_that_nobody_took_is_counted_as_not_filled() -> None:
    freed = Freed()
    freed.joins(1)
    freed.frees()
    freed.thread(1).writes("NO")
    freed.goes_by(hours=2)
    assert counted(freed.house, "filled") == (0, 1)


def test_rem_02_every_figure_says_how_it_is_computed(morning: Morning) -> None:
    assert all(len(each.how) > 80 and each.how.endswith(".") for each in found(morning.house).values())


def test_rem_02_a_move_further_back_than_thousand_entries_is_found(morning: Morning) -> None:
    thread = morning.thread(2)
    thread.writes("R")
    thread.writes("the first one")
    with morning.tx() as tx:
        for number in range(1200):
            tx.ledger.note(at=morning.now, who="rosa", what="opened", about=f"contact/{number}")
    assert counted(morning.house, "moves") == (1, None)
