"""What the conversation asks of the outside about somebody's plan while they are there, and what may be told of its
answer. Values, as in `actions.py`."""

from dataclasses import dataclass
from typing import Literal

Says = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class FindPlan:
    """What an identified person's plan says: as it was answered a few hours ago, or asked now. `after` is what was put
    right since it was asked before in this contact."""

    person: str
    after: str = ""
    kind: Literal["find_plan"] = "find_plan"


@dataclass(frozen=True, slots=True)
class Asking:
    """It is being asked; a `Did` follows, at the latest when the deadline has passed."""

    kind: Literal["asking"] = "asking"


@dataclass(frozen=True, slots=True)
class PlanTold:
    """What may be told. `late`: no answer within the deadline. `cannot`: `why` is a reason of `desk/plan_gates.py`, or
    not_found, carve_out or biller. Amounts are canonical, `as_of` the day of the answer (ISO 8601); "" is what the plan
    did not tell, which is never zero. `share` is a percentage. `no_cost_sharing`: the plan
    says that they are a QMB, of whom nobody may ask a share."""

    state: Literal["told", "late", "cannot"] = "cannot"
    why: str = "biller"
    as_of: str = ""
    active: Says = "unknown"
    paid_for: Literal["no", "unknown"] = "unknown"
    in_network: Says = "unknown"
    copay: str = ""
    share: str = ""
    deductible: str = ""
    deductible_left: str = ""
    visits: str = ""
    visits_left: str = ""
    authorization: Says = "unknown"
    other_payer: bool = False
    no_cost_sharing: bool = False
    kind: Literal["plan_told"] = "plan_told"


@dataclass(frozen=True, slots=True)
class FindEap:
    """What is left of what an employee assistance program granted an identified person."""

    person: str
    kind: Literal["find_eap"] = "find_eap"


@dataclass(frozen=True, slots=True)
class EapTold:
    """`none`: nothing of the kind is on file. `unknown`: nobody has said how many were granted. `told`: how many are
    left and were granted, whole numbers, and the last day (ISO 8601), "" where nobody has said."""

    state: Literal["none", "unknown", "told"] = "none"
    left: str = ""
    granted: str = ""
    last_day: str = ""
    kind: Literal["eap_told"] = "eap_told"


@dataclass(frozen=True, slots=True)
class AgreeToPlan:
    """What an identified person said to whether their own plan may be asked."""

    person: str
    given: bool
    kind: Literal["agree_to_plan"] = "agree_to_plan"


@dataclass(frozen=True, slots=True)
class KeepPlan:
    """The plan of an identified person, as they have just told it. Without an insurer it is the one on file, of which
    only the number was missing."""

    person: str
    insurer: str | None
    member_id: str | None = None
    subscriber: str | None = None
    kind: Literal["keep_plan"] = "keep_plan"


@dataclass(frozen=True, slots=True)
class SendCardLink:
    """They would rather send a picture of their card: a link to the page that takes it. `Done.texted` tells whether one
    goes out; where none can, a person asks them for what stands on it."""

    person: str
    kind: Literal["send_card_link"] = "send_card_link"


PlanWrite = AgreeToPlan | KeepPlan | SendCardLink


Standing = Literal[
    "none", "ours", "waiting", "wants_more", "approved", "partly", "denied", "ended", "not_needed", "person"
]


@dataclass(frozen=True, slots=True)
class FindAuthorization:
    """How an identified person's prior authorization stands."""

    person: str
    kind: Literal["find_authorization"] = "find_authorization"


@dataclass(frozen=True, slots=True)
class AuthorizationTold:
    """The state and no more: never what it is for. Days are ISO 8601; "" is what nobody knows. `since`: when it came to
    this; `decide_by`: when the plan has to have decided; `last_day` and `visits_left` of what was approved."""

    told: Standing = "person"
    since: str = ""
    decide_by: str = ""
    last_day: str = ""
    visits_left: str = ""
    kind: Literal["authorization_told"] = "authorization_told"
