"""Accounts of staff, in memory."""

from dataclasses import replace
from datetime import UTC, datetime

from lamplighter.desk.ports import Account, KeptSession
from lamplighter.records.errors import UnknownRecord
from lamplighter.records.memory.ledger import MemoryLedger
from lamplighter.records.memory.state import State


class MemoryStaff:
    def __init__(self, state: State, ledger: MemoryLedger) -> None:
        self._staff, self._sessions = state.staff, state.staff_sessions
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

    def keep_session(self, session: KeptSession) -> None:
        acted, until = session.acted.astimezone(UTC), session.until.astimezone(UTC)
        self._sessions.put(session.digest, replace(session, acted=acted, until=until))

    def renew_session(self, session: KeptSession) -> bool:
        there = self._sessions.get(session.digest) is not None
        if there:
            self.keep_session(session)
        return there

    def session(self, digest: str) -> KeptSession | None:
        return self._sessions.get(digest)

    def forget_session(self, digest: str) -> None:
        self._sessions.drop(digest)

    def forget_sessions_of(self, account: str, *, but: str = "") -> None:
        for each in [
            each for each in self._sessions.values() if each.account == account and each.digest != but
        ]:
            self._sessions.drop(each.digest)

    def forget_sessions_before(self, acted: datetime) -> None:
        for each in [each for each in self._sessions.values() if each.acted < acted]:
            self._sessions.drop(each.digest)
