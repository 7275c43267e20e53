"""What a payer's answer means for one visit: figures chosen from its rows, each with the row it came from.

Rows are chosen and never summed. What the payer did not say is unknown and never zero; where two rows that fit equally
well say different things, that is a state of its own which a person resolves. Active is never "covered", and every
amount is an estimate of the day it was asked for.

Order of choice: network, level, how close the service type is, place of service, then what a message says. Payers are
free to say less than one would wish (CAQH CORE 154 leaves amounts for this kind of care to them).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from lamplighter.desk.ports.coverage import BenefitRow, Network, OtherParty
from lamplighter.practice.model import Money

_ACTIVE = frozenset("12345")
_INACTIVE = frozenset("678")
_OFFICE = "11"
_TELEHEALTH = frozenset(("02", "10"))
_REMAINING = "29"
_WHOLE_PERIODS = frozenset(
    ("", "22", "23", "25", "30", "21", "26", "34", "6", "7")
)  # a year, a lifetime, a month...
_VISITS = "VS"

# How close a service type is to a talk with a clinician, the closest first. Codes of X12 005010 (EB03).
_CLOSENESS = (("A6", "CF", "A8"), ("MH", "A4", "CE", "CG", "CH"), ("98", "A0", "BY"), ("30",))
_BEHAVIOURAL = frozenset(code for codes in _CLOSENESS[:2] for code in codes) | {"A5", "A7", "AI", "AJ", "AK"}
_SAYS_TELEHEALTH = ("telehealth", "telemedicine", "virtual", "video visit", "tele-health", "online visit")


class State(StrEnum):
    """Whether a figure can be told."""

    KNOWN = "known"
    UNKNOWN = "unknown"  # the payer did not say
    CONTRADICTORY = "contradictory"  # it said two things that can't both hold


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that people ask about. `row` is where it comes from; `beaten` are the rows that fitted less well."""

    state: State
    value: Money | Decimal | bool | str | None = None
    row: BenefitRow | None = None
    beaten: tuple[BenefitRow, ...] = ()


NOT_SAID = Figure(State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The visit that somebody asks about. `network` is whether the practice has a contract with the plan, if known."""

    telehealth: bool = False
    procedure: str = ""  # where a clinician or biller named one
    network: Network = Network.IN


@dataclass(frozen=True, slots=True)
class Benefits:
    """What a person needs to know of their plan before a visit."""

    active: Figure  # bool
    covered: Figure  # False where the payer says that this kind of care is not; never True
    plan: Figure
    copay: Figure
    coinsurance: Figure  # the patient's share, a fraction of one
    deductible: Figure
    deductible_left: Figure
    out_of_pocket: Figure
    out_of_pocket_left: Figure
    visits: Figure
    visits_left: Figure
    authorization: Figure  # bool: needed or not
    in_network: Figure  # bool, where the payer says so of this provider
    telehealth: Figure  # bool, where the payer says so
    carve_out: OtherParty | None  # whom to ask about this kind of care instead
    other_payers: tuple[OtherParty, ...]


def benefits(rows: Sequence[BenefitRow], wanted: Wanted) -> Benefits:
    """The figures for one visit, from all rows of a payer's answer about one member."""
    choice = _Choice(rows, wanted)
    carved = _carve_out(rows)
    return Benefits(
        active=choice.standing(),
        covered=NOT_SAID if carved else choice.best(lambda r: r.kind == "I", lambda r: False),
        plan=_plan(rows),
        copay=choice.best(lambda r: r.kind == "B" and r.period != _REMAINING, lambda r: r.amount),
        coinsurance=choice.best(lambda r: r.kind == "A", lambda r: r.share),
        deductible=choice.whole("C"),
        deductible_left=choice.left("C"),
        out_of_pocket=choice.whole("G"),
        out_of_pocket_left=choice.left("G"),
        visits=choice.best(lambda r: _limits(r) and r.period != _REMAINING, _visits),
        visits_left=choice.best(lambda r: _limits(r) and r.period == _REMAINING, _visits),
        authorization=choice.best(lambda r: r.authorization is not None, lambda r: r.authorization),
        in_network=_in_network(rows),
        telehealth=_telehealth(rows),
        carve_out=carved,
        other_payers=_other_payers(rows, carved),
    )


class _Choice:
    """Ranks rows for one visit."""

    def __init__(self, rows: Sequence[BenefitRow], wanted: Wanted) -> None:
        self._rows = rows
        self._wanted = wanted

    def best(
        self,
        fits: Callable[[BenefitRow], bool],
        value: Callable[[BenefitRow], Money | Decimal | bool | str | None],
    ) -> Figure:
        """The figure of the row that fits best; contradictory where rows that fit equally well differ."""
        candidates = [row for row in self._rows if fits(row) and value(row) is not None]
        ranked = sorted(
            ((rank, row) for row in candidates if (rank := self._rank(row)) is not None),
            key=lambda ranked_row: ranked_row[0],
        )
        if not ranked:
            return Figure(State.UNKNOWN, beaten=tuple(candidates))
        top, chosen = ranked[0]
        equal = [row for rank, row in ranked if rank == top]
        beaten = tuple(row for row in candidates if row is not chosen)
        if any(value(row) != value(chosen) for row in equal):
            return Figure(State.CONTRADICTORY, None, chosen, beaten)
        return Figure(State.KNOWN, value(chosen), chosen, beaten)

    def whole(self, kind: str) -> Figure:
        return self.best(lambda r: r.kind == kind and r.period in _WHOLE_PERIODS, lambda r: r.amount)

    def left(self, kind: str) -> Figure:
        """What remains of an amount. That of the whole plan is not told where care has its own."""
        whole = self.whole(kind).row
        closest = self._closeness(whole) if whole else None
        found = self.best(lambda r: r.kind == kind and r.period == _REMAINING, lambda r: r.amount)
        further = self._closeness(found.row) if found.row else None
        if found.row and closest is not None and further is not None and further > closest:
            return Figure(State.UNKNOWN, beaten=(found.row, *found.beaten))
        return found

    def standing(self) -> Figure:
        """Active or not. A closer service type that is inactive beats a plan that is active as a whole."""
        rows = [
            row._replace(network=Network.UNKNOWN) for row in self._rows if row.kind in _ACTIVE | _INACTIVE
        ]
        return _Choice(rows, self._wanted).best(lambda r: True, lambda r: r.kind in _ACTIVE)

    def _rank(self, row: BenefitRow) -> tuple[int, int, int, int, int] | None:
        """How well a row fits, the smaller the better; None where it is about something else."""
        network = self._network(row)
        closeness = self._closeness(row)
        place = self._place(row)
        if network is None or closeness is None or place is None:
            return None
        level = {"IND": 0, "": 1}.get(row.level, 2)
        return network, level, closeness, place, 0 if self._wanted.telehealth == _says_telehealth(row) else 1

    def _network(self, row: BenefitRow) -> int | None:
        wanted = self._wanted.network
        if wanted in (Network.UNKNOWN, Network.BOTH) or row.network == wanted:
            return 0
        if row.network == Network.BOTH:
            return 1
        return 2 if row.network == Network.UNKNOWN else None

    def _closeness(self, row: BenefitRow) -> int | None:
        if row.procedure:
            return 0 if self._wanted.procedure and self._wanted.procedure in row.procedure[1:2] else None
        if not row.services:
            return len(_CLOSENESS) + 1
        for place, codes in enumerate(_CLOSENESS, 1):
            if any(code in codes for code in row.services):
                return place
        return None

    def _place(self, row: BenefitRow) -> int | None:
        if not row.places:
            return 1
        here = _TELEHEALTH if self._wanted.telehealth else {_OFFICE}
        return 0 if here & set(row.places) else None


def _says_telehealth(row: BenefitRow) -> bool:
    said = " ".join(row.messages).lower()
    return any(word in said for word in _SAYS_TELEHEALTH)


def _limits(row: BenefitRow) -> bool:
    return row.kind == "F"


def _visits(row: BenefitRow) -> Decimal | None:
    if row.quantity_qualifier == _VISITS:
        return row.quantity
    return next((d.quantity for d in row.deliveries if d.quantity_qualifier == _VISITS), None)


def _plan(rows: Sequence[BenefitRow]) -> Figure:
    """The plan's name, from the row that says that the plan is active, else from any."""
    named = [row for row in rows if row.plan]
    if not named:
        return NOT_SAID
    chosen = min(named, key=lambda row: (row.kind not in _ACTIVE, "30" not in row.services, row.number))
    return Figure(State.KNOWN, chosen.plan, chosen, tuple(row for row in named if row is not chosen))


def _in_network(rows: Sequence[BenefitRow]) -> Figure:
    """Whether the one who asked is in network, where a payer says so of them. Rows for both networks say nothing."""
    for row in rows:
        said = " ".join(row.messages).lower()
        if "provider" in said and ("out of network" in said or "out-of-network" in said):
            return Figure(State.KNOWN, False, row)
        if "provider" in said and ("in network" in said or "in-network" in said):
            return Figure(State.KNOWN, True, row)
    return NOT_SAID


def _telehealth(rows: Sequence[BenefitRow]) -> Figure:
    about = [row for row in rows if _TELEHEALTH & set(row.places) or _says_telehealth(row)]
    if not about:
        return NOT_SAID
    refused = [row for row in about if row.kind == "I"]
    if refused and len(refused) < len(about):
        return Figure(
            State.CONTRADICTORY, None, refused[0], tuple(row for row in about if row is not refused[0])
        )
    return Figure(State.KNOWN, not refused, about[0], tuple(about[1:]))


def _carve_out(rows: Sequence[BenefitRow]) -> OtherParty | None:
    """Who administers this kind of care instead: named by a row of it that sends elsewhere or does not cover it."""
    for row in rows:
        if row.kind in ("U", "R", "I") and _BEHAVIOURAL & set(row.services):
            for other in row.others:
                return other
    return None


def _other_payers(rows: Sequence[BenefitRow], carved: OtherParty | None) -> tuple[OtherParty, ...]:
    """Insurers that pay as well, each once."""
    found = [other for row in rows if row.kind == "R" for other in row.others if other != carved]
    return tuple(dict.fromkeys(found))
