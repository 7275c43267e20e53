"""Books in memory: what the demonstration and rehearsals run on, and the reference for all others. Nothing of them
outlives the process."""

from dataclasses import dataclass, field
from typing import Final

from lamplighter.connectors.billing.names import Place, place
from lamplighter.desk.ports.balances import Account, BooksStand, Holder, NotTold
from lamplighter.practice.model import PracticeId

IN_MEMORY: Final = "in memory only: invented, and gone when this stops"


@dataclass(slots=True)
class MemoryBalances:
    """Balances. `put` an account in a second time and the newer one holds."""

    accounts: dict[tuple[PracticeId, Place], dict[str, Account]] = field(default_factory=dict, repr=False)

    def put(self, practice: PracticeId, holder: Holder, account: Account) -> None:
        where = (practice, place(holder.first_name, holder.last_name, holder.born))
        self.accounts.setdefault(where, {})[account.number] = account

    def of(self, practice: PracticeId, holder: Holder) -> Account | NotTold:
        found = self.accounts.get((practice, place(holder.first_name, holder.last_name, holder.born)), {})
        if len(found) > 1:
            return NotTold("several")
        return next(iter(found.values()), NotTold("nobody"))

    def stand(self, practice: PracticeId) -> BooksStand:
        every = [
            each for (whose, _), held in self.accounts.items() if whose == practice for each in held.values()
        ]
        return BooksStand("read", min((each.as_of for each in every), default=None), len(every))
