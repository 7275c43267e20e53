"""MIN-02: who may act for a minor is recorded with its scope; anybody else, a second parent too, learns nothing and
gets a person."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from lamplighter.conversation.details import Detail
from lamplighter.conversation.slots import Slot
from lamplighter.desk import custody
from lamplighter.desk.custody import NotRecorded
from lamplighter.desk.ports import Person, Proxy
from lamplighter.practice.model import Modality
from tests.promises.desks import NOON, Call, House

MOTHER, FATHER, CHILD = "+12125550151", "+12125550152", "+12125550153"
ETHAN = Person("p1", "Ethan", "Wolfe", date(2012, 5, 5), CHILD, clinician="luis_ortega")
RECORDED = Proxy("Barbara Wolfe", MOTHER)
KNOWS = {
    Detail.FIRST_NAME: "Ethan",
    Detail.LAST_NAME: "Wolfe",
    Detail.DATE_OF_BIRTH: "May 5 2012",
    Detail.IDENTITY_CODE: "I don't have that phone",
    Detail.CONFIRM: "yes",
    Detail.PERSON: "yes",
}
MOM = ("Barbara Wolfe", "his mother", MOTHER)
DAD = ("Paul Wolfe", "his father", FATHER)


def house(*proxies: Proxy, **changes: Any) -> House:
    made = House()
    start = datetime(2026, 12, 8, 15, tzinfo=made.practice.timezone)
    slot = Slot(start, 50, "luis_ortega", Modality.IN_PERSON, "follow_up", made.practice.sites[0].id)
    with made.store.transaction("demo") as tx:
        tx.people.add(replace(ETHAN, proxies=proxies, **changes))
        assert tx.schedule.book("v1", slot, ("p1",), "", NOON, "booked")
    return made


def asks_about_him(made: House, who: tuple[str, str, str], **other: str) -> Call:
    """A parent who texts about the visit, and answers what they are asked."""
    name, relationship, number = who
    knows = KNOWS | {Detail.CALLER_NAME: name, Detail.RELATIONSHIP: relationship}
    knows |= {Detail(detail): said for detail, said in other.items()}
    call = made.call("sms", number)
    call.say("I need to cancel my son's appointment")
    for _ in range(12):
        if call.state.handed_over or call.state.ended or not call.state.asked:
            break
        detail = next((each.detail for each in call.state.asked if each.detail in knows), None)
        call.say(knows[detail] if detail else "no")
    return call


def words(call: Call) -> list[str]:
    return [each.text for reply in call.replies for each in reply.said]


def cancelled(made: House) -> bool:
    with made.store.transaction("demo") as tx:
        return not tx.schedule.visits_of("p1", NOON)


def test_min_02_a_second_parent_learns_nothing_and_gets_a_person() -> None:
    made = house(RECORDED)
    call = asks_about_him(made, DAD)
    assert call.state.handoff is not None and call.state.handoff.route == "human"
    assert "handoff.minor" in call.said
    told = " ".join(words(call))
    assert "Ortega" not in told and "3:00" not in told and "Barbara" not in told
    assert call.state.person is None and not cancelled(made)


def test_min_02_a_child_who_is_not_on_file_gets_them_the_very_same_words() -> None:
    known = asks_about_him(house(RECORDED), DAD)
    unknown = asks_about_him(house(RECORDED), DAD, last_name="Wolfenstein")
    assert words(known) == [each.replace("Wolfenstein", "Wolfe") for each in words(unknown)]


def test_min_02_whoever_calls_from_the_number_on_file_and_may_not_act_gets_a_person_without_a_code() -> None:
    made = house(phone=MOM[2])
    call = asks_about_him(made, MOM)
    assert "handoff.minor" in call.said and call.state.person is None and not cancelled(made)
    assert not any("identity_code" in each for each in call.said)
    assert call.state.turns < asks_about_him(house(), MOM).state.turns


def test_min_02_a_recorded_parent_is_told_and_may_change_it() -> None:
    made = house(RECORDED)
    call = asks_about_him(made, MOM)
    assert call.state.person == "p1" and not call.state.handed_over
    assert cancelled(made)


@pytest.mark.parametrize(
    "changes", [{"proxies": (replace(RECORDED, visits=False, consents=True),)}, {"by_person_only": True}]
)
def test_min_02_who_may_only_agree_to_care_and_whoever_asks_in_a_dispute_gets_a_person(
    changes: dict[str, Any],
) -> None:
    given = {"proxies": (RECORDED,), **changes}
    made = house(*given.pop("proxies"), **given)
    call = asks_about_him(made, MOM)
    assert call.state.person is None and "handoff.minor" in call.said
    assert not cancelled(made)


def test_min_02_what_is_recorded_stands_in_the_ledger_without_a_name() -> None:
    made = house()
    with made.store.transaction("demo") as tx:
        custody.record(
            tx,
            ETHAN,
            name="Barbara  Wolfe",
            phone="(212) 555-0151",
            visits=True,
            consents=False,
            by="a1",
            now=NOON,
        )
        person = tx.people.get("p1")
        assert person is not None and person.proxies == (RECORDED,)
        custody.record(
            tx, person, name="barbara wolfe", phone=FATHER, visits=False, consents=True, by="a1", now=NOON
        )
        person = tx.people.get("p1")
        assert person is not None
        assert person.proxies == (Proxy("barbara wolfe", FATHER, visits=False, consents=True),)
        custody.remove(tx, person, "barbara wolfe", by="a2", now=NOON + timedelta(hours=1))
        left = tx.people.get("p1")
        assert left is not None and left.proxies == ()
        entries = [each for each in tx.ledger.entries(limit=100) if each.what.startswith("proxy_")]
    assert [(each.who, each.what, each.about) for each in entries] == [
        ("a1", "proxy_recorded", "person/p1"), ("a1", "proxy_recorded", "person/p1"),
        ("a2", "proxy_removed", "person/p1"),
    ]  # fmt: skip
    assert "Barbara" not in str([each.why for each in entries])


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"name": " "}, "whole name"),
        ({"phone": "soon"}, "ten digits"),
        ({"visits": False}, "what they may do"),
    ],
)
def test_min_02_what_is_recorded_by_halves_is_not(given: dict[str, Any], says: str) -> None:
    made = house()
    whole = {"name": "Barbara Wolfe", "phone": MOTHER, "visits": True, "consents": False} | given
    with made.store.transaction("demo") as tx:
        with pytest.raises(NotRecorded, match=says):
            custody.record(tx, ETHAN, **whole, by="a1", now=NOON)
        person = tx.people.get("p1")
    assert person is not None and person.proxies == ()
