"""A link in a text of ours: whoever opens it may do one thing for one person, mostly about one visit, until it is over.

The token is a MAC under a key of the practice's own over all that the link is bound to, and nothing else: no id, no
name, no time can be read from it. It is found by its digest; what it is bound to is kept sealed with the person, so
that whoever forgets them ends their links as well, and is checked against the token each time.
"""

import hashlib
import hmac
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from urllib.parse import urlsplit

from lamplighter.desk import gate, quiet, stopping
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import AGENT, Fact, Message, Transaction, Visit
from lamplighter.practice.directory import LOCAL
from lamplighter.practice.model import Practice

Purpose = Literal["visit", "missed", "packet", "card"]
SIGNS: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
LENGTH: Final = 16
"""Signs of a token: 93 bits, of which nobody tries more than a few thousand in the life of a link."""

PATH: Final = "/v/"
PACKET_PATH: Final = "/p/"
CARD_PATH: Final = "/c/"
LASTS: Final = timedelta(days=7)
PACKET_LASTS: Final = timedelta(days=30)
"""How long one to the papers opens them, where the visit is not before."""

OF_VISITS: Final[tuple[Purpose, ...]] = ("visit", "missed")
OF_PAPERS: Final[tuple[Purpose, ...]] = ("packet",)
OF_CARDS: Final[tuple[Purpose, ...]] = ("card",)
_KEY = "links"
_STANDS: Final[dict[str, tuple[str, ...]]] = {"visit": ("booked", "confirmed"), "missed": ("missed",)}


@dataclass(frozen=True, slots=True)
class Link:
    """What a token is bound to. `of` is the message that it went out with, `to` where that went."""

    purpose: Purpose
    visit: str
    person: str
    start: datetime
    to: str
    locale: str
    of: str
    until: datetime


def address_for(practice: Practice, public_address: str | None) -> str | None:
    """Where the practice's pages are from outside: the operator's address where that is a host of the practice, else
    the same at the practice's first host."""
    if not public_address:
        return None
    parts = urlsplit(public_address)
    if parts.hostname in practice.hosts:
        return public_address.rstrip("/")
    host = next((each for each in practice.hosts if each not in LOCAL), None)
    return f"{parts.scheme}://{host}" if host else None


@dataclass(frozen=True, slots=True)
class LinkMaker:
    """Makes the links that go into texts. `new_key` draws the key of a practice, once: 32 bytes or more, written."""

    public_address: str | None
    new_key: Callable[[], str]

    def url(self, tx: Transaction, practice: Practice, message: Message, visit: Visit) -> str | None:
        """The same for the same message; None where the operator has set no public address."""
        address = address_for(practice, self.public_address)
        if address is None or message.person is None:
            return None
        purpose: Purpose = "missed" if visit.status == "missed" else "visit"
        until = message.at + LASTS if purpose == "missed" else min(message.at + LASTS, visit.slot.start)
        start, locale = visit.slot.start, message.locale
        link = Link(purpose, visit.id, message.person, start, message.to, locale, message.id, until)
        return address + PATH + _make(tx, link, self._key(tx, message.at), message.at)

    def packet_url(
        self, tx: Transaction, practice: Practice, message: Message, visit: Visit, version: str
    ) -> str | None:
        """To the papers of one person, as they are in force; `version`: as they were when it went out. It is not used
        up, since they come back to finish."""
        address = address_for(practice, self.public_address)
        if address is None or message.person is None:
            return None
        start, of, until = visit.slot.start, f"{message.id}/{version}", message.at + PACKET_LASTS
        link = Link("packet", visit.id, message.person, start, message.to, message.locale, of, until)
        return address + PACKET_PATH + _make(tx, link, self._key(tx, message.at), message.at)

    def card_url(self, tx: Transaction, practice: Practice, message: Message) -> str | None:
        """To the page for a picture of one person's insurance card; about no visit, and used once."""
        address = address_for(practice, self.public_address)
        if address is None or message.person is None:
            return None
        at, until = message.at, message.at + LASTS
        link = Link("card", "", message.person, at, message.to, message.locale, message.id, until)
        return address + CARD_PATH + _make(tx, link, self._key(tx, at), at)

    def has_pages(self, practice: Practice) -> bool:
        return address_for(practice, self.public_address) is not None

    def _key(self, tx: Transaction, now: datetime) -> bytes:
        if not tx.facts.standing("link_key", _KEY):
            tx.facts.state(Fact(_KEY, "link_key", _KEY, now, AGENT, (("key", self.new_key()),)))
        key = _key_of(tx)
        assert key is not None
        return key


def _key_of(tx: Transaction) -> bytes | None:
    kept = tx.facts.standing("link_key", _KEY)
    return kept[0].value("key").encode() if kept else None


def _make(tx: Transaction, link: Link, key: bytes, at: datetime) -> str:
    token = _token(tx.practice, link, key)
    name = stable_id("link", link.of, link.visit, link.person)
    tx.facts.state(Fact(name, "link", about(token), at, AGENT, _written(link), link.person))
    return token


def _token(practice: str, link: Link, key: bytes) -> str:
    said = "\x1f".join((practice, *(value for _, value in _written(link))))
    number = int.from_bytes(hmac.new(key, said.encode(), hashlib.sha256).digest())
    signs = []
    for _ in range(LENGTH):
        number, sign = divmod(number, len(SIGNS))
        signs.append(SIGNS[sign])
    return "".join(signs)


def _written(link: Link) -> tuple[tuple[str, str], ...]:
    return (
        ("purpose", link.purpose),
        ("visit", link.visit),
        ("person", link.person),
        ("start", link.start.isoformat()),
        ("to", link.to),
        ("locale", link.locale),
        ("of", link.of),
        ("until", link.until.isoformat()),
    )


def about(token: str) -> str:
    return f"link/{hashlib.sha256(token.encode()).hexdigest()}"


def read(tx: Transaction, token: str, purposes: Collection[Purpose] = OF_VISITS) -> Link | None:
    """What it is bound to, whether or not it may still be used; None for what was not made here, or for other pages."""
    if len(token) != LENGTH or not set(token) <= set(SIGNS):
        return None
    key, kept = _key_of(tx), tx.facts.standing("link", about(token))
    if key is None or not kept:
        return None
    said = dict(kept[0].details)
    start, until = (datetime.fromisoformat(said[name]) for name in ("start", "until"))
    purpose: Purpose = said["purpose"]  # type: ignore[assignment]
    if purpose not in purposes:
        return None
    link = Link(purpose, said["visit"], said["person"], start, said["to"], said["locale"], said["of"], until)
    return link if hmac.compare_digest(_token(tx.practice, link, key), token) else None


def how_spent(tx: Transaction, token: str) -> Fact | None:
    spent = tx.facts.standing("link_over", about(token))
    return spent[0] if spent else None


def spend(tx: Transaction, token: str, link: Link, how: str, chosen: str, now: datetime) -> None:
    """It has done what it was for."""
    name, said = stable_id("link_over", about(token)), (("how", how), ("chosen", chosen))
    tx.facts.state(Fact(name, "link_over", about(token), now, AGENT, said, link.person))


def usable(tx: Transaction, token: str, link: Link, now: datetime) -> Visit | None:
    """Its visit, where nothing has happened since that ends the link: it was used, its time is over, the visit is no
    longer what it was, where it went is no longer theirs, or a person has to see to one of those who come."""
    visit, person = tx.schedule.visit(link.visit), tx.people.get(link.person)
    if how_spent(tx, token) is not None or now >= link.until or visit is None or person is None:
        return None
    if visit.slot.start != link.start or visit.status not in _STANDS[link.purpose]:
        return None
    if link.purpose == "missed" and gate.has_ahead(tx, link.person, now):
        return None
    if link.to not in (person.phone, person.email) or link.person not in visit.participants:
        return None
    return None if left_to_a_person(tx, visit) else visit


def left_to_a_person(tx: Transaction, visit: Visit) -> bool:
    """Whether a person has to see to one of those who come."""
    if stopping.by_a_person_first(tx, visit):
        return True
    coming = [each for name in visit.participants if (each := tx.people.get(name)) is not None]
    return any(each.by_person_only or quiet.is_kept(tx, person=each.id) for each in coming)
