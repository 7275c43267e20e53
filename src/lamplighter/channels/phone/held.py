"""What a caller hears while no desk is there to talk: phrases rendered ahead, read from disk as plain sound."""

import hashlib
import json
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lamplighter import logs, whole_files
from lamplighter.channels.phone.numbers import e164, user_of
from lamplighter.channels.phone.ports import RATE

log = logs.get(__name__)
_INDEX: Final = "held.json"
_SUFFIX: Final = ".s16"
_NOTHING: Final[dict[str, Any]] = {"numbers": {}, "anybody": "", "phrases": {}}
TONE: Final = b"".join(
    struct.pack("<h", round(2500 * math.sin(2 * math.pi * 440 * at / RATE))) for at in range(RATE // 4)
)
"""Where no phrase was rendered yet: a soft tone, since silence sounds as if nobody were there."""


@dataclass(frozen=True, slots=True)
class Held:
    """What callers of one practice hear, by language, its first language first: samples of 16 bits at RATE. `numbers`
    (E.164) lead to it."""

    practice: str
    numbers: tuple[str, ...]
    phrases: Mapping[str, Sequence[bytes]]


class HeldPhrases:
    """A folder with the sound of each phrase, and whose it is."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._index = folder, folder / _INDEX
        self._read_at, self._known = 0, _NOTHING

    def keep(self, practices: Sequence[Held], *, anybody: str = "") -> None:
        """Puts them in the place of all that is there. `anybody`: the practice that a call is taken for until it is
        known whose it is. Raises OSError."""
        whole_files.own_folder(self._folder)
        index = {
            "numbers": {number: each.practice for each in practices for number in each.numbers},
            "anybody": anybody,
            "phrases": {
                each.practice: {
                    locale: [self._kept(pcm) for pcm in phrases] for locale, phrases in each.phrases.items()
                }
                for each in practices
            },
        }
        whole_files.write_over(self._index, json.dumps(index).encode())

    def _kept(self, pcm: bytes) -> str:
        name = hashlib.sha256(pcm).hexdigest() + _SUFFIX
        if not (self._folder / name).exists():
            whole_files.write_over(self._folder / name, pcm)
        return name

    def whose(self, *dialled: str) -> str:
        """The practice that a call is for, by what the line said was dialled; "" where that can't be told."""
        known = self._now()
        found = (known["numbers"].get(e164(user_of(each)) or "") for each in dialled)
        return next((str(practice) for practice in found if practice), str(known["anybody"]))

    def of(self, practice: str, locale: str, turn: int) -> bytes:
        """The phrase to be heard in this turn, one after another; a tone where there is none. `locale` "" is the
        practice's first."""
        languages = self._now()["phrases"].get(practice) or {}
        names = languages.get(locale) or next(iter(languages.values()), ())
        try:
            return (self._folder / names[turn % len(names)]).read_bytes() or TONE if names else TONE
        except OSError:
            log.exception("held_phrase_unreadable")
            return TONE

    def _now(self) -> dict[str, Any]:
        """As the index stands; read once for each time that it was written."""
        try:
            written = self._index.stat().st_mtime_ns
            if written != self._read_at:
                self._known, self._read_at = {**_NOTHING, **json.loads(self._index.read_bytes())}, written
        except FileNotFoundError:
            return _NOTHING
        except (OSError, ValueError, TypeError):
            log.exception("held_phrases_unreadable")
        return self._known
