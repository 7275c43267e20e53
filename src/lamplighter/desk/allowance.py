"""How often something may be done within a stretch of time, counted under names that tell nothing of anybody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from lamplighter.desk.context import Errand, stable_id


@dataclass(frozen=True, slots=True)
class Allowance:
    """At most `most` within any stretch as long as `lasts`, of what is counted under `name`."""

    name: str
    most: int
    lasts: timedelta


def take(errand: Errand, allowances: Iterable[Allowance]) -> bool:
    """Takes one of each; where one of them is used up, none of any."""
    taken: list[str] = []
    for allowance in allowances:
        place = _free_place(errand, allowance)
        if place is None:
            for each in taken:
                errand.tx.log.lease(each, _who(errand), errand.now, 0)
            return False
        taken.append(place)
    return True


def _free_place(errand: Errand, allowance: Allowance) -> str | None:
    """The first place that nobody has; it is free again when its time is over."""
    places = (stable_id("allowance", allowance.name, str(n)) for n in range(allowance.most))
    seconds = allowance.lasts.total_seconds()
    lease = errand.tx.log.lease
    return next((each for each in places if lease(each, _who(errand), errand.now, seconds) is not None), None)


def _who(errand: Errand) -> str:
    """Each request of each contact takes a place of its own."""
    return f"{errand.contact}:{errand.state.seq}"
