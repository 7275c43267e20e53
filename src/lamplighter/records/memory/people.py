"""People on file, in memory."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from uuid import uuid4

from lamplighter.desk.ports import LegalHold, Person
from lamplighter.records.errors import UnknownRecord
from lamplighter.records.memory.ledger import MemoryLedger
from lamplighter.records.memory.state import State
from lamplighter.records.names import comparable, same_mailbox


class MemoryPeople:
    def __init__(self, state: State, ledger: MemoryLedger) -> None:
        self._state = state
        self._ledger = ledger

    def add(self, person: Person) -> None:
        if person.id not in self._state.people and person.id not in self._state.forgotten:
            self._store(person, "person_added")

    def update(self, person: Person) -> None:
        before = self._state.people.get(person.id)
        if before is None:
            raise UnknownRecord("person", person.id)
        self._unindex(before)
        self._store(person, "person_changed")

    def _store(self, person: Person, what: str) -> None:
        self._state.people.put(person.id, person)
        by_name, by_phone = self._state.people_by_name, self._state.people_by_phone
        if (name := name_key(person)) is not None:
            by_name.put(name, (*(by_name.get(name) or ()), person.id))
        if person.phone:
            by_phone.put(person.phone, (*(by_phone.get(person.phone) or ()), person.id))
        self._ledger.wrote(what, f"person/{person.id}", repr(person).encode())

    def _unindex(self, person: Person) -> None:
        by_name, by_phone = self._state.people_by_name, self._state.people_by_phone
        if (name := name_key(person)) is not None:
            by_name.put(name, tuple(i for i in by_name.get(name) or () if i != person.id))
        if person.phone:
            by_phone.put(person.phone, tuple(i for i in by_phone.get(person.phone) or () if i != person.id))

    def get(self, person_id: str) -> Person | None:
        person = self._state.people.get(person_id)
        if person is not None:
            self._ledger.read(f"person/{person_id}")
        return person

    def find(self, first_name: str, last_name: str, born: date) -> tuple[Person, ...]:
        key = (comparable(first_name), comparable(last_name), born)
        return self._all(self._state.people_by_name.get(key) or ())

    def of_last_name(self, last_name: str, born: date) -> tuple[Person, ...]:
        name = comparable(last_name)
        people = self._state.people.values()
        return self._all(
            tuple(p.id for p in people if p.date_of_birth == born and comparable(p.last_name) == name)
        )

    def by_phone(self, phone: str) -> tuple[Person, ...]:
        return self._all(self._state.people_by_phone.get(phone) or ())

    def by_email(self, email: str) -> tuple[Person, ...]:
        box = same_mailbox(email)
        people = self._state.people.values()
        return self._all(tuple(p.id for p in people if p.email and same_mailbox(p.email) == box))

    def _all(self, ids: tuple[str, ...]) -> tuple[Person, ...]:
        people = (self.get(person_id) for person_id in sorted(ids))
        return tuple(person for person in people if person is not None)

    def link_contact(self, contact: str, person_id: str) -> None:
        if person_id not in self._state.people:
            raise UnknownRecord("person", person_id)
        linked = self._state.contacts_of.get(person_id) or ()
        if contact not in linked:
            self._state.contacts_of.put(person_id, (*linked, contact))
            self._ledger.wrote("contact_linked", f"person/{person_id}#{contact}")

    def contacts_of(self, person_id: str) -> tuple[str, ...]:
        return tuple(sorted(self._state.contacts_of.get(person_id) or ()))

    def joined_to(self, contact: str) -> tuple[str, ...]:
        return tuple(sorted(who for who, theirs in self._state.contacts_of.items() if contact in theirs))

    def set_legal_hold(self, person_id: str, held: bool) -> None:
        if person_id not in self._state.people:
            raise UnknownRecord("person", person_id)
        if held:
            self._state.legal_holds.put(person_id, None)
        else:
            self._state.legal_holds.drop(person_id)
        self._ledger.wrote("legal_hold_set" if held else "legal_hold_lifted", f"person/{person_id}")

    def forget(self, person_id: str) -> None:
        contacts = self.contacts_of(person_id)
        for each in (person_id, *(who for contact in contacts for who in self.joined_to(contact))):
            if each in self._state.legal_holds:
                raise LegalHold(f"person {each!r} is under legal hold")
        person = self._state.people.get(person_id)
        if person is None:
            return
        self._unindex(person)
        self._state.people.drop(person_id)
        self._state.forgotten.put(person_id, None)
        self._part({person_id}, contacts)
        for contact in contacts:
            self._state.events.drop(contact)
            self._state.contacts.drop(contact)
            self._state.forgotten.put(contact, None)
            self._unname_tally(contact)
        self._blank_what_is_sealed_under({person_id, *contacts})
        self._ledger.wrote("person_forgotten", f"person/{person_id}")

    def _part(self, gone: set[str], contacts: Collection[str]) -> None:
        """Nothing tells any more that these contacts were of these people, or of anybody."""
        for who, theirs in list(self._state.contacts_of.items()):
            left = () if who in gone else tuple(each for each in theirs if each not in contacts)
            if left:
                self._state.contacts_of.put(who, left)
            else:
                self._state.contacts_of.drop(who)

    def _unname_tally(self, contact: str) -> None:
        kept = self._state.tallies.get(contact)
        if kept is not None:
            self._state.tallies.drop(contact)
            fresh = uuid4().hex
            self._state.tallies.put(fresh, kept._replace(contact=fresh))

    def _blank_what_is_sealed_under(self, owners: set[str]) -> None:
        state = self._state
        for task in list(state.tasks.values()):
            if (task.person or task.contact) in owners:
                state.tasks.put(task.id, replace(task, details=()))
        for message in list(state.messages.values()):
            if (message.person or message.contact) in owners:
                state.messages.put(message.id, replace(message, to="", args=()))
        for waiting in list(state.waitlist.values()):
            if waiting.person in owners:
                state.waitlist.drop(waiting.id)
        for fact in list(state.facts.values()):
            if fact.person in owners:
                state.facts.drop(fact.id)
        for picture, (person, _) in list(state.pictures.items()):
            if person in owners:
                state.pictures.drop(picture)


def name_key(person: Person) -> tuple[str, str, date] | None:
    """What a person is found by, or None while the birth date is not known."""
    if person.date_of_birth is None:
        return None
    return comparable(person.first_name), comparable(person.last_name), person.date_of_birth
