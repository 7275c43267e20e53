"""Every time of some days at which a visit could be, by the rules of a search; nothing is picked from them."""

from collections.abc import Iterable
from datetime import date, datetime

from lamplighter.conversation.actions import FindSlots
from lamplighter.conversation.slots import Slot
from lamplighter.conversation.wish import Wish
from lamplighter.desk.ports import Schedule
from lamplighter.desk.scheduling.search import Search, openings_on, slot_of, wished_days
from lamplighter.desk.scheduling.who import Nobody, candidates
from lamplighter.practice.model import Practice


def places_on(
    practice: Practice,
    schedule: Schedule,
    request: FindSlots,
    days: Iterable[date],
    now: datetime,
    state: str | None = None,
) -> tuple[Slot, ...]:
    """With everybody who could have it, in order of time. `state`: where the person will sit, for telehealth."""
    who = candidates(practice, schedule, request, now, state)
    if isinstance(who, Nobody):
        return ()
    search = Search(practice, schedule, request, who, Wish(), frozenset(), now, None, state)
    within = sorted(each for each in set(days) if search.today <= each <= search.horizon)
    return tuple(
        slot_of(search, opening.start, clinician)
        for opening in openings_on(search, wished_days(search, within))
        for clinician in opening.clinicians
    )
