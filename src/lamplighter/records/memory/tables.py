"""Tables that can take back what was written to them since the transaction began."""

from collections.abc import Callable, ItemsView, ValuesView
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Journal:
    """How to undo every write of the transaction under way, latest last."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], None]] = []

    def add(self, undo: Callable[[], None]) -> None:
        self._undo.append(undo)

    def commit(self) -> None:
        self._undo.clear()

    def roll_back(self) -> None:
        while self._undo:
            self._undo.pop()()


class Table(Generic[K, V]):
    """A dict of immutable values whose writes the journal can undo. Keeps the order of first insertion."""

    def __init__(self, journal: Journal) -> None:
        self._rows: dict[K, V] = {}
        self._journal = journal

    def get(self, key: K) -> V | None:
        return self._rows.get(key)

    def put(self, key: K, value: V) -> None:
        if key in self._rows:
            before = self._rows[key]
            self._journal.add(lambda: self._rows.__setitem__(key, before))
        else:
            self._journal.add(lambda: self._rows.__delitem__(key))
        self._rows[key] = value

    def drop(self, key: K) -> None:
        if key in self._rows:
            rows = dict(self._rows)
            self._journal.add(lambda: self._restore(rows))
            del self._rows[key]

    def _restore(self, rows: dict[K, V]) -> None:
        self._rows = rows

    def values(self) -> ValuesView[V]:
        return self._rows.values()

    def items(self) -> ItemsView[K, V]:
        return self._rows.items()

    def __contains__(self, key: K) -> bool:
        return key in self._rows

    def __len__(self) -> int:
        return len(self._rows)


def add_to(index: Table[K, tuple[str, ...]], key: K, record_id: str) -> None:
    """Adds an id to an index's entry, once."""
    ids = index.get(key) or ()
    if record_id not in ids:
        index.put(key, (*ids, record_id))
