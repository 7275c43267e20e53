"""Somebody who books a first visit by telephone, and the link to the practice's papers on theirs."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from lamplighter.conversation.slots import Slot
from lamplighter.desk import packet, packet_kept, reminders
from lamplighter.desk.links import PACKET_PATH
from lamplighter.desk.packet_acts import PacketShown
from lamplighter.desk.ports import Fact, Message, Task, Visit
from lamplighter.practice.model import Modality
from tests.desk.gate.threads import WHO
from tests.desk.links.scene import Linked
from tests.desk.test_change_of_mind import booked as a_booking
from tests.promises.desks import NOON, Call, House


@dataclass
class Owed:
    """Their telephone, and the desk behind it."""

    house: House
    call: Call | None = None

    @property
    def visit(self) -> Visit:
        with self.house.store.transaction("demo") as tx:
            [found] = tx.schedule.visits_between(NOON, NOON + timedelta(days=90))
        return found

    @property
    def person(self) -> str:
        return self.visit.participants[0]

    def messages(self, *phrases: str) -> list[Message]:
        """What went out about papers, or of these phrases; the first one first."""
        with self.house.store.transaction("demo") as tx:
            found = [each for each in tx.outbox.recent(200) if each.status == "sent"]
        wanted = [each for each in found if (each.phrase in phrases if phrases else "packet" in each.phrase)]
        return sorted(wanted, key=lambda each: each.at)

    @property
    def token(self) -> str:
        """Of the newest link."""
        return dict(self.messages()[-1].args)["link"].rpartition(PACKET_PATH)[2]

    def looks(self, token: str | None = None) -> PacketShown:
        return self.house.desk.papers.look("demo", token or self.token)

    def opens(self, token: str | None = None) -> PacketShown:
        return self.house.desk.papers.open("demo", token or self.token)

    def does(
        self, piece: str, *, ticked: bool = True, lang: str = "", token: str | None = None
    ) -> PacketShown:
        shown = self.house.desk.papers.look("demo", token or self.token, lang)
        digest = next((each.paper.digest for each in shown.papers if each.paper.id == piece), "")
        return self.house.desk.papers.do("demo", token or self.token, piece, digest, ticked=ticked, lang=lang)

    def does_all(self, *but: str) -> None:
        self.opens()
        for each in self.looks().wanted:
            if each.paper.id not in but:
                self.does(each.paper.id)

    def facts(self, kind: Any) -> list[Fact]:
        with self.house.store.transaction("demo") as tx:
            return list(tx.facts.standing(kind))

    def tasks(self) -> list[Task]:
        with self.house.store.transaction("demo") as tx:
            return [task for task in tx.tasks.list_open() if task.kind in ("packet", "ai_notice")]

    def missing(self, practice: Any = None) -> list[str]:
        visit = self.visit
        with self.house.store.transaction("demo") as tx:
            found = packet_kept.missing(tx, practice or self.house.practice, visit, visit.participants[0])
        return [each.id for each in found]

    def goes_to(self, moment: datetime) -> None:
        self.house.pass_time((moment - self.house.clock.now()).total_seconds())


VISIT_AT = NOON + timedelta(days=14, hours=3)  # a Tuesday, three in the afternoon in New York


def booked(
    *,
    linked: bool = True,
    practice: Any = None,
    modality: Modality = Modality.IN_PERSON,
    **person: Any,
) -> Owed:
    """A first visit in two weeks, as it stands after its transaction."""
    house = (Linked if linked else House)(NOON, practice=practice)
    with house.store.transaction("demo") as tx:
        tx.people.add(replace(WHO, **person))
        slot = Slot(VISIT_AT, 60, "mei_tan", modality, "first_visit", "harbor_lane")
        visit = tx.schedule.book("v1", slot, [WHO.id], "c0", NOON, "booked")
        assert visit is not None
        reminders.plan_for_all(tx, house.practice, visit, NOON)
        packet.owe(tx, house.practice, visit, NOON)
    house.pass_time(10)
    return Owed(house)


def by_telephone(**said: str) -> Owed:
    """The same, by what was said."""
    call = a_booking("voice", house=Linked(NOON), **said)
    call.house.pass_time(10)
    return Owed(call.house, call)
