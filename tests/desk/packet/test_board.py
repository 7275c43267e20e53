"""What stands on the board about papers: it closes once it is seen to, is there again once that is taken back, and is
over with the day of the visit."""

from datetime import timedelta

import pytest

from lamplighter.desk import opting_out, packet, packet_done, packet_kept
from lamplighter.desk.packet_done import Reason
from lamplighter.practice import packet as papers
from tests.desk.gate.threads import NUMBER
from tests.desk.packet.scene import Owed, booked


def on_the_morning() -> Owed:
    owed = booked()
    owed.goes_to(packet.morning_of(owed.house.practice, owed.visit) + timedelta(minutes=1))
    return owed


def hand_over(owed: Owed, *pieces: str) -> None:
    practice, now = owed.house.practice, owed.house.clock.now()
    with owed.house.store.transaction("demo") as tx:
        for piece in practice.packet.pieces:
            paper = papers.paper(practice, piece, "en")
            if paper is not None and piece.id in pieces:
                packet_kept.mark(tx, practice, "p1", paper, "paper", now=now, via="paper", by="Kit Marlow")


def take_back(owed: Owed, piece: str, reason: Reason = "by_mistake") -> bool:
    with owed.house.store.transaction("demo") as tx:
        done = packet_done.take_back(
            tx, owed.house.practice, "p1", piece, reason, by="Kit Marlow", now=owed.house.clock.now()
        )
    owed.house.pass_time(1)
    return done


def kinds(owed: Owed) -> list[str]:
    return sorted(task.kind for task in owed.tasks())


def test_what_is_taken_back_on_the_day_stands_on_the_board_again() -> None:
    owed = on_the_morning()
    for _ in range(2):
        hand_over(owed, "ai_notice")
        assert kinds(owed) == ["packet"]
        assert take_back(owed, "ai_notice")
        assert kinds(owed) == ["ai_notice", "packet"]
    owed.goes_to(owed.visit.slot.start + timedelta(days=1))
    assert kinds(owed) == []


def test_what_is_taken_back_before_the_day_waits_for_its_morning() -> None:
    owed = booked()
    owed.does_all()
    assert take_back(owed, "policies", "taken_back")
    assert kinds(owed) == [] and owed.missing() == ["policies"]
    owed.goes_to(packet.morning_of(owed.house.practice, owed.visit) + timedelta(minutes=1))
    assert kinds(owed) == ["packet"]


def test_what_is_handed_over_after_the_visit_began_is_off_the_board() -> None:
    owed = on_the_morning()
    owed.goes_to(owed.visit.slot.start + timedelta(minutes=5))
    hand_over(owed, "ai_notice")
    assert kinds(owed) == ["packet"]
    hand_over(owed, "policies", "fees", "releases")
    assert kinds(owed) == []


def test_what_nobody_hands_over_is_over_with_the_day_of_the_visit() -> None:
    owed = on_the_morning()
    owed.goes_to(owed.visit.slot.end)
    assert kinds(owed) == ["ai_notice", "packet"]
    owed.goes_to(owed.visit.slot.start + timedelta(hours=12))
    assert kinds(owed) == []


@pytest.mark.parametrize("number", [NUMBER, "+12125550188"])
def test_nothing_holds_that_was_agreed_to_by_whoever_says_that_the_number_is_not_theirs(number: str) -> None:
    owed = booked()
    owed.does_all("fees")
    hand_over(owed, "fees")
    with owed.house.store.transaction("demo") as tx:
        person = tx.people.get("p1")
        assert person is not None
        opting_out.unlink(tx, number, owed.house.clock.now())
    owed.house.pass_time(1)
    theirs = number == NUMBER
    assert owed.missing() == (["ai_notice", "policies", "releases"] if theirs else [])
    with owed.house.store.transaction("demo") as tx:
        voided = [each for each in tx.ledger.entries(limit=9999) if each.what == "packet_done_voided"]
    assert [each.why for each in voided] == ["wrong_number"] * (3 if theirs else 0)
    owed.goes_to(packet.morning_of(owed.house.practice, owed.visit) + timedelta(minutes=1))
    assert kinds(owed) == (["ai_notice", "packet"] if theirs else [])
