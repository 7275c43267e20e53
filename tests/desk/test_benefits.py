"""What a payer's answer means for one visit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplighter.desk.benefits import Benefits, Figure, State, Wanted, benefits
from lamplighter.desk.ports.coverage import BenefitRow, Delivery, Network, OtherParty
from lamplighter.practice.model import Money

ACTIVE = BenefitRow(1, "1", services=("30",), plan="Lantern Open")
CARELON = OtherParty("2B", "Otherwise Behavioral", "PI", "OTH01")


def copay(amount: str, *, number: int = 2, services: tuple[str, ...] = ("MH",), **more: object) -> BenefitRow:
    row = BenefitRow(
        number, "B", "IND", services, period="27", amount=Money(Decimal(amount)), network=Network.IN
    )
    return row._replace(**more)


def told(*rows: BenefitRow, wanted: Wanted | None = None) -> Benefits:
    return benefits([ACTIVE, *rows], wanted or Wanted())


def dollars(figure: Figure) -> str | None:
    return str(figure.value.amount) if isinstance(figure.value, Money) else None


def test_what_a_payer_did_not_say_is_unknown_and_never_zero() -> None:
    found = told()
    unsaid = [found.copay, found.coinsurance, found.deductible, found.deductible_left, found.visits_left]
    assert {(figure.state, figure.value) for figure in unsaid} == {(State.UNKNOWN, None)}


def test_a_copay_of_zero_is_told_as_one() -> None:
    assert (told(copay("0")).copay.state, dollars(told(copay("0")).copay)) == (State.KNOWN, "0")


def test_active_is_never_covered() -> None:
    assert (told().active.value, told().covered.state) == (True, State.UNKNOWN)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (copay("20"), copay("50", network=Network.UNKNOWN)),
        (copay("20"), copay("50", network=Network.OUT)),
        (copay("20", network=Network.BOTH), copay("50", network=Network.UNKNOWN)),
        (copay("20"), copay("50", level="FAM")),
        (copay("20", services=("A6",)), copay("50")),
        (copay("20"), copay("50", services=("98",))),
        (copay("20", services=("98",)), copay("50", services=("30",))),
        (copay("20", services=("30",)), copay("50", services=())),
        (copay("20", places=("11",)), copay("50")),
        (copay("20"), copay("50", places=("02",))),
        (copay("20"), copay("50", messages=("VIRTUAL VISITS ONLY",))),
        (copay("20"), copay("50", procedure=("HC", "90837"))),
        (copay("20"), copay("50", services=("86",))),
    ],
)
def test_of_two_rows_the_one_that_is_nearer_to_the_visit_is_told(
    better: BenefitRow, worse: BenefitRow
) -> None:
    for rows in ((better, worse._replace(number=3)), (worse._replace(number=3), better)):
        assert dollars(told(*rows).copay) == "20"


def test_a_row_that_lost_stays_beside_the_figure() -> None:
    lost = copay("50", number=3, network=Network.OUT)
    figure = told(copay("20"), lost).copay
    assert (figure.row, figure.beaten) == (copay("20"), (lost,))


def test_two_rows_that_fit_equally_well_and_differ_are_told_as_a_contradiction() -> None:
    figure = told(copay("20"), copay("35", number=3)).copay
    assert (figure.state, figure.value) == (State.CONTRADICTORY, None)


def test_the_same_said_twice_is_no_contradiction() -> None:
    assert dollars(told(copay("20"), copay("20", number=3)).copay) == "20"


def test_a_visit_by_video_has_the_copay_of_video() -> None:
    office, video = copay("40", places=("11",)), copay("0", number=3, places=("10",))
    assert dollars(told(office, video, wanted=Wanted(telehealth=True)).copay) == "0"


def test_a_visit_by_video_is_not_told_the_copay_of_the_office() -> None:
    assert told(copay("40", places=("11",)), wanted=Wanted(telehealth=True)).copay.state is State.UNKNOWN


def test_a_message_that_says_video_counts_where_no_place_does() -> None:
    office, video = copay("40"), copay("0", number=3, messages=("Telehealth through our own clinicians",))
    assert dollars(told(office, video, wanted=Wanted(telehealth=True)).copay) == "0"


def test_a_procedure_that_was_named_beats_every_service_type() -> None:
    named = copay("15", number=3, procedure=("HC", "90837"))
    assert dollars(told(copay("40", services=("A6",)), named, wanted=Wanted(procedure="90837")).copay) == "15"


def deductible(amount: str, period: str, number: int, services: tuple[str, ...] = ("30",)) -> BenefitRow:
    return BenefitRow(
        number, "C", "IND", services, period=period, amount=Money(Decimal(amount)), network=Network.IN
    )


def test_what_remains_of_a_deductible_is_told_beside_the_whole() -> None:
    found = told(deductible("1500", "23", 2), deductible("300", "29", 3))
    assert (dollars(found.deductible), dollars(found.deductible_left)) == ("1500", "300")


def test_what_remains_of_the_plan_s_deductible_is_not_told_of_care_that_has_one_of_its_own() -> None:
    found = told(deductible("0", "23", 2, ("MH",)), deductible("300", "29", 3))
    assert (dollars(found.deductible), found.deductible_left.state) == ("0", State.UNKNOWN)


def test_visits_are_read_from_a_quantity_and_from_a_delivery() -> None:
    counted = BenefitRow(2, "F", services=("MH",), period="23", quantity_qualifier="VS", quantity=Decimal(30))
    left = BenefitRow(3, "F", services=("MH",), period="29", deliveries=(Delivery("VS", Decimal(12), "29"),))
    found = told(counted, left)
    assert (found.visits.value, found.visits_left.value) == (Decimal(30), Decimal(12))


def test_a_closer_kind_of_care_that_is_not_active_beats_a_plan_that_is() -> None:
    assert told(BenefitRow(2, "6", services=("MH",))).active.value is False


def test_care_that_is_administered_elsewhere_is_no_refusal() -> None:
    found = told(BenefitRow(2, "I", services=("MH",), others=(CARELON,)))
    assert (found.carve_out, found.covered.state) == (CARELON, State.UNKNOWN)


def test_care_that_the_payer_does_not_cover_is_told() -> None:
    assert told(BenefitRow(2, "I", services=("MH",))).covered.value is False


def test_another_insurer_is_no_carve_out() -> None:
    other = OtherParty("PR", "Second Lantern")
    found = told(BenefitRow(2, "R", services=("30",), others=(other,)))
    assert (found.carve_out, found.other_payers) == (None, (other,))


@pytest.mark.parametrize(("said", "told_to_person"), [(True, True), (False, False)])
def test_whether_authorization_is_needed_is_told_where_the_payer_says_so(
    said: bool, told_to_person: bool
) -> None:
    assert told(copay("20", authorization=said)).authorization.value is told_to_person


def test_a_payer_that_needs_authorization_for_other_care_says_nothing_of_ours() -> None:
    assert told(copay("20", services=("BB",), authorization=True)).authorization.state is State.UNKNOWN


def test_out_of_network_is_told_where_the_payer_says_so_of_who_asked() -> None:
    found = told(BenefitRow(2, "1", services=("MH",), messages=("Provider is out of network based on NPI",)))
    assert found.in_network.value is False


ROWS = st.builds(
    BenefitRow,
    number=st.integers(1, 50),
    kind=st.sampled_from("1678ABCFGIRU"),
    level=st.sampled_from(["", "IND", "FAM"]),
    services=st.lists(st.sampled_from(["30", "MH", "A6", "98", "86", "QQ"]), max_size=3).map(tuple),
    period=st.sampled_from(["", "23", "27", "29", "QQ"]),
    amount=st.none() | st.decimals(0, 9999, places=2).map(Money),
    share=st.none() | st.decimals(0, 1, places=2),
    authorization=st.none() | st.booleans(),
    network=st.sampled_from(Network),
    places=st.lists(st.sampled_from(["11", "02", "21"]), max_size=1).map(tuple),
)


@given(st.lists(ROWS, max_size=12), st.booleans(), st.randoms())
def test_every_figure_is_one_that_a_row_said_whatever_their_order(
    rows: list[BenefitRow], video: bool, chance
) -> None:
    wanted = Wanted(telehealth=video)
    found = benefits(rows, wanted)
    shuffled = list(rows)
    chance.shuffle(shuffled)
    again = benefits(shuffled, wanted)
    for name in ("copay", "coinsurance", "deductible", "out_of_pocket", "authorization"):
        figure = getattr(found, name)
        assert (figure.state, figure.value) == (getattr(again, name).state, getattr(again, name).value)
        if figure.state is State.KNOWN:
            assert figure.row in rows
            assert figure.value in (figure.row.amount, figure.row.share, figure.row.authorization)
