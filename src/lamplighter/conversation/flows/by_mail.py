"""An email that is not about a visit that we wrote of: it stays in the practice's mailbox, and the desk is told to read
it. Nobody is asked anything by email, nothing of it is taken down, and nothing is said of anybody."""

from collections.abc import Generator
from typing import Any

from lamplighter.conversation.actions import Done, TakeMessage
from lamplighter.conversation.needs import Close, Commit, HandOver, Need, args


def for_the_desk() -> Generator[Need, Any, None]:
    """Ends the errand."""
    taken = yield Commit(TakeMessage("email", ()))
    if not isinstance(taken, Done) or taken.promised is None:
        yield HandOver("handoff.stuck")
    yield Close("email.passed_on", args(due_day=taken.promised.isoformat()))
