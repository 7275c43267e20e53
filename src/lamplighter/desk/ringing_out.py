"""What is dialled and said to ring somebody on the ladder by the practice's own telephone line.

Nobody is dialled but whom the ladder would ring now. Who waits, and on which route, is said once a person has pressed a
key: a mailbox hears neither. An answering service, which is another company, hears no name. Nothing of what was said is
told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.state import State, fold
from lamplighter.desk.card import known_as
from lamplighter.desk.ports import Clock, Records, Ring, Transaction
from lamplighter.desk.rungs import rungs_for
from lamplighter.practice.model import Practice, PracticeId

GATE, WHO, SERVICE, TAKEN, GONE = (f"whisper.{each}" for each in ("gate", "who", "service", "taken", "gone"))
LINE: Final = "line"
LONGEST: Final = 25.0  # seconds that a telephone rings: a mailbox takes the call later


@dataclass(frozen=True, slots=True)
class RungCall:
    """Whom to dial (E.164), for how many seconds, and the words, in `locale`."""

    phone: str
    seconds: float
    locale: str
    gate: str
    who: str
    taken: str
    gone: str


@dataclass(frozen=True, slots=True)
class RingingOut:
    records: Records
    practices: Mapping[PracticeId, Practice]
    phrasebooks: Mapping[PracticeId, Phrasebook]
    clock: Clock

    def call_for(self, ring: Ring) -> RungCall | None:
        """None where this ring is not to be dialled: nobody waits any more, it is a test, there is no number, it is not
        on the ladder as it stands or is our own number, or the practice has not signed the words. A line has none."""
        practice = self.practices[ring.practice]
        if ring.test or ring.late or not (ring.kind == LINE or self._has_words(practice)):
            return None
        with self.records.transaction(ring.practice) as tx:
            state = fold(tx.log.read(ring.contact))
            phone = self._phone(tx, practice, state, ring)
            caller = known_as(tx, state)
        if phone is None:
            return None
        seconds = min(LONGEST, practice.ladder.seconds)
        words = ("", "", "", "") if ring.kind == LINE else self._words(practice, ring, caller or "none")
        return RungCall(phone, seconds, practice.languages_signed[0], *words)

    def _has_words(self, practice: Practice) -> bool:
        book, locale = self.phrasebooks[practice.id], practice.languages_signed[0]
        return all(book.has(locale, each) for each in (GATE, WHO, SERVICE, TAKEN, GONE))

    def _words(self, practice: Practice, ring: Ring, caller: str) -> tuple[str, str, str, str]:
        book, locale = self.phrasebooks[practice.id], practice.languages_signed[0]

        def words(phrase: str, **args: str) -> str:
            return book.render(locale, phrase, args, spoken=True)

        outside = ring.kind == "answering_service"
        who = words(SERVICE, route=ring.route) if outside else words(WHO, caller=caller, route=ring.route)
        return words(GATE, practice=practice.name), who, words(TAKEN), words(GONE)

    def _phone(self, tx: Transaction, practice: Practice, state: State, ring: Ring) -> str | None:
        handoff = state.handoff
        if (
            handoff is None
            or str(handoff.seq) != ring.handoff
            or handoff.status not in ("ringing", "promised")
        ):
            return None
        listed = rungs_for(tx, practice, state, self.clock.now())
        if ring.phone in practice.numbers:  # we would ring ourselves
            return None
        return next(
            (each.phone for each in listed if each.id == ring.rung and each.phone == ring.phone), None
        )
