"""The federal holidays of the US."""

from datetime import date
from functools import cache


@cache
def federal_holidays(year: int) -> frozenset[date]:
    """With the days on which they are observed when they fall on a weekend."""
    import holidays  # loads three hundred modules, and no start needs it

    return frozenset(holidays.country_holidays("US", years=year, observed=True))
