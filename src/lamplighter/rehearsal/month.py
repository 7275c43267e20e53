"""A simulated month: invented people book, are reminded, answer or don't, and a carrier fails now and then.

Theory of operation. One queue of what people do and one of what the desk has to do, on one clock: whichever is due
first happens. People see nothing but what the carrier delivered to their telephone and what is answered to their texts.
"""

import heapq
import itertools
import random
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from lamplighter.conversation.wish import Wish
from lamplighter.desk import reminders
from lamplighter.desk.ports import Consent, Person, Transaction, Waiting
from lamplighter.desk.replies import Reply
from lamplighter.desk.scheduling import is_free, others_near
from lamplighter.rehearsal import month_words
from lamplighter.rehearsal.clock import SimulatedClock
from lamplighter.rehearsal.ladder import SimulatedLadder
from lamplighter.rehearsal.month_carrier import Delivered, MonthCarrier
from lamplighter.rehearsal.month_diary import Diary, Stood
from lamplighter.rehearsal.month_plan import Appointment, Habit, MonthPlan, Someone
from lamplighter.rehearsal.month_stage import MonthStage

MOST_TURNS: Final = 12
SEEN_TO_IN: Final = timedelta(minutes=20)
LATE: Final = timedelta(minutes=8)
STOPS: Final = ("stops", "cancel_alone", "not_theirs")
Told = Callable[[date, int], None]


@dataclass(slots=True)
class Lived:
    """What came of the plan. `not_as_answered`: somebody's answer that did not do what it says."""

    plan: MonthPlan
    diary: Diary
    carrier: MonthCarrier
    answered: Counter[Habit] = field(default_factory=Counter)
    offers_answered: Counter[str] = field(default_factory=Counter)
    texts_in: int = 0
    filled: int = 0
    handed_over: int = 0
    not_booked: int = 0
    not_as_answered: Counter[Habit] = field(default_factory=Counter)


class Month:
    def __init__(self, plan: MonthPlan, stage: MonthStage, seed: int) -> None:
        self.plan, self.chance = plan, random.Random(seed + 1)
        self.clock = SimulatedClock(plan.begins)
        self.ladder = SimulatedLadder("answers", self.clock)
        carrier = MonthCarrier(plan.practice.phone, self.clock, plan.troubles, self._delivered)
        self.scene = stage.fresh(plan.practice, self.clock, carrier, self.ladder, seed)
        self.lived = Lived(plan, Diary(plan, self.scene), carrier)
        self._queue: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order, self._texts = itertools.count(), itertools.count()
        self._habits = {each.id: each.habit for each in plan.appointments}
        self._answers = {each.person: each.answer for each in plan.waiting}
        self._spoken: set[str] = set()
        self._handed_over: set[str] = set()

    def live(self, told: Told) -> Lived:
        """`told` is told each day that begins, and how many appointments were booked by then."""
        self._put_on_file()
        for each in self.plan.appointments:
            self._at(each.booked_at, lambda each=each: self._book(each))  # type: ignore[misc]
        day = None
        while (then := self._next()) is not None and then <= self.plan.ends:
            self.clock.move_to(then)
            if day != (day := then.astimezone(self.plan.practice.timezone).date()):
                told(day, len(self.lived.diary.stood))
            self._happen()
        return self.lived

    # -- time --------------------------------------------------------------------------------------------------------

    def _at(self, when: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self._queue, (when, next(self._order), act))

    def _in(self, least: int, most: int, act: Callable[[], None]) -> None:
        self._at(self.clock.now() + timedelta(seconds=self.chance.randrange(least * 60, most * 60)), act)

    def _next(self) -> datetime | None:
        people = self._queue[0][0] if self._queue else None
        dues = (people, self.scene.next_due(), self.ladder.next_due())
        return min((due for due in dues if due is not None), default=None)

    def _happen(self) -> None:
        now = self.clock.now()
        for ring, answer in self.ladder.take_due(now):
            if self.scene.answered(ring, answer):
                self._at(now + SEEN_TO_IN, lambda contact=ring.contact: self.scene.close(contact))  # type: ignore[misc]
                self._handed_over.add(ring.contact)
                self.lived.handed_over = len(self._handed_over)
        self.scene.run_due(now)
        while self._queue and self._queue[0][0] <= now:
            heapq.heappop(self._queue)[2]()

    # -- what is on file -----------------------------------------------------------------------------------------------

    def _put_on_file(self) -> None:
        now = self.clock.now()
        with self._tx() as tx:
            for someone in self.plan.people:
                tx.people.add(_on_file(someone, self.plan.practice.state))
                if not someone.agreed:
                    _agrees(tx, someone.id, "reminders", given=False, now=now)
            for each in self.plan.waiting:
                tx.waitlist.join(
                    Waiting(f"w-{each.person}", each.person, Wish().dumps(), each.visit_kind, each.since)
                )
                _agrees(tx, each.person, "waitlist", given=True, now=now)

    def _tx(self) -> AbstractContextManager[Transaction]:
        return self.scene.records.transaction(self.plan.practice.id)

    def _book(self, planned: Appointment) -> None:
        """At the time that was planned, or near it where somebody has it by now."""
        practice, now = self.plan.practice, self.clock.now()
        with self._tx() as tx:
            slot = planned.slot
            if not is_free(practice, tx.schedule, slot, now, planned.id):
                near = others_near(practice, tx.schedule, slot, now, planned.id)
                slot = near[0] if near else slot
            visit = tx.schedule.book(planned.id, slot, [planned.person], planned.id, now, "booked")
            if visit is not None:
                reminders.plan_for_all(tx, practice, visit, now)
        if visit is None:
            self.lived.not_booked += 1
            return
        self._seen(planned.person, self.lived.diary.see(planned.person, {visit.id: visit}, now))

    # -- what people do --------------------------------------------------------------------------------------------

    def _delivered(self, delivered: Delivered) -> None:
        about = self.lived.diary.got(delivered)
        someone = self.lived.diary.by_phone.get(delivered.to)
        if isinstance(about, Stood):
            self._reminded(about)
        elif about == "offer" and someone is not None:
            answer = self._answers[someone.id]
            if answer != "nothing":
                words = self.chance.choice(month_words.to_an_offer(answer, someone.language))
                self._in(1, 20, lambda: self._takes_up(someone, answer, words))

    def _reminded(self, stood: Stood) -> None:
        habit = self._habits.get(stood.visit, "ignores")
        if habit == "ignores" or stood.visit in self._spoken:
            return
        self._spoken.add(stood.visit)
        if habit == "late":
            self._at(stood.slot.start - LATE, lambda: self._says(stood, habit))
        else:
            self._in(2, 180, lambda: self._says(stood, habit))

    def _takes_up(self, someone: Someone, answer: str, words: str) -> None:
        self.lived.offers_answered[answer] += 1
        before = {each.visit: each.slot.start for each in self.lived.diary.of(someone.id)}
        self._writes(someone, words)
        after = {each.visit: each.slot.start for each in self.lived.diary.of(someone.id)}
        self.lived.filled += before != after

    def _says(self, stood: Stood, habit: Habit) -> None:
        if self.lived.diary.current(stood.visit) is not stood:
            return
        someone = self.lived.diary.people[stood.person]
        self.lived.answered[habit] += 1
        if habit in STOPS:
            self.lived.diary.stopped.setdefault(someone.id, self.clock.now())
        words = self.chance.choice(month_words.says(habit, someone.language))
        self._converses(someone, words, someone.fussy, lambda: self._check(stood, habit), MOST_TURNS)

    def _check(self, stood: Stood, habit: Habit) -> None:
        """Whether the answer did what it says."""
        now = self.lived.diary.current(stood.visit)
        done = {
            "confirms": self._status(stood) == "confirmed",
            "in_words": self._status(stood) == "confirmed",
            "moves": now is not None and now is not stood,
            "cancels": now is None,
            "cancel_alone": now is None,
        }
        self.lived.not_as_answered[habit] += not done.get(habit, True)

    def _status(self, stood: Stood) -> str | None:
        with self._tx() as tx:
            visit = tx.schedule.visit(stood.visit)
        return visit.status if visit else None

    def _converses(
        self, someone: Someone, words: str, fussy: bool, over: Callable[[], None], turns: int
    ) -> None:
        reply = self._writes(someone, words)
        asks = {detail for each in reply.said for detail in each.asks}
        phrases = [each.phrase for each in reply.said]
        answer = month_words.answer(asks, phrases, someone.language, fussy=fussy) if turns else None
        if answer is None:
            return over()
        still = fussy and "choice" not in asks
        self._in(1, 8, lambda: self._converses(someone, answer, still, over, turns - 1))

    def _writes(self, someone: Someone, words: str) -> Reply:
        self.lived.texts_in += 1
        reply = self.scene.take(someone.phone, words, f"in{next(self._texts)}")
        self.lived.diary.answered(someone.phone, [each.text for each in reply.said])
        now = self.clock.now()
        with self._tx() as tx:
            known = [tx.schedule.visit(each.visit) for each in self.lived.diary.of(someone.id)]
            visits = {each.id: each for each in (*known, *tx.schedule.visits_of(someone.id, now)) if each}
        self._seen(someone.id, self.lived.diary.see(someone.id, visits, now))
        return reply

    def _seen(self, person: str, fresh: list[Stood]) -> None:
        for stood in fresh:
            self._at(stood.slot.end, lambda stood=stood: self._took_place(stood))  # type: ignore[misc]

    def _took_place(self, stood: Stood) -> None:
        if self.lived.diary.current(stood.visit) is stood:
            with self._tx() as tx:
                tx.schedule.set_status(stood.visit, "done")


def _on_file(someone: Someone, state: str) -> Person:
    return Person(
        id=someone.id,
        first_name=someone.first_name,
        last_name=someone.last_name,
        date_of_birth=someone.born,
        phone=someone.phone,
        language=someone.language,
        state=state,
        self_pay=True,
        contact_channel="sms" if someone.texts else "voice",
    )


def _agrees(tx: Transaction, person: str, purpose: str, *, given: bool, now: datetime) -> None:
    name = f"{purpose}-{person}"
    tx.consents.record(Consent(name, person, purpose, "sms", given, now, "on file before the month"))
