"""The one gate that everything we send passes, at the moment at which it would be sent.

It answers with a word: what stands in the way, and whether it may go later. No reason here is about a person's life.
A reply in a contact that they began is theirs to get: hours and caps are for what we send of ourselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from lamplighter.desk import bill_holds, opting_out, plan_card_kept, preferences, quiet, stopping, texting
from lamplighter.desk.ports import Message, Transaction
from lamplighter.law.contact_hours import ContactHours, contact_hours, local_day, midnight_after
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.model import Practice

Why = Literal[
    "do_not_contact",
    "stopped",
    "opted_out",
    "not_agreed",
    "channel",
    "quiet_hours",
    "one_a_day",
    "three_a_week",
    "too_late",
    "changed",
]
A_DAY, A_WEEK = 1, 3
"""How much may go to a person that they did not just ask for: on one day, wherever they may be, and in any seven."""

WEEK = timedelta(days=7)
TOO_LATE = timedelta(hours=2)  # a reminder that would come closer to the visit than this is not sent
A_REPLY_FOR = timedelta(hours=2)
"""How long after it was asked for a reply is one: it may be asked for at night, but nobody is woken by it later."""

LOOK_AGAIN = timedelta(hours=1)
KEPT = WEEK
"""How long something that nobody asked for may wait."""

PURPOSES: Final = {
    "reminder": "reminders",
    "packet": "reminders",
    "bill_open": "balance",
    "bill": "billing",
    "opening": "waitlist",
    "missed": "missed",
    "money_back": "money_back",
}
"""What a message is for, by how its phrase goes on behind its channel; anything else is about what they have set going
themselves."""
OWN_DOING: Final = "visits"
TO_STAFF: Final = "sms.page"
CALLED_OFF: Final = "called_off"
ASKS_TO_KEEP: Final = {"video": f"{CALLED_OFF}.video", "cover": f"{CALLED_OFF}.cover"}
"""It can't take place as it was, and asks whether they keep its time, by video or with a colleague."""

CHANGES: Final[Mapping[str, tuple[str, ...]]] = {
    "moved": ("booked", "confirmed"),
    "held": ("held_for_office",),
    "cancelled": ("cancelled",),
}
"""How a visit stands of which somebody here changed something, by what is written of that."""

TO_BE_AGREED: Final = frozenset({"billing", "balance", "waitlist"})
"""Purposes that need a yes on record."""
COVERED: Final[Mapping[str, tuple[str, ...]]] = {
    "missed": ("missed", "reminders"),
    "balance": ("balance", "billing"),
}
"""By what a purpose is refused, where that is more than itself."""

MISSED_FOR = timedelta(days=3)
"""How long a word about a missed visit may wait for its hour."""

ASKS_FOR_MONEY: Final = ("billing", "balance")
OF_MONEY: Final = (*ASKS_FOR_MONEY, "money_back")
OF_MONEY_FOR = timedelta(days=2)
"""How long a word that asks for money may wait: by then the books may say something else."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """`why` None: it may go. `again`: when to look again; None with a `why`: never."""

    why: Why | None = None
    again: datetime | None = None


MAY_GO: Final = Ruling()


def rule(
    tx: Transaction, practice: Practice, message: Message, now: datetime, law: LawData = SHIPPED
) -> Ruling:
    """What holds for this message at this moment; the same for every channel. What answers a text that they just wrote
    goes, also to whoever wants no others; and a practice's own people are rung at any hour."""
    if texting.is_answer(message) or message.phrase.startswith(TO_STAFF):
        return MAY_GO if now - message.at <= A_REPLY_FOR else Ruling("too_late")
    if why := never(tx, message):
        return Ruling(why)
    duty = stopping.duty_of(message)
    if stopping.holds(tx, duty, person=message.person, address=message.to, visit=message.visit):
        again = now + LOOK_AGAIN
        last = last_moment(tx, message) or message.at + KEPT
        waits = duty == "outreach" and again <= last and purpose_of(message) != "missed"
        return Ruling("stopped", again if waits else None)
    if why := _stale(tx, message, now):
        return Ruling(why)
    if is_reply(message, now):
        return MAY_GO
    return _in_time(tx, practice, message, now, law)


def is_reply(message: Message, now: datetime) -> bool:
    """Whether they have just set it going themselves: a code or a link that they wait for on the line."""
    return stopping.duty_of(message) == "reply" and now - message.at <= A_REPLY_FOR


def purpose_of(message: Message) -> str:
    name = message.phrase.partition(".")[2]
    return next((purpose for start, purpose in PURPOSES.items() if name.startswith(start)), OWN_DOING)


def hours_for(
    tx: Transaction, practice: Practice, person: str | None, address: str, law: LawData = SHIPPED
) -> ContactHours:
    """When they may be reached unasked: by law, by the practice's hours, and by what they wish. An email finds them
    where their telephone would."""
    wish, found = preferences.of(tx, person), tx.people.get(person) if person else None
    number = found.phone if found is not None and "@" in address else address
    start, end = practice.reminders.earliest, practice.reminders.latest
    return contact_hours(
        state=found.state if found else None,
        number=number,
        otherwise=(practice.state, practice.timezone_name),
        narrower=(max(start, wish.start or start), min(end, wish.end or end)),
        data=law,
    )


def last_moment(tx: Transaction, message: Message) -> datetime | None:
    """Until when a reminder, an offer of a time, or a word about money is still of use."""
    if purpose_of(message) == "waitlist":
        until = dict(message.args).get("until")
        return datetime.fromisoformat(until) if until else None
    if purpose_of(message) == "missed":
        return message.at + MISSED_FOR
    if purpose_of(message) in ASKS_FOR_MONEY:
        return message.at + OF_MONEY_FOR
    visit = tx.schedule.visit(message.visit) if message.visit else None
    if visit is None or purpose_of(message) != "reminders":
        return None
    start = visit.slot.start
    return start - min(TOO_LATE, max(start - message.at, timedelta()) / 2)


def never(tx: Transaction, message: Message) -> Why | None:
    """What stands in the way at any hour, by what they wish and have agreed to."""
    wish, purpose = preferences.of(tx, message.person), purpose_of(message)
    if not may_be_reached(tx, message):
        return "do_not_contact"
    if any(opting_out.holds(tx, message.to, each) for each in _covering(purpose)):
        return "opted_out"
    if wish.channels and message.channel not in wish.channels:
        return "channel"
    return None if _agreed(tx, message, purpose) else "not_agreed"


def may_be_reached(tx: Transaction, message: Message) -> bool:
    """Whether its person is to hear from the practice at all, in whatever way."""
    return not (quiet.silences(tx, message) or preferences.of(tx, message.person).do_not_contact)


def _covering(purpose: str) -> tuple[str, ...]:
    return COVERED.get(purpose, (purpose,))


def _agreed(tx: Transaction, message: Message, purpose: str) -> bool:
    """Nothing was refused that covers it; and for what needs a yes, there is one."""
    if message.person is None:
        return purpose not in TO_BE_AGREED
    latest = [
        tx.consents.latest(message.person, what, message.channel)
        for what in (*_covering(purpose), opting_out.EVERYTHING)
    ]
    if any(consent is not None and not consent.given for consent in latest):
        return False
    if any(refused_when_asked(tx, message.person, each) for each in _covering(purpose)):
        return False
    return purpose not in TO_BE_AGREED or latest[0] is not None


def refused_when_asked(tx: Transaction, person: str, purpose: str) -> bool:
    """A no to the thing itself holds on every channel; a STOP is about the channel that it came by."""
    latest = (tx.consents.latest(person, purpose, channel) for channel in ("sms", "email"))
    return any(
        consent is not None and not consent.given and consent.wording.startswith("ask.") for consent in latest
    )


def _stale(tx: Transaction, message: Message, now: datetime) -> Why | None:
    if plan_card_kept.is_settled(tx, message):
        return "changed"
    if purpose_of(message) == "waitlist":
        until = last_moment(tx, message)
        return "too_late" if until is not None and now > until else None
    if purpose_of(message) == "missed":
        return _missed_stale(tx, message, now)
    if purpose_of(message) in OF_MONEY:
        if bill_holds.in_the_way(tx, message):
            return "changed"
        until = last_moment(tx, message)
        return "too_late" if until is not None and now > until else None
    if calls_off(message):
        return "changed" if _has_a_time_again(tx, message) else None
    if tells_of_a_change(message):
        return "changed" if _is_other_by_now(tx, message) else None
    if purpose_of(message) != "reminders" or message.visit is None:
        return None
    visit = tx.schedule.visit(message.visit)
    told = dict(message.args).get("day")
    if visit is None or visit.status not in ("booked", "confirmed"):
        return "changed"
    if told is not None and datetime.fromisoformat(told) != visit.slot.start:
        return "changed"
    last = last_moment(tx, message)
    return "too_late" if last is not None and now > last else None


def _missed_stale(tx: Transaction, message: Message, now: datetime) -> Why | None:
    """It was not missed after all, or they have a visit ahead."""
    visit = tx.schedule.visit(message.visit) if message.visit else None
    if visit is None or visit.status != "missed" or (message.person and has_ahead(tx, message.person, now)):
        return "changed"
    return "too_late" if now > message.at + MISSED_FOR else None


def has_ahead(tx: Transaction, person: str, now: datetime) -> bool:
    return any(visit.status != "missed" for visit in tx.schedule.visits_of(person, now))


def calls_off(message: Message) -> bool:
    """It says that the practice calls off a visit. It counts for no cap: nobody is to come in vain for one."""
    return message.phrase.partition(".")[2] in (CALLED_OFF, *ASKS_TO_KEEP.values())


def tells_of_a_change(message: Message) -> bool:
    """It says that somebody here moved a visit or called it off. It counts for no cap, for the same reason."""
    of_a_visit = message.visit is not None and message.contact is None
    return of_a_visit and message.phrase.partition(".")[2] in CHANGES


def _is_other_by_now(tx: Transaction, message: Message) -> bool:
    """Whether the visit has changed again since this was stored."""
    told, what = dict(message.args).get("day"), message.phrase.partition(".")[2]
    if told is None or tx.outbox.get(message.id) is None:
        return False
    visit = tx.schedule.visit(message.visit or "")
    if visit is None:
        return what != "cancelled"
    return datetime.fromisoformat(told) != visit.slot.start or visit.status not in CHANGES[what]


def _has_a_time_again(tx: Transaction, message: Message) -> bool:
    visit = tx.schedule.visit(message.visit) if message.visit else None
    stands = visit is not None and visit.status in ("booked", "confirmed", "held_for_office")
    return stands and tx.outbox.get(message.id) is not None


def _in_time(tx: Transaction, practice: Practice, message: Message, now: datetime, law: LawData) -> Ruling:
    """The first moment that hours and caps allow together."""
    hours = hours_for(tx, practice, message.person, message.to, law)
    gone = (
        ()
        if calls_off(message) or tells_of_a_change(message)
        else gone_out(tx, message.person, now, but=message.id)
    )
    why: Why | None = None
    then = now
    while True:
        capped, cap = _after_caps(gone, then, hours)
        allowed = hours.next_from(capped)
        why = why or cap or (None if allowed == then else "quiet_hours")
        if allowed is None:
            return Ruling(why)
        if allowed == then:
            break
        then = allowed
    if why is None:
        return MAY_GO
    last = last_moment(tx, message) or message.at + KEPT
    return Ruling(why, then if then <= last else None)


def gone_out(
    tx: Transaction, person: str | None, now: datetime, *, but: str | None = None
) -> tuple[datetime, ...]:
    """When they, by any record that may be theirs, were sent something in this week that they had not just asked
    for."""
    people = stopping.meant(tx, person)
    return tuple(
        each.moved_at
        for each in tx.outbox.gone_out(people, now - WEEK)
        if each.id != but and each.moved_at is not None and stopping.duty_of(each) != "reply"
    )


def _after_caps(
    gone: tuple[datetime, ...], then: datetime, hours: ContactHours
) -> tuple[datetime, Why | None]:
    """When there is room again for one more, and which cap it waits for."""
    in_a_week = sorted((at for at in gone if at > then - WEEK), reverse=True)
    if len(in_a_week) >= A_WEEK:
        return in_a_week[A_WEEK - 1] + WEEK, "three_a_week"
    days_over = [
        midnight_after(then, place.zone)
        for place in hours.places
        if sum(local_day(at, place.zone) == local_day(then, place.zone) for at in gone) >= A_DAY
    ]
    return (max(days_over), "one_a_day") if days_over else (then, None)
