"""Time in what people say: when they can come, when they were born, which of the times offered, when to call."""

from lamplighter.conversation.understanding.when.availability import find_wish, standing_spans
from lamplighter.conversation.understanding.when.births import (
    PartialBirthDate,
    find_birth_date,
    find_partial_birth_date,
)
from lamplighter.conversation.understanding.when.callbacks import find_callback_time
from lamplighter.conversation.understanding.when.choices import Answer, Choice, find_choice, hear_choice
from lamplighter.conversation.understanding.when.lexicon import prepare

__all__ = [
    "Answer",
    "Choice",
    "PartialBirthDate",
    "find_birth_date",
    "find_callback_time",
    "find_choice",
    "find_partial_birth_date",
    "find_wish",
    "hear_choice",
    "prepare",
    "standing_spans",
]
