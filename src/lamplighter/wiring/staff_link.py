"""`lamplighter staff-link`: the way back in for somebody who lost every way to sign in, from the machine itself.

Whoever runs it holds the settings and the master key, and stands in the ledger as the operator.
"""

from lamplighter.console.access import link
from lamplighter.console.accounts import Accounts
from lamplighter.settings import Settings
from lamplighter.wiring.clocks import WallClock
from lamplighter.wiring.practices import practices_in
from lamplighter.wiring.signers import Signers
from lamplighter.wiring.store import open_records

OPERATOR = "operator"


class NoSuchPractice(Exception):
    """No practice here has this id. `lamplighter serve` names those that it answers for."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class NobodyOfThatName(Exception):
    """Nobody of that name works at this practice, or did; the page "People who work here" lists them."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


def link_for(settings: Settings, practice: str, name: str) -> str:
    """A new one-time link for them; what they signed in with before is void, and a running page takes it.

    Raises NoSuchPractice, NobodyOfThatName, NothingToServe, KeyProblem, WrongKey."""
    clock = WallClock()
    practices = practices_in(settings.practices, Signers(settings.data), clock.now())
    known = [each.practice for each in practices.answered]
    place = next((place for place, each in enumerate(known) if each.id == practice), None)
    if place is None:
        raise NoSuchPractice
    records = open_records(settings, clock)
    try:
        accounts = Accounts(known[place], records, clock, clock)
        found = next((a for a in accounts.all() if a.name.casefold() == name.casefold()), None)
        if found is None:
            raise NobodyOfThatName
        token = accounts.new_link(OPERATOR, found.id, even_last_owner=True)
    finally:
        records.close()
    return link(f"http://localhost:{settings.staff_port + place}", token)
