"""Whose signatures this server goes by: public keys for each practice, in a file of the data folder.

It is outside every practice's folder, so that whoever may write there signs for nobody. A key comes in with the first
signature on the staff page, or by somebody who holds the master key (`lamplighter review FOLDER --trust KEY`).
"""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

from lamplighter.practice.model import PracticeId
from lamplighter.practice.protocol import demo_key, public_key
from lamplighter.whole_files import write_over

FILE: Final = "trusted-signers.json"
LENGTH: Final = 32  # bytes of an Ed25519 public key
Trusted = Callable[[PracticeId], frozenset[str]]


class SignersUnreadable(Exception):
    """The list of trusted signers is damaged, or can't be read or written; the message says what to do."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"{file} can't be read or written as the list of trusted signers: bring it back from a copy, or take it "
            "away and trust each key again ('lamplighter review FOLDER --trust KEY')"
        )


class NotAPublicKey(Exception):
    """What was given is no Ed25519 public key."""

    def __init__(self) -> None:
        super().__init__("this is no public key of a signer: 'lamplighter review --new-key FILE' prints one")


class Signers:
    """Of every practice of a deployment. Called with a practice's id it gives the keys that sign for it."""

    def __init__(self, data: Path) -> None:
        self._file = data / FILE

    def __call__(self, practice: PracticeId) -> frozenset[str]:
        """Raises SignersUnreadable."""
        return frozenset(self._read().get(practice, ()))

    def add(self, practice: PracticeId, key: str) -> bool:
        """Whether it is new. Raises NotAPublicKey, SignersUnreadable."""
        found = self._read()
        if _public(key) in found.get(practice, ()):
            return False
        found.setdefault(practice, []).append(key)
        self._write(found)
        return True

    def _read(self) -> dict[str, list[str]]:
        try:
            body = json.loads(self._file.read_text("utf-8"))
            return {str(practice): [_public(key) for key in keys] for practice, keys in body.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, AttributeError, TypeError, NotAPublicKey) as wrong:
            raise SignersUnreadable(self._file) from wrong

    def _write(self, found: dict[str, list[str]]) -> None:
        written = json.dumps(found, indent=1, sort_keys=True) + "\n"
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_over(self._file, written.encode())
        except OSError as wrong:
            raise SignersUnreadable(self._file) from wrong


def _public(key: object) -> str:
    """The key itself, once it is one that may sign: not that of the demonstration, which everybody holds."""
    try:
        raw = base64.b64decode(str(key), validate=True)
    except ValueError:
        raise NotAPublicKey from None
    if len(raw) != LENGTH or key == public_key(demo_key()):
        raise NotAPublicKey
    return str(key)
