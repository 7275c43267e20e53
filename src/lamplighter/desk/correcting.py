"""What was taken down wrong: put right at once on a record that this very contact made, else by a person.

A name, a birth date or a number of somebody who was on file before is changed by a person only.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from lamplighter.conversation.actions import Correct, Done
from lamplighter.desk import eligibility, notices
from lamplighter.desk.context import Errand
from lamplighter.desk.messages import callback_due
from lamplighter.desk.ports import Person, Task

OF_A_PLAN = ("insurer", "member_id", "subscriber", "self_pay", "first_name", "last_name", "date_of_birth")
_FIELDS = {"insurance": "insurer"}  # where the record names a detail differently


def correct(errand: Errand, request: Correct) -> Done:
    made = errand.state.made
    person = errand.tx.people.get(request.person) if request.person else None
    if person is None or made is None or not made.new or made.person != person.id:
        return _for_staff(errand, request, person)
    fixed = replace(person, **_values(request))
    errand.tx.people.update(fixed)
    if any(getattr(fixed, name) != getattr(person, name) for name in OF_A_PLAN):
        eligibility.plan_anew(errand.tx, errand.practice, fixed.id, errand.now)
    return Done(texted=_confirmed_again(errand, person, fixed), person=fixed.id, new_person=True)


def _values(request: Correct) -> dict[str, Any]:
    values: dict[str, Any] = {_FIELDS.get(name, name): value for name, value in request.details}
    if "date_of_birth" in values:
        values["date_of_birth"] = date.fromisoformat(values["date_of_birth"])
    return values


def _confirmed_again(errand: Errand, before: Person, now: Person) -> bool:
    """A confirmation that went to a wrong number, or to nobody, goes to the right one."""
    if before.phone == now.phone and notices.wants_texts(before) == notices.wants_texts(now):
        return False
    visit = errand.tx.schedule.visit(errand.state.visit.id) if errand.state.visit else None
    if visit is None or visit.status not in ("booked", "confirmed"):
        return False
    return notices.send(errand, now, visit, "sms.confirmation")


def _for_staff(errand: Errand, request: Correct, person: Person | None) -> Done:
    due = callback_due(errand.practice, errand.now)
    task = Task(
        id=errand.name_of(request),
        kind="correction",
        route="desk",
        due=due,
        contact=errand.contact,
        person=person.id if person else errand.state.person,
        details=request.details,
    )
    errand.tx.tasks.add(task)
    return Done(ref=task.id, promised=due)
