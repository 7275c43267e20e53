"""The demo's invented people have plans, and the simulated clearinghouse answers for them: the cards show something."""

from collections import Counter
from datetime import timedelta

from lamplighter.connectors.clearinghouse.simulated_authorizations import SimulatedAuthorizations
from lamplighter.console.authorization_shown import board
from lamplighter.desk import plan_kept
from lamplighter.wiring import demo_authorizations, demo_week
from lamplighter.wiring.demo_plans import simulated
from tests.promises.desks import House


def test_the_invented_week_is_asked_about_at_the_start_and_answered_in_every_way_that_the_page_tells() -> (
    None
):
    ways = simulated(demo_week.MOST)
    house = House(clearinghouses=ways)
    demo_week.seed(house.store, house.practice, house.clock.now())
    house.pass_time(5)
    with house.store.transaction("demo") as tx:
        visits = tx.schedule.visits_between(house.clock.now(), house.clock.now() + timedelta(days=30))
        people = {visit.participants[0] for visit in visits}
        asked = [each for person in people for each in plan_kept.questions(tx, person)]
        outcomes = Counter(str(plan_kept.latest(tx, each).outcome) for each in asked)  # type: ignore[union-attr]
        carved = [each for each in asked if each.carved_from]
    assert len({each.person for each in asked}) == len(people) > 20
    assert set(outcomes) == {"answered", "not_found"} and outcomes["not_found"] >= 3
    assert len(carved) >= 3 and len(ways.one.asked) == len(asked)


def test_the_invented_week_has_an_authorization_in_every_state_that_the_board_is_there_for_and_none_leaves() -> (
    None
):
    payers = SimulatedAuthorizations()
    house = House(clearinghouses=simulated(demo_week.MOST), authorizations=payers)
    now, duty = house.clock.now(), house.desk.authorizations
    demo_week.seed(house.store, house.practice, now)
    for _ in range(2):
        demo_authorizations.seed(house.store, house.practice, duty, now)
    house.pass_time(5)
    with house.store.transaction("demo") as tx:
        found = board(tx, house.practice, now)
    assert [(each.rank, each.state) for each in found.open] == [
        (0, "Draft"),
        (1, "The plan looks at it"),
        (2, "Approved"),
        (2, "Draft"),
    ]
    assert payers.calls == []
