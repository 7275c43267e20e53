"""Keys as a telephone plays them: two tones at once."""

from functools import cache
from typing import Final

import numpy as np

from lamplighter.channels.phone.ports import RATE

ROWS: Final = ("123", "456", "789", "*0#")
LOW: Final = (697, 770, 852, 941)  # Hz
HIGH: Final = (1209, 1336, 1477)
LENGTH: Final = 0.1  # seconds
GAP: Final = 0.06
LOUD: Final = 9000


@cache
def tones(key: str) -> bytes:
    """A key of 0-9, * and # as 16-bit samples at RATE, with the gap that keeps two of them apart."""
    row = next(at for at, keys in enumerate(ROWS) if key in keys)
    at = np.arange(round(LENGTH * RATE)) / RATE
    low, high = (np.sin(2 * np.pi * each * at) for each in (LOW[row], HIGH[ROWS[row].index(key)]))
    return bytes((LOUD * (low + high)).astype("<i2").tobytes()) + b"\0\0" * round(GAP * RATE)


def pressed(pcm: bytes) -> str:
    """The keys in the sound, in the order in which they were pressed."""
    frame = RATE // 50
    values = np.frombuffer(pcm[: len(pcm) // 2 * 2], dtype="<i2").astype(np.float64)
    found, before = "", ""
    for at in range(0, len(values) - frame + 1, frame):
        key = _key(values[at : at + frame])
        found, before = found + (key if key != before else ""), key
    return found


def _key(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> str:
    """What is pressed in this moment; "" for nothing: then the two tones are not nearly all that sounds."""
    at = np.arange(len(values)) / RATE
    strength = [
        2 * abs(np.exp(-2j * np.pi * each * at) @ values) ** 2 / len(values) for each in (*LOW, *HIGH)
    ]
    low, high = int(np.argmax(strength[:4])), int(np.argmax(strength[4:]))
    whole = float(values @ values)
    if whole < len(values) * 500**2 or strength[low] + strength[4 + high] < 0.8 * whole:
        return ""
    return ROWS[low][high]
