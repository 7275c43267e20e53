"""What whoever opened the link to the practice's papers does by it: a paper at a time, each in one transaction.

The link is not used up, since they come back to finish. Looking changes nothing: what opens links of itself sees a
first page with one button, and no paper is open behind it until that is pressed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from lamplighter.desk import links, packet_done, packet_kept, packet_whom, stopping
from lamplighter.desk.links import Link
from lamplighter.desk.packet_done import How
from lamplighter.desk.ports import Clock, Records, Transaction, Visit
from lamplighter.practice import packet
from lamplighter.practice.model import Practice, PracticeId
from lamplighter.practice.packet import Paper

Step = Literal["cover", "papers", "over"]
STANDS: Final = ("booked", "confirmed", "held_for_office")


@dataclass(frozen=True, slots=True)
class PaperShown:
    paper: Paper
    done: bool


@dataclass(frozen=True, slots=True)
class PacketShown:
    """What the page shows. `untold`: the paper that was to be agreed to without its box being ticked."""

    step: Step
    locale: str | None = None
    papers: tuple[PaperShown, ...] = ()
    draft: bool = False
    untold: str | None = None
    missing: frozenset[str] = frozenset()

    @property
    def wanted(self) -> tuple[PaperShown, ...]:
        return tuple(each for each in self.papers if each.paper.asks != "optional")

    @property
    def ready(self) -> int:
        return len(self.wanted) - len(self.missing)

    @property
    def is_done(self) -> bool:
        return not self.missing

    @property
    def next(self) -> str | None:
        """Where to go on."""
        return next((each.paper.id for each in self.wanted if each.paper.id in self.missing), None)


OVER: Final = PacketShown("over")


@dataclass(frozen=True, slots=True)
class _Open:
    """A link that may be used, and the visit that it is for."""

    practice: Practice
    link: Link
    visit: Visit
    about: str

    def locale(self, lang: str) -> str:
        return packet.locale_for(self.practice, lang, self.link.locale)


class PacketPages:
    """The papers of every practice that is answered. Safe to call from several threads."""

    def __init__(self, records: Records, practices: Mapping[PracticeId, Practice], clock: Clock) -> None:
        self._records, self._practices, self._clock = records, practices, clock

    def look(self, practice: PracticeId, token: str, lang: str = "") -> PacketShown:
        """Changes nothing."""
        with self._records.transaction(practice) as tx:
            found = self._found(tx, practice, token)
            return _shown(tx, found, lang) if isinstance(found, _Open) else found

    def open(self, practice: PracticeId, token: str, lang: str = "") -> PacketShown:
        with self._records.transaction(practice) as tx:
            found = self._found(tx, practice, token)
            if not isinstance(found, _Open):
                return found
            packet_kept.note_opened(tx, found.link.person, found.about, self._clock.now())
            return _shown(tx, found, lang)

    def do(
        self, practice: PracticeId, token: str, piece: str, digest: str, *, ticked: bool, lang: str = ""
    ) -> PacketShown:
        """`digest` is that of the words which they had before them: other words than those are not agreed to."""
        with self._records.transaction(practice) as tx:
            found = self._found(tx, practice, token)
            if not isinstance(found, _Open):
                return found
            packet_kept.note_opened(tx, found.link.person, found.about, self._clock.now())
            read = _paper_of(found, piece, digest)
            if read is None:
                return _shown(tx, found, lang)
            if read.asks != "read" and not ticked:
                return _shown(tx, found, lang, untold=read.id)
            how: How = "read" if read.asks == "read" else "agreed"
            now, person = self._clock.now(), found.link.person
            packet_kept.mark(tx, found.practice, person, read, how, now=now, via=found.about)
            return _shown(tx, found, lang)

    def _found(self, tx: Transaction, practice_id: PracticeId, token: str) -> _Open | PacketShown:
        link = links.read(tx, token, links.OF_PAPERS)
        if link is None:
            return OVER
        visit = tx.schedule.visit(link.visit)
        practice = self._practices[practice_id]
        if visit is None or not self._may(tx, practice, link, visit):
            return PacketShown("over", link.locale)
        return _Open(practice, link, visit, links.about(token))

    def _may(self, tx: Transaction, practice: Practice, link: Link, visit: Visit) -> bool:
        """Until the visit begins, whenever that is by now, or the link is too old; for this person, where whoever
        agrees for them is reached."""
        person, now = tx.people.get(link.person), self._clock.now()
        if person is None or visit.status not in STANDS or now >= min(visit.slot.start, link.until):
            return False
        if person.id not in visit.participants:
            return False
        if link.to not in packet_whom.reached_at(practice, person, now):
            return False
        stopped = any(stopping.of(tx, each) for each in visit.participants)
        return not stopped and not links.left_to_a_person(tx, visit)


def _paper_of(found: _Open, piece: str, digest: str) -> Paper | None:
    practice = found.practice
    papers = (
        packet.paper(practice, each, locale)
        for each in packet_kept.for_visit(practice, found.visit)
        if each.id == piece
        for locale in packet.locales(practice)
    )
    return next((each for each in papers if each is not None and each.digest == digest), None)


def _shown(tx: Transaction, found: _Open, lang: str, *, untold: str | None = None) -> PacketShown:
    practice, person, locale = found.practice, found.link.person, found.locale(lang)
    have = packet_done.done(tx, practice, person)
    papers = tuple(
        PaperShown(paper, piece.id in have)
        for piece in packet_kept.for_visit(practice, found.visit)
        if (paper := packet.paper(practice, piece, locale)) is not None
    )
    step: Step = "papers" if packet_kept.opened(tx, person, found.about) else "cover"
    draft = practice.packet.words[locale].status == "draft"
    missing = {piece.id for piece in packet_kept.missing(tx, practice, found.visit, person)}
    return PacketShown(step, locale, papers, draft, untold, frozenset(missing))
