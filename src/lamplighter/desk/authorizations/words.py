"""What a word of the payer is about: a request that it may not have yet, one that it looks at, or a cancellation."""

from lamplighter.desk.authorizations import kept
from lamplighter.desk.authorizations.model import Authorization, State
from lamplighter.desk.ports.authorizations import Ruled, Verdict


def is_no_cancellation(found: Authorization, said: Ruled, step: str) -> bool:
    """A payer that was told to cancel says anything but that it does or has been told: that decides nothing anew."""
    cancels = found.cancelling is not None and found.cancelling.id == step
    return cancels and said.verdict not in (Verdict.CANCELLED, Verdict.LEFT, Verdict.ACKNOWLEDGED)


def is_still_there(found: Authorization, said: Ruled) -> bool:
    """It is to be cancelled, and is not yet."""
    return found.cancelling is not None and said.verdict is not Verdict.CANCELLED


def is_taken_in(found: Authorization) -> bool:
    """Its payer looks at it already: what is refused after that is no first word on the request."""
    return found.cancelling is None and found.state not in (State.SUBMITTED, State.ACKNOWLEDGED)


def ticket(found: Authorization) -> str:
    """Under which it is asked how it stands: that of its cancellation while one is under way."""
    waits = kept.waits_at_payer(found, found.cancelling.id) if found.cancelling is not None else None
    if waits is not None:
        return kept.ruled_in(waits.value("ruled")).ticket
    return found.answer.ticket if found.answer is not None else ""
