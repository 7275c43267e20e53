"""A name that was spelled aloud reaches understanding as letters, however the recogniser wrote them."""

import pytest

from lamplighter.channels.speech.spelled_out import letters_apart
from lamplighter.conversation.understanding import Understanding
from tests.conversation.understanding.scene import context

NAMES = ("first_name", "last_name", "date_of_birth")


@pytest.mark.parametrize(
    ("heard", "surname"),
    [
        ("Mayra Akifer, OKAFOR April 2, 1990.", "Okafor"),
        ("It's Bea Gallager. GALLAGHER, born April 2, 1990.", "Gallagher"),
    ],
)
def test_letters_written_as_a_word_in_capitals_are_how_the_name_is_spelled(heard: str, surname: str) -> None:
    acts = Understanding.load().understand(
        letters_apart(heard, NAMES), context(asked=" ".join(NAMES), channel="voice")
    )
    assert surname in [getattr(act, "value", None) for act in acts]


@pytest.mark.parametrize(
    ("heard", "asked"),
    [
        ("I have a PPO and live in the USA, Maya Okafor", NAMES),
        ("MAYA OKAFOR", NAMES),
        ("I have UnitedHealthcare, the OXFORD one", ("insurance",)),
    ],
)
def test_other_capitals_stay_as_they_are(heard: str, asked: tuple[str, ...]) -> None:
    assert letters_apart(heard, asked) == heard
