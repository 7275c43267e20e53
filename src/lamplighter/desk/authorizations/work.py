"""What happens to authorizations by itself, in durable jobs: a visit is looked at, a request leaves, its channel is
asked again, and each morning what has come due is seen to.

A request is stored with its trace before it leaves, and sent again under that trace whatever crashes.
"""

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from lamplighter import logs
from lamplighter.desk import plan_outcomes
from lamplighter.desk.authorizations import clocks, drafting, gates, kept, need, todo, units, words
from lamplighter.desk.authorizations.model import (
    GRANTED,
    OVER,
    WITH_THE_PAYER,
    Authorization,
    Request,
    State,
    Step,
)
from lamplighter.desk.authorizations.planning import SEND, STANDS, TICK, pending_sends, plan_ask
from lamplighter.desk.authorizations.todo import Around
from lamplighter.desk.context import stable_id
from lamplighter.desk.ports import AGENT, Clock, Job, JobHandler, Person, Records, Transaction, Visit
from lamplighter.desk.ports.authorizations import (
    AuthorizationChannel,
    AuthorizationChannels,
    AuthorizationReply,
    Ruled,
)
from lamplighter.desk.ports.clearinghouse import Refused, Why
from lamplighter.desk.ports.coverage import AuthorizationQuestion, AuthorizationStep
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.authorizing import STANDARD_HOURS
from lamplighter.practice.calendar import at_local, local_date
from lamplighter.practice.model import Practice, PracticeId

log = logs.get(__name__)
DEADLINE: Final = 45.0
AT_ONCE: Final = 2
"""On their way at a time: a slow payer never takes the hands that ring somebody for a person in need."""

LASTS: Final = timedelta(days=365)
"""For so long a plan's no, or its word that none is needed, stands for the visits after it."""

LATER: Final = timedelta(seconds=15)


# -- the duty ----------------------------------------------------------------------------------------------------------


class Authorizations:
    """The duty. `channels` None: everything goes by paper and portal."""

    def __init__(
        self,
        records: Records,
        practices: Mapping[PracticeId, Practice],
        clock: Clock,
        channels: AuthorizationChannels | None = None,
        laws: Mapping[PracticeId, LawData] = MappingProxyType({}),
    ) -> None:
        self._records, self._practices, self._clock = records, practices, clock
        self._channels, self._laws = channels, laws
        self._room = threading.BoundedSemaphore(AT_ONCE)

    def channel(self, found: Authorization, practice: Practice) -> AuthorizationChannel | None:
        return gates.channel(self._channels, practice, found)

    def why_not(self, tx: Transaction, person: Person, found: Authorization, now: datetime) -> str | None:
        """What keeps it from its payer now: a reason of `plan_gates`."""
        practice = self._practices[tx.practice]
        law = self._laws.get(practice.id, SHIPPED)
        way, tracked = self.channel(found, practice), found.request.is_tracked
        return gates.why_not(tx, practice, person, way, now, law, tracked=tracked)

    def around(self, tx: Transaction, found: Authorization, now: datetime) -> Around:
        practice, person = self._practices[tx.practice], tx.people.get(found.request.person)
        way = self.channel(found, practice)
        if person is None:
            return Around()
        changed = not found.request.is_tracked and need.insurer_of(practice, person) != found.request.insurer
        reason = self.why_not(tx, person, found, now) or ""
        reached = way is not None and not (changed and found.sent and drafting.as_sent(found) is None)
        return Around(way is not None and way.may_be_polled, reached, reason, changed)

    def settle(self, tx: Transaction, found: Authorization, now: datetime) -> None:
        """After any step: what a person has to do, and when to look again."""
        practice = self._practices[tx.practice]
        todo.see_to(tx, practice, found, self.around(tx, found, now), now)
        when = clocks.next_moment(practice, found, drafting.rules_of(practice, found), now)
        if when is not None:
            key = f"{TICK}:{found.id}:{when.isoformat()}"
            tx.jobs.enqueue(Job(key, TICK, when, (("authorization", found.id),)))

    # -- a visit is looked at ------------------------------------------------------------------------------------------

    def look(self, practice_id: PracticeId, job: Job) -> None:
        """Draws up a draft where the visit needs one and none is there; asks a biller where nobody knows."""
        args, now = dict(job.args), self._clock.now()
        with self._records.transaction(practice_id) as tx:
            visit = tx.schedule.visit(args["visit"])
            person = tx.people.get(visit.participants[0]) if visit is not None else None
            stands = visit is not None and visit.status in STANDS and visit.slot.start > now
            if visit is None or person is None or not stands:
                return
            practice = self._practices[practice_id]
            if gates.for_nothing(tx, practice, person, now, self._laws.get(practice.id, SHIPPED)):
                return
            found = need.need_of(tx, practice, person, visit)
            if found != "ask":
                todo.known_by_now(tx, person.id, visit.slot.visit_kind)
            if found == "not_needed" or self._covered(tx, practice, person, visit):
                return
            insurer = need.insurer_of(practice, person)
            if found == "ask":
                return todo.ask_a_biller(tx, practice, person.id, insurer, visit.slot.visit_kind, now)
            self.draft(tx, person, visit, now)
        return None

    def draft(
        self, tx: Transaction, person: Person, visit: Visit, now: datetime, by: str = AGENT, renews: str = ""
    ) -> Authorization:
        practice = self._practices[tx.practice]
        insurer = need.insurer_of(practice, person)
        rules = need.rules_for(practice, person)
        renews = renews or self._before(tx, practice, person, visit)
        which = renews or visit.id
        name = stable_id("authorization", person.id, insurer, visit.slot.visit_kind, which)
        while (before := kept.get(tx, name)) is not None:
            anew = by != AGENT and not kept.is_open(before)
            if not kept.was_for_nothing(before) and not anew:
                return before
            name = stable_id("authorization", name)
        request = Request(
            id=name,
            person=person.id,
            what="visits",
            kind=visit.slot.visit_kind,
            insurer=insurer,
            by_way=rules.by if rules is not None else "paper",
            at=now,
            hours=rules.hours if rules is not None else STANDARD_HOURS,
            clinician=visit.slot.clinician,
            visit=visit.id,
            renews=renews,
            by=by,
        )
        found = kept.begin(tx, request)
        self.settle(tx, found, now)
        return found

    def _covered(self, tx: Transaction, practice: Practice, person: Person, visit: Visit) -> bool:
        """One is under way, or granted for that day."""
        day, insurer = local_date(practice, visit.slot.start), need.insurer_of(practice, person)
        for each in kept.of_person(tx, person.id):
            same = (each.request.insurer, each.request.kind) == (insurer, visit.slot.visit_kind)
            if not same or each.request.is_tracked or each.state in (State.CANCELLED, State.EXPIRED):
                continue
            ends, since = each.asked_until, each.answered
            if each.state in (State.DENIED, State.NOT_NEEDED) and since is not None:
                ends = local_date(practice, since + LASTS)
            if ends is None or day <= ends or each.state not in (*GRANTED, *OVER):
                return True
        return False

    def _before(self, tx: Transaction, practice: Practice, person: Person, visit: Visit) -> str:
        """The one that was granted for days before this one."""
        insurer = need.insurer_of(practice, person)
        for each in kept.of_person(tx, person.id):
            same = (each.request.insurer, each.request.kind) == (insurer, visit.slot.visit_kind)
            if same and each.state in GRANTED:
                return each.id
        return ""

    # -- it leaves -----------------------------------------------------------------------------------------------------

    def send(self, practice_id: PracticeId, job: Job) -> None:
        """A request, a renewal or a cancellation goes out, under the trace of its release. A little later, where as
        many as may be are on their way."""
        self._with_room(practice_id, job, self._send)

    def _with_room(self, practice_id: PracticeId, job: Job, do: JobHandler) -> None:
        if not self._room.acquire(blocking=False):
            with self._records.transaction(practice_id) as tx:
                due = self._clock.now() + LATER
                tx.jobs.enqueue(Job(f"{job.key}:room:{due.isoformat()}", job.name, due, job.args))
            return
        try:
            do(practice_id, job)
        finally:
            self._room.release()

    def _send(self, practice_id: PracticeId, job: Job) -> None:
        args, now = dict(job.args), self._clock.now()
        with self._records.transaction(practice_id) as tx:
            ready = self._ready(tx, args["authorization"], args["step"], now)
        if ready is None:
            return
        way, asked = ready
        log.info("authorization_sent", practice=practice_id)
        reply = way.submit(asked, DEADLINE)
        with self._records.transaction(practice_id) as tx:
            found = kept.get(tx, args["authorization"])
            if found is not None and not kept.is_answered(found, args["step"]):
                self._came(tx, found, reply, args["step"])

    def _waits(self, found: Authorization, step: str) -> bool:
        """This release, or wish to cancel, is what counts, and has had no answer yet."""
        last = found.cancelling or found.released
        stands = found.cancelling is not None or found.state in (State.DRAFT, State.SUBMITTED)
        return stands and last is not None and last.id == step and not kept.is_answered(found, step)

    def _ready(
        self, tx: Transaction, name: str, step_id: str, now: datetime
    ) -> tuple[AuthorizationChannel, AuthorizationQuestion] | None:
        found = kept.get(tx, name)
        person = tx.people.get(found.request.person) if found is not None else None
        if found is None or person is None or not self._waits(found, step_id):
            return None
        practice = self._practices[tx.practice]
        way, around = self.channel(found, practice), self.around(tx, found, now)
        step = next(each for each in found.steps if each.id == step_id)
        asked = self._asked(tx, person, found, step)
        if way is None or asked is None or around.reason or (around.changed and step.kind == "released"):
            todo.see_to(tx, practice, found, around, now)
            return None
        if found.state is State.DRAFT and not found.unread and not units.ahead(tx, found, now):
            self.settle(tx, kept.add(tx, found, "set_aside", AGENT, now, why="no_visit"), now)
            return None
        told = drafting.members_out(asked)
        left = [each for each in found.steps if each.kind == "sent" and each.value("of") == step_id]
        if all(each.value("members") != told for each in left):
            kept.add(tx, found, "sent", AGENT, now, of=step_id, members=told)
        _note(tx, found, way.party, now)
        return way, asked

    def _asked(
        self, tx: Transaction, person: Person, found: Authorization, step: Step
    ) -> AuthorizationQuestion | None:
        what = AuthorizationStep.CANCEL if step.kind == "cancelling" else AuthorizationStep.REQUEST
        if what is AuthorizationStep.REQUEST and step.value("number"):
            what = AuthorizationStep.RENEW
        practice = self._practices[tx.practice]
        whose = drafting.as_sent(found) if what is AuthorizationStep.CANCEL else None
        return drafting.question(tx, practice, person, found, what, step.value("trace"), whose)

    def _came(self, tx: Transaction, found: Authorization, reply: AuthorizationReply, step: str) -> None:
        now = self._clock.now()
        if isinstance(reply, Ruled) and words.is_no_cancellation(found, reply, step):
            reply = Refused(Why.UNREADABLE)
        if isinstance(reply, Ruled):
            found = kept.add(tx, found, "answer", AGENT, now, ruled=kept.ruled_out(reply), of=step)
            return self.settle(tx, found, now)
        reasons = " ".join(dict.fromkeys(each.reason for each in reply.rejections))
        found = kept.add(tx, found, "refused", AGENT, now, why=reply.why, reasons=reasons, of=step)
        if reply.why is Why.NOT_ALLOWED:
            plan_outcomes.for_the_operator(tx, self._practices[tx.practice], now)
        if reply.why in kept.TRIED_AGAIN:
            self._later(tx, found, step, now)
        return self.settle(tx, found, now)

    def _later(self, tx: Transaction, found: Authorization, step: str, now: datetime) -> None:
        practice, soon = self._practices[tx.practice], plan_outcomes.AGAIN
        tries = sum(each.kind == "refused" and each.value("of") == step for each in found.steps)
        morning = at_local(practice, local_date(practice, now) + timedelta(days=1), clocks.MORNING)
        due = now + soon[tries - 1] if tries <= len(soon) else morning
        args = (("authorization", found.id), ("step", step))
        tx.jobs.enqueue(Job(f"{SEND}:{step}:{tries}", SEND, due, args))

    # -- it is asked again ---------------------------------------------------------------------------------------------

    def ask(self, practice_id: PracticeId, job: Job) -> None:
        self._with_room(practice_id, job, self._ask)

    def _ask(self, practice_id: PracticeId, job: Job) -> None:
        name, now = dict(job.args)["authorization"], self._clock.now()
        with self._records.transaction(practice_id) as tx:
            ready = self._to_be_asked(tx, name, now)
        if ready is None:
            return
        found, way, asked = ready
        reply = way.inquire(asked, words.ticket(found), DEADLINE)
        with self._records.transaction(practice_id) as tx:
            after = kept.get(tx, name)
            if after is not None and after.steps == found.steps:
                self._heard(tx, after, reply)

    def _to_be_asked(
        self, tx: Transaction, name: str, now: datetime
    ) -> tuple[Authorization, AuthorizationChannel, AuthorizationQuestion] | None:
        found = kept.get(tx, name)
        person = tx.people.get(found.request.person) if found is not None else None
        if found is None or person is None or found.released is None:
            return None
        step = found.cancelling or found.released
        if step.kind == "cancelling" and kept.waits_at_payer(found, step.id) is None:
            return None
        if step.kind == "released" and found.state not in WITH_THE_PAYER:
            return None
        practice = self._practices[tx.practice]
        way = self.channel(found, practice)
        what = AuthorizationStep.CANCEL if found.cancelling else AuthorizationStep.INQUIRE
        whose, around = drafting.as_sent(found), self.around(tx, found, now)
        asked = drafting.question(tx, practice, person, found, what, step.value("trace"), whose)
        elsewhere = around.changed and found.cancelling is None
        if way is None or asked is None or around.reason or elsewhere:
            return None
        _note(tx, found, way.party, now)
        return found, way, asked

    def _heard(self, tx: Transaction, found: Authorization, reply: AuthorizationReply) -> None:
        now = self._clock.now()
        last = found.cancelling or found.released
        if isinstance(reply, Refused):
            if reply.of_request and last is not None and not words.is_taken_in(found):
                return self._came(tx, found, reply, last.id)
            found = kept.add(tx, found, "asked_again", AGENT, now, why=reply.why)
        elif words.is_still_there(found, reply) or not kept.is_news(found, reply):
            found = kept.add(tx, found, "asked_again", AGENT, now)
        else:
            found = kept.add(tx, found, "answer", AGENT, now, ruled=kept.ruled_out(reply))
        return self.settle(tx, found, now)

    # -- what has come due ---------------------------------------------------------------------------------------------

    def tick(self, practice_id: PracticeId, job: Job) -> None:
        now = self._clock.now()
        with self._records.transaction(practice_id) as tx:
            found = kept.get(tx, dict(job.args)["authorization"])
            known = found is not None and tx.people.get(found.request.person) is not None
            if found is not None and known:
                self._due(tx, found, now) if kept.is_open(found) else self.settle(tx, found, now)

    def _due(self, tx: Transaction, found: Authorization, now: datetime) -> None:
        practice = self._practices[tx.practice]
        rules, around = drafting.rules_of(practice, found), self.around(tx, found, now)
        if clocks.has_ended(practice, found, now):
            found = kept.add(tx, found, "expired", AGENT, now)
        elif why := self._for_nothing(tx, found, around, now):
            found = kept.add(tx, found, "set_aside", AGENT, now, why=why)
        self._renewed(tx, practice, found, around, now)
        self.go_on(tx, found, now)
        when = clocks.ask_at(found, rules)
        if around.polled and when is not None and when <= now:
            plan_ask(tx, found, now)
        self.settle(tx, found, now)

    def go_on(self, tx: Transaction, found: Authorization, now: datetime) -> None:
        """What was kept back goes once nothing stands in its way."""
        step, around = found.cancelling or found.released, self.around(tx, found, now)
        if step is None or not around.electronic or around.reason or not self._waits(found, step.id):
            return
        if not pending_sends(tx, step):
            args = (("authorization", found.id), ("step", step.id))
            tx.jobs.enqueue(Job(f"{SEND}:{step.id}:{now.isoformat()}", SEND, now, args))

    def _for_nothing(self, tx: Transaction, found: Authorization, around: Around, now: datetime) -> str:
        """Why a draft that we drew up ourselves is for nothing any more."""
        ours = found.request.by == AGENT and not found.request.is_tracked and not found.unread
        if found.state is not State.DRAFT or not ours:
            return ""
        if around.changed:
            return "insurer_changed"
        if around.reason in gates.FOR_NOTHING:
            return around.reason
        return "" if units.ahead(tx, found, now) else "no_visit"

    def _renewed(
        self, tx: Transaction, practice: Practice, found: Authorization, around: Around, now: datetime
    ) -> None:
        """A draft for what comes after it, where somebody has visits ahead and it runs out."""
        rules, used = drafting.rules_of(practice, found), units.used(tx, practice, found, now)
        ahead = units.ahead(tx, found, now)
        person = tx.people.get(found.request.person)
        if around.changed or not ahead or person is None or found.request.is_tracked:
            return
        after = [each for each in kept.of_person(tx, person.id) if each.request.renews == found.id]
        followed = any(not kept.was_for_nothing(each) for each in after)
        if not followed and clocks.runs_out(practice, found, rules, used, now):
            self.draft(tx, person, ahead[0], now, renews=found.id)


def _note(tx: Transaction, found: Authorization, party: str, now: datetime) -> None:
    """Something of it leaves to this party now."""
    tx.ledger.note(at=now, who=AGENT, what="authorization_left", about=f"authorization/{found.id}", why=party)
