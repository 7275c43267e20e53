"""What an answer to a question looks like in writing: shown to the recogniser before it listens, so that it writes a
telephone number as one, with all its digits, and knows an insurer when it hears one.

Nobody has said an example: a text that repeats one is no hearing (`echoes`).
"""

from collections.abc import Iterable
from typing import Final

from lamplighter.channels.speech.spoken_words import spoken_words

LONGEST_LIST: Final = 3  # an insurer said twice over is an answer; the whole list is not


def example(asked: Iterable[str], language: str) -> str:
    """A written answer to what was asked, in that order; "" where none helps."""
    known = spoken_words(language).get("examples", {})
    shown = [known[detail] for detail in asked if detail in known]
    return f"{'. '.join(shown)}." if shown else ""


def echoes(text: str, shown: str) -> bool:
    """Whether the text holds what stands in the example rather than what was said."""
    heard = _plain(text)
    for answer in filter(None, shown.rstrip(".").split(". ")):
        items = [answer] if any(c.isdigit() for c in answer) else answer.split(", ")
        repeated = sum(_plain(item) in heard for item in items)
        if repeated > min(LONGEST_LIST, len(items) - 1):
            return True
    return False


def _plain(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
