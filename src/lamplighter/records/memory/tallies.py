"""What is counted of each contact, in memory."""

from collections.abc import Sequence
from datetime import datetime

from lamplighter.desk.ports import Behind, Tally
from lamplighter.records.memory.state import State


class MemoryTallies:
    def __init__(self, state: State) -> None:
        self._state = state

    def keep(self, tallies: Sequence[Tally]) -> None:
        for each in tallies:
            self._state.tallies.put(each.contact, each)

    def behind(self, version: int, limit: int) -> tuple[Behind, ...]:
        found = [
            contact
            for contact in self._state.contacts.values()
            if not self._is_counted(contact.id, contact.last_seq, version)
        ]
        oldest = sorted(found, key=lambda each: each.opened_at)[:limit]
        return tuple(Behind(each.id, each.last_seq, each.opened_at) for each in oldest)

    def _is_counted(self, contact: str, seq: int, version: int) -> bool:
        kept = self._state.tallies.get(contact)
        return kept is not None and kept.seq >= seq and kept.version >= version

    def between(self, start: datetime, end: datetime) -> tuple[Tally, ...]:
        found = (each for each in self._state.tallies.values() if start <= each.opened < end)
        return tuple(sorted(found, key=lambda each: (each.opened, each.contact)))
