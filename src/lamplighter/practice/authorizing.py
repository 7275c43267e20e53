"""How insurers want to be asked before care that they approve first, as a practice has written it down."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Need = Literal["needed", "not_needed", "ask"]
AskedBy = Literal["x12_278", "fhir_pas", "availity", "paper"]
AskedFor = Literal["diagnoses", "procedures", "dates", "clinician_npi"]
EapCounts = Literal["missed", "cancelled_late"]
EXPEDITED_HOURS, STANDARD_HOURS = 72, 7 * 24
"""CMS-0057-F: within what a payer under it decides."""

APPEAL_DAYS: Final[Mapping[str, int]] = {"commercial": 180, "medicaid": 60, "medicare": 60, "other": 60}
"""Within how many days a denial can be appealed, by the payer's class, where the practice has written nothing else: 29
CFR 2560.503-1(h)(3)(i), for others by 45 CFR 147.136(b); 42 CFR 438.402(c)(2)(ii) for Medicaid managed care. Medicare
Advantage has a few days more since 2025 (42 CFR 422.582(b)); of all others the shortest is taken."""

APPEAL_DECIDED_HOURS: Final = 30 * 24
"""In which an appeal before the care is decided: 29 CFR 2560.503-1(i)(2)(ii), 42 CFR 438.408(b)(2) and 422.590(a)."""


@dataclass(frozen=True, slots=True)
class AuthorizationPayer:
    """One insurer. `needs` by kind of visit, `otherwise` for the rest; `hours` that it has to decide. `attachments` are
    named, and sent by whoever releases the request. `portal` is an address or the name of one. `appeal_days` None: as
    the payer's class has it."""

    insurer: str
    by: AskedBy = "paper"
    needs: tuple[tuple[str, Need], ...] = ()
    otherwise: Need = "ask"
    hours: int = STANDARD_HOURS
    asks: tuple[AskedFor, ...] = ("diagnoses", "procedures", "dates")
    attachments: tuple[str, ...] = ()
    portal: str = ""
    fax: str = ""
    phone: str = ""
    follow_up_hours: int = 48
    renew_days: int = 14
    renew_units: int = 3
    appeal_days: int | None = None

    def need(self, visit_kind: str) -> Need:
        return dict(self.needs).get(visit_kind, self.otherwise)


@dataclass(frozen=True, slots=True)
class EapProgram:
    """An employee assistance program that grants people a number of visits. `counts`: what uses one up beside a visit
    that took place. `visits`: kinds that it grants, all where none stands here. `ask_days` before the last one somebody
    asks how it goes on."""

    id: str
    name: str
    counts: tuple[EapCounts, ...] = ()
    visits: tuple[str, ...] = ()
    ask_days: int = 7


@dataclass(frozen=True, slots=True)
class AuthorizationRules:
    """`npis` of clinicians by their id."""

    insurers: tuple[AuthorizationPayer, ...] = ()
    npis: tuple[tuple[str, str], ...] = ()
    eaps: tuple[EapProgram, ...] = ()

    def eap(self, name: str) -> EapProgram | None:
        return next((each for each in self.eaps if each.id == name), None)

    def of(self, insurer: str | None) -> AuthorizationPayer | None:
        return next((each for each in self.insurers if each.insurer == insurer), None)
