"""How insurers want to be asked before care that they approve first, as a practice has written it down."""

from dataclasses import dataclass
from typing import Literal

Need = Literal["needed", "not_needed", "ask"]
AskedBy = Literal["x12_278", "fhir_pas", "availity", "paper"]
AskedFor = Literal["diagnoses", "procedures", "dates", "clinician_npi"]
EapCounts = Literal["missed", "cancelled_late"]
EXPEDITED_HOURS, STANDARD_HOURS = 72, 7 * 24
"""CMS-0057-F: within what a payer under it decides."""


@dataclass(frozen=True, slots=True)
class AuthorizationPayer:
    """One insurer. `needs` by kind of visit, `otherwise` for the rest; `hours` that it has to decide. `attachments` are
    named, and sent by whoever releases the request. `portal` is an address or the name of one."""

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
    appeal_days: int = 180

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
