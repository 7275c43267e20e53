"""Requests for authorization as 278 in an envelope: X217 asks, X215 asks what became of it."""

from dataclasses import dataclass, replace
from typing import Final

from lamplighter.connectors.clearinghouse.asking_over_http import without_raising
from lamplighter.connectors.clearinghouse.rulings import ruling_of
from lamplighter.connectors.clearinghouse.x12 import X12Error
from lamplighter.connectors.clearinghouse.x12.asking import authorization
from lamplighter.connectors.clearinghouse.x12.writing import written
from lamplighter.desk.ports.authorizations import AuthorizationReply
from lamplighter.desk.ports.clearinghouse import Refused, Why
from lamplighter.desk.ports.coverage import AuthorizationQuestion, AuthorizationStep

from .client import CoreClearinghouse

REQUESTS: Final = "X12_278_Request_005010X217E1_2"
INQUIRES: Final = "X12_278_Request_005010X215E1"
ANSWERS: Final = "X12_278_Response_005010X217E1_2"


@dataclass(frozen=True, slots=True)
class CoreAuthorizations:
    """The same clearinghouse, asked for authorizations. `inquires` is its name for an inquiry, "" if it takes none."""

    way: CoreClearinghouse
    inquires: str = INQUIRES

    @property
    def party(self) -> str:
        return self.way.party

    @property
    def may_be_polled(self) -> bool:
        return bool(self.inquires)

    def submit(self, asked: AuthorizationQuestion, deadline: float) -> AuthorizationReply:
        if not asked.trace.strip():
            return Refused(Why.ASKED_WRONGLY)
        return without_raising(lambda: self._ask(asked, REQUESTS, deadline))

    def inquire(self, asked: AuthorizationQuestion, ticket: str, deadline: float) -> AuthorizationReply:
        """By the number if there is one, else by the payer's own reference."""
        if not self.inquires or not asked.trace.strip():
            return Refused(Why.ASKED_WRONGLY)
        reference = ticket if ticket not in (asked.trace, asked.number) else ""
        inquiry = replace(asked, step=AuthorizationStep.INQUIRE, reference=reference)
        return without_raising(lambda: self._ask(inquiry, self.inquires, deadline))

    def _ask(self, asked: AuthorizationQuestion, payload_type: str, deadline: float) -> AuthorizationReply:
        way, now = self.way, self.way.clock.now()
        try:
            sent = written([authorization(asked, now)], way.partner, way.numbers, now)
        except X12Error:
            return Refused(Why.ASKED_WRONGLY)
        same = "" if payload_type == REQUESTS else now.isoformat()  # an inquiry is a new one each time
        came = way.exchanged(payload_type, sent, f"{asked.step}:{asked.trace}:{same}", deadline)
        return came if isinstance(came, Refused) else ruling_of(came, asked, sent)
