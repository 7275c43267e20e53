"""How wiring opens a store: one function each, alike in what they give back."""

from lamplighter.desk.ports import Clock
from lamplighter.records.memory import MemoryJobs, MemoryRecords


def open_memory(clock: Clock) -> MemoryRecords:
    """Records that are gone when the process ends."""
    return MemoryRecords(clock)


def memory_jobs(records: MemoryRecords) -> MemoryJobs:
    """The runner that goes with `open_memory`: `next_due()` and `run_due(now)` drive it."""
    return MemoryJobs(records)
