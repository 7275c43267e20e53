"""What a caller hears while no desk is there to talk: phrases rendered ahead, read from disk as plain sound."""

import math
import struct
from pathlib import Path
from typing import Final

from lamplighter import whole_files
from lamplighter.channels.phone.ports import RATE

FIRST: Final = "en"
_SUFFIX: Final = ".s16"
TONE: Final = b"".join(
    struct.pack("<h", round(2500 * math.sin(2 * math.pi * 440 * at / RATE))) for at in range(RATE // 4)
)
"""Where no phrase was rendered yet: a soft tone, since silence sounds as if nobody were there."""


class HeldPhrases:
    """A folder with the sound of each phrase: 16-bit samples at 8 kHz, `<locale>.<number>.s16`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, locale: str, phrases: list[bytes]) -> None:
        """Puts them in the place of what is there of this language. Raises OSError."""
        whole_files.own_folder(self._folder)
        for number, pcm in enumerate(phrases):
            whole_files.write_over(self._folder / f"{locale}.{number}{_SUFFIX}", pcm)

    def of(self, locale: str, turn: int) -> bytes:
        """The phrase to be heard in this turn, one after another; a tone where there is none."""
        for wanted in (locale, FIRST, "*"):
            found = sorted(self._folder.glob(f"{wanted}.*{_SUFFIX}"))
            if found:
                try:
                    return found[turn % len(found)].read_bytes() or TONE
                except OSError:
                    break
        return TONE
