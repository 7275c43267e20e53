"""Who works here: accounts of staff, how they prove who they are, and what they may do."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, get_args

from lamplighter.practice.model import ClinicianId

Role = Literal["owner", "clinician", "desk", "biller", "auditor"]
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Passkey:
    """A credential of WebAuthn. `credential` and `public_key` are base64url, as browsers write them."""

    credential: str
    public_key: str = field(repr=False)
    sign_count: int
    label: str
    added: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time link that nobody has used up: the digest of its secret, and until when it is good."""

    digest: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class Expected:
    """By which verified email an identity provider may name somebody the first time, and until when."""

    email: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class Bound:
    """Whom an identity provider knows somebody as, for good: an email may be given to another person, this isn't."""

    issuer: str
    subject: str = field(repr=False)
    since: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """One person who works here. Its name is nobody else's in this practice, ever: logs and ledger name them by it.

    `totp_step` is the last time step whose code was used; `recovery` holds a hash per recovery code, empty once used.
    """

    id: str
    name: str
    roles: tuple[Role, ...]
    created: datetime
    created_by: str
    clinician: ClinicianId | None = None
    passkeys: tuple[Passkey, ...] = ()
    totp_secret: str | None = field(default=None, repr=False)
    totp_step: int = 0
    recovery: tuple[str, ...] = field(default=(), repr=False)
    invitation: Invitation | None = None
    revoked: datetime | None = None
    revoked_by: str | None = None
    expected: Expected | None = None
    bound: Bound | None = None

    @property
    def provable(self) -> bool:
        """Whether there is anything by which they prove who they are."""
        return self.enrolled or bool(self.passkeys) or self.bound is not None

    @property
    def enrolled(self) -> bool:
        """Whether they can prove who they are by codes."""
        return bool(self.totp_secret and self.recovery)

    @property
    def works_here(self) -> bool:
        return self.revoked is None


@dataclass(frozen=True, slots=True)
class KeptSession:
    """A browser that is signed in, so far as that outlives a restart. `digest` is of what the browser holds, which
    itself is kept nowhere; `csrf` what its forms carry. `acted`: when its person last did something, or a little
    before; `until`: when it is over however busy they are. `process`: which last saw them."""

    digest: str
    account: str
    csrf: str = field(repr=False)
    acted: datetime
    until: datetime
    process: str


class Staff(Protocol):
    def add(self, account: Account, by: str) -> None:
        """Idempotent by id."""
        ...

    def update(self, account: Account, by: str, what: str) -> None:
        """`what` was done stands in the ledger: "passkey_added", "staff_revoked"."""
        ...

    def get(self, account_id: str) -> Account | None: ...

    def all(self) -> tuple[Account, ...]:
        """Oldest first, those who no longer work here among them."""
        ...

    def keep_session(self, session: KeptSession) -> None:
        """In place of what was kept under its digest. No entry of the ledger's: what its person does makes those."""
        ...

    def renew_session(self, session: KeptSession) -> bool:
        """As `keep_session`, where one is kept under its digest. False where none is: nothing is kept then."""
        ...

    def session(self, digest: str) -> KeptSession | None: ...

    def forget_session(self, digest: str) -> None: ...

    def forget_sessions_of(self, account: str, *, but: str = "") -> None:
        """All but that under the digest `but`."""
        ...

    def forget_sessions_before(self, acted: datetime) -> None:
        """Of whoever last did something before."""
        ...
