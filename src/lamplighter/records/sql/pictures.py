"""Pictures that people sent us, on SQL."""

from lamplighter.records.sql.scope import Scope, owner_of
from lamplighter.records.sql.tables import pictures


class SqlPictures:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def keep(self, picture_id: str, person: str, content: bytes) -> None:
        scope = self._scope
        if scope.one(pictures, id=picture_id) is not None:
            return
        place = scope.vault.place("pictures", "sealed", picture_id)
        sealed = scope.keys.seal(*owner_of(person, None), place, content)
        scope.insert(pictures, id=picture_id, person=person, sealed=sealed)
        scope.ledger.wrote("picture_kept", f"picture/{picture_id}", sealed)

    def get(self, picture_id: str) -> bytes | None:
        scope = self._scope
        row = scope.one(pictures, id=picture_id)
        if row is None:
            return None
        place = scope.vault.place("pictures", "sealed", picture_id)
        return scope.keys.unseal(*owner_of(row.person, None), place, row.sealed)

    def destroy(self, picture_id: str) -> bool:
        gone = bool(self._scope.delete(pictures, id=picture_id))
        if gone:
            self._scope.ledger.wrote("picture_destroyed", f"picture/{picture_id}")
        return gone
