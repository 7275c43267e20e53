"""An insurer is the same one by every name it goes by: in questions, in the search, in the fee for a late cancel."""

from datetime import date

import pytest

from lamplighter.conversation.actions import FindPerson, PersonFound
from lamplighter.conversation.facts import find_insurer
from lamplighter.desk import doing
from lamplighter.desk.ports import Person
from lamplighter.practice.sample import load_sample
from tests.promises.desks import CALLER, House
from tests.promises.once.test_once import errand

NAMES = [
    (insurer.id, name)
    for insurer in load_sample().insurers
    for name in (insurer.id, insurer.name.upper(), *insurer.names)
]


@pytest.mark.parametrize(("insurer", "name"), NAMES)
def test_a_person_has_the_payer_class_of_their_plan_by_whatever_name_it_is_on_file(
    insurer: str, name: str
) -> None:
    house = House()
    call = house.call("voice")
    found = find_insurer(house.practice, name)
    assert found is not None and found.id == insurer
    with house.store.transaction("demo") as tx:
        tx.people.add(
            Person(
                "p1", "Rosalind", "Thimblewick", date(1985, 3, 3), CALLER, insurer=name, contact_channel="sms"
            )
        )
        answer = doing.answer(
            errand(tx, call.contact), FindPerson("Rosalind", "Thimblewick", date(1985, 3, 3))
        )
    assert isinstance(answer, PersonFound)
    assert answer.payer_class == found.payer_class
