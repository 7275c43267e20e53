"""A text to whoever is rung, by the practice's carrier: stored before it goes, like any other message of ours; where
nothing can be stored it goes all the same.

It says that somebody waits, and nothing of whom or why.
"""

from collections.abc import Mapping

from lamplighter import logs
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk import notices
from lamplighter.desk.context import stable_id
from lamplighter.desk.paging import LATE_PHRASE, PHRASE, TAKEN_PHRASE, TEST_PHRASE
from lamplighter.desk.ports import Carrier, Carriers, Clock, Message, Outgoing, Records, Ring
from lamplighter.practice.model import Practice, PracticeId

log = logs.get(__name__)


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
        self._store(ring, "page", TEST_PHRASE if ring.test else LATE_PHRASE if ring.late else PHRASE, {})

    def call_off(self, ring: Ring, by: str) -> None:
        self._store(ring, "taken", TAKEN_PHRASE, {"staff": by})

    def _store(self, ring: Ring, what: str, phrase: str, args: Mapping[str, str]) -> None:
        if ring.phone is None or ring.kind in ("line", "answering_service", "interpreter"):
            return
        practice = self._practices[ring.practice]
        locale = practice.languages_signed[0]
        carrier = self._carriers.of(ring.practice)
        if carrier is None or not self._phrasebooks[ring.practice].has(locale, phrase):
            return
        name = stable_id(what, ring.contact, ring.handoff, str(ring.step), ring.rung)
        said = tuple(sorted({"sender": practice.sender_name, **args}.items()))
        message = Message(name, "sms", ring.phone, phrase, said, locale, self._clock.now())
        try:
            with self._records.transaction(ring.practice) as tx:
                notices.enqueue(tx, message)
        except Exception:
            log.exception("page_not_stored", practice=ring.practice, contact=ring.contact)
            self._directly(ring, carrier, message)

    def _directly(self, ring: Ring, carrier: Carrier, message: Message) -> None:
        """Whoever waits can't wait for the store."""
        text = self._phrasebooks[ring.practice].render(message.locale, message.phrase, dict(message.args))
        number = next(iter(carrier.numbers), self._practices[ring.practice].phone)
        carrier.send(Outgoing(ring.practice, message.id, message.to, number, text, message.at))
