"""Records that live in memory and die with the process: the reference that the stores on disk are held against."""

from lamplighter.records.memory.jobs import MemoryJobs
from lamplighter.records.memory.store import MemoryRecords, MemoryTransaction

__all__ = ["MemoryJobs", "MemoryRecords", "MemoryTransaction"]
