"""The wait list that fills: a time that came free is offered to one person after the other, until somebody has it.

Theory of operation. The transaction that frees a time states an opening and a job that looks at it. Each look is one
transaction that reads how things stand and does the one next thing: leaves an offer that still stands, calls over one
that does not, holds the time for the next person and stores the text that asks them, or closes the opening. A look
that happens twice finds the first one's work done, so that nothing is lost or doubled however often it is run.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from lamplighter.conversation.phrasebook import Phrasebook
from lamplighter.desk import waitlist_openings as kept
from lamplighter.desk.context import stable_id
from lamplighter.desk.letters import BODY, signed_form
from lamplighter.desk.notices import enqueue
from lamplighter.desk.ports import Clock, Job, Records, Transaction
from lamplighter.desk.reminder_words import has_words
from lamplighter.desk.scheduling import is_free
from lamplighter.desk.waitlist_fitting import Choice, Fit, choose, stands_for, text
from lamplighter.desk.waitlist_openings import JOB, Offer, Opening, least_notice, look
from lamplighter.law.states import SHIPPED, LawData
from lamplighter.practice.model import Practice, PracticeId

__all__ = ["JOB", "Offering"]
ENDING: Final = {"sms": "", "email": BODY}
SOON: Final = timedelta(minutes=2)
"""When it is looked whether the text could go at all: somebody whom it can't reach keeps nobody waiting."""


class Offering:
    """The job that looks at one opening."""

    def __init__(
        self,
        records: Records,
        practices: Mapping[PracticeId, Practice],
        phrasebooks: Mapping[PracticeId, Phrasebook],
        clock: Clock,
        laws: Mapping[PracticeId, LawData] = MappingProxyType({}),
    ) -> None:
        self._records, self._practices, self._clock = records, practices, clock
        self._phrasebooks, self._laws = phrasebooks, laws

    def run(self, practice_id: PracticeId, job: Job) -> None:
        now = self._clock.now()
        with self._records.transaction(practice_id) as tx:
            opening = kept.opening(tx, dict(job.args)["opening"])
            if opening is None:
                return
            for offer in kept.pending(tx, opening.id):
                if _stands(tx, offer, now):
                    return
            self._next(tx, practice_id, opening, now)

    def _next(self, tx: Transaction, practice_id: PracticeId, opening: Opening, now: datetime) -> None:
        practice = self._practices[practice_id]
        last = opening.slot.start - least_notice(practice)
        if now > last:
            return kept.close(tx, opening, "too_near", now)
        if not is_free(practice, tx.schedule, opening.slot, now, opening.id):
            return kept.close(tx, opening, "taken", now)
        choice = choose(tx, practice, opening, now, self._laws.get(practice_id, SHIPPED))
        if choice.fit is None and choice.again is not None and now < choice.again <= last:
            return look(tx, opening.id, choice.again, "again")
        if choice.fit is None:
            return kept.close(tx, opening, "nobody", now)
        self._offer(tx, practice, opening, choice, choice.fit, now)

    def _offer(
        self, tx: Transaction, practice: Practice, opening: Opening, choice: Choice, fit: Fit, now: datetime
    ) -> None:
        """The hold, the offer, its text and the looks at it, together or not at all."""
        until = now + stands_for(practice, fit.slot.start, now)
        message = text(practice, fit, opening, now, until)
        book = self._phrasebooks[practice.id]
        if not has_words(book, *signed_form(book, practice, message, ENDING[fit.way.channel])):
            return kept.close(tx, opening, "not_signed", now)
        if not tx.schedule.hold(fit.slot, opening.id, until, now, fit.instead):
            return kept.close(tx, opening, "taken", now)
        offer = Offer(
            id=stable_id("offer", opening.id, fit.person.id),
            opening=opening.id,
            person=fit.person.id,
            waiting=fit.waiting.id,
            number=fit.way.address,
            slot=fit.slot,
            at=now,
            until=until,
            message=message.id,
            since=fit.waiting.since,
            instead=fit.instead,
            passed=tuple(sorted(choice.passed.items())),
        )
        kept.make(tx, offer)
        enqueue(tx, message)
        look(tx, opening.id, now + SOON, offer.id)
        look(tx, opening.id, until, offer.id)


def _stands(tx: Transaction, offer: Offer, now: datetime) -> bool:
    """Whether it is still to be waited for; one that is not is over from now on."""
    message = tx.outbox.get(offer.message)
    if message is None or message.status in ("failed", "cancelled"):
        kept.end(tx, offer, "not_sent", now)
    elif now >= offer.until:
        kept.end(tx, offer, "expired", now)
    else:
        return True
    return False
