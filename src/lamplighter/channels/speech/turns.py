"""When somebody begins and stops speaking. No I/O: sound goes in, events come out.

The silence that ends a turn depends on what is being said: free speech may end after a short one if it sounds
finished, a number or a spelled name not before a long one.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

import numpy as np

from lamplighter.channels.speech.sound import HEARING_RATE, Samples, ToHearingRate, sound
from lamplighter.desk.ports import Sound

FRAME = 512  # samples at 16 kHz: 32 ms
FRAME_SECONDS = FRAME / HEARING_RATE
LEAD_SECONDS = 0.3  # kept from before the voice was noticed
LONGEST_TURN = 60.0


class Vad(Protocol):
    """Voice or not, frame by frame."""

    def probability(self, frame: Samples) -> float:
        """How likely it is, 0 to 1, that these 512 samples at 16 kHz hold a voice."""
        ...

    def reset(self) -> None:
        """Forgets what went before."""
        ...


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds of silence: `settled` end a turn that sounds finished, `longest` end any."""

    settled: float
    longest: float


FREE_SPEECH = Patience(0.35, 1.1)
DETAIL = Patience(1.6, 1.6)  # digits, letters, dates: people stop to think and to look things up
DISTRESS = Patience(3.0, 3.0)


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """A voice was noticed."""


@dataclass(frozen=True, slots=True)
class InterimDue:
    """Still speaking; `heard` is the turn so far, at 16 kHz."""

    heard: Sound


@dataclass(frozen=True, slots=True)
class Paused:
    """A first short silence: worth beginning to recognise, and worth asking whether it sounded finished."""

    heard: Sound


@dataclass(frozen=True, slots=True)
class Resumed:
    """The pause was no end."""


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """The turn is over. `same_as_paused`: nothing but silence came since the last Paused."""

    heard: Sound
    same_as_paused: bool
    speech_seconds: float


Event = SpeechStarted | InterimDue | Paused | Resumed | SpeechEnded


class _State(Enum):
    SILENT = auto()
    SPEAKING = auto()
    PAUSED = auto()


@dataclass(frozen=True, slots=True)
class Ears:
    """How a voice is noticed: probabilities to begin and to go on, seconds before either is believed."""

    begin: float = 0.5
    go_on: float = 0.35
    onset: float = 0.096
    pause: float = 0.192
    interim: float = 0.7


class TurnTaker:
    """Feed it sound in pieces of any length; it answers with events, in order.

    `patience` may be changed at any time and holds from the next silence on. After a Paused, tell `finished`
    what an end-of-turn model thinks; without one, a turn in free speech ends midway between both silences.
    """

    def __init__(self, vad: Vad, *, patience: Patience = FREE_SPEECH, ears: Ears | None = None) -> None:
        self.patience = patience
        self._vad, self._ears = vad, ears or Ears()
        self._rate = ToHearingRate()
        self._rest: Samples = np.zeros(0, np.float32)
        self._hint: float | None = None
        self._clear()

    @property
    def speaking(self) -> bool:
        """Whether a turn is under way."""
        return self._state is not _State.SILENT

    def feed(self, heard: Sound) -> list[Event]:
        """The events that this sound brings. Raises BadSound."""
        return self.feed_samples(self._rate(heard))

    def feed_samples(self, values: Samples) -> list[Event]:
        """The same with samples at 16 kHz between -1 and 1."""
        values = np.concatenate([self._rest, values])
        whole = len(values) // FRAME * FRAME
        self._rest = values[whole:]
        events: list[Event] = []
        for at in range(0, whole, FRAME):
            events.extend(self._frame(values[at : at + FRAME]))
        return events

    def finished(self, probability: float) -> None:
        """What an end-of-turn model thinks of the last Paused: 1 for finished."""
        if self._state is _State.PAUSED:
            self._hint = probability

    def end_now(self) -> list[Event]:
        """Ends a turn at once (enough was understood, a key was pressed, the line closes)."""
        return [] if self._state is _State.SILENT else [self._end()]

    def _clear(self) -> None:
        self._state = _State.SILENT
        self._frames: list[Samples] = []
        self._loud = self._quiet = self._spoken = self._since_interim = 0.0
        self._hint = None
        self._vad.reset()

    def _frame(self, frame: Samples) -> list[Event]:
        chance = self._vad.probability(frame)
        self._frames.append(frame)
        if self._state is _State.SILENT:
            return self._while_silent(chance)
        voiced = chance >= self._ears.go_on
        self._quiet = 0.0 if voiced else self._quiet + FRAME_SECONDS
        self._loud = self._loud + FRAME_SECONDS if voiced else 0.0
        self._spoken += FRAME_SECONDS if voiced else 0.0
        self._since_interim += FRAME_SECONDS
        if len(self._frames) * FRAME_SECONDS >= LONGEST_TURN:
            return [self._end()]
        return self._while_paused() if self._state is _State.PAUSED else self._while_speaking()

    def _while_silent(self, chance: float) -> list[Event]:
        self._loud = self._loud + FRAME_SECONDS if chance >= self._ears.begin else 0.0
        lead = round((LEAD_SECONDS + self._ears.onset) / FRAME_SECONDS)
        self._frames = self._frames[-lead:]
        if self._loud < self._ears.onset - 1e-6:
            return []
        self._state, self._spoken = _State.SPEAKING, self._loud
        return [SpeechStarted()]

    def _while_speaking(self) -> list[Event]:
        if self._quiet >= self._ears.pause - 1e-6:
            self._state, self._hint = _State.PAUSED, None
            return [Paused(self._so_far())]
        if self._since_interim >= self._ears.interim:
            self._since_interim = 0.0
            return [InterimDue(self._so_far())]
        return []

    def _while_paused(self) -> list[Event]:
        if self._loud >= 2 * FRAME_SECONDS - 1e-6:
            self._state = _State.SPEAKING
            return [Resumed()]
        if self._loud == 0.0 and self._quiet >= self._wait() - 1e-6:
            return [self._end()]
        return []

    def _wait(self) -> float:
        if self._hint is None:
            return (self.patience.settled + self.patience.longest) / 2
        return self.patience.settled if self._hint > 0.5 else self.patience.longest

    def _so_far(self) -> Sound:
        return sound(np.concatenate(self._frames), HEARING_RATE)

    def _end(self) -> SpeechEnded:
        ended = SpeechEnded(self._so_far(), self._state is _State.PAUSED, self._spoken)
        self._clear()
        return ended
