"""Whether a visit needs its plan's leave first: by what the practice has written of the insurer, and by what the plan
answered last."""

from lamplighter.conversation.facts import find_insurer
from lamplighter.desk import plan_kept, plan_outcomes
from lamplighter.desk.benefits import Figure, State
from lamplighter.desk.ports import Person, Transaction, Visit
from lamplighter.practice.authorizing import AuthorizationPayer, Need
from lamplighter.practice.model import Practice

UNLISTED = "not_needed"
"""Of an insurer that the file does not name, only a plan's own yes counts."""


def need(written: Need | None, figure: Figure | None) -> Need:
    """`written` None: the insurer is not in the practice's file. What the two contradict each other about, and what
    neither knows, is a biller's to ask."""
    said = figure.value if figure is not None and figure.state is State.KNOWN else None
    if written == "ask":
        return "ask" if said is None else "needed" if said else "not_needed"
    if written is None:
        return "ask" if said is True else "not_needed"
    return "ask" if said is (written == "not_needed") else written


def insurer_of(practice: Practice, person: Person) -> str:
    insurer = find_insurer(practice, person.insurer)
    return insurer.id if insurer is not None else ""


def rules_for(practice: Practice, person: Person) -> AuthorizationPayer | None:
    return practice.authorizations.of(insurer_of(practice, person))


def need_of(tx: Transaction, practice: Practice, person: Person, visit: Visit) -> Need:
    rules = rules_for(practice, person)
    written = rules.need(visit.slot.visit_kind) if rules is not None else None
    return need(written, said_of(tx, practice, person, visit))


def said_of(tx: Transaction, practice: Practice, person: Person, visit: Visit | None) -> Figure | None:
    """The figure of the newest answer that has one."""
    insurer = insurer_of(practice, person)
    for _, reading in plan_kept.newest(tx, person):
        if reading.outcome == "answered":
            found = plan_outcomes.figures(practice, visit, reading, insurer or None).authorization
            if found.state is not State.UNKNOWN:
                return found
    return None
