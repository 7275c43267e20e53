"""Instants as whole microseconds since 1970 in UTC: what every store keeps and the ledger hashes."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


@lru_cache(maxsize=16_384)
def from_micros(micros: int) -> datetime:
    """Exact until the year 2255: a double holds that many microseconds whole, and rounds to the right one."""
    return datetime.fromtimestamp(micros / 1_000_000, UTC)
