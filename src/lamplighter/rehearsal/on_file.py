"""Puts the person of a scenario, and their appointment, on file before the contact starts."""

from datetime import datetime

from lamplighter.conversation.slots import Slot
from lamplighter.desk import apart, plan_gates
from lamplighter.desk.ports import Person, Proxy, Records, Series, Transaction
from lamplighter.practice.model import Clinician, Modality, Practice, VisitKindId
from lamplighter.rehearsal.sameness import clinician_name
from lamplighter.rehearsal.scenario import Existing

PERSON = "on-file"
SECOND = "second-on-file"
VISIT = "visit-on-file"


class NotOnFile(Exception):
    """What a scenario puts on file doesn't fit its practice."""


def put_on_file(existing: Existing, practice: Practice, records: Records, now: datetime) -> None:
    """Raises NotOnFile where the practice has no such clinician, or the clinician no follow-up."""
    clinician, apart_from = _clinician(existing, practice), _named(existing.apart, practice)
    proxy, plan = existing.proxy, existing.plan
    person = Person(
        id=PERSON,
        first_name=existing.first_name,
        last_name=existing.last_name,
        date_of_birth=existing.date_of_birth,
        phone=existing.phone,
        clinician=clinician.id if clinician else None,
        proxies=(Proxy(f"{proxy.first_name} {proxy.last_name}", proxy.phone),) if proxy else (),
        email=existing.email,
        insurer=plan.insurer if plan else None,
        member_id=plan.member_id if plan else None,
        subscriber=plan.subscriber if plan else None,
        self_pay=plan.self_pay if plan else False,
    )
    with records.transaction(practice.id) as transaction:
        transaction.people.add(person)
        if plan is not None and plan.agreed:
            plan_gates.keep_answer(transaction, PERSON, "plan_check", True, wording="on file", now=now)
        if existing.appointment is not None and clinician is not None:
            _put_visit(existing, clinician, practice, transaction, now)
        if apart_from is not None:
            apart.keep(transaction, person, apart_from.id, by="on file", now=now)


def _put_visit(
    existing: Existing, clinician: Clinician, practice: Practice, transaction: Transaction, now: datetime
) -> None:
    assert existing.appointment is not None
    people: tuple[str, ...] = (PERSON,)
    if existing.second is not None:
        second = existing.second
        transaction.people.add(
            Person(SECOND, second.first_name, second.last_name, second.date_of_birth, second.phone)
        )
        people += (SECOND,)
    slot = _slot(existing.appointment, existing.modality, clinician, practice, len(people))
    if existing.every_weeks:
        series = Series(VISIT, slot, existing.every_weeks, people, practice.timezone_name)
        transaction.schedule.add_series(series)
    elif transaction.schedule.book(VISIT, slot, people, "", now, "booked") is None:
        raise NotOnFile("the appointment on file could not be booked")


def _clinician(existing: Existing, practice: Practice) -> Clinician | None:
    if existing.clinician is None:
        return practice.clinicians[0] if existing.appointment else None
    return _named(existing.clinician, practice)


def _named(said: str | None, practice: Practice) -> Clinician | None:
    if said is None:
        return None
    name = clinician_name(said, practice)
    found = next((c for c in practice.clinicians if c.name == name), None)
    if found is None:
        raise NotOnFile(f"{practice.name} has no clinician of the name given under existing")
    return found


def _slot(start: datetime, modality: str, clinician: Clinician, practice: Practice, people: int) -> Slot:
    kind = practice.visit_kind(follow_up_of(clinician, practice, people))
    where = Modality(modality)
    sites = clinician.sites or tuple(site.id for site in practice.sites)
    site = sites[0] if where is Modality.IN_PERSON and sites else None
    return Slot(start, kind.minutes, clinician.id, where, kind.id, site)


def follow_up_of(clinician: Clinician, practice: Practice, people: int = 1) -> VisitKindId:
    """The kind of a later visit with this clinician, for so many: psychiatric with the psychiatrist."""
    kinds = [practice.visit_kind(kind) for kind in clinician.visit_kinds]
    kinds = [kind for kind in kinds if kind.participants == people] or kinds
    later = [kind.id for kind in kinds if not kind.first] or [
        k.follow_up_kind for k in kinds if k.follow_up_kind
    ]
    if not later:
        raise NotOnFile(f"{clinician.name} has no visit that follows a first one")
    return later[0]
