"""How somebody's prior authorization stands, for whoever has been identified in this contact, and nobody else."""

from datetime import date

from lamplighter.conversation.plan_actions import AuthorizationTold, FindAuthorization
from lamplighter.desk import plan_line
from lamplighter.desk.authorizations.standing import standing_for
from lamplighter.desk.context import Errand


def find(errand: Errand, request: FindAuthorization) -> AuthorizationTold:
    person = plan_line.identified(errand, request.person)
    if person is None:
        return AuthorizationTold()
    standing = standing_for(errand.tx, errand.practice, person, errand.now)
    left = standing.visits_left
    return AuthorizationTold(
        standing.told,
        _day(standing.since),
        _day(standing.decide_by),
        _day(standing.last_day),
        f"{left.normalize():f}" if left is not None else "",
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
