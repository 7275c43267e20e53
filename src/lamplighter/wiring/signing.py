"""Signing a practice's protocol with a key that a person holds, and finding the last signed one."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from lamplighter.desk.ports import Clock
from lamplighter.practice.protocol import Signature
from lamplighter.practice.sections import OWNER
from lamplighter.practice.standing import NotSignable
from lamplighter.wiring.clocks import WallClock
from lamplighter.wiring.reviewing import FolderReview, folder_files
from lamplighter.wiring.signed_folder import SIGNED, keep, signed_protocol

__all__ = [
    "SIGNED", "KeyFileWrong", "NotSignable", "folder_files", "keep", "new_key", "sign_folder", "signed_protocol",
]  # fmt: skip


class KeyFileWrong(Exception):
    """The file holds no key to sign with, or can't be made; the message says why."""


def sign_folder(
    folder: Path, name: str, key_file: Path, role: str = OWNER, *, clock: Clock | None = None
) -> Signature:
    """Signs what stands in the folder, if nothing stops it. Raises NotSignable or KeyFileWrong."""
    key = key_in(key_file)
    found = FolderReview(folder, clock or WallClock())
    return found.sign(found.look().hash, name, role, key)


def key_in(file: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as wrong:
        raise KeyFileWrong(
            f"{file} can't be read as a key without a password: 'lamplighter review --new-key FILE' makes one"
        ) from wrong
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileWrong(f"{file} is no Ed25519 private key: 'lamplighter review --new-key FILE' makes one")
    return key


def new_key(file: Path) -> None:
    """Makes a key that only its owner may read; what is there stays. Raises KeyFileWrong."""
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyFileWrong(f"{file} is there already; nothing was written") from None
    except OSError as wrong:
        raise KeyFileWrong(f"{file} can't be made: {wrong.strerror}") from wrong
    with os.fdopen(opened, "wb") as stream:
        stream.write(pem)
