"""What the month itself knows: which times stood for whom from when until when, and what their telephones got.

Rules of this room: it is written from the plan, from what people did and from what the carrier delivered, and from the
schedule as people see it; never from the outbox.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from lamplighter.conversation.slots import Slot
from lamplighter.desk.ports import Visit
from lamplighter.practice.model import Practice
from lamplighter.rehearsal.month_carrier import Delivered
from lamplighter.rehearsal.month_plan import MonthPlan, Someone
from lamplighter.rehearsal.month_stage import MonthScene

REMINDERS: Final = ("sms.reminder", "sms.reminder.first")
CONFIRMATION: Final = "sms.confirmation"
ABOUT_A_VISIT: Final = (CONFIRMATION, "sms.moved", "sms.cancelled", *REMINDERS)
AT_ONCE: Final = timedelta(minutes=10)
"""In some languages a reminder has the words of a confirmation: what comes with the booking is the confirmation."""

Over = Literal["moved", "cancelled"]


@dataclass(slots=True, eq=False)
class Stood:
    """A visit at one time, since somebody booked or moved it. `reminded`: when their telephone said so."""

    visit: str
    person: str
    slot: Slot
    since: datetime
    until: datetime
    over: Over | None = None
    reminded: list[datetime] = field(default_factory=list)
    told: list[tuple[str, datetime]] = field(default_factory=list)


@dataclass(slots=True)
class Diary:
    plan: MonthPlan
    scene: MonthScene
    stood: list[Stood] = field(default_factory=list)
    people: dict[str, Someone] = field(default_factory=dict)
    by_phone: dict[str, Someone] = field(default_factory=dict)
    stopped: dict[str, datetime] = field(default_factory=dict)
    """Who wanted no more texts, or was not who we thought, and since when."""
    offered: list[tuple[str, datetime]] = field(default_factory=list)
    strange: list[Delivered] = field(default_factory=list)
    replies: Counter[str] = field(default_factory=Counter)
    """How many texts answered each telephone; to be compared with `said`, how often something was to be said."""

    said: Counter[str] = field(default_factory=Counter)
    _now: dict[str, Stood] = field(default_factory=dict)
    _said: dict[str, set[str]] = field(default_factory=dict)
    _words: dict[tuple[str, str], tuple[str, Stood]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people = {each.id: each for each in self.plan.people}
        self.by_phone = {each.phone: each for each in self.plan.people}

    def current(self, visit: str) -> Stood | None:
        return self._now.get(visit)

    def of(self, person: str) -> list[Stood]:
        return [each for each in self._now.values() if each.person == person]

    def see(self, person: str, visits: Mapping[str, Visit], now: datetime) -> list[Stood]:
        """How their visits stand after what they did; those that are new or at another time."""
        fresh = []
        for visit in visits.values():
            before = self._now.get(visit.id)
            if before is not None and visit.status == "cancelled":
                self._over(before, "cancelled", now)
            elif before is None or before.slot.start != visit.slot.start:
                if before is not None:
                    self._over(before, "moved", now)
                if visit.status != "cancelled":
                    fresh.append(self._begin(person, visit, now))
        return fresh

    def _over(self, stood: Stood, how: Over, now: datetime) -> None:
        stood.until, stood.over = now, how
        del self._now[stood.visit]

    def _begin(self, person: str, visit: Visit, now: datetime) -> Stood:
        stood = Stood(visit.id, person, visit.slot, now, visit.slot.start)
        self.stood.append(stood)
        self._now[visit.id] = stood
        someone = self.people[person]
        args = _args(self.plan.practice, visit.slot)
        for phrase in ABOUT_A_VISIT:
            words = self.scene.render(someone.language, phrase, args)
            self._words[someone.phone, words] = phrase, stood
        return stood

    def answered(self, phone: str, said: Sequence[str]) -> None:
        """What is said to what they wrote, and will reach their telephone."""
        if said:
            self.said[phone] += 1
            self._said.setdefault(phone, set()).update(said)

    def got(self, delivered: Delivered) -> Stood | str | None:
        """What a telephone got is about: the reminded time, "offer", or None for what is answered by nobody."""
        phrase, stood = self._words.get((delivered.to, delivered.text), (None, None))
        if stood is not None and phrase in REMINDERS and delivered.at - stood.since < AT_ONCE:
            phrase = CONFIRMATION
        if stood is not None and phrase in REMINDERS:
            stood.reminded.append(delivered.at)
            return stood
        if stood is not None and phrase is not None:
            stood.told.append((phrase, delivered.at))
            return None
        if not self._said.get(delivered.to, set()).isdisjoint({delivered.text, *delivered.text.split("\n")}):
            self.replies[delivered.to] += 1
            return None
        someone = self.by_phone.get(delivered.to)
        if someone is None or all(each.person != someone.id for each in self.plan.waiting):
            self.strange.append(delivered)
            return None
        self.offered.append((someone.id, delivered.at))
        return "offer"


def _args(practice: Practice, slot: Slot) -> dict[str, str]:
    start = slot.start.astimezone(practice.timezone).isoformat()
    return {"sender": practice.sender_name, "practice_phone": practice.phone, "day": start, "clock": start}
