"""What a telephone does to a voice: 8 kHz, a narrow band, mu-law, and a room with noise in it.

Used by `rehearse --spoken`. The same sound, noise and seed give the same bytes.
"""

import numpy as np
import numpy.typing as npt
import soxr

from lamplighter.channels.speech.mulaw import mulaw_decode, mulaw_encode
from lamplighter.channels.speech.sound import Samples, samples, sound
from lamplighter.desk.ports import Sound

TELEPHONE_RATE = 8000
BAND = (200.0, 3800.0)


def telephone(heard: Sound, *, snr_db: float = 15.0, seed: int = 0) -> Sound:
    """The sound as a telephone delivers it, with pink and white noise `snr_db` below the voice."""
    values = samples(heard)
    if heard.rate != TELEPHONE_RATE and len(values):
        values = soxr.resample(values, heard.rate, TELEPHONE_RATE, quality="HQ")
    if not len(values):
        return Sound(b"", TELEPHONE_RATE)
    noisy = _band(values) + _noise(values, snr_db, seed)
    peak = float(np.max(np.abs(noisy)))
    level = 0.9 / peak if peak > 0.9 else 1.0
    through = mulaw_decode(mulaw_encode(sound(noisy * level, TELEPHONE_RATE).pcm))
    return Sound(through, TELEPHONE_RATE)


def _band(values: Samples) -> npt.NDArray[np.floating]:
    spectrum = np.fft.rfft(values)
    pitch = np.fft.rfftfreq(len(values), 1 / TELEPHONE_RATE)
    spectrum[(pitch < BAND[0]) | (pitch > BAND[1])] = 0
    return np.fft.irfft(spectrum, len(values))


def _noise(values: Samples, snr_db: float, seed: int) -> npt.NDArray[np.floating]:
    """Half pink, half white, against the level of the voice where it speaks."""
    draw = np.random.default_rng(seed)
    white = draw.standard_normal(len(values))
    spectrum = np.fft.rfft(draw.standard_normal(len(values)))
    pink = np.fft.irfft(spectrum / np.sqrt(np.arange(len(spectrum)) + 1.0), len(values))
    mixed = white / (np.std(white) or 1.0) + pink / (np.std(pink) or 1.0)
    return mixed * (_speech_level(values) / (np.std(mixed) or 1.0)) / 10 ** (snr_db / 20)


def _speech_level(values: Samples) -> float:
    """The level of the voice, pauses left out: of the tenths of a second within 20 dB of the loudest."""
    frame = TELEPHONE_RATE // 10
    whole = values[: max(1, len(values) // frame) * frame]
    power = np.mean(whole.reshape(-1, min(frame, len(whole))) ** 2, axis=1)
    return float(np.sqrt(np.mean(power[power >= power.max() / 100])))
