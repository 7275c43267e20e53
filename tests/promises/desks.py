"""A desk in memory whose clock, ladder and parts a test holds in its hands."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from lamplighter.conversation.engine import Conversation
from lamplighter.conversation.events import Event, Said
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.state import State, fold
from lamplighter.desk.backlog import Backlog
from lamplighter.desk.contacts import Line, Reply
from lamplighter.desk.ports import Ring
from lamplighter.practice.model import Practice
from lamplighter.practice.sample import load_sample
from lamplighter.records.memory import MemoryJobs, MemoryRecords
from lamplighter.rehearsal.clock import SimulatedClock
from lamplighter.wiring.desk import Desk, wire
from lamplighter.wiring.late_parts import guard, understanding
from lamplighter.wiring.outward import Outward
from lamplighter.wiring.stage import Kept, Quiet

Channel = Literal["voice", "sms", "chat"]
CHANNELS: tuple[Channel, ...] = ("voice", "sms", "chat")
NOON = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)  # a Tuesday; noon in New York
NIGHT = datetime(2026, 12, 2, 4, 0, tzinfo=UTC)
CALLER = "+12125550123"


@dataclass
class Pager:
    """Notes who was rung; nobody answers unless the test says so."""

    rings: list[Ring] = field(default_factory=list)
    called_off: list[tuple[str, str]] = field(default_factory=list)

    def ring(self, ring: Ring) -> None:
        self.rings.append(ring)

    def call_off(self, ring: Ring, by: str) -> None:
        self.called_off.append((ring.rung, by))


class Resting:
    """A runner for desks over a store that outlives the test: jobs are stored, and nobody runs them."""

    def register(self, name: str, handler: object) -> None:
        """Handlers are taken and never called."""


class House:
    """One desk. `guard_part` and `understanding_part` stand in for the real ones where given; `records` wraps the
    store, and `store` is one that is there already, over which no job runs; `books` have what people owe,
    `companies` take payments; `pages` is where the public pages are from outside."""

    def __init__(
        self,
        at: datetime = NOON,
        *,
        practice: Practice | None = None,
        guard_part: Any = None,
        understanding_part: Any = None,
        records: Any = None,
        store: Any = None,
        texts: bool = True,
        clearinghouses: Any = None,
        books: Any = None,
        companies: Any = None,
        charts: Any = None,
        authorizations: Any = None,
        pages: str | None = None,
    ) -> None:
        self.clearinghouses, self.pages = clearinghouses, pages
        self.practice = practice or load_sample()
        self.clock = SimulatedClock(at)
        self.pager, self.messenger, self.backlog = Pager(), Kept(), Backlog()
        given = {"books": books, "companies": companies, "charts": charts, "authorizations": authorizations}
        self.till = {name: part for name, part in given.items() if part}
        self.store: Any = store or MemoryRecords(self.clock)
        self.records = records(self.store) if records else self.store
        self.jobs: Any = Resting() if store else MemoryJobs(self.store)
        self.conversation = Conversation(
            self.practice,
            Phrasebook.load(),
            guard_part or guard(),
            understanding_part or understanding(),
            texts=texts,
        )
        self._numbers = itertools.count(1)
        self.desk = self._wired()

    def _wired(self) -> Desk:
        return self.wired_with(Line(self.conversation, "signed"))

    def wired_with(self, line: Line) -> Desk:
        return wire(
            self.records,
            self.jobs,
            [line],
            Outward(
                self.clock,
                self.messenger,
                self.pager,
                Quiet(),
                None,
                self.clearinghouses,
                backlog=self.backlog,
                **self.till,
            ),
            worker="w1",
            new_id=self._next_id,
            new_code=lambda: "123456",
            public_address=self.pages,
        )

    def reopen(self) -> None:
        """As after a restart: what isn't stored is not remembered."""
        self.desk = self._wired()

    def _next_id(self) -> str:
        return f"c{next(self._numbers)}"

    def call(self, channel: Channel = "voice", address: str | None = CALLER) -> "Call":
        dialled = self.practice.hosts[0] if channel == "chat" else self.practice.phone
        reply = self.desk.contacts.open(
            self.practice.id, channel=channel, dialled=dialled, address=None if channel == "chat" else address
        )
        return Call(self, reply.contact, [reply])

    def pass_time(self, seconds: float) -> None:
        """Runs whatever falls due on the way, each at its own time."""
        end = self.clock.now() + timedelta(seconds=seconds)
        while (due := self.jobs.next_due()) is not None and due <= end:
            self.clock.move_to(max(due, self.clock.now()))
            self.jobs.run_due(self.clock.now())
        self.clock.move_to(end)


@dataclass
class Call:
    """One contact, from the outside."""

    house: House
    contact: str
    replies: list[Reply] = field(default_factory=list)

    def say(self, text: str, **more: Any) -> Reply:
        reply = self.house.desk.contacts.hear(self.house.practice.id, self.contact, text, **more)
        self.replies.append(reply)
        return reply

    def note(self, body: Any) -> Reply:
        return self.house.desk.contacts.note(self.house.practice.id, self.contact, body)

    @property
    def events(self) -> tuple[Event, ...]:
        with self.house.store.transaction(self.house.practice.id) as tx:
            return tx.log.read(self.contact)

    @property
    def bodies(self) -> list[Any]:
        return [event.body for event in self.events]

    @property
    def state(self) -> State:
        return fold(self.events)

    @property
    def said(self) -> list[str]:
        return [body.phrase for body in self.bodies if isinstance(body, Said)]


def with_nobody(practice: Practice) -> Practice:
    """The practice with an empty ladder, by day and by night."""
    return replace(practice, ladder=replace(practice.ladder, by_day={}, after_hours={}))


def phrases(reply: Reply) -> list[str]:
    return [utterance.phrase for utterance in reply.said]


def of_kind(bodies: Sequence[Any], kind: type) -> list[Any]:
    return [body for body in bodies if isinstance(body, kind)]
