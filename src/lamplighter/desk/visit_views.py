"""A visit as the conversation sees it."""

from dataclasses import replace

from lamplighter.conversation.slots import VisitView
from lamplighter.desk import stopping, together
from lamplighter.desk.ports import Transaction, Visit


def view(visit: Visit) -> VisitView:
    return VisitView(visit.id, visit.slot, visit.status, visit.series, len(visit.participants))


def seen(tx: Transaction, visit: Visit) -> VisitView:
    """As whoever has it is told of it."""
    return replace(
        view(visit), by_person=stopping.by_a_person_first(tx, visit) or together.by_a_person(tx, visit)
    )
