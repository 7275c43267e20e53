"""Which of a language's patterns of intent fire on an utterance: for them and for the small model."""

from functools import lru_cache

from lamplighter.conversation.understanding.lexicon import lexicon

GROUPS = ("errands", "topics", "asides")
HINTS = ("wants", "new_yes", "new_no", "came_up", "cancel_move", "mine", "theirs", "question", "has_plan")
"""Patterns that name nothing by themselves and yet tell something."""

ASKS = "?"


@lru_cache(maxsize=64)
def fired(heard: str, language: str) -> frozenset[str]:
    """The names of what fires in `heard` (folded, without hesitations): "errands/move", "wants", "?"."""
    lex = lexicon(language)
    names_of = {
        f"{group}/{name}"
        for group in GROUPS
        for name, pattern in lex.group(group).items()
        if pattern.search(heard)
    }
    names_of |= {name for name in HINTS if lex.pattern(name).search(heard)}
    return frozenset(names_of | ({ASKS} if "?" in heard else set()))


def names() -> tuple[str, ...]:
    """Every clue there is, in the file's order."""
    lex = lexicon("en")
    return (*(f"{group}/{name}" for group in GROUPS for name in lex.group(group)), *HINTS, ASKS)
