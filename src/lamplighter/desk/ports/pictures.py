"""Pictures that people sent us, each sealed under the person's key until it is destroyed."""

from typing import Protocol


class Pictures(Protocol):
    def keep(self, picture_id: str, person: str, content: bytes) -> None:
        """Idempotent by id. The ledger holds that it was kept, and nothing of what it shows."""
        ...

    def get(self, picture_id: str) -> bytes | None:
        """None where there is none, or none any more."""
        ...

    def destroy(self, picture_id: str) -> bool:
        """False where there is none."""
        ...
