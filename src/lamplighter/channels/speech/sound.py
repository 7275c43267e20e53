"""Sound as arrays: levels, rates, joining and cutting. A Sound is 16-bit mono little-endian PCM."""

from typing import Any

import numpy as np
import numpy.typing as npt
import soxr

from lamplighter.desk.ports import Sound

Samples = npt.NDArray[np.float32]
HEARING_RATE = 16000
LOWEST_RATE, HIGHEST_RATE = 8000, 48000


class BadSound(ValueError):
    """The bytes are no 16-bit mono sound that this product takes; the message says what is wrong."""


def samples(sound: Sound) -> Samples:
    """The sound as numbers between -1 and 1. Raises BadSound for an odd byte count or an impossible rate."""
    if not LOWEST_RATE <= sound.rate <= HIGHEST_RATE:
        raise BadSound(f"a rate of {sound.rate} Hz: expected {LOWEST_RATE} to {HIGHEST_RATE}")
    if len(sound.pcm) % 2:
        raise BadSound(f"{len(sound.pcm)} bytes: 16-bit samples come in twos")
    return np.frombuffer(sound.pcm, dtype="<i2").astype(np.float32) / 32768.0


def sound(values: npt.NDArray[np.floating], rate: int) -> Sound:
    """Numbers between -1 and 1 as a Sound; what is louder is clipped."""
    clipped = np.clip(np.round(np.nan_to_num(values) * 32768.0), -32768, 32767)
    return Sound(clipped.astype("<i2").tobytes(), rate)


def resampled(heard: Sound, rate: int) -> Sound:
    """The same sound at another rate."""
    if heard.rate == rate:
        return heard
    return sound(soxr.resample(samples(heard), heard.rate, rate, quality="HQ"), rate)


def at_hearing_rate(heard: Sound) -> Samples:
    """The samples at 16 kHz, which every model here listens at."""
    values = samples(heard)
    if heard.rate == HEARING_RATE or not len(values):
        return values
    return np.asarray(soxr.resample(values, heard.rate, HEARING_RATE, quality="HQ"), dtype=np.float32)


class ToHearingRate:
    """Sound that comes in pieces, at 16 kHz without a seam between them; up to 26 ms late."""

    def __init__(self) -> None:
        self._from = HEARING_RATE
        self._stream: Any = None

    def __call__(self, piece: Sound) -> Samples:
        """The samples of the next piece. Raises BadSound."""
        values = samples(piece)
        if piece.rate != self._from:
            self._from = piece.rate
            self._stream = soxr.ResampleStream(piece.rate, HEARING_RATE, 1, dtype="float32", quality="MQ")
        if piece.rate == HEARING_RATE:
            return values
        return np.asarray(self._stream.resample_chunk(values), dtype=np.float32)


def seconds(heard: Sound) -> float:
    """How long it lasts."""
    return len(heard.pcm) / 2 / heard.rate


def joined(pieces: list[Sound], *, gap: float = 0.0) -> Sound:
    """The pieces one after another, with `gap` seconds of silence between; all at the first one's rate."""
    if not pieces:
        return Sound(b"", HEARING_RATE)
    rate = pieces[0].rate
    pause = b"\0\0" * round(gap * rate)
    return Sound(pause.join(resampled(p, rate).pcm for p in pieces), rate)


def cut(heard: Sound, length: float) -> list[Sound]:
    """The sound in pieces of `length` seconds; the last may be shorter."""
    step = 2 * round(length * heard.rate)
    return [Sound(heard.pcm[i : i + step], heard.rate) for i in range(0, len(heard.pcm), step)]


def trimmed(values: Samples, rate: int, *, keep: float = 0.03, floor: float = 0.004) -> Samples:
    """Without the silence before and after, but for `keep` seconds of it."""
    loud = np.flatnonzero(np.abs(values) > floor)
    if not len(loud):
        return values[:0]
    margin = round(keep * rate)
    return values[max(0, loud[0] - margin) : loud[-1] + margin]
