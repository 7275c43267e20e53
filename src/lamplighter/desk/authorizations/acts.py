"""What staff do about an authorization: confirm codes, let it go, write down what they were told, take it back."""

from dataclasses import replace
from datetime import datetime
from typing import Final, Literal

from lamplighter.desk.authorizations import drafting, gates, kept, units
from lamplighter.desk.authorizations.model import (
    OVER,
    WITH_THE_PAYER,
    Authorization,
    Codes,
    Request,
    State,
    Step,
    StepKind,
    What,
)
from lamplighter.desk.authorizations.planning import UNDO, drop_sends, plan_ask, plan_send
from lamplighter.desk.authorizations.work import Authorizations
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import Person, Transaction
from lamplighter.desk.ports.authorizations import Ruled, Verdict
from lamplighter.practice.model import Practice

NotNow = Literal["state", "missing", "gate", "no_visit", "changed", "codes"]
TAKEN_BACK: Final[tuple[StepKind, ...]] = (
    "codes", "attached", "cancelling", "set_aside", "taken", "appealed", "let_stand", "noted",
)  # fmt: skip


class Acts:
    """Each returns the authorization as it is then, or why it was not done."""

    def __init__(self, duty: Authorizations, practice: Practice) -> None:
        self._duty, self._practice = duty, practice

    def confirm(
        self, tx: Transaction, found: Authorization, codes: Codes, by: str, now: datetime
    ) -> Authorization | NotNow:
        """By a clinician: no program chooses a code."""
        if not may_confirm(found):
            return "state"
        if not codes.diagnoses or not codes.services or codes.last_day < codes.first_day:
            return "codes"
        return self._done(tx, found, "codes", by, now, codes=kept.codes_out(codes))

    def attach(
        self, tx: Transaction, found: Authorization, paper: str, by: str, now: datetime
    ) -> Authorization | NotNow:
        if paper in found.attached or paper not in drafting.rules_of(self._practice, found).attachments:
            return "state"
        return self._done(tx, found, "attached", by, now, paper=paper)

    def why_not_release(
        self, tx: Transaction, person: Person, found: Authorization, now: datetime
    ) -> NotNow | None:
        waits = found.state is State.DRAFT and found.released is None
        again = found.state is State.REJECTED or (found.state is State.SUBMITTED and found.unread)
        if not waits and not again:
            return "state"
        if found.codes is None or drafting.missing(tx, self._practice, person, found):
            return "missing"
        if self._duty.around(tx, found, now).changed:
            return "changed"
        if self._duty.why_not(tx, person, found, now):
            return "gate"
        return None if units.ahead(tx, found, now) else "no_visit"

    def release(
        self, tx: Transaction, person: Person, found: Authorization, by: str, now: datetime
    ) -> Authorization | NotNow:
        """By a biller. It leaves a little later, so that it can be taken back; on paper it leaves by hand. What the
        payer may have already goes again under its trace."""
        if why := self.why_not_release(tx, person, found, now):
            return why
        trace = stable_id("authorization_trace", found.id, str(len(found.steps)), now.isoformat())
        if found.unread and found.released is not None:
            trace = found.released.value("trace")
        number = self._renewed_number(tx, found)
        found = kept.add(tx, found, "released", by, now, trace=trace, number=number)
        if self._duty.channel(found, self._practice) is not None:
            plan_send(tx, found, found.steps[-1], now + UNDO)
        self._duty.settle(tx, found, now)
        return found

    def _renewed_number(self, tx: Transaction, found: Authorization) -> str:
        before = kept.get(tx, found.request.renews) if found.request.renews else None
        return before.number if before is not None else ""

    def sent_by_hand(
        self, tx: Transaction, found: Authorization, by: str, now: datetime
    ) -> Authorization | NotNow:
        """Faxed, or typed into the payer's portal; or what it wanted to see was."""
        ready = found.request.is_tracked or found.released is not None
        if not ready or found.state not in (State.DRAFT, State.INFO_REQUESTED):
            return "state"
        if self._duty.around(tx, found, now).reason:
            return "gate"
        if found.released is not None:
            drop_sends(tx, found.released)
        return self._done(tx, found, "sent", by, now, by_hand="yes")

    def told(
        self,
        tx: Transaction,
        found: Authorization,
        ruled: Ruled,
        by: str,
        now: datetime,
        dated: datetime | None = None,
    ) -> Authorization | NotNow:
        """What the payer said to somebody here, by letter, portal or telephone. `dated`: the day of its letter, from
        which the time for an appeal is counted."""
        if found.sent is None or found.state in (State.CANCELLED, State.EXPIRED, State.NOT_NEEDED):
            return "state"
        told = {"ruled": kept.ruled_out(ruled), "by_hand": "yes"}
        if dated is not None:
            told["dated"] = dated.isoformat()
        return self._done(tx, found, "answer", by, now, **told)

    def ask(self, tx: Transaction, found: Authorization, by: str, now: datetime) -> Authorization | NotNow:
        """Somebody wants to know: its channel is asked now, one that is never asked by itself as well."""
        if found.state not in WITH_THE_PAYER or self._duty.channel(found, self._practice) is None:
            return "state"
        if self._duty.around(tx, found, now).changed:
            return "changed"
        tx.ledger.note(at=now, who=by, what="asked", about=f"authorization/{found.id}")
        plan_ask(tx, found, now)
        return found

    def chased(self, tx: Transaction, found: Authorization, by: str, now: datetime) -> Authorization | NotNow:
        """Somebody asked, and nothing new came of it."""
        if found.state not in WITH_THE_PAYER:
            return "state"
        return self._done(tx, found, "asked_again", by, now, by_hand="yes")

    def cancel(self, tx: Transaction, found: Authorization, by: str, now: datetime) -> Authorization | NotNow:
        """A draft at once; what the payer has, by telling the payer."""
        if found.state in OVER or found.cancelling is not None:
            return "state"
        if found.released is not None and found.sent is None:
            drop_sends(tx, found.released)
        trace = stable_id("authorization_trace", found.id, "cancel", now.isoformat())
        found = kept.add(tx, found, "cancelling", by, now, trace=trace)
        if found.cancelling is not None and self._duty.channel(found, self._practice) is not None:
            plan_send(tx, found, found.cancelling, now + UNDO)
        self._duty.settle(tx, found, now)
        return found

    def cancelled_by_hand(
        self, tx: Transaction, found: Authorization, by: str, now: datetime
    ) -> Authorization | NotNow:
        if found.cancelling is None:
            return "state"
        return self.told(tx, found, Ruled(Verdict.CANCELLED), by, now)

    def appeal(self, tx: Transaction, found: Authorization, by: str, now: datetime) -> Authorization | NotNow:
        if found.state is not State.DENIED:
            return "state"
        return self._done(tx, found, "appealed", by, now)

    def let_stand(
        self, tx: Transaction, found: Authorization, by: str, now: datetime
    ) -> Authorization | NotNow:
        """Nobody appeals it: its last day calls for nobody."""
        if found.state is not State.DENIED or found.let_stand:
            return "state"
        return self._done(tx, found, "let_stand", by, now)

    def take(self, tx: Transaction, found: Authorization, by: str, now: datetime) -> Authorization | NotNow:
        return self._done(tx, found, "taken", by, now)

    def note(
        self,
        tx: Transaction,
        found: Authorization,
        by: str,
        now: datetime,
        *,
        portal_key: str = "",
        bridge: str = "",
    ) -> Authorization | NotNow:
        """The key of a portal, or a clinician's word on a bridge supply."""
        return self._done(tx, found, "noted", by, now, portal_key=portal_key, bridge=bridge)

    def track(
        self,
        tx: Transaction,
        person: Person,
        what: What,
        insurer: str,
        by: str,
        now: datetime,
        *,
        portal_key: str = "",
        clinician: str = "",
    ) -> Authorization:
        """Rule 38: what goes by somebody's hands from end to end stands on the same board."""
        rules = self._practice.authorizations.of(insurer)
        name = stable_id("authorization", person.id, what, insurer, now.isoformat())
        request = Request(
            name,
            person.id,
            what,
            "",
            insurer,
            gates.PAPER,
            now,
            clinician=clinician,
            by=by,
            portal_key=portal_key,
        )
        if rules is not None:
            request = replace(request, hours=rules.hours)
        found = kept.begin(tx, request)
        if what == "drug":
            found = kept.add(tx, found, "noted", by, now, portal_key="", bridge="asked")
        self._duty.settle(tx, found, now)
        return found

    # -- taken back ----------------------------------------------------------------------------------------------------

    def may_undo(self, found: Authorization, now: datetime) -> Step | None:
        """The last step, where it can be taken back: nothing of it has left."""
        last = found.steps[-1] if found.steps else None
        if last is None:
            return None
        if last.kind == "released" or (last.kind == "cancelling" and found.sent is not None):
            electronic = self._duty.channel(found, self._practice) is not None
            return last if not electronic or now < last.at + UNDO else None
        return last if last.kind in TAKEN_BACK or last.value("by_hand") else None

    def undo(
        self, tx: Transaction, found: Authorization, step: str, by: str, now: datetime
    ) -> Authorization | NotNow:
        last = self.may_undo(found, now)
        if last is None or last.id != step:
            return "state"
        drop_sends(tx, last)
        found = kept.take_back(tx, found, last, by, now)
        if last.kind == "cancelling":
            self._duty.go_on(tx, found, now)
        self._duty.settle(tx, found, now)
        return found

    def _done(
        self, tx: Transaction, found: Authorization, kind: StepKind, by: str, now: datetime, **told: str
    ) -> Authorization:
        found = kept.add(tx, found, kind, by, now, **told)
        self._duty.settle(tx, found, now)
        return found


def may_confirm(found: Authorization) -> bool:
    return found.state is State.REJECTED or (found.state is State.DRAFT and found.released is None)
