"""A day or a week of visits as somebody may see it: columns of clinicians or of days, and all of it by time.

Rows are five minutes of the wall clock. A column names whom it shows, so that its reading is noted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from lamplighter.desk.ports import Account, Visit
from lamplighter.practice.model import Clinician, Practice

STATES: Final[Mapping[str, str]] = {
    "booked": "Booked",
    "confirmed": "Confirmed",
    "held_for_office": "Office to confirm",
    "missed": "Missed",
    "done": "Came",
}
KEPT: Final = "Kept for a moment"
GONE_BY: Final = "Has been"
BEGUN: Final = "Now"
View = Literal["day", "week"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be shown. `clinician` None: all of them, which a week can't show."""

    view: View
    day: date
    clinician: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One visit. `row` and `rows` are places of the grid, `lane` of `lanes` where several stand side by side. `opens`:
    it can be opened by whoever sees it, `moves`: and be moved by them."""

    id: str
    row: int
    rows: int
    start: str
    end: str
    name: str
    kind: str
    how: str
    clinician: str
    status: str
    state: str
    at: datetime
    about: tuple[str, ...]
    lane: int = 1
    lanes: int = 1
    opens: bool = False
    moves: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Time that nobody comes in. `kind`: "off" where they don't work, "absence", "hold"."""

    row: int
    rows: int
    kind: str
    start: str
    end: str
    label: str
    at: datetime
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """`stands`: who is free now, or why there is nothing. `today`: its day is today."""

    id: str
    clinician: str
    day: str
    title: str
    stands: str
    free: bool
    today: bool
    cards: tuple[Card, ...]
    blocks: tuple[Block, ...]
    now: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list by time: a visit, or time that is blocked."""

    column: Column
    card: Card | None = None
    block: Block | None = None


@dataclass(frozen=True, slots=True)
class Board:
    title: str
    columns: tuple[Column, ...]
    hours: tuple[tuple[int, str], ...]
    closed: str
    rows: int = 0
    first: int = 0
    strays: tuple[Card, ...] = ()

    @property
    def about(self) -> Iterator[str]:
        cards = [*self.strays, *(card for column in self.columns for card in column.cards)]
        yield from (about for card in cards for about in card.about)

    @property
    def visits(self) -> int:
        return sum(len(column.cards) for column in self.columns) + len(self.strays)

    @property
    def lines(self) -> tuple[Line, ...]:
        """All of it by time."""
        cards = [(card.at, Line(column, card)) for column in self.columns for card in column.cards]
        blocks = [
            (block.at, Line(column, None, block))
            for column in self.columns
            for block in column.blocks
            if block.kind != "off"
        ]
        return tuple(line for _, line in sorted([*cards, *blocks], key=lambda each: each[0]))


class Seeing:
    """What an account may see of the schedule."""

    def __init__(self, practice: Practice, account: Account) -> None:
        self.practice, self._account = practice, account
        self._roles = frozenset(account.roles)

    @property
    def changes(self) -> bool:
        return not self._roles.isdisjoint(("owner", "desk"))

    @property
    def own_only(self) -> bool:
        return not self.changes and "biller" not in self._roles

    @property
    def clinicians(self) -> tuple[Clinician, ...]:
        """Whose columns they see; a clinician their own."""
        if not self.own_only:
            return self.practice.clinicians
        return tuple(each for each in self.practice.clinicians if each.id == self._account.clinician)

    def opens(self, visit: Visit) -> bool:
        """Whoever bills reads times and names, and opens nothing."""
        own = visit.slot.clinician == self._account.clinician
        return self.changes or ("clinician" in self._roles and own)


# -- names -------------------------------------------------------------------------------------------------------------


def short(first: str, last: str) -> str:
    """A name as it may stand on a screen that others pass by."""
    return f"{first} {last[:1]}." if last else first


def kind_named(practice: Practice, kind: str) -> str:
    """As it is said in a sentence; one that the practice has no more by its id."""
    found = next((each.names.get("en") for each in practice.visit_kinds if each.id == kind), None)
    return found or kind.replace("_", " ")


def who_named(practice: Practice, clinician: str) -> str:
    return next((each.spoken_name for each in practice.clinicians if each.id == clinician), clinician)
