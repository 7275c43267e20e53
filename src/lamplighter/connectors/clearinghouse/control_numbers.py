"""The numbers of our envelopes, kept so that none comes twice, and whether an acknowledgement is about one of them."""

from dataclasses import dataclass

from lamplighter.desk.ports import Records
from lamplighter.practice.model import PracticeId

from .x12.acknowledgement import Acknowledgement, InterchangeAcknowledged
from .x12.writing import Written


@dataclass(frozen=True, slots=True)
class StoredNumbers:
    """A sequence a kind and practice, each number taken in a transaction of its own before anything leaves. Never used
    within another transaction."""

    records: Records
    practice: PracticeId

    def next(self, kind: str) -> int:
        with self.records.transaction(self.practice) as tx:
            return tx.counters.next(f"x12_{kind}")


def is_about(told: Acknowledgement | InterchangeAcknowledged, sent: Written) -> bool:
    """Whether a 999 or TA1 is about what was sent: by the number of our group or interchange."""
    if isinstance(told, InterchangeAcknowledged):
        return _same(told.control_number, sent.interchange)
    if not _same(told.group_control_number, sent.group):
        return False
    return not told.sets or any(_same(one.control_number, ours) for one in told.sets for ours in sent.sets)


def _same(one: str, other: str) -> bool:
    return bool(one.strip("0 ")) and one.strip().lstrip("0") == other.lstrip("0")
