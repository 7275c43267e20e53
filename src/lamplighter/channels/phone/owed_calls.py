"""Which contacts have a call here, on disk: what a process that is killed leaves behind is owed to the desk.

Ids only; nothing of who calls.
"""

import json
from pathlib import Path
from typing import Final, Literal

from lamplighter import logs, whole_files

log = logs.get(__name__)
How = Literal["lost", "over"]
_LIVE: Final = "live"


class OwedCalls:
    """`lost` are those whose call this machine dropped, `over` those that ended while no desk was there."""

    def __init__(self, path: Path) -> None:
        self._path = path
        found = self._read()
        self._how = {
            contact: ("lost" if how == _LIVE else how, practice) for contact, (how, practice) in found
        }
        self._write()

    def _read(self) -> list[tuple[str, tuple[str, str]]]:
        try:
            kept = json.loads(self._path.read_bytes())
            return [(contact, (str(how), str(practice))) for contact, (how, practice) in kept.items()]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, AttributeError, TypeError):
            log.exception("owed_calls_unreadable")
            return []

    def live(self, contact: str, practice: str) -> None:
        self._how[contact] = (_LIVE, practice)
        self._write()

    def ended(self, contact: str, how: How) -> None:
        """Owed from now on, until it is settled."""
        if contact in self._how:
            self._how[contact] = (how, self._how[contact][1])
            self._write()

    def settle(self, contact: str) -> None:
        if self._how.pop(contact, None) is not None:
            self._write()

    def owed(self) -> list[tuple[str, str, str]]:
        """Contact, practice, and how its call ended."""
        return [(contact, practice, how) for contact, (how, practice) in self._how.items() if how != _LIVE]

    def _write(self) -> None:
        """A disk that is full keeps no call from going on."""
        try:
            whole_files.write_over(self._path, json.dumps(self._how).encode())
        except OSError:
            log.exception("owed_calls_not_kept")
