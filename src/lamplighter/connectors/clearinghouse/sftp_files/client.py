"""Puts a question down as a file and picks its answer up: a question is pending until that is there."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from lamplighter.connectors.clearinghouse.answers import is_clear, reply_of
from lamplighter.connectors.clearinghouse.asking_over_http import without_raising
from lamplighter.connectors.clearinghouse.core_envelope.envelopes import payload_id
from lamplighter.connectors.clearinghouse.rulings import how_far, ruling_of
from lamplighter.connectors.clearinghouse.x12 import X12Error
from lamplighter.connectors.clearinghouse.x12.asking import authorization, eligibility
from lamplighter.connectors.clearinghouse.x12.envelope import read
from lamplighter.connectors.clearinghouse.x12.writing import (
    Body,
    ControlNumbers,
    Partner,
    Written,
    written,
)
from lamplighter.desk.ports import Clock
from lamplighter.desk.ports.authorizations import AuthorizationReply, Ruled, Verdict
from lamplighter.desk.ports.clearinghouse import Answered, Pending, Refused, Reply, Why, not_to_be_asked
from lamplighter.desk.ports.coverage import AuthorizationQuestion, AuthorizationStep, EligibilityQuestion

from .folders import Folders

_CLOCKS_DIFFER: Final = timedelta(days=1)  # ours and the server's, and files that are dated by a day
_TIME: Final = "%y%m%d%H%M"


@dataclass(frozen=True, slots=True)
class SftpClearinghouse:
    folders: Folders
    party: str
    partner: Partner
    numbers: ControlNumbers
    clock: Clock

    def ask(self, question: EligibilityQuestion, deadline: float) -> Reply:
        if refused := not_to_be_asked(question):
            return refused
        now = self.clock.now()
        ticket = without_raising(
            lambda: self.put("270", question.trace, lambda: eligibility(question, now), deadline)
        )
        return ticket if isinstance(ticket, Refused) else Pending(ticket)

    def look_again(self, question: EligibilityQuestion, ticket: str, deadline: float) -> Reply:
        return without_raising(lambda: self._look(question, ticket, deadline))

    def _look(self, question: EligibilityQuestion, ticket: str, deadline: float) -> Reply:
        found = self.came(ticket, deadline)
        if isinstance(found, Refused):
            return found
        sent, files = found
        replies = [reply for raw in files if is_clear(reply := reply_of(raw, question, sent, shared=True))]
        return next(iter(sorted(replies, key=lambda reply: not isinstance(reply, Answered))), Pending(ticket))

    def put(self, kind: str, trace: str, body: Callable[[], Body], deadline: float) -> str | Refused:
        """The ticket of a file that is there now. The same trace has the same name: what has not been fetched yet is
        not put there twice."""
        now, name = self.clock.now(), f"{kind}-{payload_id(f'{kind}:{trace}')}.x12"
        try:
            content = body()
        except X12Error:
            return Refused(Why.ASKED_WRONGLY)
        text = self.folders.put(
            name, lambda: written([content], self.partner, self.numbers, now).text, deadline
        )
        return text if isinstance(text, Refused) else _ticket(text)

    def came(self, ticket: str, deadline: float) -> tuple[Written, list[bytes]] | Refused:
        """What came since a ticket was given, and the numbers of what was sent."""
        sent = _sent(ticket)
        if sent is None:
            return Refused(Why.UNREADABLE)
        files = self.folders.came_since(sent[1] - _CLOCKS_DIFFER, deadline)
        return files if isinstance(files, Refused) else (sent[0], files)


@dataclass(frozen=True, slots=True)
class SftpAuthorizations:
    """The same folders with 278s in them."""

    way: SftpClearinghouse

    @property
    def party(self) -> str:
        return self.way.party

    @property
    def may_be_polled(self) -> bool:
        """Looking into a folder asks nobody anything."""
        return True

    def submit(self, asked: AuthorizationQuestion, deadline: float) -> AuthorizationReply:
        if not asked.trace.strip():
            return Refused(Why.ASKED_WRONGLY)
        now, kind = self.way.clock.now(), "278" if asked.step is not AuthorizationStep.CANCEL else "278c"
        bare = replace(asked, reference="")  # our ticket is no reference of the payer's
        ticket = without_raising(
            lambda: self.way.put(kind, asked.trace, lambda: authorization(bare, now), deadline)
        )
        return ticket if isinstance(ticket, Refused) else _left(asked, ticket)

    def inquire(self, asked: AuthorizationQuestion, ticket: str, deadline: float) -> AuthorizationReply:
        return without_raising(lambda: self._look(asked, ticket, deadline))

    def _look(self, asked: AuthorizationQuestion, ticket: str, deadline: float) -> AuthorizationReply:
        """What came last: a payer that lets a request wait writes another file when it has decided."""
        found = self.way.came(ticket, deadline)
        if isinstance(found, Refused):
            return found
        sent, files = found
        replies = [reply for raw in files if is_clear(reply := ruling_of(raw, asked, sent, shared=True))]
        best = sorted(replies, key=how_far)
        return _under(best[0], ticket) if best else _left(asked, ticket)


def _left(asked: AuthorizationQuestion, ticket: str) -> Ruled:
    """A file lies there: nobody has said that they have it."""
    return Ruled(Verdict.LEFT, ticket=ticket, trace=asked.trace)


def _under(reply: AuthorizationReply, ticket: str) -> AuthorizationReply:
    """A file is looked for under the ticket of ours, whatever number the payer has given it. What is refused in one is
    the request."""
    return replace(reply, ticket=ticket) if isinstance(reply, Ruled) else replace(reply, of_request=True)


def _ticket(text: str) -> str | Refused:
    """When it was written, and its numbers, as they stand in it: it may have been there before."""
    try:
        (interchange, *_) = read(text)
        (ours, *_) = interchange.sets
    except (X12Error, ValueError):
        return Refused(Why.UNREADABLE)
    header = ours.header
    return "-".join(
        (header.date + header.time, header.control_number, ours.group_control_number, ours.control_number)
    )


def _sent(ticket: str) -> tuple[Written, datetime] | None:
    parts = ticket.split("-")
    if len(parts) != 4 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    try:
        at = datetime.strptime(parts[0], _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None
    return Written("", parts[1], parts[2], (parts[3],)), at
