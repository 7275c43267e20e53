"""Every route of the console stands under a role rule; one that stands under none is not built."""

from typing import Any

import pytest
from starlette.routing import Route

from lamplighter.console.roles import RouteWithoutRule, Rule, all_ruled
from lamplighter.desk.ports import ROLES
from tests.channels.web.stage import Stage


def routes(*, trying: bool) -> list[Any]:
    return list(Stage().staff(trying=trying).routes)


@pytest.mark.parametrize("trying", [True, False])
def test_every_route_of_the_console_says_who_may_use_it(trying: bool) -> None:
    found = routes(trying=trying)
    assert len(found) > 20
    without = [route.path for route in found if not isinstance(getattr(route, "rule", None), Rule)]
    assert without == []


def test_a_rule_for_staff_names_roles_and_no_other_rule_does() -> None:
    for route in routes(trying=True):
        assert bool(route.rule.roles) == (route.rule.who == "staff"), route.path
        assert route.rule.roles <= set(ROLES), route.path


def test_a_console_with_a_route_under_no_rule_is_not_built() -> None:
    async def anything(_: object) -> None:
        return None

    with pytest.raises(RouteWithoutRule, match="/secret"):
        all_ruled([*routes(trying=False), Route("/secret", anything)])


def test_only_the_demonstration_has_a_door_that_asks_for_no_proof() -> None:
    real = {route.path for route in routes(trying=False)}
    assert {route.path for route in routes(trying=True)} - real == {"/who", "/again"}
