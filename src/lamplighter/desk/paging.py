"""The ways in which somebody on the ladder is rung: the staff page, and a telephone or a text where there is one.

One way that fails keeps no other from ringing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lamplighter import logs
from lamplighter.desk.ports import Pager, Ring

log = logs.get(__name__)
PHRASE, TEST_PHRASE, TAKEN_PHRASE = "sms.page", "sms.page.test", "sms.page.taken"
LATE_PHRASE = "sms.page.late"


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
