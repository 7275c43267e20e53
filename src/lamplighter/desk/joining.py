"""Contacts are joined to whoever was identified in them, the patient where somebody acts for them: what is kept of a
person, held or erased is then whole.

What was identified before that was done is joined once, some contacts at a time, the newest first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from lamplighter.conversation import events as e
from lamplighter.desk.ports import Clock, Job, Records, Transaction
from lamplighter.practice.model import PracticeId

JOB: Final = "join_contacts"
AT_ONCE: Final = 100
EVER: Final = datetime(2000, 1, 1, tzinfo=UTC)


def join(tx: Transaction, contact: str, bodies: Iterable[e.Body]) -> None:
    """Joins the contact to everybody whom these events identify and who is on file."""
    for person in {body.person: None for body in bodies if isinstance(body, e.Identified)}:
        if tx.people.get(person) is not None:
            tx.people.link_contact(contact, person)


def wish(records: Records, practices: Iterable[PracticeId], clock: Clock) -> None:
    """At the start of a desk: done once in the life of a store."""
    for practice in practices:
        with records.transaction(practice) as tx:
            tx.jobs.enqueue(Job(f"{JOB}:1", JOB, clock.now()))


@dataclass(frozen=True, slots=True)
class Joining:
    """Joins what was identified before contacts were joined as it happens."""

    records: Records
    clock: Clock

    def run(self, practice: PracticeId, job: Job) -> None:
        before = dict(job.args).get("before")
        with self.records.transaction(practice) as tx:
            now = self.clock.now()
            end = datetime.fromisoformat(before) if before else now + timedelta(days=1)
            found = tx.log.contacts(limit=AT_ONCE, opened=(EVER, end))
            for each in found:
                join(tx, each.id, (event.body for event in tx.log.read(each.id)))
            if len(found) == AT_ONCE:
                again = _next(found[-1].opened_at, end).isoformat()
                tx.jobs.enqueue(Job(f"{JOB}:1:{again}", JOB, now, (("before", again),)))


def _next(oldest: datetime, end: datetime) -> datetime:
    """Those that were opened at the very moment of the last are looked at again, since some may be left."""
    again = oldest + timedelta(microseconds=1)
    return again if again < end else oldest
