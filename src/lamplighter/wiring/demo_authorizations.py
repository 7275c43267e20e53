"""The demo's invented authorizations: one granted, one whose plan is nearly out of time, one for a clinician to
confirm, and a drug that is late. The codes are invented like the people."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from lamplighter.desk.authorizations import kept
from lamplighter.desk.authorizations.acts import Acts
from lamplighter.desk.authorizations.model import Authorization, Codes
from lamplighter.desk.authorizations.work import Authorizations
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import AGENT, Person, Records, Transaction, Visit
from lamplighter.desk.ports.authorizations import ApprovedService, Ruled, Verdict
from lamplighter.desk.ports.coverage import AskedService
from lamplighter.practice.calendar import local_date
from lamplighter.practice.model import Practice
from lamplighter.wiring.demo_week import TO_TRY, WHO

SEEDED: Final = "demo-authorizations"
GRANTED, TO_CONFIRM, A_DRUG = (each.phone for each in TO_TRY)
OTHERS: Final = tuple(f"+121255501{number}" for number in range(30, 54))


def seed(records: Records, practice: Practice, duty: Authorizations, now: datetime) -> None:
    """Once, into the invented week. Safe to call at every start."""
    with records.transaction(practice.id) as tx:
        if not tx.log.claim(SEEDED):
            return
        acts = Acts(duty, practice)
        for whose, ago, ruled in (
            (_visit(tx, GRANTED), timedelta(days=20), _yes(local_date(practice, now))),
            (_of_others(tx), timedelta(days=6, hours=10), Ruled(Verdict.PENDED)),
        ):
            _sent(tx, practice, duty, whose, ruled, now - ago, now)
        if (found := _visit(tx, TO_CONFIRM)) is not None:
            duty.draft(tx, *found, now, by=WHO)
        if (found := _visit(tx, A_DRUG)) is not None:
            person, visit = found
            then, clinician = now - timedelta(days=9), visit.slot.clinician
            acts.track(
                tx, person, "drug", person.insurer or "", WHO, then, portal_key="DEMO-42", clinician=clinician
            )


def _visit(tx: Transaction, phone: str) -> tuple[Person, Visit] | None:
    person = tx.people.get(stable_id("demo", phone))
    visit = tx.schedule.visit(stable_id("demo-visit", phone))
    return (person, visit) if person is not None and visit is not None else None


def _of_others(tx: Transaction) -> tuple[Person, Visit] | None:
    """The first whose plan is asked through the clearinghouse."""
    found = filter(None, (_visit(tx, phone) for phone in OTHERS))
    return next((each for each in found if each[0].insurer == "aetna"), None)


def _sent(
    tx: Transaction,
    practice: Practice,
    duty: Authorizations,
    whose: tuple[Person, Visit] | None,
    ruled: Ruled,
    then: datetime,
    now: datetime,
) -> None:
    if whose is None:
        return
    found = duty.draft(tx, *whose, then, by=WHO)
    told = {"codes": kept.codes_out(_codes(local_date(practice, now)))}
    found = kept.add(tx, found, "codes", WHO, then, **told)
    found = kept.add(tx, found, "released", WHO, then, trace=stable_id(SEEDED, found.id), number="")
    found = _stepped(tx, found, ruled, then)
    for ago in (3, 2, 1) if ruled.verdict is Verdict.PENDED else ():
        found = kept.add(tx, found, "asked_again", AGENT, now - timedelta(hours=ago))
    duty.settle(tx, found, now)


def _stepped(tx: Transaction, found: Authorization, ruled: Ruled, then: datetime) -> Authorization:
    released = found.steps[-1].id
    found = kept.add(tx, found, "sent", AGENT, then, of=released)
    return kept.add(tx, found, "answer", AGENT, then, ruled=kept.ruled_out(ruled), of=released)


def _codes(today: date) -> Codes:
    service = AskedService("90834", units=Decimal(12))
    return Codes(("Z63.0",), (service,), today - timedelta(days=20), today + timedelta(days=70))


def _yes(today: date) -> Ruled:
    first, last = today - timedelta(days=20), today + timedelta(days=70)
    services = (ApprovedService("90834", Decimal(12)),)
    return Ruled(Verdict.APPROVED, "SIM-1001", "", first, last, services)
