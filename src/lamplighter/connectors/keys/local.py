"""A master key that this process holds: 32 bytes, from a file that only its owner may read or from the environment."""

import binascii
import os
from base64 import b64decode, b64encode
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lamplighter.connectors.keys.problems import KeyProblem
from lamplighter.whole_files import write_once

KEY_BYTES = 32
_NONCE_BYTES = 12
_FORMAT = b"local1:"


class LocalKeys:
    """Wraps data keys with AES-256-GCM, bound to their context. The key never shows in its repr."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise KeyProblem(f"a master key has {KEY_BYTES} bytes, this one has {len(key)}")
        self._cipher = AESGCM(key)

    def __repr__(self) -> str:
        return "<LocalKeys: the master key is held by this process>"

    def wrap(self, key: bytes, context: str) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return _FORMAT + nonce + self._cipher.encrypt(nonce, key, context.encode())

    def unwrap(self, wrapped: bytes, context: str) -> bytes:
        """Raises KeyProblem unless this master key wrapped it for this context."""
        if not wrapped.startswith(_FORMAT):
            raise KeyProblem(
                f"the key of {context} was not wrapped by a key held here: which master key made it?"
            )
        body = wrapped[len(_FORMAT) :]
        try:
            return self._cipher.decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], context.encode())
        except (InvalidTag, ValueError):
            raise KeyProblem(f"the key of {context} does not open under this master key") from None


def key_from_text(text: str, source: str) -> LocalKeys:
    """A key written in base64. `source` is where it stands, for the message."""
    try:
        key = b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise KeyProblem(
            f"{source} is not a key in base64: make one with `openssl rand -base64 32`"
        ) from None
    if len(key) != KEY_BYTES:
        raise KeyProblem(
            f"{source} has {len(key)} bytes, not {KEY_BYTES}: make one with `openssl rand -base64 32`"
        )
    return LocalKeys(key)


def key_from_file(path: Path) -> LocalKeys:
    """The key in a file, raw or in base64.

    Refuses a file that others than its owner may use, or that another account owns.
    """
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        raise KeyProblem(f"there is no key file {path}") from None
    except PermissionError:
        raise KeyProblem(f"the key file {path} may not be read by this account") from None
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(file.fileno())
        if status.st_mode & 0o077:
            raise KeyProblem(f"others than its owner may use the key file {path}: chmod 600 {path}")
        if status.st_uid != os.geteuid():
            raise KeyProblem(
                f"the key file {path} belongs to another account: chown it to the one that runs this"
            )
        content = file.read(1024)
    if len(content) == KEY_BYTES:
        return LocalKeys(content)
    return key_from_text(content.decode("ascii", errors="replace"), f"the key file {path}")


def make_key_file(path: Path) -> LocalKeys:
    """Writes a new key to a file that only its owner may read, whole or not at all. Never writes over one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = os.urandom(KEY_BYTES)
    if not write_once(path, b64encode(key) + b"\n"):
        raise KeyProblem(f"the key file {path} is there already, and a key is never replaced")
    return LocalKeys(key)
