"""The port to the practice's own charts: what a payer answered is written to the chart of whoever it is about.

Only what the desk's business is goes there: the plan, whether it is active, what is due. Never a diagnosis, a kind of
care or a word of the person's.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, Literal, Protocol

from lamplighter.desk.ports.coverage import Payer
from lamplighter.practice.model import Money, PracticeId

FigureName = Literal[
    "plan",
    "active",
    "copay",
    "coinsurance",
    "deductible",
    "deductible_left",
    "out_of_pocket",
    "out_of_pocket_left",
    "visits",
    "visits_left",
    "authorization",
    "in_network",
    "telehealth",
]
Value = Money | Decimal | bool | str
Figures = tuple[tuple[FigureName, Value], ...]
"""Those that the payer said and that contradict nothing. What is not among them is unknown."""

Relation = Literal["self", "spouse", "child", "parent", "other"]
"""What the patient is to whoever holds the plan."""


@dataclass(frozen=True, slots=True, repr=False)
class ChartPerson:
    """Whose chart: their legal name and birth date. `known_as` is what the chart calls them, "" until that is known."""

    first_name: str
    last_name: str
    born: date
    known_as: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class PlanNote:
    """What a payer answered about somebody, as of a moment. The same `id` again is the same note. `relation` None:
    nobody has said whose plan it is. `figures` are about this practice's care, `in_force` is about the plan itself:
    None where the payer did not say."""

    id: str
    person: ChartPerson
    payer: Payer
    member_id: str
    relation: Relation | None
    as_of: datetime
    in_force: bool | None
    figures: Figures

    @property
    def caution(self) -> str:
        """What has to stand beside it wherever it is read."""
        return f"An estimate as of {self.as_of:%Y-%m-%d}, as the payer answered. It promises no payment."


class WhyNot(StrEnum):
    """Why something is not in the chart, by what has to happen next."""

    UNREACHABLE = "unreachable"  # tried again by itself
    NOT_ALLOWED = "not_allowed"  # the operator's: our key was refused. Tried again by itself
    NOBODY = "nobody"  # a person looks: the chart knows nobody of this name and birth date
    SEVERAL = "several"  # a person looks: it knows more than one
    REFUSED = "refused"  # by hand: the chart did not take what we wrote
    DIFFERS = "differs"  # a person looks: what the chart holds is not what we wrote
    GONE = "gone"  # a person looks: it was there, and is not any more
    TAKES_NOTHING = "takes_nothing"  # by hand: this chart has no place for it


AGAIN: Final = (WhyNot.UNREACHABLE, WhyNot.NOT_ALLOWED)


@dataclass(frozen=True, slots=True)
class Written:
    """It stands in the chart, and was read back from there. `where` are the chart's names of its records, `known_as` is
    that of the person."""

    where: tuple[str, ...]
    known_as: str


@dataclass(frozen=True, slots=True)
class NotWritten:
    why: WhyNot


ChartReply = Written | NotWritten


class Chart(Protocol):
    """`deadline` is in seconds, for all that it takes; later is UNREACHABLE. Nothing here raises, and nobody's chart is
    ever guessed."""

    @property
    def party(self) -> str:
        """With whom there has to be an agreement; "" for what never leaves this machine."""

    def write(self, note: PlanNote, deadline: float) -> ChartReply:
        """Written once however often it is asked for, read back and compared."""
        ...

    def look(self, note: PlanNote, deadline: float) -> ChartReply | None:
        """What the chart holds of it now; None where it holds nothing."""
        ...


class Charts(Protocol):
    def of(self, practice: PracticeId) -> Chart | None:
        """None where none is set up."""
        ...
