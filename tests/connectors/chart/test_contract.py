"""What every chart holds to: in memory, and on a real FHIR server in each of the shapes that such servers take."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from lamplighter.connectors.chart.fhir.client import FhirChart
from lamplighter.connectors.chart.simulated import SimulatedChart
from lamplighter.desk.ports.chart import Chart, ChartPerson, PlanNote, Written
from lamplighter.desk.ports.coverage import Payer
from lamplighter.practice.model import Money
from tests.fhir.hospital import Hospital, opened
from tests.promises.desks import NOON, SimulatedClock

SHAPES = {
    "eligibility": ("CoverageEligibilityResponse", "Coverage"),
    "task": ("Task", "Coverage"),
    "document": ("DocumentReference",),
}
ANNA = ChartPerson("Anna", "Lindqvist", date(1988, 4, 12))
NOTE = PlanNote(
    id="q1",
    person=ANNA,
    payer=Payer("60054", "Lantern Health"),
    member_id="W123456789",
    relation="child",
    as_of=datetime(2026, 12, 1, 17, 0, tzinfo=UTC),
    in_force=True,
    figures=(
        ("plan", "LANTERN OPEN"), ("active", True), ("copay", Money(Decimal("134.75"))),
        ("coinsurance", Decimal("0.2")), ("deductible_left", Money(Decimal("0.00"))), ("visits", Decimal(30)),
        ("authorization", False), ("in_network", True), ("telehealth", True),
    ),
)  # fmt: skip


@dataclass
class Ward:
    """A chart under test, and what may befall it."""

    chart: Chart
    hospital: Hospital | None = None

    def has(self, note: PlanNote) -> int:
        if self.hospital is None:
            return 1
        first = {
            "eligibility": "CoverageEligibilityResponse",
            "task": "Task",
            "document": "DocumentReference",
        }
        return sum(len(self.hospital.all(kind)) for kind in first.values())


@contextmanager
def in_memory(router: str) -> Iterator[Ward]:
    yield Ward(SimulatedChart())


def by_fhir(shape: str) -> Callable[[str], AbstractContextManager[Ward]]:
    @contextmanager
    def made(router: str) -> Iterator[Ward]:
        with opened(router, creates=SHAPES[shape]) as hospital:
            hospital.patient()
            clock = SimulatedClock(NOON)
            yield Ward(FhirChart(hospital.server(clock), "Harbor Lane", "", clock), hospital)

    return made


WARDS = {"memory": in_memory, **{shape: by_fhir(shape) for shape in SHAPES}}


@pytest.fixture(params=WARDS)
def ward(request: pytest.FixtureRequest, router: str) -> Iterator[Ward]:
    with WARDS[request.param](router) as made:
        yield made


def test_a_note_is_written_once_read_back_and_found_again_and_another_is_another(ward: Ward) -> None:
    assert ward.chart.look(NOTE, 60) is None
    first = ward.chart.write(NOTE, 60)
    assert isinstance(first, Written) and first.where and first.known_as
    known = replace(NOTE, person=replace(ANNA, known_as=first.known_as))
    assert ward.chart.write(known, 60) == ward.chart.look(known, 60) == first
    assert ward.has(NOTE) == 1
    later = replace(
        known, id="q2", as_of=datetime(2026, 12, 2, 17, 0, tzinfo=UTC), figures=(("active", False),)
    )
    second = ward.chart.write(later, 60)
    assert isinstance(second, Written) and second.where != first.where


def test_a_note_that_says_little_is_written_too(ward: Ward) -> None:
    bare = replace(NOTE, figures=(), relation=None)
    assert isinstance(ward.chart.write(bare, 60), Written)
