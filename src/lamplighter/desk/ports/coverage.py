"""What a payer says about somebody's plan, in the words that every clearinghouse's answer is put into.

Codes stay as the payer wrote them; what they mean is asked of `desk/benefits.py`. What a payer did not say is None or
"", never zero.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from lamplighter.practice.model import Money


class Network(StrEnum):
    """For which providers a benefit holds (EB12). A payer that says nothing said nothing: that is UNKNOWN."""

    IN = "in"
    OUT = "out"
    BOTH = "both"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OtherParty:
    """Somebody whom a benefit names: an administrator of a carve-out, another payer, a provider."""

    entity: str  # PR, X3, Y2, VN, 2B, P3...
    name: str
    id_qualifier: str = ""
    id: str = ""
    contacts: tuple[tuple[str, str], ...] = ()  # (TE, number)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How much of a service in how long a time (HSD): 30 visits in a calendar year. With a `unit` it is a rate."""

    quantity_qualifier: str
    quantity: Decimal | None
    period: str
    periods: Decimal | None = None
    unit: str = ""  # HSD03: DA a day, WK a week


class BenefitRow(NamedTuple):
    """One benefit as the payer gave it (EB and what follows it in a 271).

    A named tuple: an answer has hundreds, and a frozen data class of this size takes ten times as long to make.
    """

    number: int  # its place in the answer, from 1: what a figure names as its source
    kind: str  # EB01: 1-5 active, 6-8 inactive, A coinsurance, B copay, C deductible...
    level: str = ""  # EB02: IND, FAM...
    services: tuple[str, ...] = ()  # EB03: 30, MH, A6...
    insurance_type: str = ""
    plan: str = ""
    period: str = ""  # EB06: 23 a calendar year, 27 a visit, 29 what remains
    amount: Money | None = None
    share: Decimal | None = None  # EB08: what the patient pays, as a fraction of one
    quantity_qualifier: str = ""
    quantity: Decimal | None = None
    authorization: bool | None = None  # EB11
    network: Network = Network.UNKNOWN
    procedure: tuple[str, ...] = ()  # EB13: (HC, 90837)
    places: tuple[str, ...] = ()  # III: 11 office, 02 and 10 telehealth
    messages: tuple[str, ...] = ()
    dates: tuple[tuple[str, date | None, date | None], ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    others: tuple[OtherParty, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a payer or clearinghouse gave no answer (AAA). `about`: payer, provider, subscriber or dependent."""

    about: str
    reason: str  # AAA03: 42, 75...
    follow_up: str = ""  # AAA04: C, N, R...


@dataclass(frozen=True, slots=True)
class Payer:
    """An insurer as a clearinghouse knows it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Provider:
    """Who asks: a practice, or a clinician in their own name. `npi` is the ten digits of the national register."""

    npi: str
    last_name: str  # or the practice's
    first_name: str = ""  # of a clinician

    @property
    def is_person(self) -> bool:
        return bool(self.first_name)


@dataclass(frozen=True, slots=True, repr=False)
class Insured:
    """Somebody as their insurer knows them: the legal name."""

    first_name: str
    last_name: str
    date_of_birth: date | None = None
    member_id: str = ""
    gender: str = ""  # M, F or U as the insurer has it; "" is not told


@dataclass(frozen=True, slots=True)
class EligibilityQuestion:
    """What is asked of a payer before a visit (270). `day` None asks about today."""

    payer: Payer
    provider: Provider
    subscriber: Insured
    dependent: Insured | None = None
    services: tuple[str, ...] = (
        "30",
    )  # service types; one a question unless the payer is known to take more
    day: date | None = None
    trace: str = ""  # ours, given back with the answer


@dataclass(frozen=True, slots=True)
class ClaimQuestion:
    """What is asked about a claim (276)."""

    payer: Payer
    provider: Provider
    submitter: str  # the electronic id under which we send
    subscriber: Insured
    first_day: date
    last_day: date
    dependent: Insured | None = None
    charge: Money | None = None
    account: str = ""  # the claim's number with us
    payer_number: str = ""  # and with the payer
    trace: str = ""


@dataclass(frozen=True, slots=True)
class AskedService:
    """A service that a clinician has asked authorization for. The codes are theirs; no program chose them."""

    procedure: str
    modifiers: tuple[str, ...] = ()
    units: Decimal = Decimal(1)
    unit: str = "UN"


class AuthorizationStep(StrEnum):
    """What a 278 of ours does."""

    REQUEST = "request"
    INQUIRE = "inquire"
    NOTIFY = "notify"
    CANCEL = "cancel"
    RENEW = "renew"


@dataclass(frozen=True, slots=True)
class AuthorizationQuestion:
    """What is asked of a payer for care that it wants to approve first (278)."""

    step: AuthorizationStep
    payer: Payer
    provider: Provider
    subscriber: Insured
    dependent: Insured | None = None
    category: str = "HS"  # HS services, AR admission, SC specialty care
    service_type: str = ""
    place: str = "11"
    first_day: date | None = None
    last_day: date | None = None
    diagnoses: tuple[str, ...] = ()  # ICD-10-CM with or without its point; the first is the principal one
    services: tuple[AskedService, ...] = ()
    number: str = ""  # the payer's, of an authorization that is there already
    trace: str = ""
    telephone: str = ""  # ten digits, for the payer to call back
    reference: str = ""  # the payer's own, of a request that it has not decided
    expedited: bool = False  # a clinician says that waiting could harm them: the payer has 72 hours

    @property
    def asks_for_speed(self) -> bool:
        return self.expedited and self.step in (AuthorizationStep.REQUEST, AuthorizationStep.RENEW)
