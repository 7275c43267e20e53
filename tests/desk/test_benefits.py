"""What a payer's answer means for one visit."""

from datetime import date
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


@pytest.mark.parametrize(
    ("said", "amount"),
    [("VIRTUAL VISITS ONLY", None), ("OFFICE OR TELEHEALTH", "0"), ("NOT FOR TELEHEALTH", "0")],
)
def test_what_a_visit_by_video_costs_is_not_told_of_one_at_the_office(said: str, amount: str | None) -> None:
    assert dollars(told(copay("0", messages=(said,))).copay) == amount


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


def needs(said: bool, kind: str = "B", services: tuple[str, ...] = ("MH",), number: int = 2) -> BenefitRow:
    return BenefitRow(number, kind, services=services, authorization=said)


@pytest.mark.parametrize(
    "plain",
    [
        needs(False, "A", ("98",), 3)._replace(level="IND", network=Network.IN),
        needs(False, "B", ("30",), 3)._replace(level="IND", network=Network.IN),
        needs(False, "B", ("MH",), 3)._replace(level="IND", network=Network.IN),
    ],
)
def test_authorization_is_needed_where_one_row_of_the_closest_care_says_so(plain: BenefitRow) -> None:
    assert told(plain, needs(True, "1")).authorization.value is True


def test_authorization_that_the_plan_wants_and_the_care_does_not_is_a_contradiction() -> None:
    assert (
        told(needs(False), needs(True, services=("30",), number=3)).authorization.state is State.CONTRADICTORY
    )


@pytest.mark.parametrize("services", [("98",), ("30",), ()])
def test_that_other_care_needs_no_authorization_says_nothing_of_ours(services: tuple[str, ...]) -> None:
    assert told(needs(False, services=services)).authorization.state is State.UNKNOWN


def test_a_row_that_names_no_level_is_a_person_s_and_the_closer_care_is_told() -> None:
    assert dollars(told(copay("20", services=("30",)), copay("45", level="", services=("A6",))).copay) == "45"


def test_closer_care_in_a_network_that_nobody_named_is_a_contradiction() -> None:
    figure = told(copay("20", services=("30",)), copay("45", services=("A6",), network=Network.UNKNOWN)).copay
    assert figure.state is State.CONTRADICTORY


def test_a_network_of_both_is_ours_too() -> None:
    assert (
        dollars(
            told(copay("20", services=("30",)), copay("45", services=("A6",), network=Network.BOTH)).copay
        )
        == "45"
    )


@pytest.mark.parametrize(
    "other",
    [
        copay("250", services=("CE",)),
        copay("250", services=("CG",)),
        copay("250", period="36"),
        copay("250", period="29"),
        copay("-20"),
    ],
)
def test_what_is_no_copay_of_a_talk_is_not_told_as_one(other: BenefitRow) -> None:
    assert told(other).copay.state is State.UNKNOWN


@pytest.mark.parametrize("share", ["1.01", "80", "-0.2"])
def test_a_share_that_is_none_is_unknown(share: str) -> None:
    assert told(BenefitRow(2, "A", services=("MH",), share=Decimal(share))).coinsurance.state is State.UNKNOWN


def standing(*rows: BenefitRow, day: date | None = None) -> bool | str | None:
    figure = benefits(rows, Wanted(day=day)).active
    return figure.value if figure.state is State.KNOWN else figure.state.value  # type: ignore[return-value]


def test_closer_care_that_is_not_active_beats_a_plan_that_is_whatever_its_level() -> None:
    assert standing(BenefitRow(1, "1", "IND", ("30",)), BenefitRow(2, "6", "", ("MH",))) is False


DAY = date(2026, 12, 1)
ENDED = ("349", date(2026, 6, 30), date(2026, 6, 30))
TO_COME = ("348", date(2027, 1, 1), date(2027, 1, 1))
NOW = ("292", date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize("dated", [ENDED, TO_COME, ("291", date(2025, 1, 1), date(2025, 12, 31))])
def test_a_plan_that_has_ended_or_is_to_come_is_not_active_that_day(dated: tuple[str, date, date]) -> None:
    assert standing(ACTIVE._replace(dates=(dated,)), day=DAY) is False
    assert standing(ACTIVE._replace(dates=(dated,)), ACTIVE._replace(number=2, dates=(NOW,)), day=DAY) is True


def test_an_end_that_is_to_come_ends_nothing_yet() -> None:
    assert standing(ACTIVE, BenefitRow(2, "6", services=("30",), dates=(TO_COME,)), day=DAY) is True


def test_last_year_s_copay_is_not_told() -> None:
    assert (
        dollars(told(copay("20"), copay("15", number=3, dates=(ENDED,)), wanted=Wanted(day=DAY)).copay)
        == "20"
    )


@pytest.mark.parametrize(
    "rows",
    [
        (BenefitRow(2, "1", services=("MH",)), BenefitRow(3, "I", services=("98",))),
        (BenefitRow(2, "1", services=("MH",)), BenefitRow(3, "I", services=("MH",))),
        (BenefitRow(3, "I", services=("30",), messages=("COSMETIC",)),),
    ],
)
def test_a_refusal_of_other_care_is_no_refusal_of_ours(rows: tuple[BenefitRow, ...]) -> None:
    assert told(*rows).covered.state is State.UNKNOWN


def test_a_refusal_with_a_message_and_no_active_plan_is_about_what_the_message_says() -> None:
    cosmetic = BenefitRow(3, "I", services=("30",), messages=("COSMETIC",))
    assert benefits([cosmetic], Wanted()).covered.state is State.UNKNOWN


def limit(period: str = "", *deliveries: Delivery) -> BenefitRow:
    row = BenefitRow(2, "F", services=("MH",), period=period, deliveries=deliveries)
    return row if deliveries else row._replace(quantity_qualifier="VS", quantity=Decimal(30))


def test_visits_that_a_delivery_says_remain_are_those_that_are_left() -> None:
    found = told(limit("23", Delivery("VS", Decimal(12), "29")))
    assert (found.visits.state, found.visits_left.value) == (State.UNKNOWN, Decimal(12))


@pytest.mark.parametrize(
    "row",
    [
        limit("", Delivery("VS", Decimal(1), "", None, "DA")),
        limit("", Delivery("VS", Decimal(12), "34", None, "WK")),
        limit("", Delivery("VS", Decimal(12), "21", Decimal(2))),
        limit("", Delivery("VS", Decimal(12), "34")),
        limit("24"),
        limit("30"),
        limit("QQ"),
    ],
)
def test_a_rate_and_what_was_used_are_no_limit(row: BenefitRow) -> None:
    assert {told(row).visits.state, told(row).visits_left.state} == {State.UNKNOWN}


def test_what_is_left_of_a_lifetime_is_left_and_no_limit() -> None:
    assert (told(limit("33")).visits.state, told(limit("33")).visits_left.value) == (
        State.UNKNOWN,
        Decimal(30),
    )


def test_a_limit_of_a_year_is_told_before_one_of_a_lifetime() -> None:
    lifetime = limit("32")._replace(number=3, quantity=Decimal(100))
    assert (told(limit("23"), lifetime).visits.value, told(lifetime).visits.value) == (
        Decimal(30),
        Decimal(100),
    )


@pytest.mark.parametrize(("period", "whole"), [("30", None), ("24", None), ("26", None), ("32", "900")])
def test_what_was_exceeded_or_used_is_no_deductible_and_that_of_a_lifetime_is(
    period: str, whole: str | None
) -> None:
    assert dollars(told(deductible("900", period, 2)).deductible) == whole


def test_what_is_left_of_a_family_s_deductible_is_not_told_beside_a_person_s() -> None:
    family = deductible("2400", "29", 3)._replace(level="FAM")
    assert told(deductible("1500", "23", 2), family).deductible_left.state is State.UNKNOWN


def message(text: str, kind: str = "B", services: tuple[str, ...] = ("MH",), number: int = 2) -> BenefitRow:
    return copay("20", number=number, services=services, messages=(text,))._replace(kind=kind)


@pytest.mark.parametrize(
    "row",
    [
        message("APPLIES TO OUT OF NETWORK PROVIDER SERVICES"),
        message("IF THE PROVIDER IS OUT OF NETWORK CALL US"),
        message("PROVIDER IS OUT OF NETWORK", services=("UC",)),
    ],
)
def test_a_message_about_providers_in_general_says_nothing_of_who_asked(row: BenefitRow) -> None:
    assert told(row).in_network.state is State.UNKNOWN


def test_two_sentences_about_the_network_that_differ_are_a_contradiction() -> None:
    both = told(message("Provider is in-network."), message("Provider is out of network", number=3))
    assert both.in_network.state is State.CONTRADICTORY


@pytest.mark.parametrize(
    ("row", "value"),
    [
        (message("TELEHEALTH VISITS ARE NOT COVERED"), False),
        (message("Telehealth is covered."), True),
        (message("VIRTUAL URGENT CARE", services=("UC",)), None),
        (message("TELEHEALTH VISITS ARE COVERED", services=("UC",)), None),
        (message("VIRTUAL VISITS: CALL"), None),
        (message("TELEHEALTH", "I"), False),
        (copay("20", places=("02",)), True),
    ],
)
def test_telehealth_is_told_by_place_or_by_a_whole_sentence_about_this_care(
    row: BenefitRow, value: bool | None
) -> None:
    assert told(row).telehealth.value is value


def test_a_place_and_a_sentence_that_differ_are_a_contradiction() -> None:
    found = told(copay("20", places=("02",)), message("TELEHEALTH VISITS ARE NOT COVERED", number=3))
    assert found.telehealth.state is State.CONTRADICTORY


@pytest.mark.parametrize("entity", ["P3", "1P", "IL", "QC"])
def test_a_doctor_and_the_insured_administer_and_insure_nothing(entity: str) -> None:
    named = OtherParty(entity, "Ada Example")
    found = told(
        BenefitRow(2, "U", services=("MH",), others=(named, CARELON)),
        BenefitRow(3, "R", services=("30",), others=(named,)),
    )
    assert (found.carve_out, found.other_payers) == (CARELON, ())


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
