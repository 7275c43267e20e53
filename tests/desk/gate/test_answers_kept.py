"""An answer to a text of ours is kept by a store on disk as it is in memory, over a restart too."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from lamplighter.channels.sms.inbound import Inbound
from lamplighter.conversation.slots import Slot
from lamplighter.conversation.state import fold
from lamplighter.desk import opting_out
from lamplighter.desk.ports import Message
from lamplighter.practice.model import Modality
from lamplighter.records.opening import open_sqlite
from tests.desk.gate.threads import NUMBER, WHO
from tests.promises.desks import NOON, House
from tests.records.stores import KEYS, TestClock


def test_a_letter_and_a_stop_survive_the_process_that_heard_them_and_the_person_who_said_them(
    tmp_path: Path,
) -> None:
    records = open_sqlite(tmp_path / "records.db", KEYS, TestClock(NOON))
    with records.transaction("demo") as tx:
        tx.people.add(replace(WHO, language="es"))
        slot = Slot(NOON + timedelta(days=1), 50, "mei_tan", Modality.IN_PERSON, "follow_up", "harbor_lane")
        tx.schedule.book("v1", slot, ["p1"], "c0", NOON, "booked")
        tx.outbox.add(Message("m1", "sms", NUMBER, "sms.reminder", (), "es", NOON, "p1", visit="v1"))
        tx.outbox.advance("m1", "sending", at=NOON)
    house = House(NOON, store=records)
    inbound = Inbound(house.desk.contacts, records)
    for number, words in enumerate(("C", "STOP", "R", "la primera", "no conozco a nadie con ese nombre")):
        reply = inbound.take("demo", dialled="+12125550100", sender=NUMBER, text=words, inbound=f"t{number}")
    records.close()

    again = open_sqlite(tmp_path / "records.db", KEYS, TestClock(NOON))
    with again.transaction("demo") as tx:
        state = fold(tx.log.read(reply.contact))
        visit, person = tx.schedule.visit("v1"), tx.people.get("p1")
        assert visit is not None and visit.slot.start != slot.start
        assert person is not None and person.phone is None
        assert opting_out.what_of(tx, NUMBER) == {"everything"}
        tx.people.forget("p1")
        assert opting_out.what_of(tx, NUMBER) == {"everything"}
        kinds = {task.kind for task in tx.tasks.list_open()}
    again.close()
    assert state.locale == "es" and "not_theirs" in kinds
    assert {"sms.confirmed", "sms.stopped", "moved.plain", "sms.unlinked"} <= set(state.phrases_said)
