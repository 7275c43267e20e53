"""Whoever has been identified reaches the clinician who treats them first."""

from dataclasses import replace
from datetime import date

from lamplighter.desk.ports import Person
from lamplighter.practice.model import Rung
from tests.promises.desks import CALLER, House


def with_treating() -> House:
    house = House()
    ladder = house.practice.ladder
    rungs = (Rung("treating", "Their clinician", None, True, "treating"), *ladder.by_day["human"])
    clinicians = tuple(replace(each, phone="+12125550150") for each in house.practice.clinicians)
    practice = replace(
        house.practice,
        ladder=replace(ladder, by_day={**ladder.by_day, "human": rungs}),
        clinicians=clinicians,
    )
    return House(practice=practice)


def ask_for_a_person(house: House, *words: str) -> str:
    call = house.call("voice")
    for each in (*words, "I want to talk to a person"):
        call.say(each)
    house.pass_time(1)
    return house.pager.rings[0].name


def test_an_identified_patient_rings_their_own_clinician_first() -> None:
    house = with_treating()
    seen = house.practice.clinicians[1]
    person = Person(
        "p1", "Rosalind", "Thimblewick", date(1985, 3, 3), CALLER, clinician=seen.id, contact_channel="sms"
    )
    with house.store.transaction("demo") as tx:
        tx.people.add(person)
    words = ("when is my appointment?", "Rosalind Thimblewick", "March third 1985")
    assert ask_for_a_person(house, *words) == seen.spoken_name


def test_whoever_is_not_identified_rings_no_clinician_of_somebody_else() -> None:
    house = with_treating()
    assert ask_for_a_person(house) == house.practice.ladder.by_day["human"][1].name
