"""When something is due about an authorization: by whom the clock runs, from receipt."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Final

from lamplighter.desk.authorizations.kept import is_open, waits_at_payer
from lamplighter.desk.authorizations.model import GRANTED, WITH_THE_PAYER, Authorization, State
from lamplighter.practice.authorizing import APPEAL_DAYS, AuthorizationPayer
from lamplighter.practice.calendar import at_local, local_date
from lamplighter.practice.model import Practice

MORNING: Final = time(7, 30)
LONGEST_LEAD: Final = timedelta(hours=24)
APPEAL_LEAD: Final = timedelta(days=14)
POLLS: Final = (timedelta(hours=2), timedelta(hours=6), timedelta(hours=12))
"""After which a channel that may be asked by itself is asked again; then as often as the practice follows up."""


def soon_at(found: Authorization) -> datetime | None:
    """From when somebody has to look before the payer's time is over: a day before, of a short clock a sixth of it."""
    over, since = found.decide_by, found.received
    if over is None or since is None:
        return None
    return over - min(LONGEST_LEAD, (over - since) / 6)


def appeal_by(practice: Practice, found: Authorization, rules: AuthorizationPayer) -> datetime | None:
    """Until when a denial can be appealed: the same time of its last day. None where nobody appeals it."""
    if found.decided is None or found.state is not State.DENIED or found.let_stand:
        return None
    return found.decided.astimezone(practice.timezone) + timedelta(days=appeal_days(practice, rules))


def appeal_days(practice: Practice, rules: AuthorizationPayer) -> int:
    if rules.appeal_days is not None:
        return rules.appeal_days
    classes = {each.id: each.payer_class for each in practice.insurers}
    return APPEAL_DAYS[classes.get(rules.insurer, "other")]


def appeal_soon(found: Authorization, by: datetime) -> datetime:
    """From when somebody has to decide about it now: two weeks before, of a short time a quarter of it."""
    assert found.decided is not None
    return by - min(APPEAL_LEAD, (by - found.decided) / 4)


def last_look(found: Authorization) -> datetime | None:
    return found.looked or found.received or found.sent


def ask_at(found: Authorization, rules: AuthorizationPayer) -> datetime | None:
    """When a channel that may be polled is asked again."""
    since = last_look(found)
    if since is None or found.appealed:  # no channel answers for an appeal
        return None
    if found.cancelling is not None:
        if waits_at_payer(found, found.cancelling.id) is None:
            return None
    elif found.state not in WITH_THE_PAYER:
        return None
    number = sum(step.kind == "asked_again" for step in found.steps)
    return since + (POLLS[number] if number < len(POLLS) else timedelta(hours=rules.follow_up_hours))


def chases(found: Authorization, rules: AuthorizationPayer, now: datetime) -> int:
    """How many times somebody should have asked by telephone or portal since anything was heard."""
    since = last_look(found)
    if since is None or found.state not in WITH_THE_PAYER or found.state is State.INFO_REQUESTED:
        return 0
    return int((now - since) / timedelta(hours=rules.follow_up_hours))


def moments(
    practice: Practice, found: Authorization, rules: AuthorizationPayer, now: datetime
) -> Iterator[datetime]:
    """When to look at it again by itself. Whatever is not over is looked at every morning."""
    by = appeal_by(practice, found, rules)
    if by is not None:
        yield from (appeal_soon(found, by), by)
    if not is_open(found):
        return
    yield at_local(practice, local_date(practice, now) + timedelta(days=1), MORNING)
    yield from filter(None, (soon_at(found), found.decide_by, ask_at(found, rules)))
    since = last_look(found)
    if since is not None and found.state in WITH_THE_PAYER:
        yield since + (chases(found, rules, now) + 1) * timedelta(hours=rules.follow_up_hours)


def next_moment(
    practice: Practice, found: Authorization, rules: AuthorizationPayer, now: datetime
) -> datetime | None:
    return min((each for each in moments(practice, found, rules, now) if each > now), default=None)


def has_ended(practice: Practice, found: Authorization, now: datetime) -> bool:
    last = found.last_day
    return found.state in GRANTED and last is not None and local_date(practice, now) > last


def runs_out(
    practice: Practice, found: Authorization, rules: AuthorizationPayer, used: int, now: datetime
) -> bool:
    """Its last day is near, or few units are left."""
    if found.state not in GRANTED:
        return False
    near = local_date(practice, now) + timedelta(days=rules.renew_days)
    few = found.units is not None and found.units - used <= rules.renew_units
    return few or (found.asked_until is not None and found.asked_until <= near)
