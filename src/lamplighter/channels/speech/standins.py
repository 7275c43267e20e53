"""Speech without a sound model: a voice that writes the words into the samples, and a recogniser that reads them there.

They are the reference of the Voice and Recogniser ports. Nobody could listen to them: they say so when made.
"""

import logging

import numpy as np
import numpy.typing as npt

from lamplighter.channels.speech.sound import HEARING_RATE, samples
from lamplighter.desk.ports import Hearing, Sound

log = logging.getLogger(__name__)
MARK = (32001, -32003, 32005, -32007)
STEP = 64
SECONDS_A_LETTER = 0.06
SHORTEST_SECONDS = 0.4


class WordsInSoundVoice:
    """Voice that hides the text in a buzz as long as the text would take to say; 16 kHz."""

    def __init__(self) -> None:
        log.warning("speech is stood in: nobody can understand what this voice says")

    async def speak(self, text: str, *, locale: str, slow: bool = False) -> Sound:
        written = text.strip().encode()
        if not written:
            return Sound(b"", HEARING_RATE)
        length = max(SHORTEST_SECONDS, SECONDS_A_LETTER * len(text)) * (1.25 if slow else 1.0)
        code = [*MARK, len(written) // 4096, len(written) % 4096, *(byte * STEP for byte in written)]
        buzz = np.where(np.arange(max(0, round(length * HEARING_RATE) - len(code))) // 40 % 2, 8000, -8000)
        return Sound(np.concatenate([np.array(code), buzz]).astype("<i2").tobytes(), HEARING_RATE)


class WordsInSoundRecogniser:
    """Recogniser of what WordsInSoundVoice said, as often as it was said; anything else is nothing."""

    def __init__(self) -> None:
        log.warning("speech is stood in: this recogniser hears nobody but its own voice")

    async def recognise(
        self, sound: Sound, *, locale: str, final: bool = True, asked: tuple[str, ...] = ()
    ) -> Hearing:
        samples(sound)
        values = np.frombuffer(sound.pcm, dtype="<i2")
        said = [text for at in np.flatnonzero(values == MARK[0]) if (text := _read(values, int(at)))]
        text = " ".join(said)
        return Hearing(text, 1.0 if text else 0.0, (), locale if text else None)


def _read(values: npt.NDArray[np.int16], at: int) -> str:
    start = at + len(MARK) + 2
    if start > len(values) or tuple(int(v) for v in values[at : start - 2]) != MARK:
        return ""
    length = int(values[start - 2]) * 4096 + int(values[start - 1])
    written = values[start : start + length] // STEP
    return bytes(int(b) & 0xFF for b in written).decode(errors="replace")
