"""The numbers of our envelopes, kept so that none comes twice, and whether an acknowledgement is about one of them."""

import hashlib
from dataclasses import dataclass
from typing import Final, Protocol

from lamplighter.desk.ports import AGENT, Clock, Fact, Records
from lamplighter.practice.model import PracticeId

from .x12.acknowledgement import Acknowledgement, InterchangeAcknowledged
from .x12.writing import ControlNumbers, Written

_KIND: Final = "left_outside"


class Memory(ControlNumbers, Protocol):
    """Besides numbers that never come twice, what has left under which of them, over every crash."""

    def kept(self, name: str) -> str:
        """ "" where nothing was kept under the name."""
        ...

    def keep(self, name: str, value: str) -> None:
        """Once for a name: what was kept first stays. `value` holds nothing about anybody."""
        ...


@dataclass(frozen=True, slots=True)
class StoredNumbers:
    """A sequence a kind and practice, each number taken in a transaction of its own before anything leaves. Never used
    within another transaction."""

    records: Records
    practice: PracticeId
    clock: Clock

    def next(self, kind: str) -> int:
        with self.records.transaction(self.practice) as tx:
            return tx.counters.next(f"x12_{kind}")

    def kept(self, name: str) -> str:
        with self.records.transaction(self.practice) as tx:
            fact = tx.facts.get(_id(name))
            return fact.value("value") if fact is not None else ""

    def keep(self, name: str, value: str) -> None:
        with self.records.transaction(self.practice) as tx:
            told = (("value", value),)
            tx.facts.state(Fact(_id(name), _KIND, f"outside/{_id(name)}", self.clock.now(), AGENT, told))


def _id(name: str) -> str:
    """A name holds a trace of somebody's: it is kept so that it tells nothing."""
    return hashlib.sha256(f"{_KIND}:{name}".encode()).hexdigest()[:32]


def is_about(told: Acknowledgement | InterchangeAcknowledged, sent: Written) -> bool:
    """Whether a 999 or TA1 is about what was sent: by the number of our group or interchange."""
    if isinstance(told, InterchangeAcknowledged):
        return _same(told.control_number, sent.interchange)
    if not _same(told.group_control_number, sent.group):
        return False
    return not told.sets or any(_same(one.control_number, ours) for one in told.sets for ours in sent.sets)


def _same(one: str, other: str) -> bool:
    return bool(one.strip("0 ")) and one.strip().lstrip("0") == other.lstrip("0")
