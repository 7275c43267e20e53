"""Submits and inquires; a payer answers within fifteen seconds, even if only that it will look."""

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

from lamplighter.connectors.clearinghouse.asking_over_http import without_raising
from lamplighter.connectors.fhir_rest import FhirServer, NoAnswer
from lamplighter.desk.ports import Clock
from lamplighter.desk.ports.authorizations import AuthorizationReply
from lamplighter.desk.ports.clearinghouse import Refused, Why
from lamplighter.desk.ports.coverage import AuthorizationQuestion

from .bundles import inquiry_bundle, request_bundle
from .reading import read

LONGEST: Final = 15.0
"""Seconds: the guide's own deadline for an answer."""


@dataclass(frozen=True, slots=True)
class FhirPas:
    """`{payer}` in the server's address is the id of whoever is asked."""

    server: FhirServer
    party: str
    clock: Clock

    @property
    def may_be_polled(self) -> bool:
        """The guide wants a subscription, or a person who asks."""
        return False

    def submit(self, asked: AuthorizationQuestion, deadline: float) -> AuthorizationReply:
        return self._asked(asked, "/Claim/$submit", "", deadline)

    def inquire(self, asked: AuthorizationQuestion, ticket: str, deadline: float) -> AuthorizationReply:
        return self._asked(asked, "/Claim/$inquire", ticket, deadline)

    def _asked(
        self, asked: AuthorizationQuestion, where: str, ticket: str, deadline: float
    ) -> AuthorizationReply:
        if lacks(asked):
            return Refused(Why.ASKED_WRONGLY)
        return without_raising(lambda: self._ask(asked, where, ticket, min(deadline, LONGEST)))

    def _ask(
        self, asked: AuthorizationQuestion, where: str, ticket: str, deadline: float
    ) -> AuthorizationReply:
        now = self.clock.now()
        bundle = inquiry_bundle(asked, ticket, now) if "inquire" in where else request_bundle(asked, now)
        try:
            with self._server(asked).session(deadline) as session:
                told = session.operation(where, bundle)
        except NoAnswer as refused:
            return Refused(refused.why)
        return read(told, asked)

    def _server(self, asked: AuthorizationQuestion) -> FhirServer:
        """Whoever carries requests to many payers has an address for each."""
        base = self.server.base.replace("{payer}", quote(asked.payer.id, safe=""))
        return replace(self.server, base=base)


def lacks(asked: AuthorizationQuestion) -> bool:
    """Whether something is missing without which nobody could decide it, or know it again."""
    needed = (asked.trace, asked.payer.id, asked.payer.name, asked.provider.npi, asked.subscriber.member_id)
    return not all(each.strip() for each in needed) or not (asked.services or asked.number)
