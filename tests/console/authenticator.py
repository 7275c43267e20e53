"""A software authenticator: makes passkeys and signs with them as a device would, or as a forger might."""

import base64
import hashlib
import json
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Authenticator:
    """One passkey. `verified`: it checks who holds it."""

    def __init__(self, origin: str, *, verified: bool = True) -> None:
        self.origin, self.verified, self.count = origin, verified, 0
        self.credential = secrets.token_bytes(16)
        self._key = generate_private_key(SECP256R1())

    def made(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """The answer to what `navigator.credentials.create` would be given."""
        numbers = self._key.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        attested = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + public
        data = self._data(wanted["rp"]["id"], ATTESTED) + attested
        statement = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer({
            "clientDataJSON": text(self._client_data("webauthn.create", wanted["challenge"])),
            "attestationObject": text(statement),
        })  # fmt: skip

    def used(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """The answer to what `navigator.credentials.get` would be given."""
        self.count += 1
        data = self._data(wanted["rpId"], 0)
        client = self._client_data("webauthn.get", wanted["challenge"])
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ECDSA(SHA256()))
        return self._answer({
            "clientDataJSON": text(client), "authenticatorData": text(data), "signature": text(signature),
        })  # fmt: skip

    def _answer(self, response: dict[str, str]) -> dict[str, Any]:
        name = text(self.credential)
        return {"id": name, "rawId": name, "type": "public-key", "response": response}

    def _data(self, site: str, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verified else 0)
        return hashlib.sha256(site.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()
