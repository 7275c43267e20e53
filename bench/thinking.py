"""Thinking, speech apart: the rehearsals replayed on an encrypted file, turn by turn, with the parts shown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from bench import Budget, Budgets, CannotMeasure, Stopwatch
from bench._said import REHEARSALS
from bench._stores import NOW, SetClock, sqlite
from lamplighter.conversation.acts import Act
from lamplighter.conversation.engine import Conversation
from lamplighter.conversation.events import Body
from lamplighter.conversation.guard import Guard, Verdict
from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.conversation.understanding import LanguageVote, Understanding
from lamplighter.conversation.understanding.context import Context
from lamplighter.desk.contacts import Contacts, Line, Reply
from lamplighter.desk.ports import Clock, JobHandler, Pager, Records, Ring
from lamplighter.practice.model import Practice
from lamplighter.practice.sample import load_sample
from lamplighter.records.sql.store import SqlRecords
from lamplighter.rehearsal.play import play
from lamplighter.rehearsal.reading import read_files
from lamplighter.rehearsal.scenario import Channel, Existing
from lamplighter.rehearsal.stage import RungAnswer, Sent
from lamplighter.wiring.desk import wire
from lamplighter.wiring.late_parts import guard, understanding, warm_up
from lamplighter.wiring.outward import Outward
from lamplighter.wiring.stage import Kept, Quiet


@dataclass
class Parts:
    """CPU of each part, an entry a call."""

    turn: Stopwatch = field(default_factory=Stopwatch)
    guard: Stopwatch = field(default_factory=Stopwatch)
    understanding: Stopwatch = field(default_factory=Stopwatch)

    def shown(self) -> str:
        turns = len(self.turn.samples)
        shares = {"guard": self.guard.total / turns, "understanding": self.understanding.total / turns}
        shares["flow, desk and store"] = self.turn.total / turns - sum(shares.values())
        return "mean ms a turn: " + ", ".join(f"{part} {share:.1f}" for part, share in shares.items())


@dataclass(frozen=True)
class TimedGuard:
    parts: Parts
    guard: Guard

    def check(self, text: str, locale: str, channel: str, *, before: Sequence[str] = ()) -> Verdict:
        return self.parts.guard.time(lambda: self.guard.check(text, locale, channel, before=before))

    def interim(self, text: str, locale: str, channel: str) -> Verdict:
        return self.guard.interim(text, locale, channel)

    def readable(self, text: str, locale: str) -> bool:
        return self.guard.readable(text, locale)


@dataclass(frozen=True)
class TimedUnderstanding:
    parts: Parts
    understanding: Understanding

    def understand(self, text: str, context: Context) -> tuple[Act, ...]:
        return self.parts.understanding.time(lambda: self.understanding.understand(text, context))

    def language(self, text: str) -> LanguageVote:
        return self.parts.understanding.time(lambda: self.understanding.language(text))


class NobodyRuns:
    """A runner that jobs are registered with and that runs none: they wait in the store, as they do during a turn."""

    def register(self, name: str, handler: JobHandler) -> None:
        """Handlers are not needed."""

    def start(self) -> None:
        """Nothing to start."""

    def stop(self) -> None:
        """Nothing to stop."""


@dataclass(frozen=True)
class TimedDesk:
    """What a rehearsal's caller meets; every utterance is a timed turn."""

    parts: Parts
    contacts: Contacts

    def open(self, practice: str, *, channel: Channel, dialled: str, address: str | None) -> Reply:
        return self.contacts.open(practice, channel=channel, dialled=dialled, address=address)

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
        others = tuple(alternatives)
        return self.parts.turn.time(
            lambda: self.contacts.hear(
                practice, contact, text, keys=keys, confidence=confidence, alternatives=others
            )
        )

    def silence(self, practice: str, contact: str, seconds: float) -> object:
        return self.contacts.silence(practice, contact, seconds)

    def note(self, practice: str, contact: str, body: Body) -> object:
        return self.contacts.note(practice, contact, body)


@dataclass(frozen=True)
class StoredScene:
    """A scene over the shared file, in a practice of its own. Nothing falls due in it."""

    desk: TimedDesk
    records: Records
    messenger: Kept

    def put_in_books(self, existing: Existing, now: datetime) -> None:
        """There are no books here."""

    def render(self, locale: str, phrase: str, args: Mapping[str, str], *, spoken: bool) -> str:
        return Phrasebook.load().render(locale, phrase, args, spoken=spoken)

    def next_due(self) -> datetime | None:
        return None

    def run_due(self, now: datetime) -> int:
        return 0

    def answered(self, ring: Ring, answer: RungAnswer) -> None:
        """Nobody is rung here."""

    def sent(self) -> Sequence[Sent]:
        return tuple(self.messenger.texts.values())

    def log_lines(self) -> Sequence[str]:
        return ()


@dataclass(frozen=True)
class StoredStage:
    parts: Parts
    store: SqlRecords
    clock: SetClock
    numbers: Iterator[int] = field(default_factory=count)

    def fresh(self, practice: Practice, clock: Clock, pager: Pager, seed: int) -> StoredScene:
        self.clock.at = clock
        messenger = Kept()
        conversation = Conversation(
            practice,
            Phrasebook.load(),
            TimedGuard(self.parts, guard()),
            TimedUnderstanding(self.parts, understanding()),
        )
        desk = wire(
            self.store,
            NobodyRuns(),
            [Line(conversation, "bench")],
            Outward(clock, messenger, pager, Quiet()),
            worker="bench",
            new_id=lambda: f"{practice.id}-{next(self.numbers)}",
            new_code=lambda: "000000",
        )
        return StoredScene(TimedDesk(self.parts, desk.contacts), self.store, messenger)


def budgets() -> Budgets:
    files = sorted(REHEARSALS.glob("*.yaml"))
    if not files:
        raise CannotMeasure("there are no rehearsals to replay")
    scenarios = [scenario for scenario in read_files(files) if scenario.practice == "demo"]
    parts, clock, sample = Parts(), SetClock(), load_sample()
    with sqlite(clock) as store:
        stage = StoredStage(parts, store, clock)
        warm_up([sample], NOW).join()  # as a start does behind its doors
        play(scenarios[0], sample, stage, 0)
        parts.turn, parts.guard, parts.understanding = Stopwatch(), Stopwatch(), Stopwatch()
        for number, scenario in enumerate(scenarios):
            play(scenario, replace(sample, id=f"bench-{number}"), stage, 0)
    how = f"{len(parts.turn.samples):,} turns of {len(scenarios)} rehearsals, encrypted file"
    yield Budget("thinking, one turn, p50", 12, parts.turn.percentile(0.5), "ms CPU", parts.shown())
    yield Budget("thinking, one turn, p99", 30, parts.turn.percentile(0.99), "ms CPU", how)
