"""Sealing: what is stored about a person is readable only with a key that can be destroyed.

The master key (the `Keys` port) wraps a practice's key; the practice's key wraps one key per contact, per contact's
words and per person. Every sealed value is bound to its place, so that a value copied elsewhere does not open.
"""

import hmac
import os
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from lamplighter.records.errors import RecordsError

KEY_BYTES = 32
_NONCE_BYTES = 12
_FORMAT = b"\x01"

Owner = Literal["contact", "words", "person", "practice"]


class Unsealable(RecordsError):
    """A sealed value does not open: it was altered, moved from its place, or sealed under another key."""

    def __init__(self, place: str) -> None:
        super().__init__(f"what is sealed at {place} does not open: altered, moved, or another key's")


def new_key() -> bytes:
    return os.urandom(KEY_BYTES)


def seal(key: bytes, place: str, content: bytes) -> bytes:
    """AES-256-GCM, bound to `place`. The result starts with a format byte and a random nonce."""
    nonce = os.urandom(_NONCE_BYTES)
    return _FORMAT + nonce + AESGCM(key).encrypt(nonce, content, place.encode())


def unseal(key: bytes, place: str, sealed: bytes) -> bytes:
    """Raises Unsealable unless this very value was sealed under this key for this place."""
    if sealed[:1] != _FORMAT:
        raise Unsealable(place)
    nonce, content = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, content, place.encode())
    except (InvalidTag, ValueError):
        raise Unsealable(place) from None


class Vault:
    """What one practice's key is used for. Keys never appear in its repr."""

    def __init__(self, practice: str, practice_key: bytes) -> None:
        self.practice = practice
        self._wrapping = _derive(practice_key, "wrap data keys")
        self._index = _derive(practice_key, "blind index")
        self.chain_key = _derive(practice_key, "ledger chain")
        self.signing_key = Ed25519PrivateKey.from_private_bytes(_derive(practice_key, "ledger heads"))

    def __repr__(self) -> str:
        return f"<Vault of {self.practice}>"

    def place(self, table: str, column: str, record_id: str) -> str:
        return f"{self.practice}/{table}.{column}/{record_id}"

    def index(self, *parts: str) -> bytes:
        """A keyed digest by which sealed values are looked up: equal for equal parts, and only in this practice."""
        return hmac.digest(self._index, "\x1f".join(parts).encode(), "sha256")

    def wrap(self, data_key: bytes, owner: Owner, owner_id: str) -> bytes:
        return seal(self._wrapping, self.place("data_keys", owner, owner_id), data_key)

    def unwrap(self, wrapped: bytes, owner: Owner, owner_id: str) -> bytes:
        return unseal(self._wrapping, self.place("data_keys", owner, owner_id), wrapped)


def _derive(key: bytes, use: str) -> bytes:
    return HKDFExpand(SHA256(), KEY_BYTES, f"lamplighter: {use}".encode()).derive(key)
