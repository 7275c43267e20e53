"""Whoever vouches for who somebody is, in place of a passkey: the practice's own identity provider."""

from dataclasses import dataclass, field
from typing import Protocol


class ProviderUnreachable(Exception):
    """The provider gave no answer, or none that can be used: nobody was turned away, and nobody was vouched for."""


class NotVouchedFor(Exception):
    """What came back proves nothing. `why` is one word for the ledger ("nonce", "audience", "code"), about nobody."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that was sent to the provider at `address` and is to come back to `back` with `state`. `by_form`: the
    client secret goes in the form, else in a header."""

    issuer: str
    address: str = field(repr=False)
    back: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    token_endpoint: str
    by_form: bool
    jwks_uri: str
    userinfo: str | None
    ends_at: str | None


@dataclass(frozen=True, slots=True)
class Vouched:
    """Somebody whom the provider knows. `email` only where it says that it verified it; `fresh`: it says that they
    proved it there just now, rather than some time ago. `hint` names them to it when they leave."""

    issuer: str
    subject: str = field(repr=False)
    email: str | None = field(repr=False)
    fresh: bool
    hint: str = field(repr=False)


class IdentityProvider(Protocol):
    """`name` is what people here call it; `required`: only owners come in by another way."""

    name: str
    required: bool

    def begin(self, back: str) -> Begun:
        """Raises ProviderUnreachable."""
        ...

    def vouched(self, begun: Begun, code: str) -> Vouched:
        """Turns the code into whom it is for. Raises ProviderUnreachable or NotVouchedFor."""
        ...

    def leaving(self, begun: Begun, hint: str, back: str) -> str | None:
        """Where somebody is sent to leave the provider as well; None where it has no such place."""
        ...
