"""What somebody has done is theirs alone: whoever gives a patient's name and birth date learns and changes nothing."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.slots import Slot
from lamplighter.desk import packet, packet_kept
from lamplighter.desk.links import LinkMaker
from lamplighter.desk.ports import Message, Visit
from lamplighter.practice import packet as papers
from lamplighter.practice.model import Modality
from tests.desk.gate.threads import WHO
from tests.desk.packet.scene import VISIT_AT, Owed, booked
from tests.desk.packet.test_packet import ARGS
from tests.promises.desks import NOON

STRANGER = replace(WHO, id="p2", phone="+12125550177", perhaps="p1")
MAKER = LinkMaker("https://localhost", lambda: "k" * 64)


def a_stranger_books(owed: Owed) -> Visit:
    with owed.house.store.transaction("demo") as tx:
        tx.people.add(STRANGER)
        start = VISIT_AT + timedelta(days=1)
        slot = Slot(start, 60, "mei_tan", Modality.IN_PERSON, "first_visit", "harbor_lane")
        visit = tx.schedule.book("v2", slot, ["p2"], "c1", NOON, "booked")
        assert visit is not None
    return visit


def do_all(owed: Owed, person: str) -> None:
    practice = owed.house.practice
    with owed.house.store.transaction("demo") as tx:
        for piece in practice.packet.pieces:
            paper = papers.paper(practice, piece, "en")
            assert paper is not None
            packet_kept.mark(tx, practice, person, paper, "agreed", now=NOON, via=f"link/{person}")


def missing(owed: Owed, visit: Visit, person: str) -> list[str]:
    with owed.house.store.transaction("demo") as tx:
        return [each.id for each in packet_kept.missing(tx, owed.house.practice, visit, person)]


def confirmed(owed: Owed, visit: Visit) -> Message:
    message = Message(
        "m9", "sms", str(STRANGER.phone), "sms.confirmation", ARGS, "en", NOON, "p2", "c1", "v2"
    )
    with owed.house.store.transaction("demo") as tx:
        return packet.Wording({"demo": Phrasebook.load()}, MAKER)(tx, owed.house.practice, visit, message)


@pytest.mark.parametrize("patient_is_done", [True, False])
def test_prv_06_who_books_under_a_patients_name_is_written_to_alike_whatever_the_patient_has_done(
    patient_is_done: bool,
) -> None:
    owed: Any = booked()
    if patient_is_done:
        do_all(owed, "p1")
    visit = a_stranger_books(owed)
    assert confirmed(owed, visit).phrase == "sms.confirmation.packet"
    assert missing(owed, visit, "p2") == ["ai_notice", "policies", "fees", "releases"]


def test_what_a_stranger_agrees_to_under_a_patients_name_stands_for_nothing_of_the_patients() -> None:
    owed = booked()
    a_stranger_books(owed)
    with owed.house.store.transaction("demo") as tx:
        visit = tx.schedule.visit("v1")
    assert visit is not None
    before = missing(owed, visit, "p1")
    do_all(owed, "p2")
    assert missing(owed, visit, "p1") == before != []
