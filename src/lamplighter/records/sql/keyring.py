"""The data keys of one practice, as one transaction sees them."""

from sqlalchemy import Connection, bindparam, delete, select

from lamplighter.records.errors import Forgotten
from lamplighter.records.sql.prepared import Prepared
from lamplighter.records.sql.tables import data_keys
from lamplighter.records.vault import Owner, Vault, new_key, seal, unseal

_STORED = Prepared(
    select(data_keys.c.owner, data_keys.c.wrapped).where(
        data_keys.c.practice == bindparam("of_practice"),
        data_keys.c.owner.in_((bindparam("of_owner"), bindparam("of_other"))),
        data_keys.c.owner_id == bindparam("of_id"),
    )
)
_ADD = Prepared(data_keys.insert(), ("practice", "owner", "owner_id", "wrapped"))
_TOGETHER: dict[Owner, Owner] = {"contact": "words", "words": "contact"}
"""Keys that a turn needs both of are looked up in one go."""


class Keyring:
    """Finds, makes and destroys data keys. Every transaction looks anew, once, so that a destroyed one is noticed."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault
        self._known: dict[tuple[Owner, str], bytes] = {}
        self._rows: dict[tuple[Owner, str], tuple[bool, bytes | None]] = {}

    def seal(self, owner: Owner, owner_id: str, place: str, content: bytes) -> bytes:
        """Seals under the owner's key, made when there is none yet. Raises Forgotten when it was destroyed."""
        return seal(self._make(owner, owner_id), place, content)

    def unseal(self, owner: Owner, owner_id: str, place: str, sealed: bytes) -> bytes | None:
        """The content, or None once the owner's key is destroyed. Raises Unsealable when it was tampered with."""
        key = self.find(owner, owner_id)
        return None if key is None else unseal(key, place, sealed)

    def find(self, owner: Owner, owner_id: str) -> bytes | None:
        """The key, or None when there is none or it was destroyed."""
        known = self._known.get((owner, owner_id))
        if known is None:
            found, wrapped = self._stored(owner, owner_id)
            if not found or wrapped is None:
                return None
            known = self.remember(owner, owner_id, wrapped)
        return known

    def remember(self, owner: Owner, owner_id: str, wrapped: bytes) -> bytes:
        """Takes up a wrapped key that a statement has already brought along."""
        key = self._vault.unwrap(wrapped, owner, owner_id)
        self._known[owner, owner_id] = key
        return key

    def destroyed(self, owner: Owner, owner_id: str) -> bool:
        found, wrapped = self._stored(owner, owner_id)
        return found and wrapped is None

    def destroy(self, owner: Owner, owner_id: str) -> None:
        """What was sealed under the key can't be read again, by anybody, and no other key takes its place."""
        self.renew(owner, owner_id)
        self._insert(owner, owner_id, None)

    def renew(self, owner: Owner, owner_id: str) -> None:
        """Destroys the key as well, but what is sealed from now on gets a new one."""
        self._known.pop((owner, owner_id), None)
        self._rows.pop((owner, owner_id), None)
        mine = (data_keys.c.practice == self._vault.practice) & (data_keys.c.owner == owner)
        self._connection.execute(delete(data_keys).where(mine, data_keys.c.owner_id == owner_id))

    def _make(self, owner: Owner, owner_id: str) -> bytes:
        key = self.find(owner, owner_id)
        if key is None:
            if self.destroyed(owner, owner_id):
                raise Forgotten(owner, owner_id)
            key = new_key()
            self._insert(owner, owner_id, self._vault.wrap(key, owner, owner_id))
            self._known[owner, owner_id] = key
        return key

    def _stored(self, owner: Owner, owner_id: str) -> tuple[bool, bytes | None]:
        """Whether there is a row, and the wrapped key, None in a row whose key was destroyed."""
        if (owner, owner_id) not in self._rows:
            owners = (owner, _TOGETHER.get(owner, owner))
            of: dict[str, object] = dict(zip(("of_owner", "of_other"), owners, strict=True))
            of |= {"of_practice": self._vault.practice, "of_id": owner_id}
            rows = _STORED.all(self._connection, of)
            found = {row.owner: (True, row.wrapped) for row in rows}
            self._rows |= {(one, owner_id): found.get(one, (False, None)) for one in owners}
        return self._rows[owner, owner_id]

    def _insert(self, owner: Owner, owner_id: str, wrapped: bytes | None) -> None:
        practice = self._vault.practice
        row = {"practice": practice, "owner": owner, "owner_id": owner_id, "wrapped": wrapped}
        _ADD.run(self._connection, row)
        self._rows[owner, owner_id] = True, wrapped
