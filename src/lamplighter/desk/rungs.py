"""Who would be rung for a contact at this moment, and the ring that reaches them."""

from collections.abc import Collection
from datetime import datetime, timedelta

from lamplighter.conversation.state import State
from lamplighter.desk import planning, rota_changes
from lamplighter.desk.ports import Ring, Transaction
from lamplighter.practice.model import ClinicianId, Practice, Rung
from lamplighter.practice.rota import rungs_now, with_interpreter


def rungs_for(tx: Transaction, practice: Practice, state: State, now: datetime) -> tuple[Rung, ...]:
    """In order; the contact has a hand-over."""
    handoff = state.handoff
    assert handoff is not None
    rungs = rungs_now(
        practice,
        handoff.route,
        now,
        treating=_treating(tx, state),
        medicines="medicine" in handoff.about,
        licensed_first="licensed" in handoff.about,
        in_session=_in_session(tx, practice, now),
        lines=state.channel == "voice" and state.ended is None and not handoff.refused,
        changes=rota_changes.standing(tx),
        first=planning.first_for(tx, state.person),
    )
    return with_interpreter(practice, rungs) if handoff.language else rungs


def ring_of(practice: str, state: State, rung: Rung, step: int) -> Ring:
    handoff = state.handoff
    assert handoff is not None
    return Ring(
        practice,
        state.contact,
        str(handoff.seq),
        rung.id,
        rung.name,
        rung.phone,
        handoff.route,
        step,
        licensed=rung.licensed,
        kind=rung.kind,
        locale=handoff.language or state.locale,
    )


def _treating(tx: Transaction, state: State) -> ClinicianId | None:
    """The clinician of whoever has been identified in the contact."""
    person = tx.people.get(state.person) if state.person is not None else None
    return person.clinician if person else None


def _in_session(tx: Transaction, practice: Practice, now: datetime) -> Collection[ClinicianId]:
    everybody = [clinician.id for clinician in practice.clinicians]
    busy = tx.schedule.busy(everybody, now, now + timedelta(minutes=1), now)
    return {each.clinician for each in busy if each.kind in ("visit", "series")}
