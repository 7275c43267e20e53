"""Optum's prior authorization: a 278 within JSON, and one in the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import httpx

from lamplighter.connectors.clearinghouse.asking_over_http import Came, Deadline, asked, without_raising
from lamplighter.connectors.clearinghouse.keys import Keys
from lamplighter.connectors.clearinghouse.objects import first, text_of
from lamplighter.connectors.clearinghouse.rulings import ruling_of
from lamplighter.connectors.clearinghouse.x12 import X12Error
from lamplighter.connectors.clearinghouse.x12.asking import authorization
from lamplighter.connectors.clearinghouse.x12.writing import ControlNumbers, Partner, Written, written
from lamplighter.desk.ports import Clock
from lamplighter.desk.ports.authorizations import AuthorizationReply
from lamplighter.desk.ports.clearinghouse import Refused, Why
from lamplighter.desk.ports.coverage import AuthorizationQuestion, AuthorizationStep

PATH: Final = "/rcm/prior-authorization/v1"


@dataclass(frozen=True, slots=True)
class OptumAuthorizations:
    """`url` ends before /rcm. `tenant` goes in a header of its own, where Optum gave us one."""

    url: str
    keys: Keys
    party: str
    partner: Partner
    numbers: ControlNumbers
    clock: Clock
    tenant: str = field(default="", repr=False)

    @property
    def may_be_polled(self) -> bool:
        return True

    def submit(self, wanted: AuthorizationQuestion, deadline: float) -> AuthorizationReply:
        return self._asked(wanted, "submission", deadline)

    def inquire(self, wanted: AuthorizationQuestion, ticket: str, deadline: float) -> AuthorizationReply:
        """By the number if there is one, else by the payer's own reference."""
        reference = ticket if ticket not in (wanted.trace, wanted.number) else ""
        inquiry = replace(wanted, step=AuthorizationStep.INQUIRE, reference=reference)
        return self._asked(inquiry, "inquiry", deadline)

    def _asked(self, wanted: AuthorizationQuestion, what: str, deadline: float) -> AuthorizationReply:
        if not wanted.trace.strip():
            return Refused(Why.ASKED_WRONGLY)
        return without_raising(lambda: self._ask(wanted, what, deadline))

    def _ask(self, wanted: AuthorizationQuestion, what: str, deadline: float) -> AuthorizationReply:
        now = self.clock.now()
        try:
            sent = written([authorization(wanted, now)], self.partner, self.numbers, now)
        except X12Error:
            return Refused(Why.ASKED_WRONGLY)
        came = self._sent(sent, what, deadline)
        if isinstance(came, Refused):
            return came
        answer = _answer(first(came.body), what)
        if answer:
            return ruling_of(answer, wanted, sent)
        return Refused(Why.ASKED_WRONGLY if came.status >= 400 else Why.UNREADABLE)

    def _sent(self, sent: Written, what: str, deadline: float) -> Came | Refused:
        with (
            Deadline(deadline) as until,
            httpx.Client(timeout=httpx.Timeout(deadline), trust_env=False) as client,
        ):
            key = self.keys.header(client, until)
            if isinstance(key, Refused):
                return key
            headers = {"Authorization": key}
            if self.tenant:
                headers["x-optum-tenant-id"] = self.tenant
            where = f"{self.url.rstrip('/')}{PATH}/{what}/x12"
            request = client.build_request("POST", where, json={"x12": sent.text}, headers=headers)
            return asked(client, request, until)


def _answer(body: Mapping[str, Any], what: str) -> str:
    """The 278 of an answer: within what was done, or beside its id."""
    inside = body.get(what)
    return (text_of(inside, "x12") if isinstance(inside, Mapping) else "") or text_of(body, "x12")
