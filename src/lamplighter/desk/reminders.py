"""Reminders of a visit: a durable job a touch, made in the transaction that books or moves the visit."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk import eligibility, gate, packet_kept, preferences
from lamplighter.desk.context import stable_id
from lamplighter.desk.gate import TOO_LATE
from lamplighter.desk.links import LinkMaker
from lamplighter.desk.notices import enqueue, visit_args
from lamplighter.desk.ports import Clock, Job, Message, Person, Records, Series, Transaction, Visit
from lamplighter.desk.preferences import Preferences, Way, way_to
from lamplighter.desk.reminder_words import worded
from lamplighter.desk.told_times import zone_for
from lamplighter.law.contact_hours import ContactHours
from lamplighter.practice.model import Modality, Practice, PracticeId

JOB = "remind"
A_DAY = 24
A_WEEK = timedelta(days=7)
SEEN_AHEAD = timedelta(days=22)
"""How far ahead the visits of a series are planned: until the next look, and the longest time before a visit."""

BEFORE_END = timedelta(minutes=30)
"""How long before the hours end a touch is planned at the latest: whatever delays it a little does not put it off."""

A_LITTLE = timedelta(hours=4)

APART = timedelta(hours=24)
"""A touch that would come sooner after the booking is left out, unless it is the last."""

PHRASE, FIRST_VISIT = "reminder", "reminder.first"


def plan_for_all(tx: Transaction, practice: Practice, visit: Visit, now: datetime) -> None:
    """Each who comes has reminders of their own; of two with one number or address the first. The patient's plan is
    asked before the visit too."""
    eligibility.plan(tx, practice, visit, now)
    ways: set[Way] = set()
    for person in filter(None, map(tx.people.get, visit.participants)):
        way = way_to(tx, practice, person)
        if way is not None and way not in ways:
            ways.add(way)
            plan(tx, practice, visit, person, now)


def plan(tx: Transaction, practice: Practice, visit: Visit, person: Person, now: datetime) -> None:
    """Stores a job a touch; none for a person who refused them, or for a visit that is too near."""
    way = way_to(tx, practice, person)
    if way is None or refused(tx, person, way):
        return
    for hours, due in touches(tx, practice, visit, person, now):
        args = (
            ("visit", visit.id),
            ("start", visit.slot.start.isoformat()),
            ("person", person.id),
            ("hours", str(hours)),
        )
        tx.jobs.enqueue(Job(job_key(visit, person.id, hours), JOB, due, args))


def refused(tx: Transaction, person: Person, way: Way) -> bool:
    """Whether they said no to what we send of ourselves about their visits."""
    latest = tx.consents.latest(person.id, "reminders", way.channel)
    said_no = latest is not None and not latest.given
    return said_no or gate.refused_when_asked(tx, person.id, "reminders")


def plan_series(tx: Transaction, practice: Practice, series: Series, now: datetime) -> None:
    """The touches of what takes place in the next weeks, and a job that looks again in a week, until it ends. What is
    planned already is not planned twice."""
    day = now.astimezone(practice.timezone).date()
    if series.until is not None and series.until < day:
        return
    for visit in tx.schedule.visits_of(series.participants[0], now):
        if visit.series == series.id and visit.slot.start <= now + SEEN_AHEAD:
            plan_for_all(tx, practice, visit, now)
    again = now + A_WEEK
    key = f"remind:{series.id}:{again.date().isoformat()}"
    tx.jobs.enqueue(Job(key, JOB, again, (("series", series.id),)))


def go_by(
    tx: Transaction, practice: Practice, person: Person, wish: Preferences, *, by: str, now: datetime
) -> None:
    """From now on by what they wish; what was planned for them is planned anew."""
    ahead = [
        visit
        for visit in tx.schedule.visits_of(person.id, now)
        if visit.status in ("booked", "confirmed")
        and (visit.series is None or visit.slot.start <= now + SEEN_AHEAD)
    ]
    for visit in ahead:
        _drop_for(tx, practice, visit, person)
    preferences.state(tx, person.id, wish, by=by, now=now)
    for visit in ahead:
        plan(tx, practice, visit, person, now)


def touches(
    tx: Transaction, practice: Practice, visit: Visit, person: Person, now: datetime
) -> list[tuple[int, datetime]]:
    """How many hours before, and when: what is still to come, and of what a late booking runs together the last."""
    hours = _hours(tx, practice, person)
    wanted = wanted_hours(tx, practice, visit, person)
    zone = zone_for(practice, visit.slot, person)
    dues = [(each, touch_at(practice, visit.slot.start, each, hours, zone)) for each in wanted]
    coming = [(each, due) for each, due in dues if due is not None and due > now]
    return [(each, due) for each, due in coming if (each, due) == coming[-1] or due - now >= APART]


def _hours(tx: Transaction, practice: Practice, person: Person) -> ContactHours:
    way = way_to(tx, practice, person)
    return gate.hours_for(tx, practice, person.id, way.address if way else person.phone or "")


def wanted_hours(tx: Transaction, practice: Practice, visit: Visit, person: Person) -> tuple[int, ...]:
    """The furthest from the visit first: as they wish, else as the practice does for this kind of visit."""
    rules, slot = practice.reminders, visit.slot
    usual = rules.by_kind.get(slot.visit_kind, rules.hours)
    if slot.modality is Modality.TELEHEALTH:
        usual = (*usual, *rules.telehealth_hours)
    wish = preferences.of(tx, person.id).hours_before
    return tuple(sorted(set(usual if wish is None else wish), reverse=True))


def touch_at(
    practice: Practice, start: datetime, hours: int, allowed: ContactHours, zone: ZoneInfo | None = None
) -> datetime | None:
    """Whole days before at the same local time, in the `zone` in which it is told, the rest on the clock; a little
    later, or else earlier, where that is no decent moment. None: a touch on the day itself that would have to come the
    day before."""
    zone = zone or practice.timezone
    local = start.astimezone(zone)
    days, rest = divmod(hours, A_DAY)
    same = datetime.combine(local.date() - timedelta(days=days), local.time(), zone)
    due = (same.astimezone(UTC) - timedelta(hours=rest)).astimezone(zone)
    if hours < A_DAY:
        return due if allowed.allow(due) else None
    later = allowed.next_from(due)
    if later is not None and due < later <= due + A_LITTLE:
        return later
    return allowed.last_by(due, BEFORE_END)


def job_key(visit: Visit, person: str, hours: int) -> str:
    return f"remind:{visit.id}:{int(visit.slot.start.timestamp())}:{person}:{hours}"


def drop(tx: Transaction, practice: Practice, visit: Visit) -> None:
    """Cancels the reminders of the visit as it stood, and the questions about it. One planned under other rules wakes,
    and does nothing."""
    packet_kept.over(tx, visit)
    eligibility.drop(tx, practice, visit)
    for person in filter(None, map(tx.people.get, visit.participants)):
        _drop_for(tx, practice, visit, person)


def _drop_for(tx: Transaction, practice: Practice, visit: Visit, person: Person) -> None:
    for hours in wanted_hours(tx, practice, visit, person):
        tx.jobs.cancel(job_key(visit, person.id, hours))


class Reminding:
    """The job: reads the visit again when it wakes, and sends only what is still true and not too late."""

    def __init__(
        self,
        records: Records,
        practices: Mapping[PracticeId, Practice],
        clock: Clock,
        phrasebooks: Mapping[PracticeId, Phrasebook] = MappingProxyType({}),
        links: LinkMaker | None = None,
    ) -> None:
        self._records = records
        self._practices = practices
        self._clock = clock
        self._phrasebooks = phrasebooks
        self._links = links

    def run(self, practice_id: PracticeId, job: Job) -> None:
        practice, args, now = self._practices[practice_id], dict(job.args), self._clock.now()
        with self._records.transaction(practice_id) as tx:
            if "series" in args:
                return _look_again(tx, practice, args["series"], now)
            visit = tx.schedule.visit(args["visit"])
            if visit is None or visit.status not in ("booked", "confirmed"):
                return
            if visit.slot.start != datetime.fromisoformat(args["start"]):
                return
            person = tx.people.get(args.get("person") or visit.participants[0])
            way = way_to(tx, practice, person) if person is not None else None
            if person is None or way is None:
                return
            hours = int(args.get("hours", A_DAY))
            book = self._phrasebooks.get(practice_id)
            plain = _message(practice, visit, person, way, hours, now)
            message = worded(tx, practice, book, self._links, visit, plain)
            enqueue(tx, message)
            if _too_late(tx, practice, visit, person, hours, now):
                tx.outbox.advance(message.id, "cancelled", at=now, why="too_late")


def _look_again(tx: Transaction, practice: Practice, series_id: str, now: datetime) -> None:
    series = tx.schedule.series(series_id)
    if series is not None:
        plan_series(tx, practice, series, now)


def _too_late(
    tx: Transaction, practice: Practice, visit: Visit, person: Person, hours: int, now: datetime
) -> bool:
    """Too near the visit, or the next touch is due as well: two at once are one too many."""
    start = visit.slot.start
    if start - now < min(TOO_LATE, timedelta(hours=hours) / 2):
        return True
    allowed = _hours(tx, practice, person)
    nearer = (each for each in wanted_hours(tx, practice, visit, person) if each < hours)
    zone = zone_for(practice, visit.slot, person)
    dues = (touch_at(practice, start, each, allowed, zone) for each in nearer)
    return any(due is not None and due <= now for due in dues)


def _message(
    practice: Practice, visit: Visit, person: Person, way: Way, hours: int, now: datetime
) -> Message:
    first = practice.visit_kind(visit.slot.visit_kind).first
    return Message(
        id=stable_id("reminder", visit.id, visit.slot.start.isoformat(), person.id, str(hours)),
        channel=way.channel,
        to=way.address,
        phrase=f"{way.channel}.{FIRST_VISIT if first else PHRASE}",
        args=tuple(sorted(visit_args(practice, visit, person).items())),
        locale=person.language or practice.languages_signed[0],
        at=now,
        person=person.id,
        visit=visit.id,
    )
