"""Who may act for somebody: recorded by staff with its scope, so that nobody else learns or changes anything.

Where two parents differ, or a court has said who decides, everything about the person goes to a person here.
"""

from dataclasses import replace
from datetime import datetime

from lamplighter.desk.ports import Person, Proxy, Transaction
from lamplighter.practice.values import PHONE, Unreadable

LONGEST_NAME = 80


class NotRecorded(Exception):
    """Nothing was recorded; the message says what is missing."""


def record(
    tx: Transaction,
    person: Person,
    *,
    name: str,
    phone: str,
    visits: bool,
    consents: bool,
    by: str,
    now: datetime,
) -> None:
    """In place of what was recorded of somebody of that name before. Raises NotRecorded."""
    called = " ".join(name.split())
    if not called or len(called) > LONGEST_NAME:
        raise NotRecorded("Write their whole name.")
    if not (visits or consents):
        raise NotRecorded("Say what they may do; who may do nothing is not recorded.")
    try:
        number = PHONE.read(phone)
    except Unreadable as wrong:
        raise NotRecorded(wrong.remedy) from None
    others = tuple(each for each in person.proxies if _plain(each.name) != _plain(called))
    proxy = Proxy(called, number, visits, consents)
    tx.people.update(replace(person, proxies=(*others, proxy)))
    _note(tx, person, "proxy_recorded", scope(proxy), by, now)


def remove(tx: Transaction, person: Person, name: str, *, by: str, now: datetime) -> None:
    left = tuple(each for each in person.proxies if each.name != name)
    if left != person.proxies:
        tx.people.update(replace(person, proxies=left))
        _note(tx, person, "proxy_removed", "", by, now)


def only_by_a_person(tx: Transaction, person: Person, yes: bool, *, by: str, now: datetime) -> None:
    """Whether nothing is told or changed but by people of the practice, whoever asks and however they show who they
    are."""
    if person.by_person_only != yes:
        tx.people.update(replace(person, by_person_only=yes))
        _note(tx, person, "by_a_person_only" if yes else "not_by_a_person_only", "", by, now)


def scope(proxy: Proxy) -> str:
    said = (("hears of and changes visits", proxy.visits), ("agrees to care", proxy.consents))
    return ", ".join(words for words, may in said if may)


def _note(tx: Transaction, person: Person, what: str, why: str, by: str, now: datetime) -> None:
    tx.ledger.note(at=now, who=by, what=what, about=f"person/{person.id}", why=why)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
