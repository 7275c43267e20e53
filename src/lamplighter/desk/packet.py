"""The practice's papers for whoever comes: owed from the booking on, by a link that rides in the confirmation where it
fits, or else in a message of its own; reminded of once; and on the board on the morning of the visit.

A reminder of the visit always comes first: nothing about papers goes on a day that has one, nor where the week is full.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.phrasebook.room import fits
from lamplighter.desk import gate, links, packet_done, packet_kept, packet_whom, reminders, stopping
from lamplighter.desk.context import stable_id
from lamplighter.desk.links import LinkMaker
from lamplighter.desk.notices import enqueue, visit_args
from lamplighter.desk.packet_done import plan
from lamplighter.desk.ports import Clock, Job, Message, Person, Records, Transaction, Visit
from lamplighter.desk.preferences import Way, way_to
from lamplighter.desk.told_times import zone_for
from lamplighter.law.contact_hours import ContactHours, local_day, midnight_after
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice import packet
from lamplighter.practice.calendar import open_spans
from lamplighter.practice.model import Practice, PracticeId

JOB: Final = packet_done.JOB
CONFIRMATION: Final = ".confirmation"
ENDING: Final = ".packet"
PHRASE, AGAIN = "packet", "packet.again"
DAYS_BEFORE: Final = (3, 2, 4, 5, 1)
"""On which day before the visit they are reminded of what is missing: the first of these that holds nothing else."""

TO_SEND: Final = ("send", "again", "resend")
OF_THE_TIME: Final = ("again", "look", "over")
"""What a job is about that is planned anew when the visit moves."""

A_DAY: Final = timedelta(hours=24)
AN_HOUR: Final = timedelta(hours=1)


def owe(tx: Transaction, practice: Practice, visit: Visit, now: datetime) -> None:
    """In the transaction that books a visit, moves it or has it by video: each who comes, and has not had all that it
    wants, is to have it. What is missing on the day is looked at in any case: papers may change until then."""
    if not practice.packet.pieces:
        return
    ways: set[Way] = set()
    for person in filter(None, map(tx.people.get, visit.participants)):
        plan(tx, visit, person.id, "look", _look_at(practice, visit, now), asked=now)
        way = packet_whom.way(tx, practice, person, now)
        if way is None or way in ways or not packet_kept.missing(tx, practice, visit, person.id):
            continue
        ways.add(way)
        if not packet_kept.was_sent(tx, practice, visit, person.id, way.address, now):
            plan(tx, visit, person.id, "send", now, asked=now)
        again = remind_at(tx, practice, visit, person, now)
        if again is not None:
            plan(tx, visit, person.id, "again", again, asked=now)


def send_again(tx: Transaction, practice: Practice, visit: Visit, person: str, now: datetime) -> None:
    """Somebody here asks for it: as soon as it may go."""
    plan(tx, visit, person, "resend", now, asked=now)


def may_send(tx: Transaction, practice: Practice, visit: Visit, person: Person, now: datetime) -> bool:
    """Whether asking for it can bring them anything."""
    way = packet_whom.way(tx, practice, person, now)
    if way is None or links.left_to_a_person(tx, visit):
        return False
    if stopping.holds(tx, "reminder", person=person.id, address=way.address, visit=visit.id):
        return False
    return gate.never(tx, _message(practice, visit, person, way, PHRASE, now)) is None


def _look_at(practice: Practice, visit: Visit, now: datetime) -> datetime:
    """On the morning of the visit; whoever books later than that has a while to read."""
    a_while = min(now + AN_HOUR, visit.slot.start - AN_HOUR / 2)
    return max(now, a_while, morning_of(practice, visit))


def morning_of(practice: Practice, visit: Visit) -> datetime:
    """When the doors open on that day; where they don't, or only later, two hours before."""
    start = visit.slot.start
    spans = open_spans(practice, start.astimezone(practice.timezone).date())
    return min([start - timedelta(hours=2), *(span.start for span in spans[:1])])


def remind_at(
    tx: Transaction, practice: Practice, visit: Visit, person: Person, now: datetime
) -> datetime | None:
    """None where no day before the visit has room for it; not within a day of the link itself."""
    hours = _hours(tx, practice, person)
    zone = zone_for(practice, visit.slot, person)
    dues = (reminders.touch_at(practice, visit.slot.start, 24 * days, hours, zone) for days in DAYS_BEFORE)
    coming = (due for due in dues if due is not None and due > now + A_DAY)
    return next((due for due in coming if has_room(tx, practice, person, due, now)), None)


def _hours(tx: Transaction, practice: Practice, person: Person) -> ContactHours:
    way = way_to(tx, practice, person)
    return gate.hours_for(tx, practice, person.id, way.address if way else person.phone or "")


def has_room(tx: Transaction, practice: Practice, person: Person, at: datetime, now: datetime) -> bool:
    """Whether no reminder of a visit is planned for that day, and one more leaves room for all that are in the week,
    with what has gone out in it."""
    places = _hours(tx, practice, person).places
    planned = tuple(_planned(tx, practice, person, at, now))
    same_day = any(
        local_day(due, place.zone) == local_day(at, place.zone) for due in planned for place in places
    )
    in_the_week = (*planned, *gate.gone_out(tx, person.id, now))
    return not same_day and sum(abs(each - at) < gate.WEEK for each in in_the_week) < gate.A_WEEK


def _planned(
    tx: Transaction, practice: Practice, person: Person, at: datetime, now: datetime
) -> Iterator[datetime]:
    """Every reminder that their visits may have from now on, also one that a late booking left out."""
    hours = _hours(tx, practice, person)
    for visit in tx.schedule.visits_of(person.id, now):
        if visit.status in packet_kept.STANDS and visit.slot.start < at + 3 * gate.WEEK:
            zone = zone_for(practice, visit.slot, person)
            for before in reminders.wanted_hours(tx, practice, visit, person):
                due = reminders.touch_at(practice, visit.slot.start, before, hours, zone)
                if due is not None and due > now:
                    yield due


class Wording:
    """How a confirmation is worded: with the link to what is still owed, where one fits. For within the transaction
    that books."""

    def __init__(self, books: Mapping[PracticeId, Phrasebook], links: LinkMaker) -> None:
        self._books, self._links = books, links

    def __call__(self, tx: Transaction, practice: Practice, visit: Visit, message: Message) -> Message:
        if not message.phrase.endswith(CONFIRMATION) or message.person is None:
            return message
        person = tx.people.get(message.person)
        if person is None or message.to not in packet_whom.reached_at(practice, person, message.at):
            return message
        if not packet_kept.missing(tx, practice, visit, message.person):
            return message
        book = self._books.get(practice.id)
        linked = _linked(
            tx, practice, book, self._links, visit, replace(message, phrase=message.phrase + ENDING)
        )
        if linked is None:
            return message
        packet_kept.note_sent(tx, practice, linked, visit, message.at)
        return linked


def _linked(
    tx: Transaction,
    practice: Practice,
    book: Phrasebook | None,
    links: LinkMaker | None,
    visit: Visit,
    message: Message,
) -> Message | None:
    """With its link; None where the practice has not signed the words, has no address for pages, or it does not fit."""
    whole = message.phrase + (".body" if message.channel == "email" else "")
    if book is None or links is None or not book.has(message.locale, whole):
        return None
    url = links.packet_url(tx, practice, message, visit, packet.version(practice))
    if url is None:
        return None
    linked = replace(message, args=tuple(sorted({**dict(message.args), "link": url}.items())))
    if message.channel != "sms":
        return linked
    wanted = book.phrase(message.locale, message.phrase).arguments
    text = book.render(message.locale, message.phrase, {k: v for k, v in linked.args if k in wanted})
    return replace(linked, args=tuple((k, v) for k, v in linked.args if k in wanted)) if fits(text) else None


class Packets:
    """The job: reads everything again when it wakes, and does only what is still owed."""

    def __init__(
        self,
        records: Records,
        practices: Mapping[PracticeId, Practice],
        clock: Clock,
        books: Mapping[PracticeId, Phrasebook] = MappingProxyType({}),
        links: LinkMaker | None = None,
        laws: Mapping[PracticeId, LawData] = MappingProxyType({}),
    ) -> None:
        self._records, self._practices, self._clock = records, practices, clock
        self._books, self._links, self._laws = books, links, laws

    def run(self, practice_id: PracticeId, job: Job) -> None:
        practice, args, now = self._practices[practice_id], dict(job.args), self._clock.now()
        with self._records.transaction(practice_id) as tx:
            visit, person = tx.schedule.visit(args["visit"]), tx.people.get(args["person"])
            if visit is None or person is None:
                return
            what, moved = args["what"], visit.slot.start.isoformat() != args["start"]
            if moved and what in OF_THE_TIME:
                return
            if what == "over":
                packet_kept.over_for(tx, visit, person.id)
            if not _comes(visit, person, now) or not packet_kept.missing(tx, practice, visit, person.id):
                return
            if what in ("look", "anew") and _comes_no_more(tx, person.id):
                return
            if what == "look" or (what == "anew" and now >= morning_of(practice, visit)):
                anew = args["asked"] if what == "anew" else None
                packet_kept.ask_the_desk(tx, practice, visit, person.id, anew=anew)
                over = midnight_after(visit.slot.start, practice.timezone_name)
                plan(tx, visit, person.id, "over", over, asked=now)
            elif (
                what in TO_SEND
                and visit.status in packet_kept.STANDS
                and not links.left_to_a_person(tx, visit)
            ):
                self._send(tx, practice, visit, person, what, datetime.fromisoformat(args["asked"]))

    def _send(
        self, tx: Transaction, practice: Practice, visit: Visit, person: Person, what: str, asked: datetime
    ) -> None:
        now = self._clock.now()
        way = packet_whom.way(tx, practice, person, now)
        if way is None or (what != "again" and _has_it(tx, practice, visit, person, way, what, asked, now)):
            return
        went = packet_kept.was_sent(tx, practice, visit, person.id, way.address, now)
        phrase = AGAIN if went and what == "again" else PHRASE
        plain = _message(practice, visit, person, way, phrase, now)
        later = self._goesplan(tx, practice, visit, person, plain, now)
        if later is not None:
            if later < visit.slot.start and what != "again":
                plan(tx, visit, person.id, what, later, asked=asked)
            return
        linked = _linked(tx, practice, self._books.get(practice.id), self._links, visit, plain)
        if linked is not None:
            packet_kept.note_sent(tx, practice, linked, visit, now)
            enqueue(tx, linked)

    def _goesplan(
        self,
        tx: Transaction,
        practice: Practice,
        visit: Visit,
        person: Person,
        message: Message,
        now: datetime,
    ) -> datetime | None:
        """When to look again, where it may not go now; the time of the visit where it may never."""
        ruling = gate.rule(tx, practice, message, now, self._laws.get(practice.id, SHIPPED))
        if ruling.why is not None:
            return ruling.again or visit.slot.start
        if has_room(tx, practice, person, now, now):
            return None
        return _hours(tx, practice, person).next_from(now + A_DAY) or visit.slot.start


def _has_it(
    tx: Transaction,
    practice: Practice,
    visit: Visit,
    person: Person,
    way: Way,
    what: str,
    asked: datetime,
    now: datetime,
) -> bool:
    """A link goes once for a visit, wherever it moves; and once for each time that somebody here asks for it."""
    if what == "resend":
        gone = (each for each in packet_kept.sent(tx, person.id) if each.status not in packet_kept.NOT_GONE)
        return any(each.at >= asked for each in gone)
    return packet_kept.was_sent(tx, practice, visit, person.id, way.address, now)


def _comes_no_more(tx: Transaction, person: str) -> bool:
    """Nobody is to hand them anything, by any record that may be theirs."""
    return any(each.stop in ("deceased", "discharged") for each in stopping.standing_for(tx, person))


def _comes(visit: Visit, person: Person, now: datetime) -> bool:
    stands = visit.status in (*packet_kept.STANDS, "held_for_office") and now < visit.slot.start
    return stands and person.id in visit.participants


def _message(
    practice: Practice, visit: Visit, person: Person, way: Way, phrase: str, now: datetime
) -> Message:
    name = stable_id("packet", visit.id, person.id, phrase, way.address, now.isoformat())
    args = {
        name: value for name, value in visit_args(practice, visit).items() if name not in ("day", "clock")
    }
    return Message(
        id=name,
        channel=way.channel,
        to=way.address,
        phrase=f"{way.channel}.{phrase}",
        args=tuple(sorted(args.items())),
        locale=packet.locale_for(practice, person.language),
        at=now,
        person=person.id,
        visit=visit.id,
    )
