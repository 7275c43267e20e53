"""Tasks, consents, the waitlist and the outbox, in memory."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime

from lamplighter.desk.ports import Consent, Message, MessageStatus, Task, Waiting
from lamplighter.records.errors import UnknownRecord
from lamplighter.records.memory.ledger import MemoryLedger
from lamplighter.records.memory.state import State
from lamplighter.records.statuses import GONE_OUT, WAITING, moves_forward, task_order


class MemoryTasks:
    def __init__(self, state: State, ledger: MemoryLedger) -> None:
        self._state = state
        self._tasks = state.tasks
        self._ledger = ledger

    def add(self, task: Task) -> None:
        if task.id not in self._tasks:
            self._state.refuse_the_forgotten(task.person, task.contact)
            self._tasks.put(task.id, replace(task, due=task.due.astimezone(UTC)))
            self._ledger.wrote("task_added", f"task/{task.id}", repr(task).encode())

    def get(self, task_id: str) -> Task | None:
        return self._tasks.get(task_id)

    def list_open(self) -> tuple[Task, ...]:
        return tuple(sorted((t for t in self._tasks.values() if t.status == "open"), key=task_order))

    def put_off(self, task_id: str, due: datetime) -> None:
        task = self._tasks.get(task_id)
        if task is None:
            raise UnknownRecord("task", task_id)
        if task.status == "open":
            self._tasks.put(task_id, replace(task, due=due.astimezone(UTC)))
            self._ledger.wrote("task_put_off", f"task/{task_id}")

    def close(self, task_id: str, by: str) -> None:
        task = self._tasks.get(task_id)
        if task is None:
            raise UnknownRecord("task", task_id)
        if task.status == "open":
            self._tasks.put(task_id, replace(task, status="done", done_by=by))
            self._ledger.wrote("task_done", f"task/{task_id}", who=by)


class MemoryConsents:
    def __init__(self, state: State, ledger: MemoryLedger) -> None:
        self._consents = state.consents
        self._ledger = ledger

    def record(self, consent: Consent) -> None:
        if consent.id not in self._consents:
            self._consents.put(consent.id, replace(consent, at=consent.at.astimezone(UTC)))
            self._ledger.wrote("consent_recorded", f"consent/{consent.id}", repr(consent).encode())

    def latest(self, person: str, purpose: str, channel: str) -> Consent | None:
        wanted = (person, purpose, channel)
        found = [c for c in self._consents.values() if (c.person, c.purpose, c.channel) == wanted]
        return max(found[::-1], key=lambda consent: consent.at, default=None)


class MemoryWaitlist:
    def __init__(self, state: State, ledger: MemoryLedger) -> None:
        self._state = state
        self._waitlist = state.waitlist
        self._ledger = ledger

    def join(self, waiting: Waiting) -> None:
        if waiting.id not in self._waitlist:
            self._state.refuse_the_forgotten(waiting.person)
            self._waitlist.put(waiting.id, replace(waiting, since=waiting.since.astimezone(UTC)))
            self._ledger.wrote("waitlist_joined", f"waiting/{waiting.id}", repr(waiting).encode())

    def all(self) -> tuple[Waiting, ...]:
        return tuple(sorted(self._waitlist.values(), key=lambda waiting: (waiting.since, waiting.id)))

    def leave(self, waiting_id: str) -> None:
        if waiting_id in self._waitlist:
            self._waitlist.drop(waiting_id)
            self._ledger.wrote("waitlist_left", f"waiting/{waiting_id}")


class MemoryOutbox:
    def __init__(self, state: State, ledger: MemoryLedger) -> None:
        self._state = state
        self._messages = state.messages
        self._ledger = ledger

    def add(self, message: Message) -> None:
        if message.id not in self._messages:
            self._state.refuse_the_forgotten(message.person, message.contact)
            self._messages.put(message.id, replace(message, at=message.at.astimezone(UTC)))
            self._ledger.wrote("message_stored", f"message/{message.id}", repr(message).encode())

    def get(self, message_id: str) -> Message | None:
        return self._messages.get(message_id)

    def advance(
        self,
        message_id: str,
        status: MessageStatus,
        *,
        at: datetime | None = None,
        why: str | None = None,
        carrier_id: str | None = None,
    ) -> bool:
        message = self._messages.get(message_id)
        if message is None:
            raise UnknownRecord("message", message_id)
        if not moves_forward(message.status, status):
            return False
        moved = at.astimezone(UTC) if at else message.moved_at
        known = carrier_id or message.carrier_id
        self._messages.put(
            message_id, replace(message, status=status, moved_at=moved, why=why, carrier_id=known)
        )
        self._ledger.wrote(f"message_{status}", f"message/{message_id}")
        return True

    def hand_over(self, message_id: str, *, at: datetime, sent_from: str) -> bool:
        message = self._messages.get(message_id)
        if message is None or message.status not in WAITING:
            return False
        moved = replace(message, status="sending", moved_at=at.astimezone(UTC), why=None, sent_from=sent_from)
        self._messages.put(message_id, moved)
        self._ledger.wrote("message_sending", f"message/{message_id}")
        return True

    def of_carrier(self, carrier_id: str) -> Message | None:
        return next((m for m in self._messages.values() if m.carrier_id == carrier_id), None)

    def of_contact(self, contact: str) -> tuple[Message, ...]:
        return tuple(m for m in self._messages.values() if m.contact == contact)[::-1]

    def put_off(self, message_id: str, why: str) -> None:
        message = self._messages.get(message_id)
        if message is not None and message.status in WAITING:
            self._messages.put(message_id, replace(message, why=why))
            self._ledger.wrote("message_put_off", f"message/{message_id}")

    def gone_out(self, people: Collection[str], since: datetime) -> tuple[Message, ...]:
        found = [
            message
            for message in self._messages.values()
            if message.person in people
            and message.status in GONE_OUT
            and message.moved_at is not None
            and message.moved_at > since
        ]
        return tuple(sorted(found, key=lambda message: message.moved_at or since, reverse=True))

    def recent(self, limit: int = 100) -> tuple[Message, ...]:
        oldest_first = sorted(self._messages.values(), key=lambda message: message.at)
        return tuple(oldest_first[::-1][:limit])
