"""People on file: found as they say their name, and forgotten for good."""

from datetime import date, timedelta

import pytest

from lamplighter.conversation.events import Heard
from lamplighter.desk.ports import LegalHold, Tally
from lamplighter.records.errors import Forgotten, UnknownRecord
from tests.records.contract.examples import PHONE, START, a_message, a_person, a_task, begin, say
from tests.records.stores import Store

BORN = date(1990, 5, 17)


def test_a_person_comes_back_with_everything_that_was_stored(store: Store) -> None:
    person = a_person()
    with store.transaction() as transaction:
        transaction.people.add(person)
    with store.transaction() as transaction:
        assert transaction.people.get("p1") == person
        assert transaction.people.get("p2") is None


def test_adding_a_person_twice_keeps_the_first(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.people.add(a_person())
        transaction.people.add(a_person(first_name="Mia"))
        assert transaction.people.get("p1") == a_person()
        assert transaction.people.find("Mia", "Okafor", BORN) == ()


def test_a_changed_person_is_found_by_what_is_true_now_only(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.people.add(a_person())
        changed = a_person(last_name="Adeyemi", phone="+12125550150")
        transaction.people.update(changed)
        assert transaction.people.find("Maya", "Adeyemi", BORN) == (changed,)
        assert transaction.people.find("Maya", "Okafor", BORN) == ()
        assert transaction.people.by_phone("+12125550150") == (changed,)
        assert transaction.people.by_phone(PHONE) == ()


def test_changing_a_person_who_is_not_on_file_is_an_error(store: Store) -> None:
    with pytest.raises(UnknownRecord), store.transaction() as transaction:
        transaction.people.update(a_person())


@pytest.mark.parametrize(
    ("first_name", "last_name"),
    [
        ("josé luis", "o'brien-núñez"),
        ("JOSE LUIS", "OBRIEN NUNEZ"),
        ("Joseluis", "O\u2019Brien Nuñez"),
        ("Jose-Luis", "O Brien\u2011Nún\u0303ez"),
    ],
)
def test_a_name_is_found_however_it_is_written(store: Store, first_name: str, last_name: str) -> None:
    person = a_person(first_name="José Luis", last_name="O'Brien-Núñez")
    with store.transaction() as transaction:
        transaction.people.add(person)
        assert transaction.people.find(first_name, last_name, BORN) == (person,)


def test_another_name_or_birth_date_is_another_person(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.people.add(a_person())
        assert transaction.people.find("Maya", "Okafor", date(1990, 5, 18)) == ()
        assert transaction.people.find("Okafor", "Maya", BORN) == ()
        assert transaction.people.find("May", "aOkafor", BORN) == ()


def test_two_people_of_one_name_and_birth_date_are_both_found(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.people.add(a_person("p2", phone=None))
        transaction.people.add(a_person("p1"))
        assert [person.id for person in transaction.people.find("maya", "okafor", BORN)] == ["p1", "p2"]
        assert [person.id for person in transaction.people.by_phone(PHONE)] == ["p1"]


def test_a_person_without_a_birth_date_is_kept_but_never_found_by_name(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.people.add(a_person(date_of_birth=None))
        assert transaction.people.get("p1") == a_person(date_of_birth=None)
        assert transaction.people.find("Maya", "Okafor", BORN) == ()


def test_forgetting_a_person_takes_their_contacts_words_and_lists_along(store: Store) -> None:
    begin(store, "c1", PHONE, Heard("it's maya"))
    begin(store, "c2", None, Heard("somebody else"))
    with store.transaction() as transaction:
        transaction.people.add(a_person())
        transaction.people.link_contact("c1", "p1")
        transaction.tasks.add(a_task("of the person"))
        transaction.tasks.add(a_task("of the contact", person=None, contact="c1"))
        transaction.outbox.add(a_message())
    with store.transaction() as transaction:
        transaction.people.forget("p1")
    with store.transaction() as transaction:
        assert transaction.people.get("p1") is None
        assert transaction.people.find("Maya", "Okafor", BORN) == ()
        assert transaction.people.by_phone(PHONE) == ()
        assert transaction.log.read("c1") == ()
        assert [contact.id for contact in transaction.log.contacts()] == ["c2"]
        assert transaction.log.open_contact("sms", PHONE) is None
        assert [task.details for task in transaction.tasks.list_open()] == [(), ()]
        message = transaction.outbox.get("m1")
        assert message is not None
        assert (message.to, message.args) == ("", ())
        assert transaction.log.read("c2")[1].body == Heard("somebody else")


def test_a_forgotten_contact_takes_no_more_events(store: Store) -> None:
    begin(store)
    with store.transaction() as transaction:
        transaction.people.add(a_person())
        transaction.people.link_contact("c1", "p1")
        transaction.people.forget("p1")
    with pytest.raises(Forgotten):
        say(store, "hello?", expected=1)
    with pytest.raises(Forgotten):
        begin(store)


def test_a_forgotten_person_does_not_come_back_under_the_same_id(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.people.add(a_person())
        transaction.people.forget("p1")
        transaction.people.add(a_person())
        assert transaction.people.get("p1") is None


def test_legal_hold_keeps_a_person_from_being_forgotten_until_it_is_lifted(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.people.add(a_person())
        transaction.set_legal_hold("p1", True)
    with pytest.raises(LegalHold), store.transaction() as transaction:
        transaction.people.forget("p1")
    with store.transaction() as transaction:
        assert transaction.people.get("p1") is not None
        transaction.set_legal_hold("p1", False)
        transaction.people.forget("p1")
        assert transaction.people.get("p1") is None


def test_a_contact_that_somebody_under_legal_hold_shares_is_not_forgotten_with_another(store: Store) -> None:
    begin(store, "c1", PHONE, Heard("it's maya, for sam"))
    with store.transaction() as transaction:
        for person in ("p1", "p2", "p3"):
            transaction.people.add(a_person(id=person))
        for person in ("p1", "p2"):
            transaction.people.link_contact("c1", person)
        transaction.people.set_legal_hold("p1", True)
        assert transaction.people.joined_to("c1") == ("p1", "p2")
    with pytest.raises(LegalHold), store.transaction() as transaction:
        transaction.people.forget("p2")
    with store.transaction() as transaction:
        assert transaction.log.read("c1")[1].body == Heard("it's maya, for sam")
        transaction.people.forget("p3")
        transaction.people.set_legal_hold("p1", False)
        transaction.people.forget("p2")
        assert transaction.log.read("c1") == ()


def test_nothing_tells_of_somebody_forgotten_which_contacts_were_theirs_or_what_was_counted_of_them(
    store: Store,
) -> None:
    begin(store, "c1", PHONE)
    with store.transaction() as transaction:
        for person in ("p1", "p2"):
            transaction.people.add(a_person(id=person))
            transaction.people.link_contact("c1", person)
        transaction.tallies.keep([Tally("c1", 1, START, 1, "[]")])
        transaction.people.forget("p1")
    with store.transaction() as transaction:
        assert transaction.people.joined_to("c1") == ()
        assert transaction.people.contacts_of("p1") == transaction.people.contacts_of("p2") == ()
        (kept,) = transaction.tallies.between(START, START + timedelta(days=1))
        assert kept.contact != "c1" and kept.counted == "[]"
        assert transaction.tallies.behind(1, 9) == ()


def test_a_contact_is_joined_only_to_somebody_on_file(store: Store) -> None:
    with pytest.raises(UnknownRecord), store.transaction() as transaction:
        transaction.people.link_contact("c1", "nobody")


def test_forgetting_somebody_who_is_not_on_file_does_nothing(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.people.add(a_person())
        transaction.people.forget("nobody")
        assert transaction.people.get("p1") is not None


def test_nothing_more_is_kept_about_somebody_forgotten(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.people.add(a_person())
        transaction.people.forget("p1")
        with pytest.raises(Forgotten):
            transaction.tasks.add(a_task())
        with pytest.raises(Forgotten):
            transaction.outbox.add(a_message())
