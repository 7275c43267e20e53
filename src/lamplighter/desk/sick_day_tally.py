"""How far it is with a day that was called off: who knows, who answered, who has a new time, who is to be called."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from lamplighter.desk import sick_day_asks
from lamplighter.desk.last_heard import last_heard
from lamplighter.desk.ports import Message, Person, Transaction, Visit
from lamplighter.desk.sick_day import STANDING, CalledOff, never
from lamplighter.desk.sick_day_asks import Ask
from lamplighter.desk.sick_day_told import Told, told
from lamplighter.desk.sick_day_work import NOT_GONE

How = Literal[
    "rebooked",
    "by_video",
    "with_colleague",
    "asked",
    "says_yes",
    "answered",
    "told",
    "waits",
    "to_call",
    "called",
    "to_decide",
    "decided",
]
KEPT: tuple[How, ...] = ("by_video", "with_colleague")
GONE = ("sent", "delivered")


@dataclass(frozen=True, slots=True)
class Line:
    """How one person stands. `why`: a word for why they are called, or for what keeps the text. `clinician`: with whom
    their visit is now."""

    told: Told
    person: Person | None
    how: How
    why: str | None
    answered: bool
    task: str | None
    clinician: str | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    lines: tuple[Line, ...]

    def count(self, *how: How) -> int:
        return sum(line.how in how for line in self.lines)

    @property
    def told(self) -> int:
        """Whoever knows: by what was written, or since somebody called them."""
        return self.count("told", "asked", "says_yes", "answered", "rebooked", "called", *KEPT)

    @property
    def answered(self) -> int:
        return sum(line.answered for line in self.lines)

    @property
    def rebooked(self) -> int:
        return self.count("rebooked")

    @property
    def by_video(self) -> int:
        return self.count("by_video")

    @property
    def with_colleague(self) -> int:
        return self.count("with_colleague")

    @property
    def asked(self) -> int:
        """Who may yet say whether they keep their time."""
        return self.count("asked", "says_yes")

    @property
    def to_call(self) -> int:
        return self.count("to_call")

    @property
    def to_decide(self) -> int:
        """Whom nobody is to contact unless a clinician decides so."""
        return self.count("to_decide")

    @property
    def waits(self) -> int:
        return self.count("waits")


def tally(tx: Transaction, called_off: CalledOff, now: datetime) -> Tally:
    everybody = told(tx, called_off.id)
    written = {each.message: tx.outbox.get(each.message) for each in everybody if each.message}
    gone = [each for each in written.values() if each is not None and each.status in GONE and each.moved_at]
    wrote = last_heard(tx, {each.to.lower(): each.moved_at for each in gone if each.moved_at})
    return Tally(tuple(_line(tx, each, written.get(each.message or ""), wrote) for each in everybody))


def _line(tx: Transaction, each: Told, message: Message | None, wrote: Collection[str]) -> Line:
    person, visit, task = tx.people.get(each.person), tx.schedule.visit(each.visit), tx.tasks.get(each.task)
    answered = message is not None and message.to.lower() in wrote
    ask = sick_day_asks.of(tx, each)
    why = (ask.end if ask is not None else None) or (message.why if message is not None else None) or each.why
    stands = visit is not None and visit.status in STANDING
    if visit is not None and stands:
        how = _of_visit(each, visit, ask)
    elif task is not None and task.route == "clinician":
        how = "to_decide" if task.status == "open" else "decided"
    elif task is not None:
        how = "to_call" if task.status == "open" else "called"
    else:
        how = _of_text(message, answered, ask)
    if how == "to_call" and person is not None and never(tx, each.visit, person):
        how = "to_decide"
    open_task = task.id if task is not None and task.status == "open" else None
    return Line(each, person, how, why, answered, open_task, visit.slot.clinician if visit else None)


def _of_visit(each: Told, visit: Visit, ask: Ask | None) -> How:
    """Whether it is the time that they were asked to keep, or another."""
    if each.way == "stays":
        return "by_video"
    if ask is None or visit.slot.start != each.start or visit.slot.clinician != ask.slot.clinician:
        return "rebooked"
    return "by_video" if ask.way == "video" else "with_colleague"


def _of_text(message: Message | None, answered: bool, ask: Ask | None) -> How:
    if ask is not None and ask.end == "yes":
        return "says_yes"
    if ask is not None and ask.end is None and message is None:
        return "waits"
    if message is None or message.status in NOT_GONE:
        return "to_call"
    if message.status not in GONE:
        return "waits"
    if ask is not None and ask.end is None:
        return "asked"
    return "answered" if answered else "told"
