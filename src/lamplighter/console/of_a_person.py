"""What the pages of one person have in common: a change of what is on record of them, by whoever is signed in."""

from collections.abc import Callable

from lamplighter.console.access import Session
from lamplighter.desk.ports import Person, Records, Transaction
from lamplighter.practice.model import Practice

Change = Callable[[Transaction, Person, str], None]


def changed(records: Records, practice: Practice, session: Session, person_id: str, change: Change) -> bool:
    """Makes the change in a transaction of its own, under the name of whoever made it; False where nobody is on record
    by this id."""
    assert session.account is not None
    with records.transaction(practice.id, session.account.id) as tx:
        person = tx.people.get(person_id)
        if person is not None:
            change(tx, person, session.account.name)
    return person is not None
