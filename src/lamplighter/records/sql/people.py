"""People on file, on SQL: sealed whole under a key of their own, found by keyed digests of name, number and address."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Table, select

from lamplighter.desk.ports import LegalHold, Person
from lamplighter.records.errors import UnknownRecord
from lamplighter.records.names import comparable, same_mailbox
from lamplighter.records.sql.log import SqlLog
from lamplighter.records.sql.scope import Scope
from lamplighter.records.sql.tables import (
    contact_people,
    facts,
    mailboxes,
    people,
    pictures,
    surnames,
    waitlist,
)


@cache
def _persons() -> TypeAdapter[Person]:
    return TypeAdapter(Person)


class SqlPeople:
    def __init__(self, scope: Scope, log: SqlLog) -> None:
        self._scope = scope
        self._log = log

    def add(self, person: Person) -> None:
        scope = self._scope
        if scope.one(people, id=person.id) is None and not scope.keys.destroyed("person", person.id):
            values = self._sealed(person)
            scope.insert(people, id=person.id, legal_hold=False, **values)
            self._index(person)
            scope.ledger.wrote("person_added", f"person/{person.id}", values["sealed"] or b"")

    def update(self, person: Person) -> None:
        scope = self._scope
        if scope.one(people, id=person.id) is None:
            raise UnknownRecord("person", person.id)
        values = self._sealed(person)
        scope.update(people, {"id": person.id}, **values)
        self._index(person)
        scope.ledger.wrote("person_changed", f"person/{person.id}", values["sealed"] or b"")

    def _sealed(self, person: Person) -> dict[str, bytes | None]:
        scope = self._scope
        place = scope.vault.place("people", "sealed", person.id)
        born = person.date_of_birth
        return {
            "name_index": self._name(person.first_name, person.last_name, born) if born else None,
            "phone_index": scope.vault.index("phone", person.phone) if person.phone else None,
            "sealed": scope.keys.seal("person", person.id, place, _persons().dump_json(person)),
        }

    def _name(self, first_name: str, last_name: str, born: date) -> bytes:
        return self._scope.vault.index(
            "name", comparable(first_name), comparable(last_name), born.isoformat()
        )

    def get(self, person_id: str) -> Person | None:
        found = self._read(self._scope.all(people, id=person_id))
        return found[0] if found else None

    def find(self, first_name: str, last_name: str, born: date) -> tuple[Person, ...]:
        return self._read(self._scope.all(people, "id", name_index=self._name(first_name, last_name, born)))

    def of_last_name(self, last_name: str, born: date) -> tuple[Person, ...]:
        index = self._surname(last_name, born)
        return self._found_in(surnames, surnames.c.surname_index == index)

    def by_email(self, email: str) -> tuple[Person, ...]:
        return self._found_in(mailboxes, mailboxes.c.email_index == self._mailbox(email))

    def _found_in(self, table: Table, condition: ColumnElement[bool]) -> tuple[Person, ...]:
        self._catch_up(table)
        theirs = select(table.c.person).where(self._scope.mine(table) & condition)
        rows = self._scope.connection.execute(
            select(people.c.id, people.c.sealed)
            .where(self._scope.mine(people) & people.c.id.in_(theirs))
            .order_by(people.c.id)
        )
        return self._read(rows.all())

    def _surname(self, last_name: str, born: date | None) -> bytes | None:
        if born is None:
            return None
        return self._scope.vault.index("surname", comparable(last_name), born.isoformat())

    def _mailbox(self, email: str) -> bytes:
        return self._scope.vault.index("email", same_mailbox(email))

    def _catch_up(self, table: Table) -> None:
        """Whoever was put on file before people were found by last name, or address, is found from now on."""
        scope = self._scope
        done = select(table.c.person).where(scope.mine(table))
        rows = scope.connection.execute(
            select(people).where(scope.mine(people) & people.c.id.not_in(done))
        ).all()
        for row in rows:
            place = scope.vault.place("people", "sealed", row.id)
            raw = scope.keys.unseal("person", row.id, place, row.sealed)
            if raw is not None:
                self._index(_persons().validate_json(raw))

    def _index(self, person: Person) -> None:
        scope = self._scope
        for table in (surnames, mailboxes):
            scope.delete(table, person=person.id)
        surname = self._surname(person.last_name, person.date_of_birth)
        scope.insert(surnames, person=person.id, surname_index=surname)
        mailbox = self._mailbox(person.email) if person.email else None
        scope.insert(mailboxes, person=person.id, email_index=mailbox)

    def by_phone(self, phone: str) -> tuple[Person, ...]:
        index = self._scope.vault.index("phone", phone)
        return self._read(self._scope.all(people, "id", phone_index=index))

    def _read(self, rows: Sequence[Any]) -> tuple[Person, ...]:
        scope, found = self._scope, []
        for row in rows:
            raw = scope.keys.unseal(
                "person", row.id, scope.vault.place("people", "sealed", row.id), row.sealed
            )
            if raw is not None:
                scope.ledger.read(f"person/{row.id}")
                found.append(_persons().validate_json(raw))
        return tuple(found)

    def link_contact(self, contact: str, person_id: str) -> None:
        scope = self._scope
        if scope.one(people, id=person_id) is None:
            raise UnknownRecord("person", person_id)
        if scope.one(contact_people, person=person_id, contact=contact) is None:
            scope.insert(contact_people, person=person_id, contact=contact)
            scope.ledger.wrote("contact_linked", f"person/{person_id}#{contact}")

    def contacts_of(self, person_id: str) -> tuple[str, ...]:
        return tuple(row.contact for row in self._scope.all(contact_people, "contact", person=person_id))

    def joined_to(self, contact: str) -> tuple[str, ...]:
        return tuple(row.person for row in self._scope.all(contact_people, "person", contact=contact))

    def set_legal_hold(self, person_id: str, held: bool) -> None:
        scope = self._scope
        if not scope.update(people, {"id": person_id}, legal_hold=held):
            raise UnknownRecord("person", person_id)
        scope.ledger.wrote("legal_hold_set" if held else "legal_hold_lifted", f"person/{person_id}")

    def forget(self, person_id: str) -> None:
        scope = self._scope
        person = scope.one(people, id=person_id)
        if person is None:
            return
        if person.legal_hold or self._is_held_beside(person_id):
            raise LegalHold(
                f"person {person_id!r}, or whoever shares a contact with them, is under legal hold"
            )
        self._log.forget(person_id)
        for table in (waitlist, facts, pictures, surnames, mailboxes):
            scope.delete(table, person=person_id)
        scope.delete(people, id=person_id)
        scope.keys.destroy("person", person_id)
        scope.ledger.wrote("person_forgotten", f"person/{person_id}")

    def _is_held_beside(self, person_id: str) -> bool:
        """Whether a contact of theirs is joined to somebody whose hold stands."""
        theirs, others = contact_people.alias(), contact_people.alias()
        same = (others.c.practice == theirs.c.practice) & (others.c.contact == theirs.c.contact)
        held = (people.c.practice == others.c.practice) & (people.c.id == others.c.person)
        found = select(people.c.id).join(others, held).join(theirs, same)
        mine = self._scope.mine(people, legal_hold=True) & (theirs.c.person == person_id)
        return self._scope.connection.execute(found.where(mine).limit(1)).first() is not None
