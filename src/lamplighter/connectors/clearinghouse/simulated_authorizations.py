"""Payers that are none: they rule on authorizations in memory, for the demo, rehearsals and tests. Nothing leaves."""

from dataclasses import dataclass, field, replace

from lamplighter.desk.ports.authorizations import (
    ApprovedService,
    AuthorizationReply,
    Ruled,
    Verdict,
)
from lamplighter.desk.ports.clearinghouse import Refused, Why
from lamplighter.desk.ports.coverage import AuthorizationQuestion, AuthorizationStep

PENDED = Ruled(Verdict.PENDED)


@dataclass(slots=True)
class SimulatedAuthorizations:
    """`says`, in order, answers in place of a yes at the second look; `asked` is what came, each trace once."""

    says: list[AuthorizationReply] = field(default_factory=list)
    asked: dict[str, AuthorizationQuestion] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    party: str = ""
    may_be_polled: bool = True

    def of(self, practice: str, kind: str) -> "SimulatedAuthorizations | None":
        return self

    def submit(self, asked: AuthorizationQuestion, deadline: float) -> AuthorizationReply:
        if not asked.trace:
            return Refused(Why.ASKED_WRONGLY)
        self.calls.append(asked.step)
        self.asked.setdefault(asked.trace, asked)
        if asked.step is AuthorizationStep.CANCEL:
            return self._said(Ruled(Verdict.CANCELLED, asked.number, trace=asked.trace))
        return self._said(replace(PENDED, ticket=asked.trace, trace=asked.trace))

    def inquire(self, asked: AuthorizationQuestion, ticket: str, deadline: float) -> AuthorizationReply:
        self.calls.append(asked.step)
        services = tuple(ApprovedService(each.procedure, each.units) for each in asked.services)
        number = f"SIM-{ticket[:8].upper()}"
        yes = Ruled(
            Verdict.APPROVED, number, ticket, asked.first_day, asked.last_day, services, trace=asked.trace
        )
        return self._said(yes)

    def _said(self, otherwise: AuthorizationReply) -> AuthorizationReply:
        return self.says.pop(0) if self.says else otherwise
