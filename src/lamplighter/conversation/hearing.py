"""What was said, where the recogniser was in doubt: its first text that answers what was asked."""

from collections.abc import Callable, Iterable

from lamplighter.conversation import acts as a
from lamplighter.conversation.details import Detail, Key

_ANY_WORD = frozenset({Detail.FIRST_NAME, Detail.LAST_NAME, Detail.CALLER_NAME, Detail.PREFERRED_NAME,
                       Detail.ORGANISATION, Detail.MESSAGE})  # fmt: skip
"""Details that any words are an answer to, so that a likelier text is never left for them."""

Acts = tuple[a.Act, ...]


def best_hearing(
    text: str, others: Iterable[str], asked: tuple[Key, ...], understand: Callable[[str], Acts]
) -> Acts:
    """The acts of `text`, or of the first of `others` (likeliest first) that answers where `text` means nothing."""
    acts = understand(text)
    if any(_means_something(act) for act in acts) or any(key.detail in _ANY_WORD for key in asked):
        return acts
    readings = (understand(other) for other in others)
    return next((reading for reading in readings if _answers(reading, asked)), acts)


def _means_something(act: a.Act) -> bool:
    return not (isinstance(act, a.Unmatched) or act == a.Interject(a.Aside.NOISE))


def _answers(acts: Acts, asked: tuple[Key, ...]) -> bool:
    return any(_is_answer(act, asked) for act in acts)


def _is_answer(act: a.Act, asked: tuple[Key, ...]) -> bool:
    details = {key.detail for key in asked}
    match act:
        case a.Give():
            return act.key in asked
        case a.Decline(detail, subject):
            return Key(subject, detail) in asked
        case a.Affirm() | a.Deny():
            return bool(details)
        case a.Choose() | a.NoneOfThose():
            return Detail.CHOICE in details
        case a.Intend():
            return act.sure and Detail.ERRAND in details
        case _:
            return False
