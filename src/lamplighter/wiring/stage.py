"""The stage of rehearsals: a fresh desk in memory for every caller, models shared."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lamplighter import logs
from lamplighter.connectors.billing.memory import MemoryBalances
from lamplighter.connectors.clearinghouse.simulated import SimulatedClearinghouse
from lamplighter.connectors.payments.memory import MemoryPayments, OneCompany
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk.ports import Clock, Pager, Records, Ring
from lamplighter.desk.ports.balances import Account, Charge, Holder
from lamplighter.desk.ports.coverage import BenefitRow
from lamplighter.practice.model import Practice
from lamplighter.records.memory import MemoryJobs, MemoryRecords
from lamplighter.rehearsal.scenario import Existing, PlanOnFile
from lamplighter.rehearsal.stage import RungAnswer, Sent, Spoken
from lamplighter.wiring import demo_plans
from lamplighter.wiring.desk import wire
from lamplighter.wiring.lines import line_of
from lamplighter.wiring.outward import Outward

UNSIGNED = "rehearsal"
PLANS_THAT_SAY = {
    "open": demo_plans.OPEN_PLAN,
    "quiet": demo_plans.QUIET_PLAN,
    "carved": demo_plans.CARVED_PLAN,
    "ended": (BenefitRow(1, "6", "IND", ("30",)),),
    "slow": demo_plans.OPEN_PLAN,
}


class Quiet:
    """A feed that nobody listens to."""

    def publish(self, practice: str, contact: str, seq: int) -> None:
        """Nobody watches a rehearsal that runs in memory."""

    def subscribe(self, practice: str) -> "Quiet":
        return self

    def __iter__(self) -> "Quiet":
        return self

    def __next__(self) -> tuple[str, int]:
        raise StopIteration


@dataclass(slots=True)
class Kept:
    """A messenger that keeps what it was given. Idempotent by message id."""

    texts: dict[str, Sent] = field(default_factory=dict)

    def send(self, message_id: str, channel: str, to: str, sender: str, text: str) -> None:
        self.texts.setdefault(message_id, Sent(to, text))


@dataclass(slots=True)
class PlansOfOne:
    """Asks nobody until somebody's plan is put here; then a simulated insurer that knows them alone."""

    one: SimulatedClearinghouse | None = None

    def of(self, practice: str) -> SimulatedClearinghouse | None:
        return self.one

    def put(self, plan: PlanOnFile) -> None:
        self.one = SimulatedClearinghouse(of_payers={demo_plans.CARVED_TO: demo_plans.OPEN_PLAN})
        if plan.member_id and plan.says in PLANS_THAT_SAY:
            self.one.plans[plan.member_id] = PLANS_THAT_SAY[plan.says]
        if plan.new_member_id:
            self.one.plans[plan.new_member_id] = demo_plans.OPEN_PLAN
        payers = {f"DEMO{number}" for number in range(1, 6)}
        self.one.down |= payers if plan.says == "down" else set()
        self.one.slow |= payers if plan.says == "slow" else set()


class MemoryScene:
    """One desk with empty records, everything in it in memory."""

    def __init__(
        self, practice: Practice, clock: Clock, pager: Pager, seed: int, book: Phrasebook | None = None
    ) -> None:
        self._practice = practice.id
        self._book = book or Phrasebook.load()
        self._messenger = Kept()
        self._since = logs.mark()
        chance = random.Random(seed)
        self._store = MemoryRecords(clock)
        self._accounts, self._plans = MemoryBalances(), PlansOfOne()
        self._jobs = MemoryJobs(self._store)
        self._desk = wire(
            self._store,
            self._jobs,
            [line_of(practice, UNSIGNED, self._book)],
            Outward(
                clock,
                self._messenger,
                pager,
                Quiet(),
                books=self._accounts,
                companies=OneCompany(MemoryPayments()),
                clearinghouses=self._plans,
            ),
            worker="rehearsal",
            new_id=lambda: f"{chance.getrandbits(64):016x}",
            new_code=lambda: f"{chance.randrange(10**6):06d}",
            public_address=f"https://{practice.hosts[0]}" if practice.hosts else None,
        )
        self.desk = self._desk.contacts

    @property
    def records(self) -> Records:
        return self._store

    def put_in_books(self, existing: Existing, now: datetime) -> None:
        if existing.plan is not None:
            self._plans.put(existing.plan)
        as_of = now.date() - timedelta(days=1)
        owed = existing.owes
        charges = () if owed is None else (Charge("c1", as_of - timedelta(days=30), owed),)
        holder = Holder(existing.first_name, existing.last_name, existing.date_of_birth)
        self._accounts.put(self._practice, holder, Account("A1", as_of, charges))

    def render(self, locale: str, phrase: str, args: Mapping[str, str], *, spoken: bool) -> str:
        return self._book.render(locale, phrase, args, spoken=spoken)

    def next_due(self) -> datetime | None:
        return self._jobs.next_due()

    def run_due(self, now: datetime) -> int:
        return self._jobs.run_due(now)

    def answered(self, ring: Ring, answer: RungAnswer) -> None:
        self._desk.handoffs.answered(self._practice, ring.contact, ring.step, ring.rung, ring.name, answer)

    def sent(self) -> Sequence[Sent]:
        return tuple(self._messenger.texts.values())

    def log_lines(self) -> Sequence[str]:
        return logs.since(self._since)


class MemoryStage:
    """Makes scenes. Practices run unsigned and in draft locales here, or with the phrases of `book` only."""

    def __init__(self, book: Phrasebook | None = None) -> None:
        self._book = book

    def fresh(self, practice: Practice, clock: Clock, pager: Pager, seed: int) -> MemoryScene:
        return MemoryScene(practice, clock, pager, seed, self._book)


def telephone(seed: int) -> Spoken:
    """The callers' side spoken aloud by the embedded voice, as 8 kHz telephone audio with noise, and recognised."""
    from lamplighter.settings import Settings
    from lamplighter.wiring.speech import folder_of, over_the_telephone

    return over_the_telephone(folder_of(Settings()), seed)
