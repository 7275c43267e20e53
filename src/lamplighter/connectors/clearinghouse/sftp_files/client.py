"""Puts a question down as a file and picks its answer up: a question is pending until that is there."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from time import monotonic
from typing import Final

from lamplighter.connectors.clearinghouse.answers import is_clear, reply_of
from lamplighter.connectors.clearinghouse.asking_over_http import without_raising
from lamplighter.connectors.clearinghouse.control_numbers import Memory
from lamplighter.connectors.clearinghouse.core_envelope.envelopes import payload_id
from lamplighter.connectors.clearinghouse.rulings import how_far, ruling_of
from lamplighter.connectors.clearinghouse.x12 import X12Error
from lamplighter.connectors.clearinghouse.x12.asking import authorization, eligibility
from lamplighter.connectors.clearinghouse.x12.envelope import read
from lamplighter.connectors.clearinghouse.x12.writing import (
    Body,
    Partner,
    Written,
    written,
)
from lamplighter.desk.ports import Clock
from lamplighter.desk.ports.authorizations import AuthorizationReply, Ruled, Verdict
from lamplighter.desk.ports.clearinghouse import Pending, Refused, Reply, Why, not_to_be_asked
from lamplighter.desk.ports.coverage import AuthorizationQuestion, AuthorizationStep, EligibilityQuestion

from .folders import Folders

_CLOCKS_DIFFER: Final = timedelta(days=1)  # ours and the server's, and files that are dated by a day
_TIME: Final = "%y%m%d%H%M"


_COMES_BACK: Final = (Why.PAYER_DOWN, Why.UNREACHABLE)
_SHORTEST: Final = 1.0

Heard = tuple[bytes, Reply | AuthorizationReply]


@dataclass(frozen=True, slots=True)
class _Mine:
    """What is asked under one trace, and the names of what is kept of it."""

    kind: str
    trace: str

    def file(self, number: int) -> str:
        """As what it is put there for this time."""
        times = f":{number}" if number > 1 else ""
        return f"{self.kind}-{payload_id(f'{self.kind}:{self.trace}{times}')}.x12"

    def again(self, number: int) -> str:
        return f"{self.file(number)}:again"

    def old(self, raw: bytes) -> str:
        return f"{self.file(1)}:{hashlib.sha256(raw).hexdigest()}"


@dataclass(frozen=True, slots=True)
class SftpClearinghouse:
    folders: Folders
    party: str
    partner: Partner
    numbers: Memory
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
        """What was answered. Where a payer was down, the question goes again under its trace, as another file."""
        began, mine = monotonic(), _Mine("270", question.trace)
        found = self.came(ticket, deadline)
        if isinstance(found, Refused):
            return found
        sent, files = found
        came = [(raw, reply_of(raw, question, sent, shared=True)) for raw in files]
        heard = [each for each in came if is_clear(each[1]) and not self.is_old(mine, each)]
        if not heard:
            return Pending(ticket)
        _, reply = min(heard, key=lambda each: _how_good(each[1]))
        if not isinstance(reply, Refused) or reply.why not in _COMES_BACK:
            return reply
        now, left = self.clock.now(), max(deadline - (monotonic() - began), _SHORTEST)
        anew = self.put_again(mine, lambda: eligibility(question, now), heard, left)
        return anew if isinstance(anew, Refused) else Pending(anew)

    def put(self, kind: str, trace: str, body: Callable[[], Body], deadline: float) -> str | Refused:
        """The ticket of a file that is there now, or was. The same trace has the same name: what has left is not put
        there twice, whether it has been fetched or not."""
        mine = _Mine(kind, trace)
        return self._put(mine, self.tries(mine), body, deadline)

    def _put(self, mine: _Mine, number: int, body: Callable[[], Body], deadline: float) -> str | Refused:
        now, name = self.clock.now(), mine.file(number)
        if known := self.numbers.kept(name):
            finished = self.folders.finish(name, deadline)
            return finished if isinstance(finished, Refused) else known
        try:
            content = body()
        except X12Error:
            return Refused(Why.ASKED_WRONGLY)
        first = self.numbers.kept(mine.file(1))

        def leaves(text: str) -> None:
            ticket = _ticket(text, first)
            if not isinstance(ticket, Refused):
                self.numbers.keep(name, ticket)

        def make() -> str:
            return written([content], self.partner, self.numbers, now).text

        text = self.folders.put(name, make, leaves, deadline)
        return text if isinstance(text, Refused) else _ticket(text, first)

    def put_again(
        self, mine: _Mine, body: Callable[[], Body], heard: Sequence[Heard], deadline: float
    ) -> str | Refused:
        """The ticket of another file of the same, after the refusals that were heard of those before: they count no
        more from now on."""
        number = self.tries(mine)
        ticket = self._put(mine, number + 1, body, deadline)
        if not isinstance(ticket, Refused):
            self.numbers.keep(mine.again(number), ticket)
            for raw, reply in heard:
                if isinstance(reply, Refused):
                    self.numbers.keep(mine.old(raw), ticket)
        return ticket

    def tries(self, mine: _Mine) -> int:
        """As what the same has been put there: once, where nothing was refused."""
        return next(number for number in count(1) if not self.numbers.kept(mine.again(number)))

    def is_old(self, mine: _Mine, heard: Heard) -> bool:
        """Whether it refused what has gone again since."""
        return isinstance(heard[1], Refused) and bool(self.numbers.kept(mine.old(heard[0])))

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
        ticket = without_raising(lambda: self._submit(asked, deadline))
        return ticket if isinstance(ticket, Refused) else _left(asked, ticket)

    def _submit(self, asked: AuthorizationQuestion, deadline: float) -> str | Refused:
        """Where it had left and was refused, it goes again as another file."""
        began, now, mine = monotonic(), self.way.clock.now(), _mine(asked)
        bare = replace(asked, reference="")  # our ticket is no reference of the payer's

        def body() -> Body:
            return authorization(bare, now)

        had_left = bool(self.way.numbers.kept(mine.file(1)))
        ticket = self.way.put(mine.kind, mine.trace, body, deadline)
        if not had_left or isinstance(ticket, Refused):
            return ticket
        left = max(deadline - (monotonic() - began), _SHORTEST)
        heard = self._heard(asked, ticket, left)
        if isinstance(heard, Refused) or not heard or not isinstance(heard[0][1], Refused):
            return ticket
        return self.way.put_again(mine, body, heard, left)

    def inquire(self, asked: AuthorizationQuestion, ticket: str, deadline: float) -> AuthorizationReply:
        return without_raising(lambda: self._look(asked, ticket, deadline))

    def _look(self, asked: AuthorizationQuestion, ticket: str, deadline: float) -> AuthorizationReply:
        """What came last: a payer that lets a request wait writes another file when it has decided."""
        heard = self._heard(asked, ticket, deadline)
        if isinstance(heard, Refused):
            return heard
        return _under(heard[0][1], ticket) if heard else _left(asked, ticket)

    def _heard(
        self, asked: AuthorizationQuestion, ticket: str, deadline: float
    ) -> list[tuple[bytes, AuthorizationReply]] | Refused:
        """All that was said of it, the most telling first."""
        found = self.way.came(ticket, deadline)
        if isinstance(found, Refused):
            return found
        sent, files = found
        came = [(raw, ruling_of(raw, asked, sent, shared=True)) for raw in files]
        heard = [each for each in came if is_clear(each[1]) and not self.way.is_old(_mine(asked), each)]
        return sorted(heard, key=lambda each: how_far(each[1]))


def _mine(asked: AuthorizationQuestion) -> _Mine:
    return _Mine("278" if asked.step is not AuthorizationStep.CANCEL else "278c", asked.trace)


def _left(asked: AuthorizationQuestion, ticket: str) -> Ruled:
    """A file lies there: nobody has said that they have it."""
    return Ruled(Verdict.LEFT, ticket=ticket, trace=asked.trace)


def _under(reply: AuthorizationReply, ticket: str) -> AuthorizationReply:
    """A file is looked for under the ticket of ours, whatever number the payer has given it. What is refused in one is
    the request."""
    return replace(reply, ticket=ticket) if isinstance(reply, Ruled) else replace(reply, of_request=True)


def _how_good(reply: Reply) -> int:
    if isinstance(reply, Refused):
        return 2 if reply.why in _COMES_BACK else 1
    return 0


def _ticket(text: str, first: str = "") -> str | Refused:
    """When it was written, and its numbers, as they stand in it: it may have been there before. Of one that has gone
    again the time of the `first`: whatever came since is about it."""
    try:
        (interchange, *_) = read(text)
        (ours, *_) = interchange.sets
    except (X12Error, ValueError):
        return Refused(Why.UNREADABLE)
    header = ours.header
    return "-".join(
        (
            first.partition("-")[0] or header.date + header.time,
            header.control_number,
            ours.group_control_number,
            ours.control_number,
        )
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
