"""Of several authorizations on file, and of one over time: what somebody may be told is true of the one they mean."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from lamplighter.desk.authorizations.kept import ruled_out
from lamplighter.desk.authorizations.model import BY_VERDICT, Authorization, Request, State
from lamplighter.desk.authorizations.standing import standing_of
from lamplighter.desk.ports.authorizations import ApprovedService, AuthorizationReply, Ruled, Verdict
from lamplighter.practice.sample import load_sample
from tests.desk.authorizations.scene import Scene
from tests.desk.eligibility.scene import ANNA, AT

PENDED = Ruled(Verdict.PENDED, ticket="T1")
OLD, NEXT = (date(2026, 10, 1), date(2026, 12, 20)), (date(2026, 12, 21), date(2027, 3, 1))
Days = tuple[date, date]


def one(verdict: Verdict, days_old: int, days: Days = OLD, units: int = 8, kind: str = "f") -> Authorization:
    at = AT - timedelta(days=days_old)
    said = Ruled(verdict, "A", "T", *days, (ApprovedService("90837", Decimal(units)),))
    request = Request(ruled_out(said) + kind, ANNA.id, "visits", kind, "aetna", "x12_278", at)
    return Authorization(
        request, state=BY_VERDICT[verdict], sent=at, received=at, answer=said, answered=at, decided=at
    )


APPROVED, MODIFIED, DENIED = Verdict.APPROVED, Verdict.MODIFIED, Verdict.DENIED
DRAFT = replace(one(APPROVED, 1), state=State.DRAFT, answer=None)


@pytest.mark.parametrize(
    ("found", "told", "left"),
    [
        ([one(APPROVED, 60), one(MODIFIED, 2, NEXT, 5)], "approved", 2),
        ([one(APPROVED, 60), one(MODIFIED, 2, OLD, 5)], "person", None),
        ([one(DENIED, 60), one(APPROVED, 2)], "approved", 2),
        ([one(APPROVED, 60), one(DENIED, 2)], "person", None),
        ([one(APPROVED, 60), one(Verdict.PENDED, 2)], "waiting", None),
        ([one(APPROVED, 60), DRAFT], "approved", 2),
        ([one(APPROVED, 60), one(DENIED, 2, kind="g")], "person", None),
        ([replace(one(APPROVED, 99), state=State.EXPIRED), one(APPROVED, 2, kind="g")], "approved", 2),
        ([replace(one(APPROVED, 99), state=State.EXPIRED)], "ended", None),
        ([replace(one(APPROVED, 99), state=State.EXPIRED), DRAFT], "ours", None),
        ([one(DENIED, 99), replace(one(APPROVED, 60), state=State.EXPIRED)], "ended", None),
    ],
)
def test_of_several_the_newest_of_their_kind_is_told_its_own_visits_and_a_person_answers_where_they_disagree(
    found: list[Authorization], told: str, left: int | None
) -> None:
    standing = standing_of(found, load_sample(), AT, lambda each: 6 if each.first_day == OLD[0] else 0)
    assert (standing.told, standing.visits_left) == (told, None if left is None else Decimal(left))


@pytest.mark.parametrize("change", [{"insurer": "cigna", "member_id": "C1"}, {"self_pay": True}])
def test_what_a_former_insurer_approved_is_never_told_as_if_it_still_held(change: dict[str, Any]) -> None:
    scene = Scene(Ruled(APPROVED, "A-7", "T", *NEXT)).released()
    scene.past(minutes=5)
    assert scene.told().told == "approved"
    scene.change(**change)
    assert scene.told().told == "person"


@pytest.mark.parametrize("end", ["denied", "cancelled"])
def test_after_a_denial_or_a_cancellation_staff_begin_another_for_the_same_visit_and_nothing_does_by_itself(
    end: str,
) -> None:
    scene = Scene(Ruled(DENIED, ticket="T1"), PENDED).released()
    if end == "cancelled":
        scene.do("cancel")
    scene.past(days=1)
    with scene.tx() as tx:
        person, visit = tx.people.get(ANNA.id), tx.schedule.visit("v1")
        duty = scene.house.desk.authorizations
        by_itself = duty.draft(tx, person, visit, scene.now)
        begun = duty.draft(tx, person, visit, scene.now, by="Bea")
        again = duty.draft(tx, person, visit, scene.now, by="Bea")
    assert by_itself.state.value == end
    assert (begun.state, again.id) == (State.DRAFT, begun.id) and begun.id != by_itself.id


@pytest.mark.parametrize("first", [PENDED, Ruled(DENIED, ticket="T1")])
def test_nobody_hears_of_a_day_to_decide_by_that_is_past_nor_of_a_wait_since_before_the_appeal(
    first: AuthorizationReply,
) -> None:
    scene = Scene(first, polled=False).released()
    scene.past(minutes=5)
    scene.past(days=10)
    since = AT.date()
    if scene.one.state is State.DENIED:
        scene.do("appeal")
        since = datetime.date(scene.now)
    told = scene.told()
    assert (told.told, told.since, told.decide_by) == ("waiting", since, None)
