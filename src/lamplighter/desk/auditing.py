"""A sample of the contacts that went to nobody, for a person to look over: whoever should have been heard and was not.

Which ones is settled by the practice, the day and the contact alone: nobody picks, and a second look finds the same.
"""

import hashlib
from datetime import date, datetime, timedelta

from lamplighter.conversation.state import State
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import Task, Transaction
from lamplighter.practice.calendar import local_date
from lamplighter.practice.model import Practice

KEPT_FOR = timedelta(days=7)
"""How long the words of a contact in the sample are kept: until somebody must have looked."""


def is_sampled(practice: str, day: date, contact: str, one_in: int) -> bool:
    drawn = hashlib.sha256(f"{practice}\x1f{day.isoformat()}\x1f{contact}".encode()).digest()
    return int.from_bytes(drawn[:8]) % one_in == 0


def kept_until(tx: Transaction, state: State, now: datetime, practice: Practice) -> datetime:
    """When what was said in this contact may go. One of the sample is put on the board first."""
    if not is_sampled(practice.id, local_date(practice, now), state.contact, practice.audit_one_in):
        return now
    due = now + KEPT_FOR
    name = stable_id("audit", state.contact)
    tx.tasks.add(Task(name, "audit", "clinician", due, state.contact, state.person))
    return due
