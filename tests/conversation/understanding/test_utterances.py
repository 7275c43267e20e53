"""Hundreds of utterances as people say them, each with the acts that it should become."""

import pytest

from lamplighter.conversation.understanding import Understanding
from lamplighter.conversation.understanding.context import Context
from tests.conversation.understanding.scene import cases
from tests.conversation.understanding.shorthand import differences

UNDERSTANDING = Understanding.load()
CASES = list(cases())


def differing(said: str, heard: Context, wanted: str) -> list[str]:
    try:
        return differences(UNDERSTANDING.understand(said, heard), wanted)
    except Exception as fault:  # told beside the utterance; the others are tried all the same
        return [repr(fault)]


@pytest.mark.parametrize("page", sorted({page for page, *_ in CASES}))
def test_an_utterance_becomes_the_acts_it_means(page: str) -> None:
    cases_here = [(said, heard, wanted) for file, said, heard, wanted in CASES if file == page]
    wrong = [(said, told) for said, heard, wanted in cases_here if (told := differing(said, heard, wanted))]
    assert wrong == []
