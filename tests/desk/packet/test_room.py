"""A reminder of a visit comes first: whatever went out to somebody before, no word about papers takes its place."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from lamplighter.conversation.slots import Slot
from lamplighter.desk import packet, reminders
from lamplighter.desk.ports import Message
from lamplighter.practice.model import Modality, Packet, Reminders
from lamplighter.practice.sample import load_sample
from tests.desk.gate.threads import NUMBER, WHO
from tests.desk.links.scene import Linked
from tests.promises.desks import NOON

SAMPLE = load_sample()


def gone(house: Linked, name: str, at: datetime) -> None:
    """Something else that they did not just ask for."""
    with house.store.transaction("demo") as tx:
        tx.outbox.add(Message(name, "sms", NUMBER, "sms.missed", (), "en", at, "p1"))
        tx.outbox.advance(name, "sent", at=at)


def reminded(*, lead: int, others: list[int], hours: list[int], papers: bool) -> list[str]:
    """The reminders of the visit that went, where it is booked `lead` days before and others went `others` days
    before."""
    given = replace(SAMPLE, reminders=Reminders(hours=tuple(hours)))
    house = Linked(NOON, practice=given if papers else replace(given, packet=Packet()))
    start = NOON + timedelta(days=lead, hours=3)
    coming = sorted(start - timedelta(days=days, hours=2) for days in others)
    with house.store.transaction("demo") as tx:
        tx.people.add(WHO)
    for number, at in enumerate(at for at in coming if at <= NOON):
        gone(house, f"before{number}", at)
    with house.store.transaction("demo") as tx:
        slot = Slot(start, 60, "mei_tan", Modality.IN_PERSON, "first_visit", "harbor_lane")
        visit = tx.schedule.book("v1", slot, ["p1"], "c0", NOON, "booked")
        assert visit is not None
        reminders.plan_for_all(tx, house.practice, visit, NOON)
        packet.owe(tx, house.practice, visit, NOON)
    for number, at in enumerate(at for at in coming if at > NOON):
        house.pass_time((at - house.clock.now()).total_seconds())
        gone(house, f"after{number}", at)
    house.pass_time((start - house.clock.now()).total_seconds())
    with house.store.transaction("demo") as tx:
        sent = [each for each in tx.outbox.recent(200) if each.status == "sent"]
    return sorted(each.id for each in sent if "reminder" in each.phrase)


@settings(max_examples=5, deadline=None)
@given(
    st.sampled_from([4, 14]),
    st.lists(st.integers(5, 9), max_size=2, unique=True),
    st.lists(st.sampled_from([24, 48, 72, 96]), min_size=1, max_size=3, unique=True),
)
@example(14, [5], [48, 24])
@example(4, [5], [48, 24])
def test_the_same_reminders_of_a_visit_go_with_papers_to_read_and_without(
    lead: int, others: list[int], hours: list[int]
) -> None:
    with_papers, without = (
        reminded(lead=lead, others=others, hours=hours, papers=papers) for papers in (True, False)
    )
    assert with_papers == without
