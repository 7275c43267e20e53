"""The states that contacts, visits, tasks and messages go through, and the order they go in."""

from collections.abc import Sequence
from typing import Literal, get_args

from lamplighter.conversation.events import Body, Ended, Heard
from lamplighter.desk.ports import MessageStatus, Task

VisitStatus = Literal["booked", "held_for_office", "confirmed", "cancelled", "missed", "done"]
_VISIT_STATUSES: dict[str, VisitStatus] = {status: status for status in get_args(VisitStatus)}

_ROUTES = ("person_now", "clinician", "desk", "biller")
_FORWARD: dict[MessageStatus, int] = {
    "queued": 0, "sending": 1, "unknown": 2, "sent": 3, "delivered": 4, "failed": 4, "cancelled": 4,
}  # fmt: skip

WAITING: tuple[MessageStatus, ...] = ("queued", "sending")
GONE_OUT: tuple[MessageStatus, ...] = ("sending", "unknown", "sent", "delivered")
"""A message that a carrier may have delivered."""


def visit_status(status: str) -> VisitStatus:
    """The status under its type. Raises ValueError for a word that is none."""
    try:
        return _VISIT_STATUSES[status]
    except KeyError:
        raise ValueError(f"{status!r} is no status of a visit") from None


def task_order(task: Task) -> tuple[int, object, str]:
    """Tasks sort by route, whoever must act now first, then by due time."""
    return _ROUTES.index(task.route), task.due, task.id


def moves_forward(before: MessageStatus, after: MessageStatus) -> bool:
    """Whether a message may go from one status to the other. Only what still waits can be cancelled."""
    if after == "cancelled":
        return before == "queued"
    return _FORWARD[after] > _FORWARD[before]


def over(bodies: Sequence[Body], channel: str) -> bool | None:
    """Whether a contact on this channel has ended after these; None when they leave it as it was.

    Who writes again is there again, as the conversation folds it; a call that was hung up is not taken up.
    """
    ended = None
    for body in bodies:
        if isinstance(body, Ended):
            ended = True
        elif isinstance(body, Heard) and body.final and channel != "voice":
            ended = False
    return ended
