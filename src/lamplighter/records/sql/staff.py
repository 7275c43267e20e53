"""Accounts of staff, on SQL: sealed whole under the practice's key. There are few, so that they are looked through."""

from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, delete, select

from lamplighter.desk.ports import Account, KeptSession
from lamplighter.records.errors import UnknownRecord
from lamplighter.records.sql.scope import Scope
from lamplighter.records.sql.tables import staff, staff_sessions
from lamplighter.records.vault import Owner

_PRACTICE: tuple[Owner, str] = ("practice", "")


@cache
def _accounts() -> TypeAdapter[Account]:
    return TypeAdapter(Account)


@cache
def _sessions() -> TypeAdapter[KeptSession]:
    return TypeAdapter(KeptSession)


class SqlStaff:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, account: Account, by: str) -> None:
        scope = self._scope
        if scope.one(staff, id=account.id) is None:
            sealed = self._seal(account)
            scope.insert(staff, id=account.id, sealed=sealed)
            scope.ledger.wrote("staff_added", f"staff/{account.id}", sealed, by)

    def update(self, account: Account, by: str, what: str) -> None:
        scope, sealed = self._scope, self._seal(account)
        if not scope.update(staff, {"id": account.id}, sealed=sealed):
            raise UnknownRecord("account", account.id)
        scope.ledger.wrote(what, f"staff/{account.id}", sealed, by)

    def get(self, account_id: str) -> Account | None:
        row = self._scope.one(staff, id=account_id)
        return self._account(row) if row else None

    def all(self) -> tuple[Account, ...]:
        rows = self._scope.connection.execute(select(staff).where(self._scope.mine(staff))).all()
        return tuple(sorted(map(self._account, rows), key=lambda account: (account.created, account.id)))

    def keep_session(self, session: KeptSession) -> None:
        if not self.renew_session(session):
            self._scope.insert(staff_sessions, id=session.digest, **self._row(session))

    def renew_session(self, session: KeptSession) -> bool:
        return bool(self._scope.update(staff_sessions, {"id": session.digest}, **self._row(session)))

    def _row(self, session: KeptSession) -> dict[str, object]:
        place = self._scope.vault.place("staff_sessions", "sealed", session.digest)
        sealed = self._scope.keys.seal(*_PRACTICE, place, _sessions().dump_json(session))
        return {"account": session.account, "acted": session.acted, "sealed": sealed}

    def session(self, digest: str) -> KeptSession | None:
        row = self._scope.one(staff_sessions, id=digest)
        if row is None:
            return None
        place = self._scope.vault.place("staff_sessions", "sealed", row.id)
        raw = self._scope.keys.unseal(*_PRACTICE, place, row.sealed)
        assert raw is not None, "the practice's own key is never destroyed"
        return _sessions().validate_json(raw)

    def forget_session(self, digest: str) -> None:
        self._scope.delete(staff_sessions, id=digest)

    def forget_sessions_of(self, account: str, *, but: str = "") -> None:
        mine, rows = self._scope.mine(staff_sessions), staff_sessions.c
        others = mine & (rows.account == account) & (rows.id != but)
        self._scope.connection.execute(delete(staff_sessions).where(others))

    def forget_sessions_before(self, acted: datetime) -> None:
        old = self._scope.mine(staff_sessions) & (staff_sessions.c.acted < acted)
        self._scope.connection.execute(delete(staff_sessions).where(old))

    def _seal(self, account: Account) -> bytes:
        place = self._scope.vault.place("staff", "sealed", account.id)
        return self._scope.keys.seal(*_PRACTICE, place, _accounts().dump_json(account))

    def _account(self, row: Row[Any]) -> Account:
        place = self._scope.vault.place("staff", "sealed", row.id)
        raw = self._scope.keys.unseal(*_PRACTICE, place, row.sealed)
        assert raw is not None, "the practice's own key is never destroyed"
        return _accounts().validate_json(raw)
