"""Every read of a person stands in the ledger: who, what and when, without what was read.

A desk looks at its page all day. So a person or contact that is listed on it counts once a session, a contact that
is opened in full counts whenever somebody opens it anew, and what the page redraws by itself counts no more.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from lamplighter.console.access import Session
from lamplighter.conversation.state import fold
from lamplighter.desk.card import break_glass, may_look
from lamplighter.desk.contacts import NoSuchContact
from lamplighter.desk.ports import Clock, Records
from lamplighter.practice.model import Practice


@dataclass(frozen=True, slots=True)
class Reading:
    practice: Practice
    records: Records
    clock: Clock

    def listed(self, session: Session, about: Iterable[str]) -> None:
        """A page of this session shows these in a line or a card."""
        new = [each for each in dict.fromkeys(about) if each not in session.seen]
        self._note(session, "listed", new)
        session.seen.update(new)

    def opened(self, session: Session, about: str) -> None:
        """Somebody opened this in full; to load the same page again is no new opening."""
        if session.opened != about:
            self._note(session, "opened", [about])
            session.opened = about
            session.seen.update((about, f"opened {about}"))

    def followed(self, session: Session, about: str) -> None:
        """The page shows this in full, because it follows whoever comes first or was left open."""
        if (mark := f"opened {about}") not in session.seen:
            self._note(session, "opened", [about])
            session.seen.update((about, mark))

    def behind_glass(self, session: Session, contact: str, why: str) -> bool:
        """Opens where somebody lives for this session. False where it is not for them; `why` is one of the card's
        reasons. Raises NoSuchContact."""
        account = session.account
        assert account is not None
        with self.records.transaction(self.practice.id, account.id) as tx:
            events = tx.log.read(contact)
            if not events:
                raise NoSuchContact("there is no such contact")
            state = fold(events)
            if not may_look(state, account):
                return False
            break_glass(tx, self.practice, state, by=account.id, why=why, now=self.clock.now())
        session.glass.add(contact)
        return True

    def look_seen(self, session: Session, look: str) -> bool:
        """An owner has seen that somebody opened where a person lives. False where that stands on no board."""
        with self.records.transaction(self.practice.id) as tx:
            fact = tx.facts.get(look)
            opened = fact is not None and fact.kind == "glass_opened"
            return opened and tx.facts.lift(look, session.name, self.clock.now())

    def _note(self, session: Session, what: str, about: Iterable[str]) -> None:
        assert session.account is not None
        noted, now = list(about), self.clock.now()
        if noted:
            with self.records.transaction(self.practice.id) as tx:
                for each in noted:
                    tx.ledger.note(at=now, who=session.account.id, what=what, about=each)
