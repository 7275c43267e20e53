"""What is never stored, whoever says or types it: card numbers. Asked of all that is appended to the log."""

from dataclasses import replace

from lamplighter.conversation import events as e
from lamplighter.conversation.card_numbers import without_card_numbers


def of(body: e.Body) -> e.Body:
    """The same without any card number."""
    match body:
        case e.Heard():
            return _heard(body)
        case e.StaffSaid():
            return replace(body, text=without_card_numbers(body.text)[0])
        case e.Overridden():
            return replace(body, reason=without_card_numbers(body.reason)[0])
    return body


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
