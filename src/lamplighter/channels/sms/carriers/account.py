"""An account with a carrier, the numbers of a practice in it, and the addresses at which the carrier reaches us."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar, Literal

from lamplighter.practice.model import PracticeId

Kind = Literal["twilio", "telnyx", "plivo"]
KINDS: tuple[Kind, ...] = ("twilio", "telnyx", "plivo")
DOOR = "/carriers/"
TIMEOUT = 10.0
"""Seconds that a carrier may take for an answer."""

SKEW = timedelta(hours=6)
"""By how much a carrier's clock may be behind ours. What of ours went in that time is known by its id."""


@dataclass(frozen=True, slots=True)
class Account:
    """`name` is what the operator calls it. `user`: an account SID or auth id. `public_key` is the carrier's, base64,
    where it signs with one. `public_url` is where the world reaches this deployment. `api`: a stand-in's address."""

    name: str
    kind: Kind
    user: str
    secret: str = field(repr=False)
    public_url: str
    public_key: str = ""
    api: str | None = None

    @property
    def texts(self) -> str:
        """Where the carrier brings the texts that people write."""
        return f"{self.public_url.rstrip('/')}{DOOR}{self.name}/texts"

    def receipts(self, practice: PracticeId, message: str) -> str:
        """Where it tells what became of a message. The address names it, so that no id of the carrier's is needed."""
        return f"{self.public_url.rstrip('/')}{DOOR}{self.name}/receipts/{practice}/{message}"


@dataclass(frozen=True, slots=True)
class Pool:
    """The numbers of one practice in an account. `service` is the carrier's own name for them as a whole."""

    practice: PracticeId
    numbers: tuple[str, ...]
    service: str | None = None


class OnAccount:
    """What all carriers have in common: the account, and the numbers of one practice in it."""

    settles: ClassVar[timedelta]
    """How long after an unknown outcome it surely lists what it took."""

    def __init__(self, account: Account, pool: Pool) -> None:
        self._account, self._pool = account, pool

    def __repr__(self) -> str:
        kind = self._account.kind.capitalize()
        return f"<{kind} {self._account.name}: {len(self.numbers)} numbers of {self._pool.practice}>"

    @property
    def numbers(self) -> tuple[str, ...]:
        return self._pool.numbers
