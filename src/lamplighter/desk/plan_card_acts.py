"""What whoever opened the link for a picture of an insurance card does by it: sends the front and, where they like, the
back; once. Both are kept in one transaction, or neither is. Looking changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from lamplighter.desk import links, plan_card_kept
from lamplighter.desk.links import Link
from lamplighter.desk.ports import Clock, Records, Transaction
from lamplighter.practice.model import Practice, PracticeId


@dataclass(frozen=True, slots=True)
class CardShown:
    """What the page shows; "kept": it has come. `days`: how long it is kept at most."""

    step: Literal["first", "kept", "over"]
    locale: str | None = None
    days: int = 0


OVER: Final = CardShown("over")


class CardPages:
    """The links of every practice that is answered. Safe to call from several threads."""

    def __init__(self, records: Records, practices: Mapping[PracticeId, Practice], clock: Clock) -> None:
        self._records, self._practices, self._clock = records, practices, clock

    def look(self, practice: PracticeId, token: str) -> CardShown:
        """Changes nothing."""
        with self._records.transaction(practice) as tx:
            return self._shown(tx, token, links.read(tx, token, links.OF_CARDS))

    def keep(self, practice: PracticeId, token: str, pictures: tuple[bytes, ...]) -> CardShown:
        """One or two pictures that were readied. Of several that come by a link at once the first is kept."""
        with self._records.transaction(practice) as tx:
            link = links.read(tx, token, links.OF_CARDS)
            shown = self._shown(tx, token, link)
            if link is None or shown.step != "first":
                return shown
            now, about = self._clock.now(), links.about(token)
            plan_card_kept.keep(tx, self._practices[practice], link.person, about, pictures, now)
            links.spend(tx, token, link, "card", "", now)
            return self._shown(tx, token, link)

    def _shown(self, tx: Transaction, token: str, link: Link | None) -> CardShown:
        """Of a link that was used nobody learns more than that, until its own time is over."""
        if link is None:
            return OVER
        person = tx.people.get(link.person)
        theirs = person is not None and link.to in (person.phone, person.email)
        if not theirs or self._clock.now() >= link.until:
            return CardShown("over", link.locale)
        step: Literal["first", "kept"] = "kept" if links.how_spent(tx, token) is not None else "first"
        return CardShown(step, link.locale, self._practices[tx.practice].eligibility.card_days)
