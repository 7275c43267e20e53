"""Tasks, consents, the waitlist and the outbox, on SQL."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from lamplighter.desk.ports import Consent, Message, MessageStatus, Task, Waiting
from lamplighter.records.errors import UnknownRecord
from lamplighter.records.sql.scope import Scope, owner_of
from lamplighter.records.sql.tables import consents, messages, tasks, waitlist
from lamplighter.records.statuses import GONE_OUT, WAITING, moves_forward, task_order


class SqlTasks:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, task: Task) -> None:
        scope = self._scope
        if scope.one(tasks, id=task.id) is not None:
            return
        place = scope.vault.place("tasks", "details", task.id)
        details = json.dumps(task.details).encode()
        sealed = scope.keys.seal(*owner_of(task.person, task.contact), place, details)
        scope.insert(
            tasks, id=task.id, kind=task.kind, route=task.route, due=task.due, contact=task.contact,
            person=task.person, details=sealed, status=task.status, done_by=task.done_by,
        )  # fmt: skip
        scope.ledger.wrote("task_added", f"task/{task.id}", sealed)

    def get(self, task_id: str) -> Task | None:
        row = self._scope.one(tasks, id=task_id)
        return self._task(row) if row else None

    def list_open(self) -> tuple[Task, ...]:
        rows = self._scope.all(tasks, status="open")
        return tuple(sorted((self._task(row) for row in rows), key=task_order))

    def _task(self, row: Row[Any]) -> Task:
        scope = self._scope
        place = scope.vault.place("tasks", "details", row.id)
        raw = scope.keys.unseal(*owner_of(row.person, row.contact), place, row.details)
        details = tuple((name, value) for name, value in json.loads(raw)) if raw is not None else ()
        return Task(
            row.id, row.kind, row.route, row.due, row.contact, row.person, details, row.status, row.done_by
        )

    def put_off(self, task_id: str, due: datetime) -> None:
        scope = self._scope
        row = scope.one(tasks, id=task_id)
        if row is None:
            raise UnknownRecord("task", task_id)
        if row.status == "open":
            scope.update(tasks, {"id": task_id}, due=due)
            scope.ledger.wrote("task_put_off", f"task/{task_id}")

    def close(self, task_id: str, by: str) -> None:
        scope = self._scope
        row = scope.one(tasks, id=task_id)
        if row is None:
            raise UnknownRecord("task", task_id)
        if row.status == "open":
            scope.update(tasks, {"id": task_id}, status="done", done_by=by)
            scope.ledger.wrote("task_done", f"task/{task_id}", who=by)


class SqlConsents:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def record(self, consent: Consent) -> None:
        scope = self._scope
        if scope.one(consents, id=consent.id) is not None:
            return
        scope.insert(
            consents, id=consent.id, number=scope.ledger.number(), person=consent.person, purpose=consent.purpose,
            channel=consent.channel, given=consent.given, at=consent.at, wording=consent.wording,
            contact=consent.contact,
        )  # fmt: skip
        scope.ledger.wrote("consent_recorded", f"consent/{consent.id}", repr(consent).encode())

    def latest(self, person: str, purpose: str, channel: str) -> Consent | None:
        rows = self._scope.all(consents, "-at", "-number", person=person, purpose=purpose, channel=channel)
        if not rows:
            return None
        row = rows[0]
        return Consent(
            row.id, row.person, row.purpose, row.channel, bool(row.given), row.at, row.wording, row.contact
        )


class SqlWaitlist:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def join(self, waiting: Waiting) -> None:
        scope = self._scope
        if scope.one(waitlist, id=waiting.id) is not None:
            return
        place = scope.vault.place("waitlist", "wish", waiting.id)
        sealed = scope.keys.seal(*owner_of(waiting.person, None), place, waiting.wish.encode())
        scope.insert(
            waitlist, id=waiting.id, person=waiting.person, since=waiting.since, wish=sealed,
            visit_kind=waiting.visit_kind, clinician=waiting.clinician, modality=waiting.modality,
        )  # fmt: skip
        scope.ledger.wrote("waitlist_joined", f"waiting/{waiting.id}", sealed)

    def all(self) -> tuple[Waiting, ...]:
        found = (self._waiting(row) for row in self._scope.all(waitlist, "since", "id"))
        return tuple(waiting for waiting in found if waiting is not None)

    def _waiting(self, row: Row[Any]) -> Waiting | None:
        scope = self._scope
        place = scope.vault.place("waitlist", "wish", row.id)
        wish = scope.keys.unseal(*owner_of(row.person, None), place, row.wish)
        if wish is None:
            return None
        return Waiting(
            row.id, row.person, wish.decode(), row.visit_kind, row.since, row.clinician, row.modality
        )

    def leave(self, waiting_id: str) -> None:
        if self._scope.delete(waitlist, id=waiting_id):
            self._scope.ledger.wrote("waitlist_left", f"waiting/{waiting_id}")


class SqlOutbox:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, message: Message) -> None:
        scope = self._scope
        if scope.one(messages, id=message.id) is not None:
            return
        place = scope.vault.place("messages", "sealed", message.id)
        content = json.dumps([message.to, message.args]).encode()
        sealed = scope.keys.seal(*owner_of(message.person, message.contact), place, content)
        scope.insert(
            messages, id=message.id, number=scope.ledger.number(), channel=message.channel, phrase=message.phrase,
            locale=message.locale, at=message.at, person=message.person, contact=message.contact,
            visit=message.visit, status=message.status, sealed=sealed, moved_at=message.moved_at, why=message.why,
            carrier_id=message.carrier_id, sent_from=message.sent_from,
        )  # fmt: skip
        scope.ledger.wrote("message_stored", f"message/{message.id}", sealed)

    def get(self, message_id: str) -> Message | None:
        row = self._scope.one(messages, id=message_id)
        return self._message(row) if row else None

    def recent(self, limit: int = 100) -> tuple[Message, ...]:
        rows = self._scope.connection.execute(
            select(messages)
            .where(self._scope.mine(messages))
            .order_by(messages.c.at.desc(), messages.c.number.desc())
            .limit(limit)
        )
        return tuple(self._message(row) for row in rows.all())

    def _message(self, row: Row[Any]) -> Message:
        scope = self._scope
        place = scope.vault.place("messages", "sealed", row.id)
        raw = scope.keys.unseal(*owner_of(row.person, row.contact), place, row.sealed)
        to, args = json.loads(raw) if raw is not None else ("", [])
        return Message(
            row.id, row.channel, to, row.phrase, tuple((name, value) for name, value in args), row.locale,
            row.at, row.person, row.contact, row.visit, row.status, row.moved_at, row.why, row.carrier_id,
            row.sent_from,
        )  # fmt: skip

    def advance(
        self,
        message_id: str,
        status: MessageStatus,
        *,
        at: datetime | None = None,
        why: str | None = None,
        carrier_id: str | None = None,
    ) -> bool:
        scope = self._scope
        row = scope.one(messages, id=message_id)
        if row is None:
            raise UnknownRecord("message", message_id)
        if not moves_forward(row.status, status):
            return False
        scope.update(
            messages, {"id": message_id}, status=status, moved_at=at or row.moved_at, why=why,
            carrier_id=carrier_id or row.carrier_id,
        )  # fmt: skip
        scope.ledger.wrote(f"message_{status}", f"message/{message_id}")
        return True

    def hand_over(self, message_id: str, *, at: datetime, sent_from: str) -> bool:
        scope = self._scope
        row = scope.one(messages, id=message_id)
        if row is None or row.status not in WAITING:
            return False
        changed = {"status": "sending", "moved_at": at, "why": None, "sent_from": sent_from}
        scope.update(messages, {"id": message_id}, **changed)
        scope.ledger.wrote("message_sending", f"message/{message_id}")
        return True

    def of_carrier(self, carrier_id: str) -> Message | None:
        row = self._scope.one(messages, carrier_id=carrier_id)
        return self._message(row) if row else None

    def of_contact(self, contact: str) -> tuple[Message, ...]:
        return tuple(map(self._message, self._scope.all(messages, "-number", contact=contact)))

    def put_off(self, message_id: str, why: str) -> None:
        scope = self._scope
        row = scope.one(messages, id=message_id)
        if row is not None and row.status in WAITING:
            scope.update(messages, {"id": message_id}, why=why)
            scope.ledger.wrote("message_put_off", f"message/{message_id}")

    def gone_out(self, people: Collection[str], since: datetime) -> tuple[Message, ...]:
        column = messages.c
        wanted = (
            self._scope.mine(messages)
            & column.person.in_(sorted(people))
            & column.status.in_(GONE_OUT)
            & (column.moved_at > since)
        )
        newest_first = select(messages).where(wanted).order_by(column.moved_at.desc(), column.number.desc())
        return tuple(map(self._message, self._scope.connection.execute(newest_first).all()))
