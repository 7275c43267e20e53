"""Word left for a person: a task with a time by which somebody calls back."""

from datetime import datetime

from lamplighter.conversation.actions import Done, TakeMessage
from lamplighter.desk.context import Errand
from lamplighter.desk.ports import Task
from lamplighter.practice.calendar import business_day_after, next_open, open_spans
from lamplighter.practice.model import Practice


def take(errand: Errand, request: TakeMessage) -> Done:
    """Stores the message. Running late is for now; everything else within the promised business days."""
    if (
        request.about == "email"
        and errand.state.address is not None
        and (waiting := _waiting(errand)) is not None
    ):
        return Done(ref=waiting.id, promised=waiting.due)
    now_due = request.about == "running_late"
    due = next_open(errand.practice, errand.now) if now_due else callback_due(errand.practice, errand.now)
    details = dict(request.details)
    if errand.state.address is not None:
        details.setdefault("email" if "@" in errand.state.address else "phone", errand.state.address)
    task = Task(
        id=errand.name_of(request),
        kind="message" if now_due or request.about == "email" else "callback",
        route="clinician" if now_due else "desk",
        due=due,
        contact=errand.contact,
        person=errand.state.person,
        details=tuple(sorted({**details, "about": request.about}.items())),
    )
    errand.tx.tasks.add(task)
    return Done(ref=task.id, promised=due)


def _waiting(errand: Errand) -> Task | None:
    """What waits already of the emails of this address: whoever opens the mailbox reads all of them."""
    same = {("about", "email"), ("email", errand.state.address)}
    return next((task for task in errand.tx.tasks.list_open() if same <= set(task.details)), None)


def callback_due(practice: Practice, now: datetime) -> datetime:
    """The end of the promised business day."""
    day = business_day_after(practice, now, practice.promises.callback_business_days)
    return open_spans(practice, day)[-1].end
