"""A stage on which somebody has a visit, and a link to it on their telephone."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from lamplighter.conversation.slots import Slot
from lamplighter.desk.contacts import Line
from lamplighter.desk.link_acts import LinkPages
from lamplighter.desk.links import PATH, LinkMaker
from lamplighter.desk.ports import Message, Visit
from lamplighter.practice.model import Modality
from tests.channels.web.stage import PATIENTS, Stage, talk

NORA = PATIENTS[0]
START = datetime(2026, 12, 3, 19, 0, tzinfo=UTC)  # a Thursday, two in the afternoon in New York


@dataclass
class Visiting:
    stage: Stage
    language: str = "en"
    start: datetime = START

    def __post_init__(self) -> None:
        stage, now = self.stage, self.stage.clock.now()
        slot = Slot(self.start, 50, "mei_tan", Modality.IN_PERSON, "follow_up", "harbor_lane")
        maker = LinkMaker("http://localhost", lambda: "k" * 64)
        with stage.records.transaction(stage.practice.id) as tx:
            visit = tx.schedule.book("v1", slot, [NORA.number], "c0", now, "booked")
            assert visit is not None
            message = Message(
                "m1", "sms", NORA.number, "sms.reminder.link", (), self.language, now, NORA.number
            )
            url = maker.url(tx, stage.practice, replace(message, visit="v1"), visit)
        assert url is not None
        self.path = PATH + url.rpartition("/")[2]

    @property
    def links(self) -> LinkPages:
        lines = {each.id: Line(talk(each), "0" * 64) for each in self.stage.practices.values()}
        return LinkPages(self.stage.records, lines, self.stage.clock, self.stage.feed, lambda: "246810")

    def public(self) -> Any:
        return self.stage.public(links=self.links)

    @property
    def visit(self) -> Visit:
        with self.stage.records.transaction(self.stage.practice.id) as tx:
            found = tx.schedule.visit("v1")
        assert found is not None
        return found
