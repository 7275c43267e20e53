"""A stage on which somebody has a link to the page for a picture of their card, and pictures to send by it."""

import io
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from PIL import Image

from lamplighter.desk import plan_card_kept
from lamplighter.desk.links import CARD_PATH, LinkMaker
from lamplighter.desk.plan_card_acts import CardPages
from lamplighter.desk.plan_card_kept import Card
from lamplighter.desk.ports import Fact, Message, Task
from tests.channels.web.stage import PATIENTS, Stage

NORA, MATEO = PATIENTS[:2]


@cache
def picture(kind: str = "JPEG", size: tuple[int, int] = (860, 540), color: str = "teal") -> bytes:
    """With the place where it was taken, as telephones write it into their pictures."""
    drawn, taken = io.BytesIO(), Image.Exif()
    taken.get_ifd(0x8825)[1] = "N"
    taken[0x010E] = "taken at Harbor Lane"
    if kind == "JPEG":
        taken[0x0112] = 6  # held upright: to be turned
    Image.new("RGB", size, color).save(drawn, kind, exif=taken)
    return drawn.getvalue()


@dataclass
class Carding:
    stage: Stage = field(default_factory=Stage)
    language: str = "en"

    def __post_init__(self) -> None:
        self.path = self.linked(NORA.number)

    def linked(self, person: str, message: str = "m1") -> str:
        """The path of a link for this person."""
        stage, now = self.stage, self.stage.clock.now()
        maker = LinkMaker("http://localhost", lambda: "k" * 64)
        with stage.records.transaction(stage.practice.id) as tx:
            sent = Message(message, "sms", person, "sms.plan_card", (), self.language, now, person)
            url = maker.card_url(tx, stage.practice, sent)
        assert url is not None
        return CARD_PATH + url.rpartition("/")[2]

    def public(self) -> Any:
        return self.stage.public(cards=CardPages(self.stage.records, self.stage.practices, self.stage.clock))

    def card(self, person: str = NORA.number) -> Card | None:
        with self.stage.records.transaction(self.stage.practice.id) as tx:
            return plan_card_kept.of(tx, person)

    def kept(self, person: str = NORA.number) -> list[bytes]:
        card = self.card(person)
        with self.stage.records.transaction(self.stage.practice.id) as tx:
            found = [tx.pictures.get(each) for each in card.pictures] if card else []
        return [each for each in found if each is not None]

    def tasks(self) -> list[Task]:
        with self.stage.records.transaction(self.stage.practice.id) as tx:
            return list(tx.tasks.list_open())

    def facts(self) -> list[Fact]:
        with self.stage.records.transaction(self.stage.practice.id) as tx:
            return [*tx.facts.standing("card_sent"), *tx.facts.standing("link_over")]
