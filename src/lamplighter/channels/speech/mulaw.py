"""G.711 mu-law: how a telephone carries a voice, a byte a sample."""

import numpy as np
import numpy.typing as npt

BIAS, CLIP = 0x84, 32635


def mulaw_encode(pcm: bytes) -> bytes:
    """G.711 mu-law, a byte a sample, of 16-bit little-endian samples."""
    values = np.frombuffer(pcm, dtype="<i2").astype(np.int32)
    sign = np.where(values < 0, 0x80, 0)
    level = np.minimum(np.abs(values), CLIP) + BIAS
    exponent = np.floor(np.log2(level)).astype(np.int32) - 7
    mantissa = (level >> (exponent + 3)) & 0x0F
    code: npt.NDArray[np.uint8] = (~(sign | (exponent << 4) | mantissa)).astype(np.uint8)
    return code.tobytes()


def mulaw_decode(code: bytes) -> bytes:
    """16-bit little-endian samples of G.711 mu-law bytes."""
    values = ~np.frombuffer(code, dtype=np.uint8)
    exponent, mantissa = (values >> 4) & 0x07, (values & 0x0F).astype(np.int32)
    level = ((mantissa << 3) + BIAS << exponent) - BIAS
    return np.where(values & 0x80, -level, level).astype("<i2").tobytes()
