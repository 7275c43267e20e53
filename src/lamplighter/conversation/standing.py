"""Whether somebody has a visit already that one more would double. Values, as in `actions.py`."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from lamplighter.conversation.slots import Slot, VisitView


@dataclass(frozen=True, slots=True)
class FindStanding:
    """Whether whoever speaks from the number on file of the person of that name and birth date, or has been identified
    as them or put them on file in this contact, would double a visit of theirs with one at `slot`."""

    first_name: str
    last_name: str
    born: date
    slot: Slot
    kind: Literal["find_standing"] = "find_standing"


@dataclass(frozen=True, slots=True)
class Standing:
    """The visit that stands in the way; None where none does. `again`: it is a first visit of the same kind, whenever;
    else it is at the same hour. `owns_address`: this contact comes from the number on file; `made`: it booked it."""

    visit: VisitView | None = None
    again: bool = False
    person: str | None = None
    owns_address: bool = False
    made: bool = False
    proxies: tuple[tuple[str, str], ...] = ()  # (full name, phone)
    kind: Literal["standing"] = "standing"


@dataclass(frozen=True, slots=True)
class FindClashes:
    """The times in the next months that a visit at `slot`, were it standing, could not take place: answered by `Slots`,
    none of them where it may stand. Days on which the practice is closed are no clash."""

    slot: Slot
    every_weeks: int
    kind: Literal["find_clashes"] = "find_clashes"
