"""Whom a time that came free is offered to: whoever waits longest of those whom it suits and who may be asked now.

Rules of this room: it reads and decides, and writes nothing; the same rules hold as for whoever asks for a time; why
somebody is passed over is a word of a list.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from lamplighter.conversation.actions import FindSlots
from lamplighter.conversation.slots import Slot
from lamplighter.conversation.wish import Wish
from lamplighter.desk import apart, gate, preferences
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import Message, Person, Transaction, Visit, Waiting
from lamplighter.desk.preferences import Way
from lamplighter.desk.scheduling.search import Search, openings_on, slot_of, wished_days
from lamplighter.desk.scheduling.who import Nobody, candidates, sees_on, speaks, suits_age
from lamplighter.desk.told_times import told, zone_for
from lamplighter.desk.waitlist_openings import Offer, Opening, least_notice, over, pending
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.model import Practice, VisitKind

SHORTEST: Final = timedelta(minutes=10)
PART: Final = 8
"""An offer stands for an eighth of what is left until the time, at most as long as the practice says."""

PHRASE, EARLIER = "opening", "opening.earlier"
_STANDING = ("booked", "confirmed", "held_for_office")


@dataclass(frozen=True, slots=True)
class Fit:
    """`way`: how they are asked; `instead`: the later visit of their own that it would stand in for."""

    waiting: Waiting
    person: Person
    slot: Slot
    way: Way
    instead: str | None = None


@dataclass(slots=True)
class Choice:
    """Whom to ask, or when somebody may be asked whom it suits; and why others were passed over."""

    fit: Fit | None = None
    again: datetime | None = None
    passed: Counter[str] = field(default_factory=Counter)


def stands_for(practice: Practice, start: datetime, now: datetime) -> timedelta:
    """How long an offer made now stands."""
    usual = timedelta(minutes=practice.waitlist.offer_minutes)
    return max(SHORTEST, min(usual, (start - now) / PART))


def choose(
    tx: Transaction, practice: Practice, opening: Opening, now: datetime, law: LawData = SHIPPED
) -> Choice:
    """Of all who wait, longest first, the first whom it suits and who may be asked at this moment."""
    choice = Choice()
    asked = _Asked(tx, practice, opening, now)
    for waiting in tx.waitlist.all():
        found = fits(tx, practice, opening, waiting, now)
        why = found if isinstance(found, str) else asked.why_not(found)
        if why is not None or isinstance(found, str):
            choice.passed[str(why)] += 1
            continue
        ruling = may_be_asked(tx, practice, found, opening, now, law)
        if ruling.why is None:
            choice.fit = found
            return choice
        choice.passed[ruling.why] += 1
        if ruling.again is not None:
            choice.again = min(choice.again or ruling.again, ruling.again)
    return choice


# -- whom it suits -----------------------------------------------------------------------------------------------------


def fits(tx: Transaction, practice: Practice, opening: Opening, waiting: Waiting, now: datetime) -> Fit | str:
    """What they would come to, or a word for why it does not suit."""
    person = tx.people.get(waiting.person)
    if person is None or person.id in opening.not_for:
        return "theirs"
    way = preferences.way_to(tx, practice, person)
    if person.by_person_only or way is None:
        return "by_a_person"
    kind = next((each for each in practice.visit_kinds if each.id == waiting.visit_kind), None)
    if kind is None or kind.participants != 1 or kind.minutes > opening.slot.minutes:
        return "visit_kind"
    if waiting.clinician not in (None, opening.slot.clinician):
        return "clinician"
    own = tx.schedule.visits_of(person.id, now)
    if any(_stands(each) and _meet(each.slot, opening.slot) for each in own):
        return "busy"
    of_kind = [each for each in own if _stands(each) and each.slot.visit_kind == kind.id]
    if any(each.slot.start < opening.slot.start for each in of_kind):
        return "has_one_sooner"
    later = next((each.id for each in of_kind if each.series is None and len(each.participants) == 1), None)
    slot = _slot_for(tx, practice, opening, waiting, person, kind, later, now)
    return slot if isinstance(slot, str) else Fit(waiting, person, slot, way, later)


def _stands(visit: Visit) -> bool:
    return visit.status in _STANDING


def _meet(one: Slot, other: Slot) -> bool:
    return one.start < other.end and other.start < one.end


def _slot_for(
    tx: Transaction,
    practice: Practice,
    opening: Opening,
    waiting: Waiting,
    person: Person,
    kind: VisitKind,
    moving: str | None,
    now: datetime,
) -> Slot | str:
    """By the very rules of a search for this clinician on this day."""
    local = opening.slot.start.astimezone(practice.timezone)
    request = FindSlots(
        wish=waiting.wish,
        visit_kind=kind.id,
        modality=waiting.modality,
        clinician=opening.slot.clinician,
        language=_language(practice, waiting, person),
        born=person.date_of_birth,
        insurer=None if person.self_pay else person.insurer,
        new_patient=kind.first,
        moving=moving,
        apart=apart.clinicians(tx, person),
    )
    who = candidates(practice, tx.schedule, request, now, person.state)
    if isinstance(who, Nobody):
        return who.why
    if not suits_age(who[0], person.date_of_birth, local.date()):
        return "age"
    if not sees_on(practice, request, who[0], local.date()):
        return "not_on_panel"
    wish = Wish.loads(waiting.wish) if waiting.wish else Wish()
    if not wish.allows(local.replace(tzinfo=None)):
        return "wish"
    search = Search(practice, tx.schedule, request, who, wish, frozenset(), now, opening.id, person.state)
    start = int(opening.slot.start.timestamp())
    free = openings_on(search, wished_days(search, [local.date()]))
    found = next((each for each in free if each.start.instant == start), None)
    return slot_of(search, found.start, found.clinicians[0]) if found else "hours"


def _language(practice: Practice, waiting: Waiting, person: Person) -> str | None:
    """Theirs, where somebody here speaks it; whom they have asked for by name they have chosen."""
    spoken = any(speaks(each, person.language) for each in practice.clinicians) if person.language else False
    return person.language if spoken and waiting.clinician is None else None


# -- who may be asked --------------------------------------------------------------------------------------------------


class _Asked:
    """Who has been asked of late, by person and by number; looked up once."""

    def __init__(self, tx: Transaction, practice: Practice, opening: Opening, now: datetime) -> None:
        waiting, ended = pending(tx), over(tx)
        since = now - timedelta(hours=practice.waitlist.between_hours)
        self._holding = _who(waiting, lambda each: True)
        self._had_it = _who(ended, lambda each: each.opening == opening.id)
        self._lately = _who(ended, lambda each: each.at > since and each.end != "not_sent")

    def why_not(self, fit: Fit) -> str | None:
        them = {f"person/{fit.person.id}", f"number/{fit.way.address}"}
        reasons = (
            ("has_an_offer", self._holding),
            ("had_it", self._had_it),
            ("just_asked", self._lately),
        )
        return next((why for why, those in reasons if not them.isdisjoint(those)), None)


def _who(offers: Iterable[Offer], counts: Callable[[Offer], bool]) -> frozenset[str]:
    meant = [each for each in offers if counts(each)]
    return frozenset(name for each in meant for name in (f"person/{each.person}", f"number/{each.number}"))


def may_be_asked(
    tx: Transaction, practice: Practice, fit: Fit, opening: Opening, now: datetime, law: LawData = SHIPPED
) -> gate.Ruling:
    """What the gate says of the text now; and that they have all of the time that it gives them within their hours."""
    last = fit.slot.start - least_notice(practice)
    ruling = gate.rule(tx, practice, text(practice, fit, opening, now, last), now, law)
    if ruling.why is not None:
        return ruling
    until = now + stands_for(practice, fit.slot.start, now)
    hours = gate.hours_for(tx, practice, fit.person.id, fit.way.address, law)
    if hours.allow(until):
        return gate.MAY_GO
    again = hours.next_from(until)
    return gate.Ruling("quiet_hours", again if again is not None and again <= last else None)


def text(practice: Practice, fit: Fit, opening: Opening, now: datetime, until: datetime) -> Message:
    """The one text or email that asks them: of ours, and no reply, so that all that the gate knows holds for it."""
    phrase = EARLIER if fit.instead else PHRASE
    zone = zone_for(practice, fit.slot, fit.person)
    args = {
        "sender": practice.sender_name,
        "until": until.astimezone(zone).isoformat(),
        **told(practice, fit.slot, fit.person),
    }
    if fit.way.channel == "email":
        args["practice_phone"] = practice.phone  # what stands below every letter names it
    return Message(
        id=stable_id("opening", opening.id, fit.person.id),
        channel=fit.way.channel,
        to=fit.way.address,
        phrase=f"{fit.way.channel}.{phrase}",
        args=tuple(sorted(args.items())),
        locale=fit.person.language or practice.languages_signed[0],
        at=now,
        person=fit.person.id,
    )
