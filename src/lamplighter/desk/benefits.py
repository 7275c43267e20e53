"""What a payer's answer means for one visit: figures chosen from its rows, each with the row it came from.

Rows are chosen and never summed. What the payer did not say is unknown and never zero; where two rows that fit equally
well say different things, that is a state of its own which a person resolves. Active is never "covered", and every
amount is an estimate of the day it was asked for.

Order of choice: network, how close the service type is, person before family, place of service, then what a message
says; of amounts for a person or a family, that comes before the service type. Payers are free to say less than one
would wish (CAQH CORE 154 leaves amounts for this kind of care to them).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from lamplighter.desk import benefit_rows as says
from lamplighter.desk.ports.coverage import BenefitRow, Network, OtherParty
from lamplighter.practice.model import Money

# Whom a row may name as administrator or insurer (NM101); a doctor or the insured is neither.
_ADMINISTRATORS = frozenset(("13", "1I", "2B", "I3", "PR", "PRP", "VN", "X3", "Y2"))
_PAYERS = _ADMINISTRATORS | {"SEP", "TTP"}
_FAMILY = 1

_Value = Callable[[BenefitRow], Money | Decimal | bool | str | None]


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
    day: date | None = (
        None  # rows that have ended by then, or begin later, say nothing; None takes all of them
    )


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
    then = [row for row in rows if says.in_force(row, wanted.day)]
    choice = _Choice(then, wanted)
    carved = _carve_out(then)
    return Benefits(
        active=_standing(rows, wanted),
        covered=NOT_SAID if carved else _covered(choice),
        plan=_plan(then),
        copay=choice.visit("B", says.EACH_VISIT, says.amount),
        coinsurance=choice.visit("A", says.EACH_VISIT | says.A_YEAR, says.share),
        deductible=choice.whole("C"),
        deductible_left=choice.left("C"),
        out_of_pocket=choice.whole("G"),
        out_of_pocket_left=choice.left("G"),
        visits=choice.visits(says.A_YEAR, says.A_LIFETIME),
        visits_left=choice.visits(says.LEFT, says.LEFT_OF_A_LIFETIME),
        authorization=_authorization(choice),
        in_network=choice.told(says.provider_in_network),
        telehealth=choice.told(says.takes_telehealth),
        carve_out=carved,
        other_payers=_other_payers(then, carved),
    )


class _Choice:
    """Ranks rows for one visit."""

    def __init__(self, rows: Sequence[BenefitRow], wanted: Wanted) -> None:
        self.rows = rows
        self.wanted = wanted

    def best(
        self, fits: Callable[[BenefitRow], bool], value: _Value, *, person_first: bool = False
    ) -> Figure:
        """The figure of the row that fits best. It is contradictory where a row that fits equally well differs, or one
        about closer care whose network the payer did not say."""
        candidates = [row for row in self.rows if fits(row) and value(row) is not None]
        ranked = sorted(
            ((rank, row) for row in candidates if (rank := self._rank(row, person_first)) is not None),
            key=lambda ranked_row: ranked_row[0],
        )
        if not ranked:
            return Figure(State.UNKNOWN, beaten=tuple(candidates))
        top, chosen = ranked[0]
        rivals = [row for rank, row in ranked if rank == top or self._closer_somewhere(row, chosen)]
        beaten = tuple(row for row in candidates if row is not chosen)
        if any(value(row) != value(chosen) for row in rivals):
            return Figure(State.CONTRADICTORY, None, chosen, beaten)
        return Figure(State.KNOWN, value(chosen), chosen, beaten)

    def _closer_somewhere(self, row: BenefitRow, chosen: BenefitRow) -> bool:
        """Whether a row is about closer care than the chosen one, in a network that nobody named."""
        nearer = (self.closeness(row) or 0) < (self.closeness(chosen) or 0)
        return nearer and row.network is Network.UNKNOWN and _level(row) == _level(chosen)

    def visit(self, kind: str, periods: frozenset[str], value: _Value) -> Figure:
        """What is due for a visit. What is said of visits by video alone is not due at the office."""
        office = not self.wanted.telehealth
        return self.best(
            lambda r: r.kind == kind and r.period in periods and not (office and says.said_telehealth(r)),
            value,
        )

    def whole(self, kind: str) -> Figure:
        return self._amount(kind, says.A_YEAR, says.A_LIFETIME)

    def left(self, kind: str) -> Figure:
        """What remains of an amount. That of the whole plan is not told where care has its own, nor a family's beside
        a person's."""
        whole = self.whole(kind).row
        found = self._amount(kind, says.LEFT, says.LEFT_OF_A_LIFETIME)
        if found.row is None or whole is None:
            return found
        further = (self.closeness(found.row) or 0) > (self.closeness(whole) or 0)
        if further or _level(found.row) > _level(whole):
            return Figure(State.UNKNOWN, beaten=(found.row, *found.beaten))
        return found

    def _amount(self, kind: str, *periods: frozenset[str]) -> Figure:
        return _first(self._amount_over(kind, over) for over in periods)

    def _amount_over(self, kind: str, over: frozenset[str]) -> Figure:
        return self.best(lambda r: r.kind == kind and r.period in over, says.amount, person_first=True)

    def visits(self, *periods: frozenset[str]) -> Figure:
        return _first(self._visits_over(over) for over in periods)

    def _visits_over(self, over: frozenset[str]) -> Figure:
        return self.best(lambda r: True, lambda r: says.visits(r, over))

    def told(self, value: Callable[[BenefitRow], bool | None]) -> Figure:
        """What rows about this care say, wherever: a contradiction where they differ."""
        about = [row for row in self.rows if self.closeness(row) is not None and value(row) is not None]
        if not about:
            return NOT_SAID
        beaten = tuple(about[1:])
        if len({value(row) for row in about}) > 1:
            return Figure(State.CONTRADICTORY, None, about[0], beaten)
        return Figure(State.KNOWN, value(about[0]), about[0], beaten)

    def fits(self, row: BenefitRow) -> bool:
        return self._rank(row, person_first=False) is not None

    def closeness(self, row: BenefitRow) -> int | None:
        return says.closeness(row, self.wanted.procedure)

    def _rank(self, row: BenefitRow, person_first: bool) -> tuple[int, ...] | None:
        """How well a row fits, the smaller the better; None where it is about something else."""
        network = self._network(row)
        closeness = self.closeness(row)
        place = says.place(row, self.wanted.telehealth)
        if network is None or closeness is None or place is None:
            return None
        said = says.said_telehealth(row)
        message = 0 if said is None or said == self.wanted.telehealth else 1
        exact = 0 if row.network == self.wanted.network else 1
        if person_first:
            return network, _level(row), closeness, place, message, exact, 0 if row.level else 1
        return network, closeness, _level(row), place, message, exact

    def _network(self, row: BenefitRow) -> int | None:
        wanted = self.wanted.network
        if wanted in (Network.UNKNOWN, Network.BOTH) or row.network in (wanted, Network.BOTH):
            return 0
        return 1 if row.network == Network.UNKNOWN else None


def _level(row: BenefitRow) -> int:
    """A person's, or said of nobody in particular, before a family's."""
    return 0 if row.level in ("IND", "") else _FAMILY


def _first(figures: Iterable[Figure]) -> Figure:
    """The first that says anything."""
    found = NOT_SAID
    for figure in figures:
        if figure.state is not State.UNKNOWN:
            return figure
        found = figure if figure.beaten else found
    return found


def _standing(rows: Sequence[BenefitRow], wanted: Wanted) -> Figure:
    """Active or not. A closer service type that is inactive beats a plan that is active as a whole; one that was
    active and has ended is not."""
    told: list[tuple[tuple[int, int, int], bool, BenefitRow]] = []
    for row in rows:
        closeness = says.closeness(row, wanted.procedure)
        now = says.in_force(row, wanted.day)
        if closeness is not None and row.kind in says.ACTIVE | (says.INACTIVE if now else frozenset()):
            told.append(((closeness, 0 if now else 1, _level(row)), now and row.kind in says.ACTIVE, row))
    if not told:
        return NOT_SAID
    top, value, chosen = min(told, key=lambda one: one[0])
    beaten = tuple(row for _, _, row in told if row is not chosen)
    if any(other != value for rank, other, _ in told if rank == top):
        return Figure(State.CONTRADICTORY, None, chosen, beaten)
    return Figure(State.KNOWN, value, chosen, beaten)


def in_force(rows: Sequence[BenefitRow], asked: str, day: date | None) -> bool | None:
    """Whether the plan as a whole is active on a day, whatever it says of single services; None where it did not say,
    or said both. `asked` is the service that was asked about: a row that names none is about that."""
    whole = [
        row._replace(services=(says.WHOLE_PLAN,))
        for row in rows
        if not row.procedure
        and (says.WHOLE_PLAN in row.services or (asked == says.WHOLE_PLAN and not row.services))
    ]
    found = _standing(whole, Wanted(day=day))
    return found.value is True if found.state is State.KNOWN else None


def _covered(choice: _Choice) -> Figure:
    """False where the payer says that this care is not covered, and no row as close says that it is active. A refusal
    of the whole plan or of doctors' visits with a message is about what the message says."""
    active = [choice.closeness(row) for row in choice.rows if row.kind in says.ACTIVE]
    closest = min((one for one in active if one is not None), default=99)

    def refuses(row: BenefitRow) -> bool:
        closeness = choice.closeness(row)
        if row.kind != "I" or closeness is None or closeness >= closest:
            return False
        return closeness <= says.BEHAVIOURAL_AT_MOST or not row.messages

    return choice.best(refuses, lambda row: False)


def _authorization(choice: _Choice) -> Figure:
    """Whether authorization is needed. A yes at the closest behavioural service is one, whatever other rows say. A no
    counts of behavioural care alone, and only where nothing that fits says yes."""
    said = sorted(
        (row for row in choice.rows if row.authorization is not None and choice.fits(row)),
        key=lambda row: (choice.closeness(row), not row.authorization, row.number),
    )
    if not said:
        return NOT_SAID
    closest = choice.closeness(said[0]) or 0
    chosen, beaten = said[0], tuple(said[1:])
    if chosen.authorization and closest <= says.BEHAVIOURAL_AT_MOST:
        return Figure(State.KNOWN, True, chosen, beaten)
    if len({row.authorization for row in said}) > 1:
        return Figure(State.CONTRADICTORY, None, chosen, beaten)
    if closest > says.BEHAVIOURAL_AT_MOST and not chosen.authorization:
        return Figure(State.UNKNOWN, beaten=tuple(said))
    return Figure(State.KNOWN, chosen.authorization, chosen, beaten)


def _plan(rows: Sequence[BenefitRow]) -> Figure:
    """The plan's name, from the row that says that the plan is active, else from any."""
    named = [row for row in rows if row.plan]
    if not named:
        return NOT_SAID
    chosen = min(
        named, key=lambda row: (row.kind not in says.ACTIVE, says.WHOLE_PLAN not in row.services, row.number)
    )
    return Figure(State.KNOWN, chosen.plan, chosen, tuple(row for row in named if row is not chosen))


def _carve_out(rows: Sequence[BenefitRow]) -> OtherParty | None:
    """Who administers this kind of care instead: named by a row of it that sends elsewhere or does not cover it."""
    for row in rows:
        if row.kind in ("U", "R", "I") and says.BEHAVIOURAL & set(row.services):
            for other in row.others:
                if other.entity in _ADMINISTRATORS:
                    return other
    return None


def _other_payers(rows: Sequence[BenefitRow], carved: OtherParty | None) -> tuple[OtherParty, ...]:
    """Insurers that pay as well, each once."""
    found = [
        other
        for row in rows
        if row.kind == "R"
        for other in row.others
        if other.entity in _PAYERS and other != carved
    ]
    return tuple(dict.fromkeys(found))
