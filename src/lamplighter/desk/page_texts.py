"""A text to whoever is rung, by the practice's carrier: stored before it goes, like any other message of ours.

It says that somebody waits, and nothing of whom or why.
"""

from collections.abc import Mapping

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk import notices
from lamplighter.desk.context import stable_id
from lamplighter.desk.paging import PHRASE, TAKEN_PHRASE, TEST_PHRASE
from lamplighter.desk.ports import Carriers, Clock, Message, Records, Ring
from lamplighter.practice.model import Practice, PracticeId


class ByCarrier:
    """Pager. To people of the practice only, never a line or an answering service."""

    def __init__(
        self,
        records: Records,
        carriers: Carriers,
        practices: Mapping[PracticeId, Practice],
        phrasebooks: Mapping[PracticeId, Phrasebook],
        clock: Clock,
    ) -> None:
        self._records, self._carriers, self._clock = records, carriers, clock
        self._practices, self._phrasebooks = practices, phrasebooks

    def ring(self, ring: Ring) -> None:
        self._store(ring, "page", TEST_PHRASE if ring.test else PHRASE, {})

    def call_off(self, ring: Ring, by: str) -> None:
        self._store(ring, "taken", TAKEN_PHRASE, {"staff": by})

    def _store(self, ring: Ring, what: str, phrase: str, args: Mapping[str, str]) -> None:
        if ring.phone is None or ring.kind in ("line", "answering_service"):
            return
        practice = self._practices[ring.practice]
        locale = practice.languages_signed[0]
        if self._carriers.of(ring.practice) is None or not self._phrasebooks[ring.practice].has(
            locale, phrase
        ):
            return
        name = stable_id(what, ring.contact, ring.handoff, str(ring.step), ring.rung)
        said = tuple(sorted({"sender": practice.sender_name, **args}.items()))
        message = Message(name, "sms", ring.phone, phrase, said, locale, self._clock.now())
        with self._records.transaction(ring.practice) as tx:
            notices.enqueue(tx, message)
