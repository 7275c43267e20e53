"""The log of contacts on SQL. A body is sealed under its contact's key, what was said under a key of its own."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn
from uuid import uuid4

from sqlalchemy import Boolean, Row, bindparam, case, cast, func, select, update

from lamplighter.conversation.events import (
    Alternative,
    Asked,
    Body,
    Event,
    Guarded,
    Heard,
    Opened,
    Said,
    dump_body,
    load_body,
)
from lamplighter.desk.ports import AGENT, ContactSummary, LogConflict
from lamplighter.records.errors import Forgotten
from lamplighter.records.sql.prepared import Prepared
from lamplighter.records.sql.scope import Scope
from lamplighter.records.sql.tables import (
    claims,
    contact_people,
    contacts,
    data_keys,
    events,
    leases,
    tallies,
)
from lamplighter.records.statuses import over

_READ = Prepared(
    select(events)
    .where(
        events.c.practice == bindparam("of_practice"),
        events.c.contact == bindparam("of_contact"),
        events.c.seq > bindparam("after"),
    )
    .order_by(events.c.seq)
)

_MOVE = Prepared(
    update(contacts)
    .where(
        contacts.c.practice == bindparam("of_practice"),
        contacts.c.id == bindparam("of_contact"),
        contacts.c.last_seq == bindparam("expected"),
    )
    .values(
        last_at=bindparam("now_at", type_=contacts.c.last_at.type),
        last_seq=bindparam("now_seq"),
        ended=func.coalesce(
            case(
                (contacts.c.channel == "voice", cast(bindparam("over_by_voice"), Boolean)),
                else_=cast(bindparam("over_in_writing"), Boolean),
            ),
            contacts.c.ended,
        ),
    )
)


_RENEW = Prepared(
    update(leases)
    .where(
        leases.c.practice == bindparam("of_practice"),
        leases.c.contact == bindparam("of_contact"),
        leases.c.worker == bindparam("of_worker"),
    )
    .values(until=bindparam("renewed", type_=leases.c.until.type))
    .returning(leases.c.fence)
)


_AS_THEY_ARE = (Asked, Guarded, Said)
"""Most of what a turn appends, and made of text, numbers and tuples of them only: they come back as they went in."""


@dataclass(slots=True)
class _Move:
    """How far a contact moves on in this transaction, from where its row stands."""

    stored: int
    at: datetime
    bodies: list[Body]


class SqlLog:
    """Events gather during a transaction and are written as it commits, or before anything in it looks at them.

    The practice has one writer at a time, so that where a contact stood when it was read is where it stands."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._stands: dict[str, int] = {}
        self._moves: dict[str, _Move] = {}
        self._rows: list[dict[str, object]] = []

    def append(
        self, contact: str, bodies: Sequence[Body], *, expected: int, at: datetime, protocol_hash: str
    ) -> tuple[Event, ...]:
        if not bodies or not expected:
            self._check(contact, expected)
        if not bodies:
            return ()
        moment, last_seq = at.astimezone(UTC), expected + len(bodies)
        if not expected:
            self._open(contact, bodies[0], moment, last_seq, over(bodies, "voice"))
        else:
            self._move_on(contact, bodies, moment, expected)
        self._stands[contact] = last_seq
        numbered = enumerate(bodies, expected + 1)
        return tuple([self._keep(contact, seq, moment, protocol_hash, body) for seq, body in numbered])

    def _move_on(self, contact: str, bodies: Sequence[Body], at: datetime, expected: int) -> None:
        """At once where it isn't known that the contact stands at `expected`, else with what else is appended."""
        if self._stands.get(contact) != expected:
            self.flush()
            if not self._moved(contact, _Move(expected, at, list(bodies))):
                self._refuse(contact, expected)
            return
        move = self._moves.setdefault(contact, _Move(expected, at, []))
        move.at = at
        move.bodies += bodies

    def flush(self) -> None:
        """Writes what was appended."""
        for contact, move in self._moves.items():
            if not self._moved(contact, move):
                self._refuse(contact, move.stored)
        self._moves.clear()
        self._scope.insert_all(events, self._rows)
        self._rows = []

    def _moved(self, contact: str, move: _Move) -> bool:
        """Moves the contact on, in one statement; False when it doesn't stand where it did."""
        given = {
            "of_practice": self._scope.practice, "of_contact": contact, "expected": move.stored,
            "now_at": move.at, "now_seq": move.stored + len(move.bodies),
            "over_by_voice": over(move.bodies, "voice"), "over_in_writing": over(move.bodies, "chat"),
        }  # fmt: skip
        return _MOVE.run(self._scope.connection, given) == 1

    def _check(self, contact: str, expected: int) -> None:
        self.flush()
        known = self._scope.one(contacts, id=contact)
        if (known.last_seq if known else 0) != expected:
            self._refuse(contact, expected)

    def _refuse(self, contact: str, expected: int) -> NoReturn:
        known = self._scope.one(contacts, id=contact)
        if known is None and self._scope.keys.destroyed("contact", contact):
            raise Forgotten("contact", contact)
        raise LogConflict(
            f"contact {contact!r} stands at {known.last_seq if known else 0}, not at {expected}"
        )

    def _open(self, contact: str, body: Body, at: datetime, last_seq: int, ended: bool | None) -> None:
        if not isinstance(body, Opened):
            raise ValueError("the first event of a contact is Opened")
        scope = self._scope
        sealed = index = None
        if body.address:
            place = scope.vault.place("contacts", "address", contact)
            sealed = scope.keys.seal("contact", contact, place, body.address.encode())
            index = scope.vault.index("address", body.channel, body.address)
        scope.insert(
            contacts, id=contact, channel=body.channel, address=sealed, address_index=index, opened_at=at,
            last_at=at, last_seq=last_seq, ended=bool(ended), number=scope.ledger.number(),
        )  # fmt: skip

    def _keep(self, contact: str, seq: int, at: datetime, protocol_hash: str, body: Body) -> Event:
        scope, record = self._scope, f"{contact}#{seq}"
        bare, words = split_words(body)
        place = scope.vault.place("events", "body", record)
        raw = dump_body(bare)
        sealed = scope.keys.seal("contact", contact, place, raw)
        spoken = None
        if words is not None:
            place = scope.vault.place("events", "words", record)
            spoken = scope.keys.seal("words", contact, place, words)
        self._rows.append(
            {
                "contact": contact,
                "seq": seq,
                "at": at,
                "protocol_hash": protocol_hash,
                "body": sealed,
                "words": spoken,
            }
        )
        scope.ledger.wrote(body.kind, f"contact/{record}", sealed, getattr(body, "by", ""))
        stored = body if isinstance(body, _AS_THEY_ARE) else join_words(load_body(raw), words)
        return Event(seq, at, scope.practice, contact, protocol_hash, stored)

    def read(self, contact: str, after: int = 0) -> tuple[Event, ...]:
        self.flush()
        scope = self._scope
        if scope.ledger.who != AGENT:
            scope.ledger.read(f"contact/{contact}")
        of = {"of_practice": scope.practice, "of_contact": contact, "after": after}
        rows = _READ.all(scope.connection, of)
        if rows:
            self._stands[contact] = rows[-1].seq
        found = (self._event(row) for row in rows)
        return tuple(event for event in found if event is not None)

    def _event(self, row: Row[Any]) -> Event | None:
        scope, record = self._scope, f"{row.contact}#{row.seq}"
        raw = scope.keys.unseal("contact", row.contact, scope.vault.place("events", "body", record), row.body)
        if raw is None:
            return None
        body = load_body(raw)
        if row.words is not None:
            place = scope.vault.place("events", "words", record)
            words = scope.keys.unseal("words", row.contact, place, row.words)
            body = join_words(body, words)
        return Event(row.seq, row.at, scope.practice, row.contact, row.protocol_hash, body)

    def contacts(
        self,
        *,
        open_only: bool = False,
        limit: int = 200,
        opened: tuple[datetime, datetime] | None = None,
    ) -> tuple[ContactSummary, ...]:
        self.flush()
        scope = self._scope
        key = (data_keys.c.practice == contacts.c.practice) & (data_keys.c.owner_id == contacts.c.id)
        wanted = scope.mine(contacts, ended=False) if open_only else scope.mine(contacts)
        if opened is not None:
            since, before = (moment.astimezone(UTC) for moment in opened)
            wanted = wanted & (contacts.c.opened_at >= since) & (contacts.c.opened_at < before)
        rows = scope.connection.execute(
            select(contacts, data_keys.c.wrapped)
            .join(data_keys, key & (data_keys.c.owner == "contact"))
            .where(wanted, data_keys.c.wrapped.is_not(None))
            .order_by(contacts.c.opened_at.desc(), contacts.c.number.desc())
            .limit(limit)
        )
        return tuple(self._summary(row) for row in rows)

    def _summary(self, row: Row[Any]) -> ContactSummary:
        scope, address = self._scope, None
        if row.address is not None:
            scope.keys.remember("contact", row.id, row.wrapped)
            place = scope.vault.place("contacts", "address", row.id)
            raw = scope.keys.unseal("contact", row.id, place, row.address)
            address = raw.decode() if raw is not None else None
        return ContactSummary(
            row.id, row.channel, address, row.opened_at, row.last_at, row.last_seq, bool(row.ended)
        )

    def open_contact(self, channel: str, address: str) -> str | None:
        self.flush()
        scope = self._scope
        index = scope.vault.index("address", channel, address)
        row = scope.connection.execute(
            select(contacts.c.id)
            .where(scope.mine(contacts, address_index=index, ended=False))
            .order_by(contacts.c.opened_at.desc(), contacts.c.number.desc())
            .limit(1)
        ).first()
        return str(row.id) if row else None

    def claim(self, inbound: str) -> bool:
        index = self._scope.vault.index("inbound", inbound)
        if self._scope.one(claims, inbound=index) is not None:
            return False
        self._scope.insert(claims, inbound=index)
        return True

    def claimed(self, inbound: str) -> bool:
        return self._scope.one(claims, inbound=self._scope.vault.index("inbound", inbound)) is not None

    def lease(self, contact: str, worker: str, now: datetime, seconds: float) -> int | None:
        scope, until = self._scope, now + timedelta(seconds=seconds)
        own = {"of_practice": scope.practice, "of_contact": contact, "of_worker": worker, "renewed": until}
        renewed = _RENEW.first(scope.connection, own)
        if renewed is not None:
            return int(renewed.fence)
        lease = scope.one(leases, contact=contact)
        if lease is None:
            scope.insert(leases, contact=contact, worker=worker, until=until, fence=1)
            return 1
        if lease.until > now:
            return None
        fence: int = lease.fence + 1
        scope.update(leases, {"contact": contact}, worker=worker, until=until, fence=fence)
        return fence

    def forget_words(self, contact: str) -> None:
        self.flush()
        scope = self._scope
        if scope.one(contacts, id=contact) is None:
            return
        scope.update(events, {"contact": contact}, words=None)
        scope.keys.renew("words", contact)
        scope.ledger.wrote("words_forgotten", f"contact/{contact}")

    def forget(self, person: str) -> tuple[str, ...]:
        """Destroys the contacts that were joined to a person, and what tells that they were. Says which."""
        self.flush()
        scope = self._scope
        rows = scope.connection.execute(
            select(contact_people.c.contact).where(scope.mine(contact_people, person=person))
        )
        joined = tuple(row.contact for row in rows)
        scope.delete(contact_people, person=person)
        for contact in joined:
            scope.delete(contact_people, contact=contact)
            scope.update(tallies, {"contact": contact}, contact=uuid4().hex)
            self._stands.pop(contact, None)
            scope.delete(events, contact=contact)
            scope.delete(contacts, id=contact)
            scope.keys.destroy("words", contact)
            scope.keys.destroy("contact", contact)
        return joined


def split_words(body: Body) -> tuple[Body, bytes | None]:
    """What was said apart from the event that it was said: the body without it, and it as JSON."""
    if not isinstance(body, Heard) or not (body.text or body.alternatives or body.keys):
        return body, None
    words = [body.text, [(other.text, other.confidence) for other in body.alternatives], body.keys]
    return replace(body, text="", alternatives=(), keys=""), json.dumps(words).encode()


def join_words(body: Body, words: bytes | None) -> Body:
    if words is None or not isinstance(body, Heard):
        return body
    text, alternatives, keys = json.loads(words)
    return replace(body, text=text, alternatives=tuple(Alternative(*a) for a in alternatives), keys=keys)
