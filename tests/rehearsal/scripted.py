"""A desk that says what a test has written down, over the real in-memory records."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lamplighter.conversation.events import Body, Guarded, HandoffAccepted, HandoffAsked, Heard, Opened, Said
from lamplighter.desk.ports import Clock, Job, Pager, Ring
from lamplighter.practice.model import Practice
from lamplighter.records.memory import MemoryJobs, MemoryRecords
from lamplighter.rehearsal.scenario import Existing
from lamplighter.rehearsal.stage import RungAnswer, Sent

CONTACT = "c1"
Step = Sequence[Body] | Callable[["ScriptedScene", str], Sequence[Body]]


@dataclass
class Reply:
    contact: str


def says(phrase: str, *asks: str, confirms: Sequence[str] = (), **args: str) -> Said:
    return Said(phrase, args, "en", asks, tuple(confirms))


@dataclass
class ScriptedScene:
    """`steps` answer the caller's turns in order, the last again and again."""

    practice: Practice
    clock: Clock
    pager: Pager
    steps: Sequence[Step]
    heard: list[str] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)
    messages: list[Sent] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)
    opened_as: Opened | None = None

    def __post_init__(self) -> None:
        self.records = MemoryRecords(self.clock)
        self.jobs = MemoryJobs(self.records)
        self.jobs.register(
            "say", lambda _, job: self.append([says(dict(job.args)["phrase"], *self._asks(job))])
        )
        self.jobs.register("accept", lambda _, job: self.append([HandoffAccepted("Front desk", 0)]))

    @property
    def desk(self) -> "ScriptedScene":
        return self

    def _asks(self, job: Job) -> list[str]:
        return [value for name, value in job.args if name == "asks"]

    def append(self, bodies: Sequence[Body]) -> None:
        with self.records.transaction(self.practice.id) as tx:
            events = tx.log.read(CONTACT)
            last = events[-1].seq if events else 0
            tx.log.append(CONTACT, bodies, expected=last, at=self.clock.now(), protocol_hash="p")

    def later(self, seconds: float, phrase: str, *asks: str) -> None:
        args = (("phrase", phrase), *(("asks", each) for each in asks))
        due = self.clock.now() + timedelta(seconds=seconds)
        with self.records.transaction(self.practice.id) as tx:
            tx.jobs.enqueue(Job(f"say:{phrase}:{due.isoformat()}", "say", due, args))

    def open(self, practice: str, *, channel: str, dialled: str, address: str | None) -> Reply:
        self.opened_as = Opened(channel, dialled, "en", address)
        self.append([self.opened_as])
        return Reply(CONTACT)

    def hear(
        self,
        practice: str,
        contact: str,
        text: str,
        *,
        keys: str = "",
        confidence: float = 1.0,
        alternatives: Sequence[tuple[str, float]] = (),
    ) -> Reply:
        step = self.steps[min(len(self.heard), len(self.steps) - 1)]
        self.heard.append(text or keys)
        self.times.append(self.clock.now())
        self.append([Heard(text, confidence=confidence)])
        self.append(step(self, text) if callable(step) else step)
        return Reply(contact)

    def put_in_books(self, existing: Existing, now: datetime) -> None:
        """There are no books here."""

    def render(self, locale: str, phrase: str, args: Mapping[str, str], *, spoken: bool) -> str:
        return " ".join([phrase, *args.values()])

    def next_due(self) -> datetime | None:
        return self.jobs.next_due()

    def run_due(self, now: datetime) -> int:
        return self.jobs.run_due(now)

    def answered(self, ring: Ring, answer: RungAnswer) -> None:
        if answer == "accepted":
            self.append([HandoffAccepted(ring.name, ring.step)])

    def sent(self) -> Sequence[Sent]:
        return self.messages

    def log_lines(self) -> Sequence[str]:
        return self.logged

    def ring(self) -> None:
        self.pager.ring(Ring("demo", CONTACT, "h", "front_desk", "Front desk", None, "human", 0))


class ScriptedStage:
    def __init__(self, *steps: Step) -> None:
        self.steps = steps
        self.scene: ScriptedScene

    def fresh(self, practice: Practice, clock: Clock, pager: Pager, seed: int) -> ScriptedScene:
        self.scene = ScriptedScene(practice, clock, pager, self.steps)
        return self.scene


def verdict(route: str) -> list[Body]:
    return [Guarded(1, route), HandoffAsked(route), says("handoff")]
