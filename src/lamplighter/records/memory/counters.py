"""Numbers that never come twice, in memory."""

from lamplighter.records.memory.state import State


class MemoryCounters:
    def __init__(self, state: State) -> None:
        self._counters = state.counters

    def next(self, name: str) -> int:
        value = (self._counters.get(name) or 0) + 1
        self._counters.put(name, value)
        return value
