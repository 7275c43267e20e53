"""A FHIR server as a chart: whose it is has to be certain, what is there already is left alone, and whatever the server
does wrong comes out as something that has to happen next."""

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from lamplighter.connectors.chart.fhir.client import FhirChart
from lamplighter.connectors.chart.fhir.resources import Chosen, agrees, coverage, eligibility_response, task
from lamplighter.connectors.chart.simulated import SimulatedCharts
from lamplighter.desk import chart_kept, plan_kept
from lamplighter.desk.ports.chart import ChartReply, NotWritten, WhyNot, Written
from tests.connectors.chart.test_contract import ANNA, NOTE, SHAPES
from tests.desk.eligibility.scene import AT, Scene
from tests.fhir.hospital import Hospital, opened
from tests.promises.desks import NOON, SimulatedClock


@pytest.fixture
def hospital(router: str) -> Iterator[Hospital]:
    with opened(router, creates=SHAPES["eligibility"]) as made:
        yield made


def chart(hospital: Hospital) -> FhirChart:
    clock = SimulatedClock(NOON)
    return FhirChart(hospital.server(clock), "Harbor Lane", "", clock)


def write(hospital: Hospital) -> ChartReply:
    return chart(hospital).write(NOTE, 60)


def test_only_one_living_record_of_the_whole_legal_name_and_birth_date_is_theirs(hospital: Hospital) -> None:
    hospital.patient("Lindqvist-Moe")
    hospital.patient(given="Annalena")
    hospital.patient(birthDate="1988-04-13")
    hospital.patient(active=False)
    hospital.patient(name=[{"use": "nickname", "family": "Lindqvist", "given": ["Anna"]}])
    assert write(hospital) == NotWritten(WhyNot.NOBODY)
    theirs = hospital.patient("LINDQVIST", "Anna Maria")
    found = write(hospital)
    assert isinstance(found, Written) and found.known_as == theirs
    hospital.pages = True
    hospital.patient()
    assert write(hospital) == NotWritten(WhyNot.SEVERAL)
    known = replace(NOTE, person=replace(ANNA, known_as=theirs))
    assert chart(hospital).write(known, 60) == found
    [record] = [each for each in hospital.all("Patient") if f"Patient/{each['id']}" == theirs]
    hospital.change(record, birthDate="1988-04-14")
    assert chart(hospital).write(known, 60) == NotWritten(WhyNot.NOBODY)


def test_what_was_lost_on_the_way_back_is_written_once_all_the_same(hospital: Hospital) -> None:
    hospital.patient()
    for _ in range(2):
        hospital.loses = 1
        assert write(hospital) == NotWritten(WhyNot.UNREACHABLE)
    assert isinstance(write(hospital), Written)
    assert {kind: len(hospital.all(kind)) for kind in SHAPES["eligibility"]} == dict.fromkeys(
        SHAPES["eligibility"], 1
    )


def test_a_plan_that_the_chart_has_is_used_as_it_stands_and_ours_is_put_right(hospital: Hospital) -> None:
    anna = hospital.patient()
    theirs = hospital.put(
        resourceType="Coverage", status="active", subscriberId="w-123 456 789", beneficiary={"reference": anna},
        payor=[{"display": "Lantern"}],
    )  # fmt: skip
    before = hospital.all("Coverage")
    found = write(hospital)
    assert isinstance(found, Written) and found.where[1] == theirs
    assert hospital.all("Coverage") == before
    other = replace(NOTE, id="q2", member_id="W000000000")
    made = chart(hospital).write(other, 60)
    over = chart(hospital).write(replace(other, id="q3", in_force=False, figures=()), 60)
    assert isinstance(made, Written) and isinstance(over, Written) and made.where[1] == over.where[1]
    assert sorted(each["status"] for each in hospital.all("Coverage")) == ["active", "cancelled"]


def test_only_what_the_plan_says_of_itself_ends_it_and_what_the_practice_has_put_beside_it_stays(
    hospital: Hospital,
) -> None:
    hospital.patient()
    write(hospital)
    [ours] = hospital.all("Coverage")
    group = {"type": {"coding": [{"code": "group"}]}, "value": "G1"}
    number = {"system": "https://harbor.example/plans", "value": "GRP-55"}
    hospital.change(
        ours, identifier=[number, *ours["identifier"]], **{"class": [group, *ours["class"]]},
        payor=[{"display": "Lantern, the group's"}],
    )  # fmt: skip

    def then(in_force: bool | None, *figures: Any) -> dict[str, Any]:
        name = f"then {in_force} {figures}"
        said = replace(NOTE, id=name, in_force=in_force, figures=(("plan", "LANTERN CLOSED"), *figures))
        assert isinstance(chart(hospital).write(said, 60), Written)
        [held] = hospital.all("Coverage")
        assert number in held["identifier"] and ours["identifier"][0] in held["identifier"]
        assert sorted(each["value"] for each in held["class"]) == ["G1", "LANTERN CLOSED"]
        assert held["payor"] == [{"display": "Lantern, the group's"}]
        return held

    assert then(None)["status"] == then(None, ("active", False))["status"] == "active"
    assert then(False, ("active", True))["status"] == then(None, ("active", True))["status"] == "cancelled"
    hospital.change(then(False), status="draft")
    assert then(None, ("active", True), ("visits", Decimal(3)))["status"] == "active"


@pytest.mark.parametrize("how", ["by display", "inside", "beside"])
def test_a_plan_of_another_payer_with_the_same_number_is_left_alone(hospital: Hospital, how: str) -> None:
    anna = hospital.patient()

    def of(name: str, number: str) -> str:
        plan = {"resourceType": "Coverage", "status": "active", "subscriberId": number,
                "beneficiary": {"reference": anna}}  # fmt: skip
        org = {"resourceType": "Organization", "name": name}
        match how:
            case "by display":
                return hospital.put(**plan, payor=[{"display": name}])
            case "inside":
                return hospital.put(**plan, contained=[{**org, "id": "o"}], payor=[{"reference": "#o"}])
        return hospital.put(**plan, payor=[{"reference": hospital.put(**org)}])

    another = of("Harbor Mutual", NOTE.member_id)
    found = write(hospital)
    assert isinstance(found, Written) and found.where[1] != another
    theirs = of("LANTERN", "W000000000")
    later = chart(hospital).write(replace(NOTE, id="q2", member_id="W000000000"), 60)
    assert isinstance(later, Written) and later.where[1] == theirs


@pytest.mark.parametrize(
    "away", [{"active": False}, {"link": [{"other": {"reference": "Patient/9"}, "type": "replaced-by"}]}]
)
def test_where_two_records_were_made_one_whoever_stands_there_now_is_found_by_name_and_birth_date(
    hospital: Hospital, away: dict[str, Any]
) -> None:
    first = hospital.patient()
    found = write(hospital)
    assert isinstance(found, Written) and found.known_as == first
    [record] = hospital.all("Patient")
    hospital.change(record, **away)
    later = replace(NOTE, id="q2", person=replace(ANNA, known_as=first))
    assert chart(hospital).write(later, 60) == NotWritten(WhyNot.NOBODY)
    second = hospital.patient()
    now = chart(hospital).write(later, 60)
    assert isinstance(now, Written) and now.known_as == second


def test_a_server_that_searches_by_nothing_and_gives_everything_mixes_up_nobody(hospital: Hospital) -> None:
    hospital.ignores = ("family", "birthdate", "patient", "identifier")
    brother = hospital.patient(given="Nils")
    shared = hospital.put(
        resourceType="Coverage", status="active", subscriberId=NOTE.member_id, beneficiary={"reference": brother},
        payor=[{"display": "Lantern"}],
    )  # fmt: skip
    assert write(hospital) == NotWritten(WhyNot.NOBODY)
    anna = hospital.patient()
    found = write(hospital)
    assert isinstance(found, Written) and found.known_as == anna and shared not in found.where
    assert write(hospital) == found


def test_what_somebody_has_changed_in_the_chart_differs(hospital: Hospital) -> None:
    hospital.patient()
    write(hospital)
    [held] = hospital.all("CoverageEligibilityResponse")
    held["insurance"][0]["item"][0]["benefit"][0]["allowedMoney"]["value"] = 20
    hospital.change(held)
    assert chart(hospital).look(NOTE, 60) == NotWritten(WhyNot.DIFFERS)
    assert write(hospital) == NotWritten(WhyNot.DIFFERS)


def test_what_goes_there_is_about_the_plan_alone_with_its_day_and_caution(hospital: Hospital) -> None:
    hospital.patient()
    write(hospital)
    [told] = hospital.all("CoverageEligibilityResponse")
    assert (
        told["disposition"] == "An estimate as of 2026-12-01, as the payer answered. It promises no payment."
    )
    [insured] = told["insurance"]
    [item] = insured["item"]
    assert insured["inforce"] is True and item["authorizationRequired"] is False
    assert item["category"] == {"text": "A visit to this practice"}
    said = {each["type"]["text"]: each for each in item["benefit"]}
    assert said["Copay"]["allowedMoney"] == {"value": 134.75, "currency": "USD"}
    assert said["Deductible left"]["allowedMoney"]["value"] == 0
    assert (said["Their share"]["allowedString"], said["Visits"]["allowedUnsignedInt"]) == ("20%", 30)
    assert "Deductible" not in said, "what the payer did not say stands nowhere"
    assert "psych" not in json.dumps(told).lower() and "mental" not in json.dumps(told).lower()


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ({"down": 1}, WhyNot.UNREACHABLE),
        ({"broken": True}, WhyNot.UNREACHABLE),
        ({"leads_away": True}, WhyNot.UNREACHABLE),
        ({"creates": ("Coverage",)}, WhyNot.TAKES_NOTHING),
    ],
)
def test_whatever_goes_wrong_is_something_that_has_to_happen_next(
    hospital: Hospital, fault: dict[str, object], why: WhyNot
) -> None:
    hospital.patient()
    for name, value in fault.items():
        setattr(hospital, name, value)
    assert write(hospital) == NotWritten(why)
    assert not hospital.all("CoverageEligibilityResponse")


def test_a_token_that_ended_early_is_got_anew_and_a_key_that_is_refused_is_the_operators(
    hospital: Hospital,
) -> None:
    hospital.patient()
    ours = chart(hospital)
    assert isinstance(ours.write(NOTE, 60), Written)
    hospital.authorities.good.clear()
    assert isinstance(ours.look(NOTE, 60), Written)
    hospital.authorities.jwks = {"keys": [{**hospital.authorities.jwks["keys"][0], "kid": "another"}]}
    assert write(hospital) == NotWritten(WhyNot.NOT_ALLOWED)
    assert chart(replace(hospital, address="http://127.0.0.1:9")).write(NOTE, 60) == NotWritten(
        WhyNot.UNREACHABLE
    )


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    yield from (found for name, each in inside for found in leaves(each, (*path, name)))
    if not isinstance(value, dict | list):
        yield path


def altered(resource: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    made = copy.deepcopy(resource)
    at: Any = made
    for name in path[:-1]:
        at = at[name]
    was = at[path[-1]]
    at[path[-1]] = (
        (not was) if isinstance(was, bool) else was + 1 if isinstance(was, int | float) else f"{was}x"
    )
    return made


def test_whatever_is_altered_of_what_we_wrote_is_seen_and_what_is_added_beside_is_not() -> None:
    chosen = Chosen("Patient/1", "Coverage/2")
    for made in (coverage(NOTE, chosen), eligibility_response(NOTE, chosen), task(NOTE, chosen)):
        as_held = json.loads(json.dumps(made), parse_float=Decimal)
        assert agrees(made, {**as_held, "id": "7", "meta": {"versionId": "1"}})
        mine = [path for path in leaves(as_held) if (as_held["resourceType"], path[0]) != ("Task", "status")]
        assert len(mine) > 8
        for path in mine:
            assert not agrees(made, altered(as_held, path)), path


def test_a_booked_visit_ends_as_one_answer_in_the_chart_though_the_server_lost_its_word_on_the_way(
    hospital: Hospital,
) -> None:
    theirs = hospital.patient()
    hospital.loses = 2
    scene = Scene(charts=SimulatedCharts(chart(hospital)))  # type: ignore[arg-type]
    scene.book()
    scene.until(AT + timedelta(hours=2))
    [told] = hospital.all("CoverageEligibilityResponse")
    assert told["patient"] == {"reference": theirs} and told["insurance"][0]["inforce"] is True
    assert len(hospital.all("Coverage")) == 1
    with scene.tx() as tx:
        found = chart_kept.stands(tx, plan_kept.questions(tx, "anna")[0])
    assert found is not None and found.step == "written"
    assert found.where[0] == f"CoverageEligibilityResponse/{told['id']}"
