"""A practice with several numbers writes to each person from the one that they know."""

from datetime import timedelta

from lamplighter.conversation.events import Opened
from lamplighter.desk.carrying import number_for
from lamplighter.desk.ports import Message
from tests.promises.desks import CALLER, House

POOL = ("+12125550100", "+12125550101", "+12125550102")


def message(house: House, name: str = "m1", **more: str) -> Message:
    return Message(name, "sms", CALLER, "sms.reminder", (), "en", house.clock.now(), **more)  # type: ignore[arg-type]


def test_whoever_wrote_to_one_of_them_is_answered_from_it() -> None:
    house = House()
    for number in POOL:
        with house.store.transaction("demo") as tx:
            opened = Opened("sms", number, "en", CALLER)
            tx.log.append(f"c{number}", (opened,), expected=0, at=house.clock.now(), protocol_hash="")
            assert number_for(tx, message(house, contact=f"c{number}"), POOL, house.clock.now()) == number


def test_whoever_was_written_to_before_hears_from_the_same_number_while_it_is_ours() -> None:
    house = House()
    with house.store.transaction("demo") as tx:
        tx.outbox.add(message(house, "earlier", person="p1"))
        tx.outbox.hand_over("earlier", at=house.clock.now(), sent_from=POOL[1])
        later = house.clock.now() + timedelta(days=200)
        assert number_for(tx, message(house, person="p1"), POOL, later) == POOL[1]
        assert number_for(tx, message(house, person="p1"), POOL[:1], later) == POOL[0]


def test_a_number_more_in_the_pool_changes_it_for_nobody_who_stays_with_an_old_one() -> None:
    house = House()
    with house.store.transaction("demo") as tx:
        people = [f"+1212555{n:04}" for n in range(100, 200)]
        now = house.clock.now()

        def chosen(pool: tuple[str, ...]) -> list[str]:
            return [number_for(tx, Message("m", "sms", to, "x", (), "en", now), pool, now) for to in people]

        before, after = chosen(POOL[:2]), chosen(POOL)
    assert set(before) == set(POOL[:2])
    assert all(new in (old, POOL[2]) for old, new in zip(before, after, strict=True))
