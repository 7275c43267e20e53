"""The demo's invented people have plans, and the simulated clearinghouse answers for them: the cards show something."""

from collections import Counter
from datetime import timedelta

from lamplighter.desk import plan_kept
from lamplighter.wiring import demo_week
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
