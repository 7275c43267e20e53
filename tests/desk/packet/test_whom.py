"""To whom the papers go: never to a child's own number, nor on for whoever is not to be written to."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.slots import Slot
from lamplighter.desk import notices, packet, packet_kept, packet_whom
from lamplighter.desk.links import LinkMaker
from lamplighter.desk.ports import Consent, Message, Proxy
from lamplighter.desk.stopping import Stop, stop
from lamplighter.practice.model import Modality
from lamplighter.practice.sample import load_sample
from tests.desk.gate.threads import NUMBER, WHO
from tests.desk.links.scene import Linked
from tests.desk.packet.scene import VISIT_AT, Owed, booked
from tests.desk.packet.test_packet import ARGS
from tests.promises.desks import NOON

CHILD = date(2016, 3, 1)
PARENT = Proxy("Ottoline Thimblewick", "+12125550166", visits=True, consents=True)
DRIVER = Proxy("Basil Thimblewick", "+12125550167", visits=True, consents=False)


def changed(owed: Owed, **given: Any) -> None:
    with owed.house.store.transaction("demo") as tx:
        person = tx.people.get("p1")
        assert person is not None
        tx.people.update(replace(person, **given))


def test_rule_20_a_childs_papers_go_to_whoever_is_on_record_as_agreeing_and_to_no_other_number() -> None:
    owed = booked(date_of_birth=CHILD, state="NY", proxies=(DRIVER, PARENT))
    owed.goes_to(VISIT_AT - timedelta(minutes=10))
    assert {each.to for each in owed.messages()} == {PARENT.phone} and owed.messages()
    assert owed.opens().step == "papers"
    owed.does("fees")
    assert "fees" not in owed.missing()
    changed(owed, proxies=())
    assert owed.looks().step == "over"


def test_rule_20_where_nobody_is_on_record_as_agreeing_for_a_child_the_desk_sees_to_it() -> None:
    owed = booked(date_of_birth=CHILD, state="NY", email="child@mail.example", proxies=(DRIVER,))
    owed.goes_to(VISIT_AT - timedelta(minutes=10))
    assert owed.messages() == []
    assert {task.kind for task in owed.tasks()} == {"packet", "ai_notice"}


def test_rule_20_a_childs_confirmation_brings_no_link_to_their_own_number() -> None:
    owed = booked(date_of_birth=CHILD, state="NY", proxies=(PARENT,))
    wording = packet.Wording({"demo": Phrasebook.load()}, LinkMaker("https://localhost", lambda: "k" * 64))
    visit = owed.visit
    with owed.house.store.transaction("demo") as tx:
        for number, phrase in ((NUMBER, "sms.confirmation"), (PARENT.phone, "sms.confirmation.packet")):
            plain = Message("m9", "sms", number, "sms.confirmation", ARGS, "en", NOON, "p1", "c0", "v1")
            assert wording(tx, owed.house.practice, visit, plain).phrase == phrase


@pytest.mark.parametrize(
    ("born", "state", "alone"),
    [
        (date(2009, 11, 1), "AL", True),  # 17, where whoever is 16 agrees by themselves
        (date(2012, 11, 1), "AL", False),
        (date(2009, 11, 1), "GA", False),
        (date(2008, 11, 1), "GA", True),
        (date(2019, 11, 1), "DC", False),  # at any age, by a law that thinks of nobody so small
        (date(2009, 11, 1), "CA", False),  # within limits only
        (date(2009, 11, 1), "??", False),
        (None, None, True),
    ],
)
def test_who_agrees_by_themselves_goes_by_the_law_of_where_they_are(
    born: date | None, state: str | None, alone: bool
) -> None:
    person = replace(WHO, date_of_birth=born, state=state)
    assert packet_whom.agrees(load_sample(), person, NOON) is alone


@pytest.mark.parametrize("what", ["deceased", "discharged", "in_hospital", "clinician_hold"])
def test_a_link_is_over_once_automation_stops_and_nobody_hands_papers_to_whoever_comes_no_more(
    what: Stop,
) -> None:
    owed = booked()
    token = owed.token
    with owed.house.store.transaction("demo") as tx:
        stop(tx, "p1", what, by="Kit Marlow", now=owed.house.clock.now())
    assert owed.looks(token).step == "over"
    owed.goes_to(VISIT_AT - timedelta(minutes=10))
    gone = what in ("deceased", "discharged")
    assert {task.kind for task in owed.tasks()} == (set() if gone else {"packet", "ai_notice"})


@pytest.mark.parametrize("how", ["by_person_only", "quiet", "stopped"])
def test_of_two_who_come_together_the_link_of_one_is_over_once_a_person_has_to_see_to_the_other(
    how: str,
) -> None:
    house = Linked(NOON)
    other = replace(WHO, id="p2", first_name="Barnaby", phone="+12125550155")
    with house.store.transaction("demo") as tx:
        for each in (WHO, other):
            tx.people.add(each)
        slot = Slot(VISIT_AT, 60, "mei_tan", Modality.IN_PERSON, "first_visit", "harbor_lane")
        visit = tx.schedule.book("v1", slot, ["p1", "p2"], "c0", NOON, "booked")
        assert visit is not None
        packet.owe(tx, house.practice, visit, NOON)
    house.pass_time(10)
    owed = Owed(house)
    tokens = [dict(each.args)["link"].rpartition("/")[2] for each in owed.messages()]
    assert len(tokens) == 2 and all(owed.looks(each).step == "cover" for each in tokens)
    with house.store.transaction("demo") as tx:
        if how == "by_person_only":
            tx.people.update(replace(other, by_person_only=True))
        elif how == "quiet":
            consent = Consent("c1", "p2", "contact", "any", False, NOON, "handoff.crisis.home", "c9")
            tx.consents.record(consent)
        else:
            stop(tx, "p2", "discharged", by="Kit Marlow", now=NOON)
        for person in ("p1", "p2"):
            packet.send_again(tx, house.practice, visit, person, house.clock.now())
    assert all(owed.looks(each).step == "over" for each in tokens)
    house.pass_time(3 * 24 * 3600)
    assert len(owed.messages()) == 2


def test_a_text_that_fails_goes_by_email_and_without_one_to_a_person() -> None:
    for email in ("r@mail.example", None):
        owed = booked(practice=replace(load_sample(), email="office@mail.example"), email=email)
        [text] = owed.messages()
        with owed.house.store.transaction("demo") as tx:
            notices.receipt(tx, owed.house.practice, text, "failed", "x1", owed.house.clock.now())
        owed.house.pass_time(3600)
        with owed.house.store.transaction("demo") as tx:
            went = [each.phrase for each in tx.outbox.recent() if each.status == "sent"]
            tasks = [task.kind for task in tx.tasks.list_open()]
            [sent] = packet_kept.sent(tx, "p1")
        assert (went, tasks) == ((["email.packet"], []) if email else ([], ["not_reached"]))
        assert (sent.channel, sent.status) == (("email", "sent") if email else ("sms", "failed"))
        visit, now = owed.visit, owed.house.clock.now()
        with owed.house.store.transaction("demo") as tx:
            was = packet_kept.was_sent(tx, owed.house.practice, visit, "p1", NUMBER, now)
        assert was is (email is not None)
