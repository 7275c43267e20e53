"""Passkeys: what a browser is asked to sign, and whether what it signed is right. WebAuthn itself is `webauthn`'s.

That library takes a second to load, so the first sign-in loads it and not the start.
"""

import json
from dataclasses import dataclass
from secrets import token_bytes
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

from lamplighter.desk.ports import Account, Passkey

LONGEST_ANSWER = 16 * 1024


class NotProven(Exception):
    """What came does not prove who somebody is."""


@dataclass(frozen=True, slots=True)
class Site:
    """The page's own address, as browsers sign it. Passkeys belong to a name: to a number there are none."""

    name: str
    origin: str

    @property
    def has_passkeys(self) -> bool:
        return self.name == "localhost"


@dataclass(frozen=True, slots=True)
class Made:
    credential: str
    public_key: str
    sign_count: int


@dataclass(frozen=True, slots=True)
class Proven:
    """`verified`: the device made sure who holds it, by a finger, a face or a number of its own."""

    sign_count: int
    verified: bool


def new_challenge() -> bytes:
    return token_bytes(32)


def to_make(site: Site, practice: str, account: Account, challenge: bytes) -> str:
    """What `navigator.credentials.create` is given, as JSON."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    return options_to_json(
        generate_registration_options(
            rp_id=site.name,
            rp_name=practice,
            user_id=account.id.encode(),
            user_name=account.name,
            user_display_name=account.name,
            challenge=challenge,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.PREFERRED,
            ),
            exclude_credentials=[_named(passkey) for passkey in account.passkeys],
        )
    )


def _named(passkey: Passkey) -> "PublicKeyCredentialDescriptor":
    from webauthn import base64url_to_bytes
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    return PublicKeyCredentialDescriptor(id=base64url_to_bytes(passkey.credential))


def made(site: Site, challenge: bytes, answer: str) -> Made:
    """Raises NotProven."""
    from webauthn import verify_registration_response
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        found = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as wrong:
        raise NotProven from wrong
    return Made(
        bytes_to_base64url(found.credential_id),
        bytes_to_base64url(found.credential_public_key),
        found.sign_count,
    )


def to_use(site: Site, challenge: bytes) -> str:
    """What `navigator.credentials.get` is given, as JSON. It names nobody: the device knows whose it is."""
    from webauthn import generate_authentication_options, options_to_json

    return options_to_json(generate_authentication_options(rp_id=site.name, challenge=challenge))


def named_in(answer: str) -> str:
    """The credential that an answer claims to come from. Raises NotProven."""
    try:
        named = json.loads(answer)["id"]
    except (ValueError, KeyError, TypeError) as wrong:
        raise NotProven from wrong
    if not isinstance(named, str):
        raise NotProven
    return named


def used(site: Site, challenge: bytes, answer: str, passkey: Passkey) -> Proven:
    """Raises NotProven."""
    from webauthn import base64url_to_bytes, verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        found = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as wrong:
        raise NotProven from wrong
    return Proven(found.new_sign_count, found.user_verified)
