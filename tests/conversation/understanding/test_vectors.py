"""An utterance's vector, reckoned from what is kept of its tokens, is the one that the encoder itself reckons."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.conversation.understanding import vectors
from lamplighter.conversation.understanding.encoder import _model, embed, embed_all
from lamplighter.conversation.understanding.vectors import SentenceVectors

SAID = [
    "",
    "yes",
    "i'd like to see someone next tuesday after five, not wednesday",
    "quiero cambiar la cita de mi hija para el jueves",
    "我想预约下星期三",
    "ok ok ok ok ok ok",
    "o k a f o r " * 30,
]


@pytest.mark.parametrize("text", SAID)
def test_a_sentence_has_the_vector_that_the_encoder_gives_it(text: str) -> None:
    assert np.allclose(embed(text), embed_all([text])[0], atol=1e-5)


@settings(max_examples=40)
@given(st.text(max_size=80))
def test_so_has_whatever_else_may_be_typed(text: str) -> None:
    assert np.allclose(embed(text), embed_all([text])[0], atol=1e-5)


def test_forgetting_tokens_when_there_are_too_many_changes_no_vector(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "KEPT", 120)
    few = SentenceVectors(_model()._model)
    for text in SAID * 2:
        tokens = _model()._tokenizer.encode(text[:100], out_type=int, add_bos=True, add_eos=True)
        assert np.allclose(few.vector(tokens), embed_all([text[:100]])[0], atol=1e-5)


def test_a_sentence_has_to_the_last_bit_the_same_vector_whatever_was_said_before() -> None:
    said = [_model()._tokenizer.encode(text[:100], out_type=int, add_bos=True, add_eos=True) for text in SAID]
    others = SentenceVectors(_model()._model)
    for tokens in reversed(said):
        assert np.array_equal(others.vector(tokens), SentenceVectors(_model()._model).vector(tokens))
