"""The ways in which somebody on the ladder is rung: the staff page, and a telephone or a text where there is one.

One way that fails keeps no other from ringing. A text says that somebody waits, and nothing of whom or why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lamplighter import logs
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import Messenger, Pager, Ring
from lamplighter.practice.model import Practice, PracticeId

log = logs.get(__name__)
PHRASE, TEST_PHRASE, TAKEN_PHRASE = "sms.page", "sms.page.test", "sms.page.taken"


class NobodyRung(ConnectionError):
    """Every way of ringing this rung failed."""


class EveryWay:
    """Rings in all ways at once. Raises NobodyRung when none of them rang."""

    def __init__(self, ways: Sequence[Pager]) -> None:
        self._ways = tuple(ways)

    def ring(self, ring: Ring) -> None:
        rang = 0
        for way in self._ways:
            try:
                way.ring(ring)
                rang += 1
            except Exception:
                log.exception("one_way_of_ringing_failed", practice=ring.practice, contact=ring.contact)
        if not rang:
            raise NobodyRung("nobody could be rung in any way")

    def call_off(self, ring: Ring, by: str) -> None:
        for way in self._ways:
            try:
                way.call_off(ring, by)
            except Exception:
                log.exception("one_way_of_calling_off_failed", practice=ring.practice, contact=ring.contact)


class ByText:
    """A neutral text to the rung's own number: people of the practice only, never a line or an answering service."""

    def __init__(
        self,
        messenger: Messenger,
        practices: Mapping[PracticeId, Practice],
        phrasebooks: Mapping[PracticeId, Phrasebook],
    ) -> None:
        self._messenger, self._practices, self._phrasebooks = messenger, practices, phrasebooks

    def ring(self, ring: Ring) -> None:
        self._send(ring, "page", TEST_PHRASE if ring.test else PHRASE, {})

    def call_off(self, ring: Ring, by: str) -> None:
        self._send(ring, "taken", TAKEN_PHRASE, {"staff": by})

    def _send(self, ring: Ring, what: str, phrase: str, args: Mapping[str, str]) -> None:
        if ring.phone is None or ring.kind in ("line", "answering_service"):
            return
        practice = self._practices[ring.practice]
        book, locale = self._phrasebooks[ring.practice], practice.languages_signed[0]
        if not book.has(locale, phrase):
            return
        text = book.render(locale, phrase, {"sender": practice.sender_name, **args})
        name = stable_id(what, ring.contact, ring.handoff, str(ring.step), ring.rung)
        self._messenger.send(name, "sms", ring.phone, practice.sender_name, text)


@dataclass(slots=True)
class LoudPager:
    """Rings nobody: it keeps every ring in memory and says so in the log. For trying things out."""

    rings: list[Ring] = field(default_factory=list)

    def ring(self, ring: Ring) -> None:
        log.warning("ringing_is_simulated", practice=ring.practice, contact=ring.contact, route=ring.route)
        self.rings.append(ring)

    def call_off(self, ring: Ring, by: str) -> None:
        log.warning(
            "calling_off_is_simulated", practice=ring.practice, contact=ring.contact, route=ring.route
        )
        self.rings = [each for each in self.rings if each != ring]
