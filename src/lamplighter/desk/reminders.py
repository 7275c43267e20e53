"""The reminder for the day before: a durable job made in the transaction that books or moves the visit."""

from datetime import datetime, time, timedelta

from lamplighter.desk import quiet, stopping
from lamplighter.desk.context import stable_id
from lamplighter.desk.notices import enqueue, visit_args, wants_texts
from lamplighter.desk.ports import Clock, Job, Message, Person, Records, Transaction, Visit
from lamplighter.practice.calendar import at_local
from lamplighter.practice.model import Practice, PracticeId

JOB = "remind"
DAY_BEFORE = timedelta(days=1)
EARLIEST, LATEST = time(9), time(20)  # never outside these local hours
TOO_LATE = timedelta(hours=2)  # a reminder that would come closer to the visit than this is not sent


def plan(tx: Transaction, practice: Practice, visit: Visit, person: Person, now: datetime) -> None:
    """Stores the reminder; none for a person who refused them, or for a visit that is too near."""
    refused = tx.consents.latest(person.id, "reminders", person.contact_channel or "sms")
    if not wants_texts(person) or (refused is not None and not refused.given):
        return
    due = due_at(practice, visit.slot.start)
    if due > now:
        key = job_key(visit)
        tx.jobs.enqueue(Job(key, JOB, due, (("visit", visit.id), ("start", visit.slot.start.isoformat()))))


def due_at(practice: Practice, start: datetime) -> datetime:
    """The same local time on the day before, within decent hours."""
    local = start.astimezone(practice.timezone)
    clock = min(max(local.time(), EARLIEST), LATEST)
    return at_local(practice, local.date() - DAY_BEFORE, clock)


def job_key(visit: Visit) -> str:
    return f"remind:{visit.id}:{int(visit.slot.start.timestamp())}"


def drop(tx: Transaction, visit: Visit) -> None:
    """Cancels the reminder of the visit as it stood."""
    tx.jobs.cancel(job_key(visit))


class Reminding:
    """The job: reads the visit again when it wakes, and sends only what is still true."""

    def __init__(self, records: Records, practices: dict[PracticeId, Practice], clock: Clock) -> None:
        self._records = records
        self._practices = practices
        self._clock = clock

    def run(self, practice_id: PracticeId, job: Job) -> None:
        practice, args = self._practices[practice_id], dict(job.args)
        with self._records.transaction(practice_id) as tx:
            visit = tx.schedule.visit(args["visit"])
            if visit is None or visit.status not in ("booked", "confirmed"):
                return
            moved = visit.slot.start != datetime.fromisoformat(args["start"])
            if moved or visit.slot.start - self._clock.now() < TOO_LATE:
                return
            person = tx.people.get(visit.participants[0])
            silent = person is not None and (
                quiet.is_kept(tx, person=person.id, contact=visit.contact)
                or stopping.holds(tx, "reminder", person=person.id, visit=visit.id)
            )
            if person is not None and wants_texts(person) and not silent:
                self._remind(tx, practice, visit, person)

    def _remind(self, tx: Transaction, practice: Practice, visit: Visit, person: Person) -> None:
        assert person.phone is not None
        enqueue(
            tx,
            Message(
                id=stable_id("reminder", visit.id, visit.slot.start.isoformat()),
                channel="sms",
                to=person.phone,
                phrase="sms.reminder",
                args=tuple(sorted(visit_args(practice, visit).items())),
                locale=person.language or practice.languages_signed[0],
                at=self._clock.now(),
                person=person.id,
                visit=visit.id,
            ),
        )
