"""Nobody's rambling makes the desk think for ever: twice the words cost a few times as much, never thousands."""

import re
import time

import pytest

from lamplighter.conversation.understanding.lexicon import Lexicon, lexicon

RAMBLES = {
    "en": ["my name is anna ", "i have this next one and my mom says ", "can you please ", "not monday and ",
           "with the doctor ", "i want to go to the one i had that my son has "],
    "es": ["me llamo ana ", "quiero ir a la que tengo con la doctora ", "no el lunes y ", "mi cita es la que es ",
           "uno dos ", "la misma hora que mi hija tiene "],
}  # fmt: skip
LENGTHS = (200, 400)
ROOM = 25
"""A doubling may cost so many times more; a pattern that tries every way of splitting the words costs thousands."""


def patterns(words: Lexicon) -> list[tuple[str, re.Pattern[str]]]:
    grouped = [
        (f"{group}.{name}", found) for group, kept in words._groups.items() for name, found in kept.items()
    ]
    return [*words._patterns.items(), *grouped]


def cost(pattern: re.Pattern[str], text: str) -> float:
    began = time.process_time()
    pattern.search(text)
    return max(time.process_time() - began, 0.0005)


@pytest.mark.parametrize("language", sorted(RAMBLES))
def test_no_pattern_takes_for_ever_over_a_long_ramble(language: str) -> None:
    slow = [
        name
        for name, pattern in patterns(lexicon(language))
        for ramble in RAMBLES[language]
        for short, long in [[(ramble * 200)[:length] for length in LENGTHS]]
        if cost(pattern, long) > ROOM * cost(pattern, short)
    ]
    assert slow == []
