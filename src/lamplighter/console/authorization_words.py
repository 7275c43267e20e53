"""Authorizations in words for the staff; nothing here is ever said to a person."""

from typing import Final

from lamplighter.desk.authorizations.acts import NotNow
from lamplighter.desk.authorizations.model import State, StepKind, What
from lamplighter.desk.ports.authorizations import Verdict

STATES: Final[dict[State, str]] = {
    State.DRAFT: "Draft",
    State.SUBMITTED: "Submitted",
    State.ACKNOWLEDGED: "Arrived",
    State.REJECTED: "Could not be taken in",
    State.PENDED: "The plan looks at it",
    State.INFO_REQUESTED: "The plan wants to see more",
    State.PARTIAL: "Approved in part",
    State.APPROVED: "Approved",
    State.MODIFIED: "Approved with changes",
    State.DENIED: "Denied",
    State.CANCELLED: "Cancelled",
    State.EXPIRED: "Over",
    State.NOT_NEEDED: "Not needed, the plan says",
}
VERDICTS: Final[dict[Verdict, str]] = {
    Verdict.ACKNOWLEDGED: "It has arrived",
    Verdict.PENDED: "They look at it",
    Verdict.INFO_REQUESTED: "They want to see more",
    Verdict.APPROVED: "Approved",
    Verdict.PARTIAL: "Approved in part",
    Verdict.MODIFIED: "Approved with changes",
    Verdict.DENIED: "Denied",
    Verdict.NOT_NEEDED: "Not needed",
}
TRACKED: Final[dict[What, str]] = {
    "drug": "A drug",
    "psychological_testing": "Psychological testing",
    "tms": "TMS",
    "esketamine": "Esketamine",
    "concurrent_review": "Concurrent review",
    "other": "Something else",
}
WAYS: Final = {
    "x12_278": "through the clearinghouse",
    "fhir_pas": "through the plan's FHIR server",
    "availity": "through Availity",
    "paper": "by fax or portal",
}
STEPS: Final[dict[StepKind, str]] = {
    "codes": "Codes confirmed",
    "attached": "Paper at hand",
    "released": "Let go",
    "sent": "Sent",
    "answer": "The plan answered",
    "refused": "No answer",
    "asked_again": "Asked again, nothing new",
    "cancelling": "Cancelled here",
    "set_aside": "Set aside: it is for nothing any more",
    "taken": "Taken in hand",
    "appealed": "Appealed",
    "let_stand": "Not appealed: the denial stands",
    "noted": "Noted",
    "expired": "Its last day is past",
}
NOT_DONE: Final[dict[NotNow, str]] = {
    "state": "That can't be done as it stands now: somebody may have been quicker. Look below.",
    "missing": "Something that the plan asks for is missing.",
    "gate": "Nothing may go to this plan now; the reason stands below.",
    "no_visit": "No visit that it is for stands ahead.",
    "changed": "Another insurer is on file by now.",
    "codes": "These codes or days can't be right: look at them again.",
}
SEALED: Final = "Kept for clinical roles and billers"
BRIDGE: Final = {
    "asked": "Is a bridge supply needed meanwhile? The clinician says.",
    "yes": "A bridge supply is needed, says the clinician.",
    "no": "No bridge supply is needed, says the clinician.",
}
