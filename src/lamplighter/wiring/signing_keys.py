"""The keys with which people sign on the staff page: one for each account, made at first use, and never shown.

The server holds them, sealed under the master key and bound to practice and account, in files of the data folder that
only its user may read. Whoever signs has just proven who they are; the key ties the signature to that account.
"""

import hashlib
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lamplighter.desk.ports import Keys
from lamplighter.whole_files import write_once

FOLDER = "signing-keys"


class SigningKeys:
    def __init__(self, data: Path, practice: str, keys: Keys) -> None:
        self._folder, self._practice, self._keys = data / FOLDER, practice, keys

    def of(self, account: str) -> Ed25519PrivateKey:
        """Raises what unwrapping raises where another master key sealed it."""
        context = f"signing/{self._practice}/{account}"
        file = self._folder / f"{hashlib.sha256(context.encode()).hexdigest()}.key"
        if not file.exists():
            self._make(file, context)
        return Ed25519PrivateKey.from_private_bytes(self._keys.unwrap(file.read_bytes(), context))

    def _make(self, file: Path, context: str) -> None:
        """Two who come at once end up with one key: the first file that is whole stays."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        sealed = self._keys.wrap(Ed25519PrivateKey.generate().private_bytes_raw(), context)
        write_once(file, sealed)
