"""Pictures that people sent us."""

from contextlib import suppress

import pytest

from lamplighter.records.errors import Forgotten
from tests.records.contract.examples import Undone, a_person
from tests.records.stores import Store

CARD = bytes(range(256)) * 40


def keep(store: Store, name: str = "i1", content: bytes = CARD) -> None:
    with store.transaction() as transaction:
        transaction.people.add(a_person())
        transaction.pictures.keep(name, "p1", content)


def found(store: Store, name: str = "i1", practice: str | None = None) -> bytes | None:
    with store.transaction(practice=practice) as transaction:
        return transaction.pictures.get(name)


def test_a_picture_comes_back_as_it_was_kept_first_and_to_its_practice_alone(store: Store) -> None:
    keep(store)
    keep(store, content=b"another")
    assert (found(store), found(store, "i2")) == (CARD, None)
    assert found(store, practice=f"{store.practice}-next-door") is None


def test_a_picture_of_a_transaction_that_fails_is_not_there(store: Store) -> None:
    with suppress(Undone), store.transaction() as transaction:
        transaction.people.add(a_person())
        transaction.pictures.keep("i1", "p1", CARD)
        raise Undone
    assert found(store) is None


def test_a_destroyed_picture_is_gone_and_the_ledger_says_when(store: Store) -> None:
    keep(store)
    with store.transaction() as transaction:
        assert [transaction.pictures.destroy("i1"), transaction.pictures.destroy("i1")] == [True, False]
    assert found(store) is None
    with store.transaction() as transaction:
        said = [each.what for each in transaction.ledger.entries() if each.about == "picture/i1"]
    assert said == ["picture_kept", "picture_destroyed"]


def test_a_picture_goes_with_its_person_and_none_is_kept_of_whoever_was_forgotten(store: Store) -> None:
    keep(store)
    with store.transaction() as transaction:
        transaction.people.forget("p1")
    assert found(store) is None
    with pytest.raises(Forgotten), store.transaction() as transaction:
        transaction.pictures.keep("i2", "p1", CARD)
