"""Who may do what: every route of the console stands under a rule, and none is drawn up without one."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from lamplighter.desk.ports import ROLES, Account, Role

NAMES: dict[Role, str] = {
    "owner": "Owner",
    "clinician": "Clinician",
    "desk": "Desk",
    "biller": "Biller",
    "auditor": "Auditor",
}
MEANINGS: dict[Role, str] = {
    "owner": "Sees every contact and steps in, says who works here, reads the ledger. "
    "Words kept for clinical roles stay closed.",
    "clinician": "Sees every contact and steps in, and reads the words kept for clinical roles.",
    "desk": "Sees every contact and steps in. Words kept for clinical roles stay closed.",
    "biller": "Sees visits and the tasks for billing. Sees no contact and nothing that was said.",
    "auditor": "Reads the ledger and who works here. Changes nothing, and sees no contact.",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """`open` is for whoever reaches this machine, `own` for one's own account (while it is set up, too), `staff` for
    those who have one of `roles`."""

    who: Literal["open", "own", "staff"]
    roles: frozenset[Role] = frozenset()

    def lets(self, account: Account) -> bool:
        return self.who != "staff" or not self.roles.isdisjoint(account.roles)

    def named(self) -> str:
        """Who can, in words: "an owner or a clinician"."""
        names = [f"{'an' if NAMES[role][0] in 'AO' else 'a'} {role}" for role in ROLES if role in self.roles]
        return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def only(*roles: Role) -> Rule:
    return Rule("staff", frozenset(roles))


OPEN = Rule("open")
OWN = Rule("own")
ANYBODY_HERE = only(*ROLES)
AT_THE_DESK = only("owner", "clinician", "desk")

Answer = Callable[[Request], Awaitable[Response]]


class RouteWithoutRule(Exception):
    """A route of the console says nothing of who may use it."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} stands under no role rule: say who may use it")


class Place(Route):
    """A route under its rule. `counts`: to come here is an act of a person, and keeps their session open."""

    def __init__(
        self, path: str, rule: Rule, answer: Answer, methods: tuple[str, ...], *, counts: bool
    ) -> None:
        super().__init__(path, answer, methods=list(methods))
        self.rule, self.counts = rule, counts


class Files(Mount):
    """What pages are drawn with: no word about anybody, open to whoever reaches this machine."""

    def __init__(self, path: str, folder: StaticFiles) -> None:
        super().__init__(path, folder)
        self.rule = OPEN


def all_ruled(routes: Iterable[BaseRoute]) -> list[BaseRoute]:
    """The routes, each of which has a rule. Raises RouteWithoutRule."""
    found = list(routes)
    for route in found:
        if not isinstance(getattr(route, "rule", None), Rule):
            raise RouteWithoutRule(getattr(route, "path", repr(route)))
    return found
