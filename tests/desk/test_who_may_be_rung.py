"""What did not arrive is a person's to give, and nobody is told to ring somebody who must not be rung."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from lamplighter.desk import gate, notices, preferences, stopping
from lamplighter.desk.ports import Outgoing, Taken, Transaction
from lamplighter.desk.preferences import Preferences
from tests.channels.sms.carriers.stage import CarriedHouse
from tests.desk.gate.test_the_gate import WHO, house_with, message
from tests.desk.gate.threads import NUMBER, Thread
from tests.promises.desks import NOON, House


@dataclass
class Away:
    """A carrier that takes nothing."""

    numbers: tuple[str, ...] = ("+12125550100",)
    settles: timedelta = timedelta(minutes=1)
    asked_to_send: list[Outgoing] = field(default_factory=list)

    def send(self, message: Outgoing) -> Taken:
        self.asked_to_send.append(message)
        raise ConnectionError("nobody answers")

    def ask(self, message: Outgoing, others: object) -> None:
        return None


def not_reached(house: House) -> list[Any]:
    with house.store.transaction("demo") as tx:
        return [task for task in tx.tasks.list_open() if task.kind == "not_reached"]


def do_not_contact(tx: Transaction) -> None:
    preferences.state(tx, "p1", Preferences(do_not_contact=True), by="a1", now=NOON)


def deceased(tx: Transaction) -> None:
    stopping.stop(tx, "p1", "deceased", by="a1", now=NOON)


def cancelled(tx: Transaction) -> None:
    tx.schedule.set_status("v1", "cancelled")


@pytest.mark.parametrize("meanwhile", [do_not_contact, deceased, cancelled])
def test_what_the_gate_refuses_after_a_carrier_took_nothing_tells_nobody_to_ring(
    meanwhile: Callable[[Transaction], None],
) -> None:
    house = house_with()
    with house.store.transaction("demo") as tx:
        notices.enqueue(tx, message(house))
        tx.outbox.advance("m1", "sending", at=NOON)
        meanwhile(tx)
    house.pass_time(60)
    with house.store.transaction("demo") as tx:
        assert tx.outbox.get("m1").status == "failed"
    assert not_reached(house) == []


def test_a_reminder_that_a_carrier_took_too_late_is_still_a_persons_to_give() -> None:
    house = house_with()
    with house.store.transaction("demo") as tx:
        notices.enqueue(tx, message(house))
        tx.outbox.advance("m1", "sending", at=NOON)
    house.clock.move_to(NOON + timedelta(days=3, hours=-1))
    house.pass_time(1)
    assert [task.person for task in not_reached(house)] == ["p1"]


def test_a_receipt_that_comes_after_they_asked_for_no_contact_tells_nobody_to_ring() -> None:
    house = house_with()
    with house.store.transaction("demo") as tx:
        tx.outbox.add(message(house))
        tx.outbox.advance("m1", "sent", at=NOON)
        do_not_contact(tx)
        notices.receipt(tx, house.practice, tx.outbox.get("m1"), "failed", "SM1", NOON)
    assert not_reached(house) == []


@pytest.mark.parametrize("tried", [False, True])
@pytest.mark.parametrize(("wish", "rings"), [(None, [NUMBER]), (do_not_contact, [])])
def test_an_answer_that_waited_too_long_has_failed_and_a_person_gives_it(
    tried: bool, wish: Callable[[Transaction], None] | None, rings: list[str]
) -> None:
    house = CarriedHouse(Away())
    with house.store.transaction("demo") as tx:
        tx.people.add(WHO)
        if wish is not None:
            wish(tx)
    Thread(house).writes("what are your hours?")
    if tried:
        house.pass_time(10)
    house.clock.move_to(NOON + gate.A_REPLY_FOR + timedelta(minutes=5))
    house.pass_time(1)
    with house.store.transaction("demo") as tx:
        assert {(each.status, each.why) for each in tx.outbox.recent()} == {("failed", "too_late")}
    assert [dict(task.details)["phone"] for task in not_reached(house)] == rings
    assert bool(house.carriers.carrier.asked_to_send) == tried  # type: ignore[attr-defined]
