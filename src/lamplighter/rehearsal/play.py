"""Plays one scenario: the caller speaks, the clock moves, due jobs run, until the contact ends.

The clock starts at `at`. Each of the caller's turns moves it 5 seconds on the phone and 60 in writing; what falls due
in between runs at its own time. After a verdict the caller is silent, and the clock goes from one due job to the next
until the hand-over is accepted, or promised and stored.
"""

import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from lamplighter.conversation.details import Key
from lamplighter.conversation.events import Committed, Event, Said, StaffSaid
from lamplighter.conversation.state import Known, State, apply
from lamplighter.practice.model import Practice
from lamplighter.rehearsal.caller import Caller, Words
from lamplighter.rehearsal.clock import SimulatedClock
from lamplighter.rehearsal.codes import code_sent
from lamplighter.rehearsal.ladder import SimulatedLadder
from lamplighter.rehearsal.on_file import put_on_file
from lamplighter.rehearsal.result import Line
from lamplighter.rehearsal.scenario import Scenario
from lamplighter.rehearsal.stage import Scene, Spoken, Stage
from lamplighter.rehearsal.traces import Trace, traces

MOST_TURNS: Final = 40
SECONDS_A_TURN: Final = {"voice": 5, "sms": 60, "chat": 60}
SILENCE: Final = timedelta(seconds=60)
LONGEST_CLIMB: Final = timedelta(days=4)
MOST_STEPS: Final = 2000
"""Due jobs that are followed while nothing is asked; one that always enqueues the next must not hold us up."""


@dataclass(slots=True)
class Played:
    """What a contact came to, before anything is compared. `end` says why it ended."""

    state: State = field(default_factory=State)
    agreed: dict[Key, Known] = field(default_factory=dict)
    """What was known when the last thing was done."""
    turns: int = 0
    turn_of_seq: dict[int, int] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    left: tuple[Trace, ...] = ()
    end: str = ""
    broke: str | None = None


def play(
    scenario: Scenario, practice: Practice, stage: Stage, seed: int, spoken: Spoken | None = None
) -> tuple[Played, Scene]:
    """Plays the scenario on a fresh scene. A fault of the product ends it and is told in `broke`."""
    player = Player(scenario, practice, stage, seed, spoken)
    for part in (player.converse, player.look_for_faults, player.look_for_traces):
        try:
            part()
        except Exception as fault:
            player.played.broke = player.played.broke or told(fault)
    return player.played, player.scene


def told(fault: Exception) -> str:
    place = traceback.extract_tb(fault.__traceback__)[-1]
    return f"{type(fault).__name__} in {Path(place.filename).name}, line {place.lineno}: {fault}"


class Player:
    def __init__(
        self, scenario: Scenario, practice: Practice, stage: Stage, seed: int, spoken: Spoken | None
    ) -> None:
        self.scenario, self.practice, self.spoken = scenario, practice, spoken
        self.clock = SimulatedClock(scenario.at)
        self.ladder = SimulatedLadder(scenario.ladder, self.clock)
        self.scene = stage.fresh(practice, self.clock, self.ladder, seed)
        if scenario.existing:
            put_on_file(scenario.existing, practice, self.scene.records, self.clock.now())
            self.scene.put_in_books(scenario.existing, self.clock.now())
        self.before = frozenset(traces(self.scene, practice, (), self.clock.now()))
        self.caller = Caller(
            scenario,
            practice,
            lambda: code_sent(scenario, self.scene.sent()),
            on_a_line=spoken is not None and scenario.channel == "voice",
        )
        self.played = Played()
        self.events: list[Event] = []
        self.words: list[Words] = []
        self.contact: str | None = None

    # -- the contact ---------------------------------------------------------------------------------------------------

    def converse(self) -> None:
        self.begin()
        line: str | None = self.scenario.opens
        while line is not None:
            self._say(line)
            line = self._next_line()

    def begin(self) -> None:
        voice = self.scenario.channel == "voice"
        self.contact = self.scene.desk.open(
            self.practice.id,
            channel=self.scenario.channel,
            dialled=self.practice.phone if voice or self.scenario.channel == "sms" else self._host(),
            address=None if self.scenario.channel == "chat" else self.scenario.caller_id,
        ).contact
        self._catch_up()
        self._pass(self._turn_time())

    def _host(self) -> str:
        return self.practice.hosts[0] if self.practice.hosts else self.practice.phone

    def _turn_time(self) -> timedelta:
        return timedelta(seconds=SECONDS_A_TURN[self.scenario.channel])

    def _say(self, line: str) -> None:
        self.played.turns += 1
        self.played.lines.append(Line("caller", line, self.played.turns))
        asked = tuple(written for words in self.words for written in words.asks)
        self.words = []
        if self.caller.keys:
            self._hear("", 1.0, [], keys=self.caller.keys)
        elif self.spoken and self.scenario.channel == "voice":
            heard = self.spoken(line, self.scenario.locale, asked)
            others = [(other, heard.confidence) for other in heard.alternatives]
            self._hear(heard.text, heard.confidence, others)
        else:
            self._hear(line, 1.0, [])
        self._catch_up()
        self._run_due()

    def _hear(
        self, text: str, confidence: float, others: Sequence[tuple[str, float]], keys: str = ""
    ) -> None:
        assert self.contact is not None
        self.scene.desk.hear(
            self.practice.id, self.contact, text, keys=keys, confidence=confidence, alternatives=others
        )

    def _next_line(self) -> str | None:
        """What the caller says next; None once the contact has ended, for the reason in `end`."""
        if self._is_handed_over():
            return None
        if self._has_parted():
            return self._end("goodbye", None if self._has_ended() else self.caller.at_goodbye())
        if self.played.turns >= MOST_TURNS:
            return self._end("turns")
        self._wait_for_a_question()
        self._pass(self._turn_time())
        if self._is_handed_over():
            return None
        if self._has_parted():
            return self._end("goodbye")
        return self._end("silence", self.caller.answer(self.words))

    def _has_parted(self) -> bool:
        return self._has_ended() or any(words.parts for words in self.words)

    def _has_ended(self) -> bool:
        return self.played.state.ended is not None

    def _end(self, why: str, line: str | None = None) -> str | None:
        if line is None:
            self.played.end = why
        return line

    def _is_handed_over(self) -> bool:
        state = self.played.state
        if state.verdict == "clear" and state.handoff is None:
            return False
        self.played.end = "handed over"
        self._climb()
        return True

    # -- time --------------------------------------------------------------------------------------------------------

    def _climb(self) -> None:
        """From one due job to the next until somebody accepts, or a call back is promised and stored."""
        give_up = self.clock.now() + LONGEST_CLIMB
        for _ in range(MOST_STEPS):
            due = self._next_due()
            if self._is_settled() or due is None or due > give_up:
                return
            self._pass_to(due)

    def _is_settled(self) -> bool:
        handoff = self.played.state.handoff
        return handoff is not None and handoff.status != "ringing"

    def _wait_for_a_question(self) -> None:
        """Nothing was asked: what falls due within a minute may bring a slow answer, or the next question."""
        for _ in range(MOST_STEPS):
            due = self._next_due()
            asked = any(words.asks for words in self.words)
            if asked or self._has_ended() or due is None or due > self.clock.now() + SILENCE:
                return
            self._pass_to(due)

    def _next_due(self) -> datetime | None:
        dues = (self.scene.next_due(), self.ladder.next_due())
        return min((due for due in dues if due is not None), default=None)

    def _pass(self, time: timedelta) -> None:
        self._pass_to(self.clock.now() + time)

    def _pass_to(self, moment: datetime) -> None:
        """Moves the clock, stopping at everything that falls due on the way."""
        for _ in range(MOST_STEPS):
            due = self._next_due()
            if due is None or due > moment:
                break
            self.clock.move_to(due)
            self._run_due()
        self.clock.move_to(moment)

    def _run_due(self) -> None:
        for ring, answer in self.ladder.take_due(self.clock.now()):
            self.scene.answered(ring, answer)
        self.scene.run_due(self.clock.now())
        self._catch_up()

    # -- what happened -----------------------------------------------------------------------------------------------

    def _catch_up(self) -> None:
        """Reads what the log has gained, folds it, and hears what was said."""
        if self.contact is None:
            return
        after = self.events[-1].seq if self.events else 0
        with self.scene.records.transaction(self.practice.id) as transaction:
            new = transaction.log.read(self.contact, after)
        for event in new:
            self.played.state = apply(self.played.state, event)
            self.played.turn_of_seq[event.seq] = self.played.turns
            self._note(event)
        self.events.extend(new)

    def _note(self, event: Event) -> None:
        if isinstance(event.body, Said):
            words = self._heard_as(event.body)
            self.words.append(words)
            self.played.lines.append(Line("agent", words.text, self.played.turns))
        elif isinstance(event.body, StaffSaid):
            self.played.lines.append(Line("staff", event.body.text, self.played.turns))
        elif isinstance(event.body, Committed) and self.played.state.frozen is not None:
            self.played.agreed = dict(self.played.state.frozen)

    def _heard_as(self, said: Said) -> Words:
        spoken = self.scenario.channel == "voice"
        text = self.scene.render(said.locale, said.phrase, said.args, spoken=spoken)
        reads = {written: self._read_value(said, written) for written in said.confirms}
        return Words(said.phrase, text, said.asks, said.confirms, reads)

    def _read_value(self, said: Said, written: str) -> str:
        """The value of a detail as it was read back: the phrase's own argument, else what is known by that name."""
        place = Key.parse(written)
        for name in (written.replace(".", "_"), place.detail.value):
            if name in said.args:
                return said.args[name]
        known = self.played.state.known.get(place)
        return known.value if known else ""

    def look_for_faults(self) -> None:
        """A fault that ended at a person is still one of the product's."""
        if self.played.broke is None and any("turn_failed" in line for line in self.scene.log_lines()):
            self.played.broke = "a turn failed and went to a person; the log says where"

    def look_for_traces(self) -> None:
        """What the contact left outside the sealed hearing, what was on file before apart."""
        found = traces(self.scene, self.practice, self.events, self.clock.now())
        self.played.left = tuple(trace for trace in found if trace not in self.before)
