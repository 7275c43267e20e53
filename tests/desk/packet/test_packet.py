"""The practice's papers for whoever comes: owed from the booking on, by a link; reminded of once; on the board."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lamplighter.conversation.actions import Cancel, Done, Move
from lamplighter.conversation.engine import Conversation
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.slots import Slot
from lamplighter.conversation.state import State
from lamplighter.desk import booking, packet, packet_done, packet_kept, preferences
from lamplighter.desk.context import Errand
from lamplighter.desk.links import LinkMaker
from lamplighter.desk.packet_acts import PacketShown
from lamplighter.desk.ports import Message
from lamplighter.desk.preferences import Preferences
from lamplighter.desk.stopping import stop
from lamplighter.practice import packet as papers
from lamplighter.practice.model import Modality, Reminders
from lamplighter.practice.sample import load_sample
from lamplighter.wiring.late_parts import guard, understanding
from tests.desk.gate.threads import NUMBER, WHO
from tests.desk.links.scene import Linked
from tests.desk.packet.scene import VISIT_AT, Owed, booked, by_telephone
from tests.promises.desks import CALLER, NOON

ARGS = tuple(
    {
        "sender": "HLC Office", "practice_phone": "+12125550100",
        "day": VISIT_AT.isoformat(), "clock": VISIT_AT.isoformat(),
    }.items()
)  # fmt: skip
LATER = "Tuesday in two weeks after three, in person, anyone is fine"


def errand(owed: Owed, tx: Any) -> Errand:
    """Somebody calls, and asks for something."""
    house = owed.house
    local = house.clock.now().astimezone(house.practice.timezone)
    return Errand(tx, house.practice, State(contact="c9", channel="voice", locale="en"), local, lambda: "1")


def cancels(owed: Owed) -> None:
    with owed.house.store.transaction("demo") as tx:
        booking.cancel(errand(owed, tx), Cancel("v1", late=False))


def moves(owed: Owed, by: timedelta) -> None:
    slot = owed.visit.slot
    with owed.house.store.transaction("demo") as tx:
        done = booking.move(errand(owed, tx), Move("v1", replace(slot, start=slot.start + by)))
    assert isinstance(done, Done)


def version_after(practice: Any) -> Any:
    """The practice with another word in its fees."""
    words = {
        tag: replace(
            written,
            pieces={
                **written.pieces,
                "fees": replace(written.pieces["fees"], words=written.pieces["fees"].words + "\n\nNew."),
            },
        )
        for tag, written in practice.packet.words.items()
    }
    return replace(practice, packet=replace(practice.packet, words=words))


def test_rule_32_the_confirmation_of_a_first_visit_brings_the_link_to_the_papers_in_one_text() -> None:
    owed = by_telephone(at_1=LATER)
    [message] = owed.messages()
    assert message.phrase == "sms.confirmation.packet" and message.to == CALLER
    assert len(owed.house.messenger.texts[message.id].text) <= 160
    owed.house.pass_time(48 * 3600)
    assert len(owed.messages()) == 1, "the confirmation is the one message about it"
    assert owed.looks().step == "cover"


def test_looking_stores_nothing_and_opens_no_paper() -> None:
    owed = booked()
    before = owed.facts("packet_opened"), owed.facts("packet_done")
    for _ in range(3):
        assert owed.looks().step == "cover"
    assert (owed.facts("packet_opened"), owed.facts("packet_done")) == before == ([], [])
    assert owed.opens().step == "papers"
    assert owed.looks().step == "papers", "whoever comes back goes on"
    assert len(owed.facts("packet_opened")) == 1


def test_aid_05_what_is_done_is_kept_with_its_version_and_its_link_and_stands_in_the_ledger() -> None:
    owed = booked()
    owed.opens()
    shown = owed.does("ai_notice")
    assert [each.paper.id for each in shown.papers if each.done] == ["ai_notice"]
    [fact] = owed.facts("packet_done")
    paper = next(each.paper for each in shown.papers if each.paper.id == "ai_notice")
    kept = dict(fact.details)
    assert (kept["piece"], kept["digest"], kept["how"]) == ("ai_notice", paper.digest, "read")
    assert kept["via"].startswith("link/") and owed.token not in repr(fact)
    with owed.house.store.transaction("demo") as tx:
        [entry] = [each for each in tx.ledger.entries(limit=9999) if each.what == "packet_done_stated"]
    assert entry.about == f"person/{owed.person}" and entry.sealed_hash


def test_pressing_twice_is_once_and_a_paper_that_is_agreed_to_needs_its_tick() -> None:
    owed = booked()
    owed.opens()
    assert owed.does("policies", ticked=False).untold == "policies"
    assert owed.facts("packet_done") == []
    for _ in range(3):
        owed.does("policies")
    assert [dict(each.details)["how"] for each in owed.facts("packet_done")] == ["agreed"]


def test_other_words_than_those_that_were_shown_are_agreed_to_by_nobody() -> None:
    owed = booked()
    owed.opens()
    for piece, digest in (("policies", "0" * 16), ("telehealth", ""), ("nothing", ""), ("", "")):
        owed.house.desk.papers.do("demo", owed.token, piece, digest, ticked=True)
    assert owed.facts("packet_done") == []


def test_what_was_read_in_one_language_is_not_asked_for_again_in_the_other() -> None:
    owed = booked()
    owed.opens()
    shown = owed.does("fees", lang="es")
    assert shown.locale == "es" and [each.paper.id for each in shown.papers if each.done] == ["fees"]
    assert [each.paper.id for each in owed.looks().papers if each.done] == ["fees"]


def test_the_consent_to_video_is_asked_for_before_a_visit_by_video_only() -> None:
    ids = [[each.paper.id for each in booked(modality=modality).looks().papers] for modality in Modality]
    assert ["telehealth" in each for each in ids] == [each is Modality.TELEHEALTH for each in Modality]


def test_whoever_has_finished_hears_no_more_of_it_and_nothing_stands_on_the_board() -> None:
    owed = booked()
    owed.does_all()
    assert owed.looks().is_done and not owed.looks().papers[-1].done, "the optional one was left out"
    owed.goes_to(owed.visit.slot.start - timedelta(minutes=10))
    assert len(owed.messages()) == 1 and owed.tasks() == []


def test_rule_32_what_is_missing_is_reminded_of_once_on_a_day_that_has_no_other_message() -> None:
    owed = booked()
    owed.does_all("fees", "policies")
    start = owed.visit.slot.start
    owed.goes_to(start - timedelta(minutes=10))
    [_, again] = owed.messages()
    assert again.phrase == "sms.packet.again"
    zone = owed.house.practice.timezone
    sent = owed.messages("sms.packet.again", "sms.reminder.first")
    days = [each.moved_at.astimezone(zone).date() for each in sent if each.moved_at]
    assert len(days) == len(set(days)) == 3, "both reminders of the visit came too, each on its own day"
    assert owed.looks(dict(again.args)["link"].rpartition("/")[2]).step in ("cover", "papers")


@pytest.mark.parametrize("hours", [(72, 48, 24), (96, 48, 24)])
def test_a_reminder_of_the_visit_is_never_crowded_out_by_one_of_papers(hours: tuple[int, ...]) -> None:
    owed = booked(practice=replace(load_sample(), reminders=Reminders(hours=hours)))
    start = owed.visit.slot.start
    owed.goes_to(start - timedelta(minutes=10))
    names = [each.phrase for each in owed.messages("sms.packet.again", "sms.reminder.first")]
    assert names.count("sms.reminder.first") == 3 and "sms.packet.again" not in names
    assert {task.kind for task in owed.tasks()} == {"packet", "ai_notice"}


def test_aid_05_a_notice_that_nobody_acknowledged_is_handed_over_by_the_desk_before_the_visit() -> None:
    owed = booked()
    owed.does_all("ai_notice")
    morning = packet.morning_of(owed.house.practice, owed.visit)
    owed.goes_to(morning - timedelta(minutes=1))
    assert owed.tasks() == []
    owed.goes_to(morning + timedelta(minutes=1))
    [task] = owed.tasks()
    assert (task.kind, task.route, task.person, task.due) == (
        "ai_notice", "desk", owed.person, owed.visit.slot.start,
    )  # fmt: skip
    owed.does("ai_notice", token=owed.token)
    assert owed.tasks() == [], "acknowledged after all: nothing is left to hand over"


def test_what_is_handed_over_on_paper_is_marked_with_who_and_can_be_taken_back() -> None:
    owed = booked()
    owed.goes_to(packet.morning_of(owed.house.practice, owed.visit) + timedelta(minutes=1))
    practice, now = owed.house.practice, owed.house.clock.now()
    assert len(owed.tasks()) == 2
    for piece in practice.packet.pieces:
        paper = papers.paper(practice, piece, "en")
        assert paper is not None
        with owed.house.store.transaction("demo") as tx:
            assert packet_kept.mark(tx, practice, "p1", paper, "paper", now=now, via="paper", by="Kit Marlow")
    assert owed.tasks() == [] and {each.by for each in owed.facts("packet_done")} == {"Kit Marlow"}
    with owed.house.store.transaction("demo") as tx:
        for open_again in (True, False):
            assert open_again == packet_done.take_back(
                tx, practice, "p1", "fees", "by_mistake", by="Kit Marlow", now=now
            )
    assert owed.missing() == ["fees"]


def test_a_visit_that_is_called_off_ends_the_link_and_nothing_more_goes() -> None:
    owed = booked()
    token, start = owed.token, owed.visit.slot.start
    owed.goes_to(packet.morning_of(owed.house.practice, owed.visit) + timedelta(minutes=1))
    assert len(owed.tasks()) == 2
    sent = len(owed.messages())
    cancels(owed)
    assert owed.looks(token) == PacketShown("over", "en") and owed.tasks() == []
    owed.goes_to(start + timedelta(days=1))
    assert len(owed.messages()) == sent


def test_a_link_goes_on_to_the_visit_wherever_it_moves_and_ends_when_it_begins() -> None:
    owed = booked()
    token, first = owed.token, owed.visit.slot.start
    moves(owed, timedelta(days=7))
    owed.goes_to(first + timedelta(days=1))
    assert owed.looks(token).step == "cover"
    owed.goes_to(first + timedelta(days=7))
    assert owed.looks(token).step == "over" and owed.opens(token).step == "over"
    assert owed.house.desk.papers.do("demo", token, "fees", "", ticked=True).step == "over"
    assert [each.phrase for each in owed.messages()].count("sms.packet.again") == 1


def test_a_link_ends_when_the_number_is_theirs_no_more() -> None:
    owed = booked()
    with owed.house.store.transaction("demo") as tx:
        person = tx.people.get("p1")
        assert person is not None
        tx.people.update(replace(person, phone="+12125550199"))
    assert owed.looks().step == "over"


def test_a_link_is_for_the_papers_only_and_that_to_a_visit_opens_no_papers() -> None:
    owed = booked()
    assert owed.house.desk.links.look("demo", owed.token).step == "over"
    assert owed.house.desk.links.act("demo", owed.token, "cancel_sure").step == "over"
    assert owed.visit.status == "booked"
    owed.goes_to(owed.visit.slot.start - timedelta(hours=20))
    urls = [
        dict(each.args).get("link") for each in owed.messages("sms.reminder.first.link", "sms.reminder.link")
    ]
    for url in filter(None, urls):
        assert owed.looks(url.rpartition("/")[2]).step == "over"


def talking(practice: Any) -> Conversation:
    return Conversation(practice, Phrasebook.load(), guard(), understanding())


def test_whoever_has_done_them_gets_no_link_for_another_visit_and_whoever_has_not_gets_one() -> None:
    for done in (True, False):
        owed = booked()
        if done:
            owed.does_all()
        slot = replace(owed.visit.slot, start=VISIT_AT + timedelta(days=21), visit_kind="follow_up")
        owed.house.pass_time(24 * 3600)
        with owed.house.store.transaction("demo") as tx:
            visit = tx.schedule.book("v2", slot, ["p1"], "c0", NOON, "booked")
            assert visit is not None
            packet.owe(tx, owed.house.practice, visit, owed.house.clock.now())
        owed.house.pass_time(10)
        assert len(owed.messages()) == (1 if done else 2)


def test_where_pages_have_no_address_nothing_is_promised_and_the_desk_hands_everything_over() -> None:
    owed = booked(linked=False)
    assert owed.messages() == []
    owed.goes_to(owed.visit.slot.start - timedelta(minutes=10))
    assert owed.messages() == [] and {task.kind for task in owed.tasks()} == {"packet", "ai_notice"}


def test_where_the_link_does_not_fit_the_confirmation_it_goes_in_a_message_of_its_own() -> None:
    house = Linked(NOON)
    with house.store.transaction("demo") as tx:
        tx.people.add(WHO)
        slot = Slot(VISIT_AT, 60, "mei_tan", Modality.IN_PERSON, "first_visit", "harbor_lane")
        visit = tx.schedule.book("v1", slot, ["p1"], "c0", NOON, "booked")
        assert visit is not None
        long = f"https://{'a' * 60}.example"
        wording = packet.Wording({"demo": Phrasebook.load()}, LinkMaker(long, lambda: "k" * 64))
        practice = replace(house.practice, hosts=(long.removeprefix("https://"),))
        plain = Message("m1", "sms", NUMBER, "sms.confirmation", ARGS, "en", NOON, "p1", "c0", "v1")
        assert wording(tx, practice, visit, plain) == plain
        assert tx.facts.standing("packet_sent") == ()
        packet.owe(tx, house.practice, visit, NOON)
    house.pass_time(10)
    assert [each.phrase for each in Owed(house).messages()] == ["sms.packet"]


@pytest.mark.parametrize("what", ["none", "stopped", "do_not_contact", "by_person_only"])
def test_no_reminder_of_papers_goes_to_whoever_is_not_to_be_written_to(what: str) -> None:
    owed = booked()
    now = owed.house.clock.now()
    with owed.house.store.transaction("demo") as tx:
        person = tx.people.get("p1")
        assert person is not None
        if what == "stopped":
            stop(tx, "p1", "in_hospital", by="Kit Marlow", now=now)
        if what == "do_not_contact":
            preferences.state(tx, "p1", Preferences(do_not_contact=True), by="Kit Marlow", now=now)
        if what == "by_person_only":
            tx.people.update(replace(person, by_person_only=True))
    owed.goes_to(owed.visit.slot.start - timedelta(minutes=10))
    went = [each.phrase for each in owed.messages()].count("sms.packet.again")
    assert went == (1 if what == "none" else 0)
    assert {task.kind for task in owed.tasks()} == {"packet", "ai_notice"}, "a person hands them over"


def test_what_staff_send_again_goes_once_and_waits_for_its_day() -> None:
    owed = booked()
    visit = owed.visit
    for _ in range(2):
        with owed.house.store.transaction("demo") as tx:
            packet.send_again(tx, owed.house.practice, visit, "p1", owed.house.clock.now())
        owed.house.pass_time(60)
    owed.house.pass_time(3600)
    assert [each.phrase for each in owed.messages()] == ["sms.packet"], "one a day"
    owed.house.pass_time(3 * 24 * 3600)
    assert [each.phrase for each in owed.messages()] == ["sms.packet", "sms.packet"]
    assert owed.looks().step == "cover"
