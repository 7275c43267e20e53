"""What waits at a door and nobody has read yet: after an outage the guard reads it before anything of ours goes out.

A door says that something may wait there, and says so again while it reads on; once all of it is read and taken, it
says that too. Meanwhile no message leaves, but to the practice's own people and to whoever is in danger: whoever gets a
reminder may have written to us that they want to die. An answer to what somebody has just said, and the code or link
that they asked for, wait for a minute at most, and everything for a quarter of an hour after a door gave its last sign
and half an hour in all: neither a mailbox that can't be reached for hours nor a letter at which it breaks off each time
keeps anybody from their reminder.
"""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from lamplighter.practice.model import PracticeId

Door = Literal["mailbox", "memory"]
WITHOUT_A_SIGN: Final = timedelta(minutes=15)
LONGEST: Final = timedelta(minutes=30)
ANSWERS: Final = timedelta(minutes=1)
LOOK_AGAIN: Final = timedelta(seconds=5)


@dataclass(slots=True)
class _Waits:
    since: datetime
    sign: datetime


@dataclass(slots=True)
class Backlog:
    """Of one process. Safe under threads."""

    _doors: dict[tuple[PracticeId, Door], _Waits] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def waits(self, practice: PracticeId, door: Door, now: datetime) -> None:
        """A sign of a door. What has been without one for too long holds nothing any more, and begins anew."""
        with self._lock:
            stands = self._doors.get((practice, door))
            if stands is None or now - stands.sign >= WITHOUT_A_SIGN:
                self._doors[practice, door] = _Waits(now, now)
            else:
                stands.sign = now

    def read(self, practice: PracticeId, door: Door) -> None:
        """Nothing waits there any more."""
        with self._lock:
            self._doors.pop((practice, door), None)

    def holds(self, practice: PracticeId, now: datetime, *, answer: bool) -> bool:
        """Whether what is to go out waits. `answer`: to what somebody has just said or asked for."""
        longest = ANSWERS if answer else LONGEST
        with self._lock:
            waiting = [each for (of, _), each in self._doors.items() if of == practice]
        return any(now - each.sign < WITHOUT_A_SIGN and now - each.since < longest for each in waiting)
