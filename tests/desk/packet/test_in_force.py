"""A link opens what is in force: other words than were shown, another way to meet, in the languages that are signed."""

from dataclasses import replace
from datetime import timedelta

from lamplighter.desk import packet
from lamplighter.practice import packet as papers
from lamplighter.practice.model import Modality
from tests.desk.packet.scene import VISIT_AT, booked
from tests.desk.packet.test_packet import moves, talking, version_after
from tests.promises.desks import NOON


def test_a_link_opens_the_words_in_force_and_those_that_were_shown_before_are_agreed_to_no_more() -> None:
    owed = booked()
    owed.does_all("fees")
    token, changed = owed.token, version_after(owed.house.practice)
    old = next(each.paper.digest for each in owed.looks().papers if each.paper.id == "fees")
    owed.house.practice, owed.house.conversation = changed, talking(changed)
    owed.house.reopen()
    shown = owed.looks(token)
    assert "New." in next(each.paper.words for each in shown.papers if each.paper.id == "fees")
    owed.house.desk.papers.do("demo", token, "fees", old, ticked=True)
    assert owed.missing() == ["fees"]
    owed.does("fees", token=token)
    assert owed.missing() == []


def test_a_paper_that_changes_after_all_were_done_is_handed_over_on_the_day() -> None:
    owed = booked()
    owed.does_all()
    owed.goes_to(owed.visit.slot.start - timedelta(hours=30))
    changed = version_after(owed.house.practice)
    owed.house.practice, owed.house.conversation = changed, talking(changed)
    owed.house.reopen()
    owed.goes_to(owed.visit.slot.start - timedelta(minutes=10))
    assert [task.kind for task in owed.tasks()] == ["packet"]


def test_whoever_had_done_everything_when_they_booked_is_looked_at_too() -> None:
    owed = booked()
    owed.does_all()
    slot = replace(owed.visit.slot, start=VISIT_AT + timedelta(days=7), visit_kind="follow_up")
    with owed.house.store.transaction("demo") as tx:
        visit = tx.schedule.book("v2", slot, ["p1"], "c0", NOON, "booked")
        assert visit is not None
        packet.owe(tx, owed.house.practice, visit, owed.house.clock.now())
    owed.goes_to(VISIT_AT + timedelta(days=1))
    changed = version_after(owed.house.practice)
    owed.house.practice, owed.house.conversation = changed, talking(changed)
    owed.house.reopen()
    owed.goes_to(slot.start - timedelta(minutes=10))
    assert [(task.kind, task.due) for task in owed.tasks()] == [("packet", slot.start)]


def test_a_visit_that_turns_to_video_wants_the_consent_to_it_by_the_link_in_hand_and_a_new_one() -> None:
    owed = booked()
    owed.does_all()
    token = owed.token
    slot = replace(owed.visit.slot, modality=Modality.TELEHEALTH, site=None)
    with owed.house.store.transaction("demo") as tx:
        visit = tx.schedule.move("v1", slot, "c0", owed.house.clock.now())
        assert visit is not None
        packet.owe(tx, owed.house.practice, visit, owed.house.clock.now())
    assert owed.looks(token).missing == {"telehealth"}
    owed.house.pass_time(2 * 24 * 3600)
    assert [each.phrase for each in owed.messages()] == ["sms.packet", "sms.packet"]
    assert owed.token != token and owed.opens().missing == {"telehealth"}
    owed.goes_to(slot.start - timedelta(minutes=10))
    assert [task.kind for task in owed.tasks()] == ["packet"]


def test_a_link_is_good_for_thirty_days_and_the_next_message_brings_another() -> None:
    owed = booked()
    token = owed.token
    moves(owed, timedelta(days=42))
    owed.house.pass_time(29 * 24 * 3600)
    assert owed.looks(token).step == "cover"
    owed.house.pass_time(2 * 24 * 3600)
    assert owed.looks(token).step == "over"
    owed.goes_to(owed.visit.slot.start - timedelta(hours=20))
    assert owed.token != token and owed.looks().step == "cover"


def test_only_what_is_signed_is_offered_and_agreed_to() -> None:
    owed = booked()
    signed = replace(owed.house.practice, languages_signed=("en",), languages_draft=("es",))
    spanish = papers.paper(signed, signed.packet.pieces[2], "es")
    assert spanish is not None
    owed.house.practice, owed.house.conversation = signed, talking(signed)
    owed.house.reopen()
    owed.opens()
    assert owed.house.desk.papers.look("demo", owed.token, "es").locale == "en"
    owed.house.desk.papers.do("demo", owed.token, "fees", spanish.digest, ticked=True, lang="es")
    assert owed.facts("packet_done") == []
