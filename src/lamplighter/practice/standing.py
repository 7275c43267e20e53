"""Where a practice stands before it signs: what there is to read, what is approved, and what stops it."""

from dataclasses import dataclass
from datetime import datetime

from lamplighter.practice.problems import Problem
from lamplighter.practice.protocol import Signature
from lamplighter.practice.review import Reviewed


class NotSignable(Exception):
    """The protocol can't be signed as it stands; the message says why."""


class Stale(Exception):
    """What was approved or signed is no longer what stands in the folder; it has to be read again."""

    def __init__(self) -> None:
        super().__init__(
            "the practice's files changed since this was shown: read it again, nothing was approved or signed"
        )


class NotKept(Exception):
    """The folder of what was signed can't be written, so that nothing was approved or signed; the message says why."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"the folder of what was signed can't be written ({why}): nothing was approved or signed"
        )


@dataclass(frozen=True, slots=True)
class Scene:
    """One scene of the safety rehearsal. `broken`: the promises that did not hold, what was seen, what to do. `said`:
    who said what."""

    id: str
    what: str
    broken: tuple[tuple[str, str, str], ...]
    said: tuple[tuple[str, str], ...]

    @property
    def passed(self) -> bool:
        return not self.broken


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """The safety rehearsal, played on this very version of the protocol."""

    at: datetime
    passed: bool
    scenes: tuple[Scene, ...]

    @property
    def failed(self) -> int:
        return sum(not scene.passed for scene in self.scenes)


@dataclass(frozen=True, slots=True)
class Rehearsing:
    """How far the safety rehearsal is that somebody started. `broke_off`: the last one ended without a report."""

    running: bool = False
    played: int = 0
    scenes: int = 0
    broke_off: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """The practice's folder beside what was signed last. `hash` is empty, and nothing is shown, while the files can't
    be loaded. `passed`: this version of the product passed the safety rehearsal on exactly this hash."""

    hash: str
    sections: tuple[Reviewed, ...]
    problems: tuple[Problem, ...]
    signed: Signature | None
    passed: bool
    rehearsed: Rehearsed | None = None

    @property
    def stopping(self) -> tuple[Problem, ...]:
        """What has to be mended before anybody signs."""
        return tuple(each for each in self.problems if each.severity in ("error", "go_live"))

    @property
    def unapproved(self) -> tuple[Reviewed, ...]:
        return tuple(each for each in self.sections if not each.approved)

    @property
    def is_signed(self) -> bool:
        """Whether exactly this was signed last."""
        return self.signed is not None and self.signed.protocol_hash == self.hash

    @property
    def signable(self) -> bool:
        return bool(self.hash) and not self.stopping and not self.unapproved and self.passed

    def section(self, name: str) -> Reviewed | None:
        return next((each for each in self.sections if each.section.id == name), None)
