"""Pictures that people sent us, in memory."""

from lamplighter.records.memory.ledger import MemoryLedger
from lamplighter.records.memory.state import State


class MemoryPictures:
    def __init__(self, state: State, ledger: MemoryLedger) -> None:
        self._state, self._pictures, self._ledger = state, state.pictures, ledger

    def keep(self, picture_id: str, person: str, content: bytes) -> None:
        if picture_id not in self._pictures:
            self._state.refuse_the_forgotten(person)
            self._pictures.put(picture_id, (person, content))
            self._ledger.wrote("picture_kept", f"picture/{picture_id}", content)

    def get(self, picture_id: str) -> bytes | None:
        found = self._pictures.get(picture_id)
        return found[1] if found else None

    def destroy(self, picture_id: str) -> bool:
        there = picture_id in self._pictures
        if there:
            self._pictures.drop(picture_id)
            self._ledger.wrote("picture_destroyed", f"picture/{picture_id}")
        return there
