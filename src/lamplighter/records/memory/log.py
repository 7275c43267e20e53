"""The log of contacts in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from lamplighter.conversation.events import Body, Event, Heard, Opened, dump_body, load_body
from lamplighter.desk.ports import AGENT, ContactSummary, LogConflict
from lamplighter.records.errors import Forgotten
from lamplighter.records.memory.ledger import MemoryLedger
from lamplighter.records.memory.state import Lease, State
from lamplighter.records.statuses import over


class MemoryLog:
    """Bodies go through the same JSON as on disk, so that what a rehearsal reads is what a store would give back."""

    def __init__(self, state: State, practice: str, ledger: MemoryLedger) -> None:
        self._state = state
        self._practice = practice
        self._ledger = ledger

    def append(
        self, contact: str, bodies: Sequence[Body], *, expected: int, at: datetime, protocol_hash: str
    ) -> tuple[Event, ...]:
        if contact in self._state.forgotten:
            raise Forgotten("contact", contact)
        before = self._state.events.get(contact) or ()
        if len(before) != expected:
            raise LogConflict(f"contact {contact!r} stands at {len(before)}, not at {expected}")
        if not bodies:
            return ()
        if not before and not isinstance(bodies[0], Opened):
            raise ValueError("the first event of a contact is Opened")
        moment = at.astimezone(UTC)
        added = tuple(
            self._keep(contact, seq, moment, protocol_hash, body)
            for seq, body in enumerate(bodies, expected + 1)
        )
        self._state.events.put(contact, before + added)
        self._summarise(contact, added)
        return added

    def _keep(self, contact: str, seq: int, at: datetime, protocol_hash: str, body: Body) -> Event:
        raw = dump_body(body)
        who = getattr(body, "by", "")
        self._ledger.wrote(body.kind, f"contact/{contact}#{seq}", raw, who)
        return Event(seq, at, self._practice, contact, protocol_hash, load_body(raw))

    def _summarise(self, contact: str, added: tuple[Event, ...]) -> None:
        last = added[-1]
        summary = self._state.contacts.get(contact)
        if summary is None:
            opened = added[0].body
            assert isinstance(opened, Opened)
            summary = ContactSummary(contact, opened.channel, opened.address, last.at, last.at, 0, False)
            if opened.address:
                place = opened.channel, opened.address
                others = self._state.contacts_from.get(place) or ()
                self._state.contacts_from.put(place, (*others, contact))
        ended = over([event.body for event in added], summary.channel)
        ended = summary.ended if ended is None else ended
        summary = replace(summary, last_at=last.at, last_seq=last.seq, ended=ended)
        self._state.contacts.put(contact, summary)

    def read(self, contact: str, after: int = 0) -> tuple[Event, ...]:
        if self._ledger.who != AGENT:
            self._ledger.read(f"contact/{contact}")
        return (self._state.events.get(contact) or ())[after:]

    def contacts(
        self,
        *,
        open_only: bool = False,
        limit: int = 200,
        opened: tuple[datetime, datetime] | None = None,
    ) -> tuple[ContactSummary, ...]:
        found = [c for c in self._state.contacts.values() if not (open_only and c.ended)]
        if opened is not None:
            found = [c for c in found if opened[0] <= c.opened_at < opened[1]]
        oldest_first = sorted(found, key=lambda contact: contact.opened_at)
        return tuple(oldest_first[::-1][:limit])

    def open_contact(self, channel: str, address: str) -> str | None:
        found = self._state.contacts_from.get((channel, address)) or ()
        known = filter(None, (self._state.contacts.get(contact) for contact in found))
        under_way = [summary for summary in known if not summary.ended]
        newest_last = sorted(under_way, key=lambda summary: summary.opened_at)
        return newest_last[-1].id if newest_last else None

    def claim(self, inbound: str) -> bool:
        if inbound in self._state.claims:
            return False
        self._state.claims.put(inbound, None)
        return True

    def claimed(self, inbound: str) -> bool:
        return inbound in self._state.claims

    def lease(self, contact: str, worker: str, now: datetime, seconds: float) -> int | None:
        lease = self._state.leases.get(contact)
        if lease is None:
            fence = 1
        elif lease.worker == worker:
            fence = lease.fence
        elif lease.until <= now:
            fence = lease.fence + 1
        else:
            return None
        self._state.leases.put(contact, Lease(worker, now + timedelta(seconds=seconds), fence))
        return fence

    def forget_words(self, contact: str) -> None:
        events = self._state.events.get(contact)
        if events is None:
            return
        self._state.events.put(contact, tuple(without_words(event) for event in events))
        self._ledger.wrote("words_forgotten", f"contact/{contact}")


def without_words(event: Event) -> Event:
    """The event as it stands once what was said in it is destroyed: no text, no alternatives, no keys pressed."""
    if not isinstance(event.body, Heard):
        return event
    return replace(event, body=replace(event.body, text="", alternatives=(), keys=""))
