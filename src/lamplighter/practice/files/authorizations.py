"""authorizations.yaml: which visits an insurer wants to approve first, how it is asked, and how long it may take."""

from typing import Final

from lamplighter.practice.authorizing import (
    EXPEDITED_HOURS,
    STANDARD_HOURS,
    AskedBy,
    AskedFor,
    AuthorizationPayer,
    AuthorizationRules,
    EapCounts,
    EapProgram,
    Need,
)
from lamplighter.practice.files.eligibility import NPI
from lamplighter.practice.files.known import Known
from lamplighter.practice.reading import Section
from lamplighter.practice.values import ID, NAME, PHONE, TEXT, Unreadable, choice, whole_number

NEEDED: Final[Need] = "needed"
NOT_NEEDED: Final[Need] = "not_needed"
ASK: Final[Need] = "ask"
NEEDS: Final = choice(ASK, NEEDED, NOT_NEEDED)
X12: Final[AskedBy] = "x12_278"
PAS: Final[AskedBy] = "fhir_pas"
AVAILITY: Final[AskedBy] = "availity"
PAPER: Final[AskedBy] = "paper"
BY: Final = choice(PAPER, X12, PAS, AVAILITY)
DIAGNOSES: Final[AskedFor] = "diagnoses"
PROCEDURES: Final[AskedFor] = "procedures"
DATES: Final[AskedFor] = "dates"
CLINICIAN_NPI: Final[AskedFor] = "clinician_npi"
ASKS: Final = choice(DIAGNOSES, PROCEDURES, DATES, CLINICIAN_NPI)
MISSED: Final[EapCounts] = "missed"
CANCELLED_LATE: Final[EapCounts] = "cancelled_late"
EAP_COUNTS: Final = choice(MISSED, CANCELLED_LATE)
CLOCK: Final = choice("standard", "expedited", "contract")


def read_authorizations(section: Section, known: Known) -> AuthorizationRules:
    eaps = tuple(_eap(entry, known) for entry in section.sections("eaps"))
    read = section.sections if eaps else section.need_sections
    insurers = tuple(_insurer(entry, known) for entry in read("insurers"))
    named = [each.insurer for each in insurers if each.insurer]
    for twice in sorted({each for each in named if named.count(each) > 1}):
        section.add("insurers", f"{twice} stands here more than once", "Keep one entry of each insurer.")
    for twice in sorted({each.id for each in eaps if [other.id for other in eaps].count(each.id) > 1}):
        section.add("eaps", f"{twice} stands here more than once", "Keep one entry of each program.")
    return AuthorizationRules(
        insurers, tuple(_npi(entry, known) for entry in section.sections("clinicians")), eaps
    )


def _npi(entry: Section, known: Known) -> tuple[str, str]:
    found = entry.need("clinician", known.clinician), entry.need("npi", NPI)
    entry.close()
    return found


def _eap(entry: Section, known: Known) -> EapProgram:
    usual = EapProgram("", "")
    found = EapProgram(
        entry.need("eap", ID),
        entry.need("name", NAME),
        entry.many("counts", EAP_COUNTS, ()),
        entry.many("visits", known.visit_kind, ()),
        entry.maybe("ask_before_days", whole_number(0, 60), usual.ask_days),
    )
    entry.close()
    return found


def _insurer(entry: Section, known: Known) -> AuthorizationPayer:
    usual = AuthorizationPayer("")
    found = AuthorizationPayer(
        insurer=entry.need("insurer", known.insurer),
        by=entry.need("by", BY),
        needs=tuple(_needs(entry, known)),
        otherwise=entry.maybe("other_visits", NEEDS, usual.otherwise),
        hours=_hours(entry),
        asks=entry.many("asks_for", ASKS, usual.asks),
        attachments=entry.many("attachments", NAME, ()),
        portal=entry.optional("portal", TEXT) or "",
        fax=entry.optional("fax", PHONE) or "",
        phone=entry.optional("phone", PHONE) or "",
        follow_up_hours=entry.maybe("follow_up_hours", whole_number(1, 14 * 24), usual.follow_up_hours),
        renew_days=entry.maybe("renew_before_days", whole_number(1, 120), usual.renew_days),
        renew_units=entry.maybe("renew_before_units", whole_number(0, 100), usual.renew_units),
        appeal_days=entry.optional("appeal_within_days", whole_number(1, 730)),
    )
    if entry.peek("by") == PAPER and not (found.portal or found.fax or found.phone):
        entry.add("by", "paper goes nowhere", "Write a portal, a fax or a phone of the insurer.")
    entry.close()
    return found


def _needs(entry: Section, known: Known) -> list[tuple[str, Need]]:
    visits, found = entry.section("visits"), list[tuple[str, Need]]()
    if visits is None:
        return found
    for kind in visits.names():
        need = visits.need(kind, NEEDS)
        try:
            found.append((known.visit_kind.read(kind), need))
        except Unreadable as wrong:
            visits.add(kind, wrong.message, wrong.remedy)
    visits.close()
    return found


def _hours(entry: Section) -> int:
    clock = entry.need("clock", CLOCK)
    days = entry.optional("contract_days", whole_number(1, 60))
    if clock == "contract" and days is None:
        entry.add("clock", "the contract's days are missing", "Add a line `contract_days: 14`.")
    if clock != "contract" and days is not None:
        entry.add("contract_days", f"the clock is {clock}", "Write `clock: contract`, or take the days out.")
    if clock == "contract":
        return (days or 7) * 24
    return EXPEDITED_HOURS if clock == "expedited" else STANDARD_HOURS
