"""What people have stated, and what stands until somebody lifts it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lamplighter.desk.ports import Fact
from lamplighter.desk.ports.facts import of_name
from lamplighter.records.errors import Forgotten
from lamplighter.records.names import comparable
from lamplighter.records.sql.store import SqlTransaction
from lamplighter.records.sql.tables import mailboxes, surnames
from tests.records.contract.examples import a_person, undo
from tests.records.stores import START, Store

LATER = START + timedelta(hours=1)


def a_fact(fact_id: str = "f1", **changes: object) -> Fact:
    fact = Fact(
        fact_id, "stopped", "person/p1", START, "a1", (("why", "discharged"),), person="p1", starts=START,
        ends=START + timedelta(days=1),
    )  # fmt: skip
    return replace(fact, **changes)  # type: ignore[arg-type]


def test_a_fact_comes_back_whole_and_is_stated_once(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.facts.state(a_fact())
        transaction.facts.state(a_fact(by="a2"))
    with store.transaction() as transaction:
        assert transaction.facts.get("f1") == a_fact()
        assert transaction.facts.get("f2") is None
        assert transaction.facts.standing("stopped") == (a_fact(),)


def test_a_fact_that_was_lifted_stands_no_more_and_says_who_lifted_it(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.facts.state(a_fact())
        assert transaction.facts.lift("f1", "a2", LATER)
        assert not transaction.facts.lift("f1", "a3", LATER)
        assert not transaction.facts.lift("f2", "a3", LATER)
    with store.transaction() as transaction:
        assert transaction.facts.standing("stopped") == ()
        assert transaction.facts.get("f1") == a_fact(lifted=LATER, lifted_by="a2")
        noted = [(entry.who, entry.what, entry.about) for entry in transaction.ledger.entries()]
    assert noted == [("a1", "stopped_stated", "person/p1"), ("a2", "stopped_lifted", "person/p1")]


def test_those_of_a_kind_and_of_a_subject_come_newest_first(store: Store) -> None:
    facts = [
        a_fact("f1"),
        a_fact("f2", at=LATER),
        a_fact("f3", about="person/p2", person="p2", at=LATER),
        a_fact("f4", kind="cover", about="ladder/osei", person=None),
    ]
    with store.transaction() as transaction:
        for fact in facts:
            transaction.facts.state(fact)
    with store.transaction() as transaction:
        assert [each.id for each in transaction.facts.standing("stopped")] == ["f3", "f2", "f1"]
        assert [each.id for each in transaction.facts.standing("stopped", "person/p1")] == ["f2", "f1"]
        assert [each.id for each in transaction.facts.standing("cover")] == ["f4"]


def test_a_fact_holds_from_its_beginning_to_its_end_until_it_is_lifted() -> None:
    fact = a_fact()
    assert fact.holds(START) and fact.holds(LATER)
    assert not fact.holds(START - timedelta(seconds=1))
    assert not fact.holds(START + timedelta(days=1))
    assert not replace(fact, lifted=LATER).holds(LATER)
    assert replace(fact, starts=None, ends=None).holds(START + timedelta(days=900))


def test_what_is_about_a_name_is_found_by_it_however_it_is_written_and_kept_without_it(store: Store) -> None:
    about = of_name("José María", "O'Brien-Núñez", date(1981, 2, 3))
    said = (("clinician", "osei"), ("last", "O'Brien-Núñez"))
    with store.transaction() as transaction:
        transaction.facts.state(Fact("k1", "kept_apart", about, START, "a1", said))
    with store.transaction() as transaction:
        again = of_name("jose maria", "obrien nunez", date(1981, 2, 3))
        (fact,) = transaction.facts.standing("kept_apart", again)
        assert fact.details == said
        assert "nunez" not in comparable(fact.about) and "1981" not in fact.about
        for other in (
            ("Jose", "O'Brien-Núñez", date(1981, 2, 3)),
            ("José María", "O'Brien-Núñez", date(1981, 2, 4)),
        ):
            assert transaction.facts.standing("kept_apart", of_name(*other)) == ()
        assert [each.about for each in transaction.ledger.entries()] == [fact.about]


def test_what_is_stated_about_a_person_goes_with_them(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.people.add(a_person())
        transaction.facts.state(a_fact())
        transaction.facts.state(a_fact("f2", kind="cover", about="ladder/osei", person=None))
        transaction.people.forget("p1")
    with store.transaction() as transaction:
        assert transaction.facts.standing("stopped") == ()
        assert len(transaction.facts.standing("cover")) == 1
    with pytest.raises(Forgotten), store.transaction() as transaction:
        transaction.facts.state(a_fact("f3"))


def test_what_was_stated_in_a_transaction_that_failed_was_not(store: Store) -> None:
    undo(store, lambda transaction: transaction.facts.state(a_fact()))
    with store.transaction() as transaction:
        transaction.facts.state(a_fact("f2"))
    undo(store, lambda transaction: transaction.facts.lift("f2", "a1", LATER))
    with store.transaction() as transaction:
        assert [each.id for each in transaction.facts.standing("stopped")] == ["f2"]


def test_facts_belong_to_their_practice(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.facts.state(a_fact())
    with store.transaction(practice=f"{store.practice}-other") as other:
        assert other.facts.get("f1") is None and other.facts.standing("stopped") == ()


def test_people_are_found_by_last_name_and_birth_date_however_it_is_written(store: Store) -> None:
    born = date(1990, 5, 17)
    with store.transaction() as transaction:
        transaction.people.add(a_person("p1", last_name="O'Neill"))
        transaction.people.add(a_person("p2", first_name="Ida", last_name="Oneill"))
        transaction.people.add(a_person("p3", last_name="Oneill", date_of_birth=date(1991, 5, 17)))
        transaction.people.add(a_person("p4", last_name="Oneill", date_of_birth=None))
    with store.transaction() as transaction:
        assert [each.id for each in transaction.people.of_last_name("o’neill", born)] == ["p1", "p2"]
        transaction.people.update(a_person("p2", first_name="Ida", last_name="Marsh"))
        assert [each.id for each in transaction.people.of_last_name("ONEILL", born)] == ["p1"]
        assert transaction.people.of_last_name("Nobody", born) == ()
        transaction.people.forget("p1")
        assert transaction.people.of_last_name("ONEILL", born) == ()


def test_whoever_was_on_file_before_people_were_found_by_last_name_is_found_too(sql_store: Store) -> None:
    with sql_store.transaction() as transaction:
        assert isinstance(transaction, SqlTransaction)
        transaction.people.add(a_person())
        transaction.scope.delete(surnames)
    with sql_store.transaction() as transaction:
        assert [each.id for each in transaction.people.of_last_name("okafor", date(1990, 5, 17))] == ["p1"]


def test_people_are_found_by_their_address_however_it_is_written_and_whenever_they_came_on_file(
    store: Store,
) -> None:
    with store.transaction() as transaction:
        transaction.people.add(a_person("p1", email="Beck.Family@mail.example"))
        transaction.people.add(a_person("p2", email="ida@mail.example"))
        transaction.people.add(a_person("p3", email=None))
        if isinstance(transaction, SqlTransaction):
            transaction.scope.delete(mailboxes)
    with store.transaction() as transaction:
        transaction.people.update(a_person("p2", email="beck.family@mail.example"))
        found = transaction.people.by_email("beck.family@MAIL.example")
        assert [each.id for each in found] == ["p1", "p2"]
        transaction.people.forget("p1")
        transaction.people.update(a_person("p2", email=None))
        assert transaction.people.by_email("beck.family@mail.example") == ()


def test_a_fact_about_a_number_is_found_by_it_and_does_not_tell_it(store: Store) -> None:
    number = "+12125550143"
    fact = a_fact(kind="opted_out", about=f"number/{number}", details=(("number", number),), person=None)
    with store.transaction() as transaction:
        transaction.facts.state(fact)
    with store.transaction() as transaction:
        [found] = transaction.facts.standing("opted_out", f"number/{number}")
        assert transaction.facts.standing("opted_out", "number/+12125550144") == ()
        noted = [entry.about for entry in transaction.ledger.entries()]
    assert found.details == fact.details
    assert number not in found.about and not any(number in about for about in noted)
