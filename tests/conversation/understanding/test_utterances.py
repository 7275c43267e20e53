"""Hundreds of utterances as people say them, each with the acts that it should become."""

import pytest

from lamplighter.conversation.understanding import Understanding
from lamplighter.conversation.understanding.context import Context
from tests.conversation.understanding.scene import cases
from tests.conversation.understanding.shorthand import differences

UNDERSTANDING = Understanding.load()
CASES = list(cases())


@pytest.mark.parametrize(
    ("said", "context", "expected"),
    [pytest.param(said, heard, wanted, id=f"{file}: {said[:50]}") for file, said, heard, wanted in CASES],
)
def test_an_utterance_becomes_the_acts_it_means(said: str, context: Context, expected: str) -> None:
    assert differences(UNDERSTANDING.understand(said, context), expected) == []
