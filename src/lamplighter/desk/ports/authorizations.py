"""The port to whoever decides about prior authorizations: one request, and every way in which it may be answered."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from lamplighter.desk.ports.clearinghouse import Refused
from lamplighter.desk.ports.coverage import AuthorizationQuestion
from lamplighter.practice.model import PracticeId


class Verdict(StrEnum):
    """What a payer says of a request."""

    LEFT = "left"  # it was put down for them; nobody has said that they have it
    ACKNOWLEDGED = "acknowledged"  # it has arrived; nothing is decided
    PENDED = "pended"  # people look at it
    INFO_REQUESTED = "info_requested"
    PARTIAL = "partial"
    APPROVED = "approved"
    MODIFIED = "modified"
    DENIED = "denied"
    CANCELLED = "cancelled"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class ApprovedService:
    """`units` None: the payer did not say how many, which is not "as many as asked"."""

    procedure: str
    units: Decimal | None


@dataclass(frozen=True, slots=True)
class Ruled:
    """What the payer says today. Codes and texts of reasons stay as the payer wrote them."""

    verdict: Verdict
    number: str = ""  # the payer's, of the authorization
    ticket: str = ""  # under which the channel asks again
    first_day: date | None = None
    last_day: date | None = None
    services: tuple[ApprovedService, ...] = field(default=(), repr=False)
    reasons: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # (code, text or "")
    asked_for: tuple[str, ...] = field(default=(), repr=False)  # what the payer wants to see
    trace: str = ""


AuthorizationReply = (
    Ruled | Refused
)  # of a Refused: PAYER_DOWN and UNREACHABLE are tried again under the same trace


class AuthorizationChannel(Protocol):
    """Carries requests to payers. `deadline` in seconds, for all that it takes; later is UNREACHABLE. Nothing
    raises."""

    @property
    def party(self) -> str:
        """With whom there has to be an agreement; "" for what never leaves this machine."""

    @property
    def may_be_polled(self) -> bool:
        """Whether it may be asked again by itself (FHIR PAS: only when a person wants to know)."""

    def submit(self, asked: AuthorizationQuestion, deadline: float) -> AuthorizationReply:
        """A request, a renewal or a cancellation. The same trace again is the same request."""
        ...

    def inquire(self, asked: AuthorizationQuestion, ticket: str, deadline: float) -> AuthorizationReply:
        """What became of a request, or of a cancellation where that is what is asked about. LEFT: nothing new."""
        ...


class AuthorizationChannels(Protocol):
    def of(self, practice: PracticeId, kind: str) -> AuthorizationChannel | None:
        """`kind`: x12_278, fhir_pas or availity. None where it is not set up: then it goes by paper and portal."""
        ...
