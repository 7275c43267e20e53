"""What a flow may need next. A flow yields one of these; the engine answers from the log, or stops there.

Rules of this room: a need is a value. It never says when or how often; the engine keys it by its content, so that a
changed flow still reads an old log.
"""

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any, Literal

from lamplighter.conversation.actions import Read, Write
from lamplighter.conversation.details import Detail, Key, key
from lamplighter.conversation.slots import Slot


@dataclass(frozen=True, slots=True)
class Ask:
    """`required` are asked until known (then a person helps); `soft` until answered in any way; `optional` once."""

    required: tuple[Key, ...] = ()
    soft: tuple[Key, ...] = ()
    optional: tuple[Key, ...] = ()
    args: tuple[tuple[str, str], ...] = ()
    phrase: str | None = None  # instead of the one named after what is missing

    @property
    def keys(self) -> tuple[Key, ...]:
        return self.required + self.soft + self.optional


@dataclass(frozen=True, slots=True)
class AskAnew:
    """Asks for what is known already, since it led to nothing that suits. What is known stays until it is answered."""

    phrase: str
    args: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Do:
    """`meanwhile` is said while a slow answer is on its way."""

    request: Read
    meanwhile: str | None = None


@dataclass(frozen=True, slots=True)
class Commit:
    request: Write


@dataclass(frozen=True, slots=True)
class Offer:
    """Answered with the chosen slot. `reason` is a phrase that goes before (why these), said once per offer."""

    slots: tuple[Slot, ...]
    reason: str | None = None
    phrase: str = "offer.times"
    of: Literal["times", "visits"] = "times"


@dataclass(frozen=True, slots=True)
class Confirm:
    """Reads out and waits for a yes; answered True, or False after a no that changed nothing.

    `details` are what the words read back; anything changed in `args` needs a new yes. With `change`, a bare no is
    asked what is wrong instead of being the answer."""

    phrase: str
    args: tuple[tuple[str, str], ...]
    details: tuple[Key, ...] = ()
    change: bool = False


@dataclass(frozen=True, slots=True)
class Say:
    """Said once per errand. `if_signed`: left out where the practice signed its phrases before this one was written."""

    phrase: str
    args: tuple[tuple[str, str], ...] = ()
    if_signed: bool = False


@dataclass(frozen=True, slots=True)
class IfSigned:
    """Answered whether the practice signed all of these phrases: asked before what they would have to tell of."""

    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HandOver:
    """The errand belongs to a person now."""

    phrase: str = "handoff.human"


@dataclass(frozen=True, slots=True)
class Identify:
    """Who acts has been identified; stored once."""

    person: str
    how: Literal["number_on_file", "code", "link", "staff", "thread"]
    proxy: bool = False


@dataclass(frozen=True, slots=True)
class Forget:
    """Details that led nowhere are asked anew; the flow starts again from the top."""

    details: tuple[Detail, ...]


@dataclass(frozen=True, slots=True)
class Take:
    """This slot is what they mean, without being asked: the time they had agreed to with one thing put right. The flow
    starts again from the top; the summary reads it out."""

    slot: Slot


@dataclass(frozen=True, slots=True)
class Restore:
    """These details are again what they were; None where nothing was known. The flow starts again from the top."""

    details: tuple[tuple[Detail, str | None], ...]


@dataclass(frozen=True, slots=True)
class Become:
    """This is another errand after all (an appointment turns out to be a follow-up)."""

    errand: str


@dataclass(frozen=True, slots=True)
class Close:
    """The errand ends with goodbye, without asking for more."""

    phrase: str
    args: tuple[tuple[str, str], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Finish:
    """The errand is over, whatever the script would do next: what else is asked."""


Need = (
    Ask
    | AskAnew
    | Do
    | Commit
    | Offer
    | Confirm
    | Say
    | IfSigned
    | HandOver
    | Identify
    | Forget
    | Take
    | Restore
    | Become
    | Close
    | Finish
)
Flow = Generator[Need, Any, None]


def keys(*details: Detail) -> tuple[Key, ...]:
    return tuple(key(detail) for detail in details)


def args(**values: str | None) -> tuple[tuple[str, str], ...]:
    """Phrase arguments in a fixed order; None becomes "none", which messages select on."""
    return tuple((name, "none" if value is None else value) for name, value in sorted(values.items()))
