"""Accounts of staff, in memory."""

from lamplighter.desk.ports import Account
from lamplighter.records.errors import UnknownRecord
from lamplighter.records.memory.ledger import MemoryLedger
from lamplighter.records.memory.state import State


class MemoryStaff:
    def __init__(self, state: State, ledger: MemoryLedger) -> None:
        self._staff = state.staff
        self._ledger = ledger

    def add(self, account: Account, by: str) -> None:
        if account.id not in self._staff:
            self._keep(account, "staff_added", by)

    def update(self, account: Account, by: str, what: str) -> None:
        if account.id not in self._staff:
            raise UnknownRecord("account", account.id)
        self._keep(account, what, by)

    def _keep(self, account: Account, what: str, by: str) -> None:
        self._staff.put(account.id, account)
        self._ledger.wrote(what, f"staff/{account.id}", repr(account).encode(), by)

    def get(self, account_id: str) -> Account | None:
        return self._staff.get(account_id)

    def all(self) -> tuple[Account, ...]:
        return tuple(sorted(self._staff.values(), key=lambda account: (account.created, account.id)))
