"""What is never stored, whoever says or types it: card numbers. Asked of all that is appended to the log."""

from collections.abc import Sequence
from dataclasses import replace

from lamplighter.conversation import events as e
from lamplighter.conversation.card_numbers import GONE, ends_one, without_card_numbers


def of(body: e.Body) -> e.Body:
    """The same without any card number."""
    match body:
        case e.Heard():
            return _heard(body)
        case e.StaffSaid():
            return replace(body, text=without_card_numbers(body.text)[0])
        case e.Overridden():
            return replace(body, reason=without_card_numbers(body.reason)[0])
        case e.Marked():
            return replace(body, note=without_card_numbers(body.note)[0])
    return body


def over_several(body: e.Body, lately: Sequence[str]) -> tuple[e.Body, bool]:
    """What ends a card number that was begun in the words right before it is taken out whole; True where it does, and
    those words are to be destroyed too."""
    if not isinstance(body, e.Heard) or not body.final:
        return body, False
    texts = (body.text, *(each.text for each in body.alternatives))
    if body.card or not any(ends_one(lately, text) for text in texts):
        return body, False
    return replace(body, text=GONE, alternatives=(), card=True), True


def _heard(heard: e.Heard) -> e.Heard:
    """In the words, in what else they may have been, and on the keypad."""
    half = not heard.final
    text, found = without_card_numbers(heard.text, half_heard=half)
    keys, keyed = without_card_numbers(heard.keys, half_heard=half)
    others = [(each, without_card_numbers(each.text, half_heard=half)) for each in heard.alternatives]
    if not found and not keyed and not any(was for _, (_, was) in others) and not half:
        return heard
    return replace(
        heard,
        text=text,
        keys="" if keyed else keys,
        alternatives=tuple(replace(each, text=kept) for each, (kept, _) in others),
        card=found or keyed or any(was for _, (_, was) in others),
    )
