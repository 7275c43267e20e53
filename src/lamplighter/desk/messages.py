"""Word left for a person: a task with a time by which somebody calls back."""

from datetime import datetime

from lamplighter.conversation.actions import Done, TakeMessage
from lamplighter.desk.context import Errand
from lamplighter.desk.ports import Task
from lamplighter.practice.calendar import business_day_after, next_open, open_spans
from lamplighter.practice.model import Practice


def take(errand: Errand, request: TakeMessage) -> Done:
    """Stores the message. Running late is for now; everything else within the promised business days."""
    now_due = request.about == "running_late"
    due = next_open(errand.practice, errand.now) if now_due else callback_due(errand.practice, errand.now)
    details = dict(request.details)
    if errand.state.address is not None:
        details.setdefault("phone", errand.state.address)
    task = Task(
        id=errand.name_of(request),
        kind="message" if now_due else "callback",
        route="clinician" if now_due else "desk",
        due=due,
        contact=errand.contact,
        person=errand.state.person,
        details=tuple(sorted({**details, "about": request.about}.items())),
    )
    errand.tx.tasks.add(task)
    return Done(ref=task.id, promised=due)


def callback_due(practice: Practice, now: datetime) -> datetime:
    """The end of the promised business day."""
    day = business_day_after(practice, now, practice.promises.callback_business_days)
    return open_spans(practice, day)[-1].end
