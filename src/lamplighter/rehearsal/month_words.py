"""What the month's people write, in their own language: letters and words."""

from collections.abc import Collection, Sequence

from lamplighter.rehearsal.caller_words import caller_words
from lamplighter.rehearsal.month_plan import Habit, OfferAnswer


def says(habit: Habit, language: str) -> Sequence[str]:
    """Ways of writing what somebody of this habit writes."""
    said: Sequence[str] = caller_words(language)["month_says"][habit]
    return said


def to_an_offer(answer: OfferAnswer, language: str) -> Sequence[str]:
    said: Sequence[str] = caller_words(language)["to_an_offer"][answer]
    return said


def answer(asks: Collection[str], phrases: Collection[str], language: str, *, fussy: bool) -> str | None:
    """What they say to what our last words ask; None: nothing is asked of them."""
    name = _answer(asks, phrases, fussy)
    return None if name is None else str(caller_words(language)["month_answers"][name])


def _answer(asks: Collection[str], phrases: Collection[str], fussy: bool) -> str | None:
    if "sms.stopped.cancel" in phrases:
        return "the_visit"
    if "choice" in asks:
        return "none_of_them" if fussy else "the_first"
    if "availability" in asks:
        return "any_time"
    if not {"confirm", "confirm_detail", "reminder_consent", "leave_message"}.isdisjoint(asks):
        return "yes_to"
    return "thanks" if not {"anything_else", "person"}.isdisjoint(asks) else None
