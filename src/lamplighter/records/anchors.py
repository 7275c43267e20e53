"""Signed heads of the ledger, kept outside the data folder: what was anchored can't be cut off or written anew.

A file of JSON lines, one a head: practice, seq, hash, time, public key, Ed25519 signature. Whoever has the public key
can check a head without any secret; copy the file to a place that this machine can't write to.
"""

import json
import os
import threading
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from lamplighter.records.vault import Vault

EVERY = 64
"""How many entries may pass before a head is anchored while the store stays open."""


@dataclass(frozen=True, slots=True)
class Head:
    """The ledger of `practice` had `seq` entries at `at`, the last of them with this hash."""

    practice: str
    seq: int
    hash: str
    at: datetime

    def message(self) -> bytes:
        return f"lamplighter head\n{self.practice}\n{self.seq}\n{self.hash}\n{self.at.isoformat()}".encode()


class Anchors:
    """Appends heads to a file. Several practices share it; several processes may."""

    def __init__(self, path: Path, every: int = EVERY) -> None:
        self.path = path
        self._every = every
        self._written: dict[str, int] = {}
        self._waiting: dict[str, tuple[Vault, Head]] = {}
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)

    def offer(self, vault: Vault, seq: int, digest: str, at: datetime) -> None:
        """Takes note of a head, and writes it when enough entries have passed since the last one written."""
        with self._lock:
            if seq <= self._written.get(vault.practice, 0):
                return
            self._waiting[vault.practice] = vault, Head(vault.practice, seq, digest, at.astimezone(UTC))
            if seq - self._written.get(vault.practice, 0) >= self._every:
                self._write(vault.practice)

    def flush(self) -> None:
        """Writes every head that waits."""
        with self._lock:
            for practice in list(self._waiting):
                self._write(practice)

    def _write(self, practice: str) -> None:
        vault, head = self._waiting.pop(practice)
        line = json.dumps(
            {
                "practice": practice, "seq": head.seq, "hash": head.hash, "at": head.at.isoformat(),
                "key": b64encode(vault.signing_key.public_key().public_bytes_raw()).decode(),
                "signature": b64encode(vault.signing_key.sign(head.message())).decode(),
            }
        )  # fmt: skip
        handle = os.open(self.path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.write(line + "\n")
        self._written[practice] = head.seq


class ForgedHead(Exception):
    """A line of the anchor file isn't a head that this practice's key signed."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line} of the anchor file is damaged or not signed by this practice's key")


def read_heads(path: Path, practice: str, public_key: Ed25519PublicKey) -> tuple[Head, ...]:
    """The practice's anchored heads, by seq. Raises ForgedHead for a line that its key did not sign."""
    if not path.exists():
        return ()
    heads = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            stored = json.loads(line)
            if stored["practice"] != practice:
                continue
            head = Head(practice, int(stored["seq"]), stored["hash"], datetime.fromisoformat(stored["at"]))
            public_key.verify(b64decode(stored["signature"]), head.message())
        except (InvalidSignature, ValueError, KeyError, TypeError):
            raise ForgedHead(number) from None
        heads.append(head)
    return tuple(sorted(heads, key=lambda head: head.seq))
