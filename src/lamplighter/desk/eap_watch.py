"""Before the last visit that an EAP grants, and where nothing is left of it, somebody here asks it how it
goes on: looked at when a grant is written down and each morning after it; a task of the biller, once."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Final, Literal

from lamplighter.desk import eap
from lamplighter.desk.context import stable_id
from lamplighter.desk.eap import Counted
from lamplighter.desk.messages import callback_due
from lamplighter.desk.ports import AGENT, Clock, Job, Records, Task, Transaction
from lamplighter.practice.authorizing import EapProgram
from lamplighter.practice.calendar import at_local, local_date, next_open
from lamplighter.practice.model import Practice, PracticeId

JOB: Final = "eap_look"
TASK: Final = "authorization"
MORNING: Final = time(7, 30)
NEARLY: Final = 1
"""So many visits left, and somebody asks whatever is booked."""

Why = Literal["eap_last", "eap_over", "eap_unknown"]


def plan(tx: Transaction, person: str, due: datetime) -> None:
    tx.jobs.enqueue(Job(f"{JOB}:{person}:{due.isoformat()}", JOB, due, (("person", person),)))


class EapWatch:
    def __init__(self, records: Records, practices: Mapping[PracticeId, Practice], clock: Clock) -> None:
        self._records, self._practices, self._clock = records, practices, clock

    def look(self, practice_id: PracticeId, job: Job) -> None:
        practice, now = self._practices[practice_id], self._clock.now()
        person = dict(job.args)["person"]
        with self._records.transaction(practice_id) as tx:
            if tx.people.get(person) is None:
                return
            today = local_date(practice, now)
            found = eap.running(eap.counted(tx, practice, person, now), today)
            see_to(tx, practice, person, found, now)
            if found:
                plan(tx, person, at_local(practice, today + timedelta(days=1), MORNING))


def see_to(
    tx: Transaction, practice: Practice, person: str, found: tuple[Counted, ...], now: datetime
) -> None:
    """What is to be done about what they were granted; what is not so any more goes."""
    wanted = _wanted(tx, practice, person, found, now)
    names = {_name(tx, person, found, why): why for why in wanted}
    for task in tx.tasks.list_open():
        ours = (
            task.kind == TASK
            and task.person == person
            and dict(task.details).get("about", "").startswith("eap_")
        )
        if ours and task.id not in names:
            tx.tasks.close(task.id, AGENT)
    for name, why in names.items():
        due = next_open(practice, now) if why == "eap_over" else callback_due(practice, now)
        told = (("about", why), ("eap", ", ".join(_programs(practice, found))), *_granted(found))
        tx.tasks.add(Task(name, TASK, "biller", due, person=person, details=told))


def _wanted(
    tx: Transaction, practice: Practice, person: str, found: tuple[Counted, ...], now: datetime
) -> list[Why]:
    if not found:
        return []
    known = eap.left_of(found)
    if known is None:
        return ["eap_unknown"]
    left, _ = known
    coming = eap.ahead(tx, practice, found, person, now)
    if any(each.over for each in found) or (left == 0 and coming):
        return ["eap_over"]
    days = max((_program(practice, each).ask_days for each in found), default=0)
    soon = local_date(practice, now) + timedelta(days=days)
    last_is_near = 0 < left <= len(coming) and local_date(practice, coming[left - 1].slot.start) <= soon
    return ["eap_last"] if last_is_near or left <= NEARLY else []


def _name(tx: Transaction, person: str, found: tuple[Counted, ...], why: Why) -> str:
    """One for what was granted as it is now: what the EAP grants beside it is another. What was not so any more and is
    so again is another too; what somebody here has done is not asked for again."""
    name = stable_id(JOB, person, why, *(each.grant.id for each in found))
    while (task := tx.tasks.get(name)) is not None and task.status != "open" and task.done_by == AGENT:
        name = stable_id(JOB, name)
    return name


def _program(practice: Practice, found: Counted) -> EapProgram:
    return practice.authorizations.eap(found.grant.program) or EapProgram(found.grant.program, "")


def _programs(practice: Practice, found: tuple[Counted, ...]) -> list[str]:
    named = (_program(practice, each) for each in found)
    return list(dict.fromkeys(each.name or each.id for each in named))


def _granted(found: tuple[Counted, ...]) -> tuple[tuple[str, str], ...]:
    """How many are left stands on their page, and changes."""
    known = eap.left_of(found)
    return (("granted", str(known[1])),) if known else ()
