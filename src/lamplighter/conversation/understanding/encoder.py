"""Sentences as vectors: one shared multilingual encoder a process, loaded when it is first needed.

Whoever needs the vector of an utterance asks here, so that it is reckoned once.
"""

from functools import cache, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from lamplighter.conversation.understanding.vectors import SentenceVectors

Vector = npt.NDArray[np.float32]
LONGEST = 300
"""Characters that count; the meaning of an utterance stands at its beginning."""


def _model() -> Any:
    """Loaded by being imported: one thread loads it, the others wait."""
    from lamplighter.conversation.understanding.encoder_loaded import ENCODER

    return ENCODER


@cache
def _sentences() -> SentenceVectors:
    """From here on sums stay on the thread that asks: for one sentence a pool costs more than it spares, and so does
    setting its size anew each time, as `encode` does."""
    weights = _model()._model
    if weights._threadpool is not None:
        weights._threadpool(limits=1, user_api="blas")
    return SentenceVectors(weights)


@lru_cache(maxsize=64)
def embed(text: str) -> Vector:
    """The vector of a text, 512 numbers of length 1."""
    tokens = _model()._tokenizer.encode(text[:LONGEST], out_type=int, add_bos=True, add_eos=True)
    return _sentences().vector(tokens)


def embed_all(texts: list[str]) -> Vector:
    """The vectors of many texts, a row each."""
    return np.asarray(_model().encode([text[:LONGEST] for text in texts]), dtype=np.float32)
