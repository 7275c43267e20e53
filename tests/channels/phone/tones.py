"""Words as tones that a telephone line carries: what a voice and a recogniser are to people, these are to each other.

A byte is two tones at once for 16 ms, one of sixteen low and one of sixteen high ones; G.711 and resampling leave them
readable, and a gap in the sound tears a word, which is known by its check. Nothing else is ever heard.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

from lamplighter.channels.speech.sound import resampled, samples, sound
from lamplighter.desk.ports import Hearing, Sound

RATE, VOICE_RATE = 8_000, 24_000
STEP = 128  # samples at RATE: 16 ms
LOW = range(8, 24)  # cycles in a step: 500 Hz to 1440 Hz
HIGH = range(27, 43)  # 1690 Hz to 2630 Hz
START, END = 45, 48
MARK = 2  # steps


@cache
def _tone(*cycles: int) -> npt.NDArray[np.float32]:
    at = np.arange(STEP) / STEP
    return (0.7 / len(cycles) * sum(np.sin(2 * np.pi * each * at) for each in cycles)).astype(np.float32)


def written(text: str, rate: int = RATE) -> Sound:
    """The text as tones, word by word, each with its check; with a little silence around."""
    steps: list[tuple[int, ...]] = []
    for word in text.split():
        letters = word.encode()
        steps += [(START,)] * MARK
        steps += [(LOW[byte >> 4], HIGH[byte & 15]) for byte in (*letters, _check(letters))]
        steps += [(END,)]
    around = [np.zeros(400, np.float32)], [np.zeros(800, np.float32)]
    whole = sound(np.concatenate([*around[0], *(_tone(*each) for each in steps), *around[1]]), RATE)
    return whole if rate == RATE else resampled(whole, rate)


def _check(letters: bytes) -> int:
    return (sum((at + 1) * each for at, each in enumerate(letters)) + 7 * len(letters)) % 251


def read(pcm: bytes, rate: int = RATE) -> str:
    """The words in the sound; nothing where one of them is torn, as sound is where a machine is busy."""
    heard = Sound(pcm, rate)
    words, _ = scan(samples(heard if rate == RATE else resampled(heard, RATE)))
    return "" if None in words else " ".join(word for word in words if word)


def scan(values: npt.NDArray[np.float32]) -> tuple[list[str | None], int]:
    """Every word in these samples at RATE, None for a torn one; and where the last that is whole is over."""
    found: list[str | None] = []
    at = over = 0
    while (begins := _begins(values, at)) is not None:
        word, at = _word(values, begins)
        found.append(word)
        over = at if word is not None else over
    return found, over


def _levels(values: npt.NDArray[np.float32], at: int) -> npt.NDArray[np.float32]:
    """How loud each tone is in this step; nothing is loud in silence."""
    piece = values[at : at + STEP]
    if len(piece) < STEP or float(np.abs(piece).max()) < 0.05:
        return np.zeros(STEP // 2 + 1, np.float32)
    return np.abs(np.fft.rfft(piece)).astype(np.float32)


def _is(values: npt.NDArray[np.float32], at: int, tone: int) -> bool:
    levels = _levels(values, at)
    return bool(levels.any()) and int(levels.argmax()) == tone


def _begins(values: npt.NDArray[np.float32], after: int) -> int | None:
    """Where the first step after the mark begins."""
    for at in range(after, len(values) - 3 * STEP, STEP // 2):
        if _is(values, at, START):
            full = max(_levels(values, each)[START] for each in range(at, at + 2 * STEP, STEP // 4))
            end = at + STEP
            while end < len(values) - STEP and _levels(values, end)[START] > full / 2:
                end += 2
            return end + STEP // 2
    return None


def _word(values: npt.NDArray[np.float32], at: int) -> tuple[str | None, int]:
    """From the first step on."""
    said = bytearray()
    while (levels := _levels(values, at)).any() and int(levels.argmax()) not in (START, END):
        low, high = levels[LOW.start : LOW.stop].argmax(), levels[HIGH.start : HIGH.stop].argmax()
        said.append(int(low) << 4 | int(high))
        at += STEP
    letters = bytes(said[:-1])
    if not _is(values, at, END) or not letters or said[-1] != _check(letters):
        return None, at
    return letters.decode(errors="replace"), at


class TonesVoice:
    async def speak(self, text: str, *, locale: str, slow: bool = False) -> Sound:
        return written(text, VOICE_RATE)


class TonesRecogniser:
    async def recognise(
        self, sound: Sound, *, locale: str, final: bool = True, asked: tuple[str, ...] = ()
    ) -> Hearing:
        text = read(sound.pcm, sound.rate)
        return Hearing(text, 1.0 if text else 0.0, (), locale if text else None)
